//! A client registers itself (RFC 7591 §3).

use std::net::IpAddr;
use std::time::Duration;

use serde_json::{Map, Value};

use super::answer::told;
use super::dynamic::Registrations;
use super::settings::Mode;
use super::{
    CLIENT_SECRET_PREFIX, Source, faults, metadata, policy, prepare, record, seal_secret, sector,
};
use crate::model::client::{AuthenticationMethod, Client};
use crate::model::id::ClientId;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::client_authentication::METHODS;
use crate::protocol::error::{ErrorCode, Refused};
use crate::storage::{NewRegistration, SelfRegistered};

/// What is counted of a network.
const REGISTRATIONS: &str = "client_registrations";

/// The prefix of what a client changes its registration with.
const TOKEN_PREFIX: &str = "ppra_";

/// Why nothing was registered, or changed.
#[derive(Debug)]
pub enum RegistrationRefused {
    /// No token, or one that is not good (any more).
    Token,
    /// Too many from this network: how long to wait.
    TooMany(Duration),
    /// What was sent is wrong, or it is our own fault.
    Other(Refused),
}

impl<E> From<E> for RegistrationRefused
where
    Refused: From<E>,
{
    fn from(error: E) -> Self {
        Self::Other(Refused::from(error))
    }
}

/// A registration request.
pub struct RegistrationRequest<'a> {
    /// What came as a bearer token.
    pub token: Option<&'a Secret>,
    pub metadata: &'a Map<String, Value>,
    pub address: IpAddr,
}

impl Provider {
    /// Registers a client, and tells it all that it is registered with.
    ///
    /// # Errors
    /// See [`RegistrationRefused`].
    pub async fn register(
        &self,
        registrations: &Registrations,
        request: &RegistrationRequest<'_>,
        now: Timestamp,
    ) -> Result<Map<String, Value>, RegistrationRefused> {
        let settings = &registrations.settings;
        let initial = match settings.mode {
            Mode::InitialToken => Some(self.initial(request.token, now).await?),
            Mode::Off | Mode::Open => None,
        };
        let limit = settings.per_address_per_hour;
        self.allow_one(REGISTRATIONS, limit, request.address, now)
            .await?;
        let id = ClientId::from(self.entropy.opaque_id());
        let mut client = metadata::read(registrations, request.metadata, &id, now)?;
        let secret = self.new_secret(&mut client);
        let client = self.fitting(registrations, client).await?;
        let token = self.entropy.secret(TOKEN_PREFIX);
        let new = NewRegistration {
            client: record(&client, Source::Dynamic, now)?,
            token: token.digest(),
            most: i64::from(settings.max_clients),
            initial,
        };
        match self.storage.register_client(new, now).await? {
            SelfRegistered::Done => {}
            SelfRegistered::Spent => return Err(RegistrationRefused::Token),
            SelfRegistered::Full => {
                return Err(Refused::from(
                    ErrorCode::TemporarilyUnavailable
                        .because("as many clients have registered as may; tell the operator"),
                )
                .into());
            }
        }
        tracing::info!(client = %id, "a client registered itself");
        Ok(told(self, &client, secret.as_ref(), &token, now)?)
    }

    /// The initial access token, and how often it may be used. Whether that
    /// often it was is asked when the client is stored.
    async fn initial(
        &self,
        token: Option<&Secret>,
        now: Timestamp,
    ) -> Result<(Digest, i64), RegistrationRefused> {
        let digest = token.ok_or(RegistrationRefused::Token)?.digest();
        let kind = ticket::INITIAL_ACCESS;
        let found = self.storage.find_ticket(kind, &digest, now).await?;
        let found = found.ok_or(RegistrationRefused::Token)?;
        let uses = found.payload.parse()?;
        match found.tries < uses {
            true => Ok((digest, uses)),
            false => Err(RegistrationRefused::Token),
        }
    }

    /// Counts one more from a network.
    pub(super) async fn allow_one(
        &self,
        what: &'static str,
        limit: u32,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        let wait = self
            .accounts
            .allow_from_network(what, limit, address, now)
            .await?;
        match wait {
            Some(wait) => Err(RegistrationRefused::TooMany(wait)),
            None => Ok(()),
        }
    }

    /// Makes a secret for a client that authenticates with one.
    pub(super) fn new_secret(&self, client: &mut Client) -> Option<Secret> {
        let made = has_secret(client).then(|| self.entropy.secret(CLIENT_SECRET_PREFIX));
        client.client_secret.clone_from(&made);
        made
    }

    /// Asks everything that the configuration file's clients are asked, and
    /// what the policy says of addresses; fetches last.
    pub(super) async fn fitting(
        &self,
        registrations: &Registrations,
        client: Client,
    ) -> Result<Client, Refused> {
        let mut client = match prepare(client) {
            Ok(client) => client,
            Err(all) => {
                let told = faults::of_client(&all);
                let told = told.unwrap_or_else(|| faults::wrong("metadata", "cannot be used"));
                return Err(told.into());
            }
        };
        let is_offered = METHODS.iter().any(|method| {
            method.method == client.token_endpoint_auth_method && (method.offered)(self)
        });
        if !is_offered {
            return Err(faults::wrong(
                "token_endpoint_auth_method",
                "is not offered by this provider",
            )
            .into());
        }
        seal_secret(&mut client, &self.vault, None)?;
        policy::bound_hosts(&client, &registrations.settings)?;
        sector::check(self, &client).await?;
        Ok(client)
    }
}

/// Whether the client authenticates with a secret.
fn has_secret(client: &Client) -> bool {
    matches!(
        client.token_endpoint_auth_method,
        AuthenticationMethod::ClientSecretBasic
            | AuthenticationMethod::ClientSecretPost
            | AuthenticationMethod::ClientSecretJwt
    )
}

/// Whether a digest of its secret is enough.
pub(super) fn compares_secret(client: &Client) -> bool {
    has_secret(client) && client.token_endpoint_auth_method != AuthenticationMethod::ClientSecretJwt
}
