//! Relying parties that register themselves (RFC 7591, RFC 7592, OpenID Connect
//! Dynamic Client Registration 1.0): what is open, and what was used of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use super::settings::{Mode, RegistrationSettings};
use super::statement::Issuers;
use crate::error::Result;
use crate::model::client::{Client, Localized};
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::texts::{Lang, Texts};

/// Clients that are removed at a time.
const PORTION: i64 = 100;

/// The door for clients that register themselves, where it is open.
pub struct Registrations {
    pub(super) settings: RegistrationSettings,
    pub(super) issuers: Issuers,
    /// Clients that came, and whether that has been written down: it is, once.
    used: Mutex<HashMap<ClientId, bool>>,
}

impl Registrations {
    /// Opens the door; none where it stays shut.
    ///
    /// # Errors
    /// When keys of an issuer of software statements cannot be read.
    pub fn open(settings: &RegistrationSettings) -> Result<Option<Self>> {
        if settings.mode == Mode::Off {
            return Ok(None);
        }
        Ok(Some(Self {
            settings: settings.clone(),
            issuers: Issuers::open(settings)?,
            used: Mutex::default(),
        }))
    }

    /// Remembers that a client has come.
    pub(in crate::protocol) fn note_use(&self, client: &Client) {
        if client.self_registered {
            let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
            used.entry(client.client_id.clone()).or_insert(false);
        }
    }

    fn unwritten(&self) -> Vec<ClientId> {
        let used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        let unwritten = used.iter().filter(|(_, written)| !**written);
        unwritten.map(|(id, _)| id.clone()).collect()
    }

    fn written(&self, ids: Vec<ClientId>) {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.extend(ids.into_iter().map(|id| (id, true)));
    }
}

impl Provider {
    /// Writes down which of the clients that registered themselves were used.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn write_used_registrations(&self, now: Timestamp) -> Result<()> {
        let Some(registrations) = &self.registrations else {
            return Ok(());
        };
        let used = registrations.unwritten();
        if !used.is_empty() {
            self.storage.use_registrations(used.clone(), now).await?;
            registrations.written(used);
        }
        Ok(())
    }

    /// Removes clients that registered themselves and that nobody has used for
    /// as long as they may wait.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn remove_unused_registrations(&self, now: Timestamp) -> Result<()> {
        let Some(registrations) = &self.registrations else {
            return Ok(());
        };
        let days = u64::from(registrations.settings.unused_days);
        if days == 0 {
            return Ok(());
        }
        // What came since this was last written down is no longer unused.
        self.write_used_registrations(now).await?;
        let before = now.minus(Duration::from_secs(days * 86_400));
        loop {
            let unused = self.storage.unused_registrations(before, PORTION).await?;
            if unused.is_empty() {
                return Ok(());
            }
            for id in unused {
                let rest = remains(&id);
                self.storage
                    .remove_unused_registration(id, before, rest, now)
                    .await?;
            }
        }
    }
}

/// What is left of the metadata of a client that is gone: consents of citizens
/// still refer to it.
pub(super) fn remains(id: &ClientId) -> String {
    let text = |lang| Texts(lang).t("site-removed");
    let name = Localized {
        ru: text(Lang::Ru),
        en: text(Lang::En),
    };
    let rest = serde_json::json!({
        "client_id": id, "name": name, "grant_types": [], "token_endpoint_auth_method": "none",
        "self_registered": true,
    });
    rest.to_string()
}
