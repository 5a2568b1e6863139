//! A client reads, changes and deletes its registration (RFC 7592), with the
//! token it was given when it registered. The token stays the same over every
//! change (§2.2 allows a new one): a client that misses an answer would lose its
//! registration, and the token goes to us only.

use std::net::IpAddr;

use serde_json::{Map, Value};

use super::answer::told;
use super::dynamic::{Registrations, remains};
use super::faults::wrong;
use super::members::text;
use super::register::{RegistrationRefused, compares_secret};
use super::{metadata, secret_context, sector};
use crate::model::client::Client;
use crate::model::id::ClientId;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::storage::RegistrationRecord;
use crate::vault::Vault;

/// What is counted of a network.
const CHANGES: &str = "client_changes";

/// What a change must not hold: it is ours to say (RFC 7592 §2.2).
const OURS: [&str; 4] = [
    "registration_access_token",
    "registration_client_uri",
    "client_secret_expires_at",
    "client_id_issued_at",
];

/// Who calls about which registration.
pub struct Caller<'a> {
    pub id: &'a ClientId,
    /// What came as a bearer token.
    pub token: Option<&'a Secret>,
    pub address: IpAddr,
}

impl Provider {
    /// Tells a client how it is registered. Its secret is not told again.
    ///
    /// # Errors
    /// See [`RegistrationRefused`].
    pub async fn registration_of(
        &self,
        caller: &Caller<'_>,
    ) -> Result<Map<String, Value>, RegistrationRefused> {
        let (record, token) = self.own_registration(caller).await?;
        let client: Client = serde_json::from_str(&record.metadata)?;
        Ok(told(self, &client, None, token, record.created_at)?)
    }

    /// Replaces everything a client is registered with; what is left out is
    /// deleted.
    ///
    /// # Errors
    /// See [`RegistrationRefused`].
    pub async fn replace_registration(
        &self,
        registrations: &Registrations,
        caller: &Caller<'_>,
        wire: &Map<String, Value>,
        now: Timestamp,
    ) -> Result<Map<String, Value>, RegistrationRefused> {
        let (record, token) = self.own_registration(caller).await?;
        // A change may have us fetch something, like a registration.
        let limit = registrations.settings.per_address_per_hour;
        self.allow_one(CHANGES, limit, caller.address, now).await?;
        let before: Client = serde_json::from_str(&record.metadata)?;
        let shown = about_itself(wire, &before, &self.vault)?;
        let mut client = metadata::read(registrations, wire, caller.id, now)?;
        sector::stays(&client, &before)?;
        let same_use = client.token_endpoint_auth_method == before.token_endpoint_auth_method;
        let secret = match (&before.client_secret_digest, &before.client_secret_sealed) {
            (Some(kept), _) if compares_secret(&client) => {
                client.client_secret_digest = Some(kept.clone());
                shown
            }
            (_, Some(kept)) if same_use => {
                client.client_secret_sealed = Some(kept.clone());
                shown
            }
            // It had none that will do: it gets one.
            _ => self.new_secret(&mut client),
        };
        let client = self.fitting(registrations, client).await?;
        let replaced = self
            .storage
            .replace_registration(
                client.client_id.clone(),
                token.digest(),
                record.version,
                serde_json::to_string(&client)?,
                now,
            )
            .await?;
        if !replaced {
            return Err(Refused::from(ErrorCode::TemporarilyUnavailable.because(
                "the registration was changed at the same moment: read it and try again",
            ))
            .into());
        }
        Ok(told(
            self,
            &client,
            secret.as_ref(),
            token,
            record.created_at,
        )?)
    }

    /// Deletes a registration: everything of the client's ends at once, and
    /// nothing that it said of itself is kept.
    ///
    /// # Errors
    /// See [`RegistrationRefused`].
    pub async fn remove_registration(
        &self,
        caller: &Caller<'_>,
        now: Timestamp,
    ) -> Result<(), RegistrationRefused> {
        let (record, token) = self.own_registration(caller).await?;
        let rest = remains(&record.client_id);
        let id = record.client_id;
        match self
            .storage
            .remove_registration(id, token.digest(), rest, now)
            .await?
        {
            true => Ok(()),
            false => Err(RegistrationRefused::Token),
        }
    }

    /// The registration that this token is for. An unknown client, one that is
    /// switched off and a wrong token are not told apart (RFC 7592 §2.1).
    async fn own_registration<'a>(
        &self,
        caller: &Caller<'a>,
    ) -> Result<(RegistrationRecord, &'a Secret), RegistrationRefused> {
        let token = caller.token.ok_or(RegistrationRefused::Token)?;
        let found = self.storage.find_registration(caller.id).await?;
        let found = found.filter(|record| record.token_digest == token.digest());
        let found = found.ok_or(RegistrationRefused::Token)?;
        Ok((found, token))
    }
}

/// What a change says of the client itself must be true; gives the secret, if
/// it was shown.
fn about_itself(
    wire: &Map<String, Value>,
    before: &Client,
    vault: &Vault,
) -> Result<Option<Secret>, OAuthError> {
    if text(wire, "client_id")? != Some(before.client_id.as_str()) {
        return Err(wrong("client_id", "must be that of the client"));
    }
    if let Some(name) = OURS.iter().find(|name| wire.contains_key(**name)) {
        return Err(wrong(name, "must be left out: it is not yours to change"));
    }
    let shown = text(wire, "client_secret")?.map(Secret::new);
    let is_sealed = |secret: &Secret| {
        let sealed = before.client_secret_sealed.as_deref()?;
        let plain = vault
            .unseal(&secret_context(&before.client_id), sealed)
            .ok()?;
        (Digest::of(&plain) == secret.digest()).then_some(())
    };
    let is_known = |secret: &Secret| {
        before.client_secret_digest == Some(secret.digest()) || is_sealed(secret).is_some()
    };
    match shown {
        Some(secret) if !is_known(&secret) => Err(wrong(
            "client_secret",
            "must be the one you have, or be left out",
        )),
        shown => Ok(shown),
    }
}
