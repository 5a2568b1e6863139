//! Adding an authenticator app. Nothing is stored before its first code came:
//! what was begun goes through the form, sealed.

use serde::{Deserialize, Serialize};

use super::{EnrolRefused, New};
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::factor::enrolled::{Kept, Kind, clean_name};
use crate::account::factor::totp;
use crate::account::session::Session;
use crate::error::Internal;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;

const APP: &str = "new app";

/// An app that is being added: what its owner types or scans.
pub struct NewApp {
    /// In base32.
    pub secret: Secret,
    /// The `otpauth:` address for a QR code.
    pub address: String,
    /// Goes through the form and comes back with the code.
    pub sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Begun {
    session: String,
    secret: String,
    at: Timestamp,
}

impl Accounts {
    /// Begins to add an app. Nothing is stored: what was begun goes through the
    /// form, sealed.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin_app(
        &self,
        session: &Session,
        issuer: &str,
        now: Timestamp,
    ) -> Result<NewApp, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let person = self.load_person(&session.account).await?;
        let secret = totp::new_secret(&self.entropy);
        let begun = Begun {
            session: session.id.to_string(),
            secret: secret.expose().to_owned(),
            at: now,
        };
        let plain = serde_json::to_vec(&begun).map_err(Internal::from)?;
        Ok(NewApp {
            address: totp::address(&secret, issuer, &person.username())?,
            sealed: self.vault.seal(APP, &plain)?,
            secret,
        })
    }

    /// The app that a form brings back, to be shown again.
    ///
    /// # Errors
    /// When it is not of this session or is over.
    pub async fn app_under_way(
        &self,
        session: &Session,
        issuer: &str,
        sealed: &str,
        now: Timestamp,
    ) -> Result<NewApp, EnrolRefused> {
        let secret = self.open_app(session, sealed, now)?;
        let person = self.load_person(&session.account).await?;
        Ok(NewApp {
            address: totp::address(&secret, issuer, &person.username())?,
            sealed: sealed.to_owned(),
            secret,
        })
    }

    fn open_app(
        &self,
        session: &Session,
        sealed: &str,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        let plain = self.vault.unseal(APP, sealed);
        let plain = plain.map_err(|_| EnrolRefused::Over)?;
        let begun: Begun = serde_json::from_slice(&plain).map_err(|_| EnrolRefused::Over)?;
        let end = begun.at.plus(self.settings.limits.code_life());
        if begun.session != session.id.to_string() || now >= end {
            return Err(EnrolRefused::Over);
        }
        Ok(Secret::new(begun.secret))
    }

    /// Adds the app, if the code is its own. Gives the session's new secret.
    ///
    /// # Errors
    /// The refusal.
    pub async fn confirm_app(
        &self,
        session: &Session,
        sealed: &str,
        (name, code): (&str, &str),
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Secret, EnrolRefused> {
        self.may_enrol(session, now).await?;
        let secret = self.open_app(session, sealed, now)?;
        let subject = session.account.as_str();
        if let Some(retry_after) = self.allow(self.factor_tries(), subject, now).await? {
            return Err(EnrolRefused::Wait { retry_after });
        }
        let Some((step, proof)) = totp::check(&secret, code, now)? else {
            return Err(EnrolRefused::WrongCode);
        };
        self.forget(self.factor_tries(), subject).await?;
        let kept = Kept {
            name: clean_name(name),
            totp: Some(secret.expose().to_owned()),
            key: None,
        };
        let new = New {
            kind: Kind::Totp,
            kept,
            credential: None,
            step: Some(step),
            proof,
        };
        self.enrol(session, new, browser, now).await
    }
}
