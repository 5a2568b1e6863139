//! Mail through a server of the operator's (RFC 5321). Connections are kept
//! for the next mail, but only those whose last mail was answered: lettre's own
//! pool has no limit of time for an answer and would park a connection that
//! was given up in the middle, where the late answer to one mail would be taken
//! for the answer to another.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use lettre::message::{Mailbox, Message};
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, DEFAULT_MECHANISMS};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::extension::ClientId;

use super::delivery::DeliveryFailed;
use super::letter::letter;
use super::message::OutgoingMessage;
use super::settings::{Security, SmtpSettings};
use crate::error::{Internal, Result};

/// How many connections are kept.
const KEPT: usize = 4;

/// A mail server.
pub struct Smtp {
    from: Mailbox,
    host: String,
    port: u16,
    tls: Option<(Security, TlsParameters)>,
    credentials: Option<Credentials>,
    timeout: Duration,
    hello: ClientId,
    kept: Mutex<Vec<AsyncSmtpConnection>>,
}

impl Smtp {
    /// Prepares connections; none is opened yet.
    ///
    /// # Errors
    /// When the settings contradict each other or a file cannot be read.
    pub fn new(settings: &SmtpSettings) -> Result<Self> {
        let from = settings.from.parse().map_err(|_| {
            Internal::new("smtp.from must be an address, such as \"Пропуск <no-reply@example.ru>\"")
        })?;
        Ok(Self {
            from,
            host: settings.host.clone(),
            port: settings.port(),
            tls: tls(settings)?,
            credentials: credentials(settings)?,
            timeout: Duration::from_secs(settings.timeout_seconds.clamp(1, 30)),
            hello: ClientId::default(),
            kept: Mutex::default(),
        })
    }

    /// Whether the server answers and takes our password.
    ///
    /// # Errors
    /// When it does not, with the reason.
    pub async fn check(&self) -> Result<()> {
        let connected = tokio::time::timeout(self.timeout, self.connect()).await;
        let connection = connected
            .map_err(|_| Internal::new(LATE))?
            .map_err(|error| Internal::new(judge(&error).why))?;
        self.keep(connection);
        Ok(())
    }

    pub(super) async fn send(
        &self,
        id: &str,
        message: &OutgoingMessage,
    ) -> Result<(), DeliveryFailed> {
        let mail = letter(&self.from, id, message)
            .map_err(|_| DeliveryFailed::for_good("the mail cannot be written"))?;
        match tokio::time::timeout(self.timeout, self.exchange(&mail)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(judge(&error)),
            Err(_) => Err(DeliveryFailed::for_now(LATE)),
        }
    }

    /// Whatever goes wrong here, or whenever the caller stops waiting, the
    /// connection is closed by being dropped.
    async fn exchange(&self, mail: &Message) -> Result<(), Error> {
        let mut connection = match self.kept_and_alive().await {
            Some(connection) => connection,
            None => self.connect().await?,
        };
        connection.send(mail.envelope(), &mail.formatted()).await?;
        self.keep(connection);
        Ok(())
    }

    async fn kept_and_alive(&self) -> Option<AsyncSmtpConnection> {
        loop {
            let mut connection = self.kept().pop()?;
            if connection.test_connected().await {
                return Some(connection);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, Error> {
        let (at_once, upgrade) = match &self.tls {
            Some((Security::Tls, parameters)) => (Some(parameters.clone()), None),
            Some((_, parameters)) => (None, Some(parameters.clone())),
            None => (None, None),
        };
        let place = (self.host.as_str(), self.port);
        let wait = Some(self.timeout);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(place, wait, &self.hello, at_once, None).await?;
        if let Some(parameters) = upgrade {
            // Fails where the server does not offer it: nothing is said in the clear.
            connection.starttls(parameters, &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(DEFAULT_MECHANISMS, credentials).await?;
        }
        Ok(connection)
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        let mut kept = self.kept();
        if kept.len() < KEPT && !connection.has_broken() {
            kept.push(connection);
        }
    }

    fn kept(&self) -> MutexGuard<'_, Vec<AsyncSmtpConnection>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

const LATE: &str = "the mail server did not answer in time";

fn credentials(settings: &SmtpSettings) -> Result<Option<Credentials>> {
    match (&settings.username, settings.secret()?) {
        (Some(_), Some(_)) if settings.security == Security::None => Err(Internal::new(
            "smtp.password would travel in the clear: set smtp.security to starttls or tls",
        )),
        (Some(name), Some(password)) => Ok(Some(Credentials::new(
            name.clone(),
            password.expose().to_owned(),
        ))),
        (None, None) => Ok(None),
        _ => Err(Internal::new(
            "smtp.username and smtp.password belong together",
        )),
    }
}

fn tls(settings: &SmtpSettings) -> Result<Option<(Security, TlsParameters)>> {
    if settings.security == Security::None {
        return Ok(None);
    }
    let mut parameters = TlsParameters::builder(settings.host.clone());
    if let Some(path) = &settings.ca_file {
        let pem = std::fs::read(path).map_err(|error| {
            Internal::new(format!(
                "smtp.ca_file: {} cannot be read: {error}",
                path.display()
            ))
        })?;
        parameters = parameters.add_root_certificate(Certificate::from_pem(&pem)?);
    }
    Ok(Some((settings.security, parameters.build_rustls()?)))
}

/// What an error means for the message. A reply's text may name the recipient,
/// so only its code is told.
fn judge(error: &Error) -> DeliveryFailed {
    if let Some(code) = error.status() {
        let code = u16::from(code);
        let why = format!("the mail server answered {code}");
        // Refusals of this mail or mailbox (RFC 5321 §4.2.3). Others of the
        // 5xx, above all 530 to 538, speak of us and end when we are mended.
        return match code {
            550..=556 => DeliveryFailed::for_good(why),
            _ => DeliveryFailed::for_now(why),
        };
    }
    DeliveryFailed::for_now(if error.is_timeout() {
        LATE.to_owned()
    } else if error.is_tls() {
        "no protected connection to the mail server".to_owned()
    } else if error.is_client() || error.is_response() {
        "the mail server speaks otherwise than agreed".to_owned()
    } else {
        "the mail server cannot be reached".to_owned()
    })
}
