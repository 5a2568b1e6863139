//! OAuth 2 and OpenID Connect, without HTTP: parsed parameters in, answers
//! and errors out.
//!
//! The registries are [`grant::GRANTS`], [`client_authentication::METHODS`]
//! and [`authorization::checks::CHECKS`]; discovery is derived from them.
//! A grant proves entitlement; [`issue`] alone turns one into tokens.

pub mod access_token;
pub mod authorization;
pub mod authorization_details;
pub mod backchannel;
pub mod backchannel_ping;
pub mod claims;
pub mod client_authentication;
pub mod client_certificate;
mod client_keys;
pub mod clients;
pub mod confirmation;
pub mod discovery;
pub mod dpop;
mod encryption;
pub mod end_session;
pub mod error;
pub mod frontchannel;
pub mod grant;
pub mod introspection;
pub mod issue;
pub mod key_ring;
pub mod mutual_tls;
pub mod params;
pub mod pkce;
pub mod protected_resource;
mod refresh;
pub mod registration;
mod resources;
pub mod revocation;
pub mod session_management;
pub mod shared_signals;
pub mod standing;
pub mod subject;
mod timed;
pub mod token;
pub mod userinfo;
pub mod verified_claims;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;

use crate::account::Accounts;
use crate::account::person::Person;
use crate::egress::Egress;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::model::authorization_detail::DetailType;
use crate::model::id::{AccountId, ConsentId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{Cached, Storage};
use crate::vault::Vault;
use authorization::code::CodePayload;

/// Lives of what is issued, in seconds.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Lifetimes {
    /// Authorization code (RFC 9700 wants it short).
    pub code: u64,
    /// A pushed request, until somebody arrives with it (RFC 9126 §2.2).
    pub pushed_request: u64,
    /// A device's request, until its owner answers (RFC 8628 §3.2).
    pub device_code: u64,
    /// The longest that a site waits for an answer of a citizen (CIBA §7.3).
    pub backchannel_request: u64,
    /// Access token.
    pub access_token: u64,
    /// ID token.
    pub id_token: u64,
    /// Refresh token since its last use.
    pub refresh_token: u64,
    /// How long an immediate repeat of a spent refresh token gives the same
    /// successor.
    pub refresh_grace: u64,
    /// How long a sign-in that a relying party began may take.
    pub flow: u64,
    /// How long a new signing key is published before it signs.
    pub key_publish_ahead: u64,
}

impl Default for Lifetimes {
    fn default() -> Self {
        Self {
            code: 60,
            pushed_request: 90,
            device_code: 600,
            backchannel_request: 600,
            access_token: 300,
            id_token: 300,
            refresh_token: 30 * 86_400,
            refresh_grace: 60,
            flow: 3_600,
            key_publish_ahead: 3_600,
        }
    }
}

impl Lifetimes {
    /// The longest life of a signed token: how long a key stays published
    /// after its last signature.
    pub fn longest_token(&self) -> Duration {
        Duration::from_secs(self.access_token.max(self.id_token))
    }
}

/// The OpenID provider.
pub struct Provider {
    /// The issuer identifier: every link and token is made with it.
    pub issuer: String,
    pub lifetimes: Lifetimes,
    pub storage: Storage,
    pub vault: Arc<Vault>,
    pub entropy: Entropy,
    pub accounts: Arc<Accounts>,
    pub egress: Arc<Egress>,
    pub keys: key_ring::KeyRing,
    pub clients: clients::Clients,
    /// How clients show certificates; none where they cannot.
    pub mutual_tls: Option<mutual_tls::MutualTls>,
    pub(crate) tokens: access_token::AccessTokens,
    pub(crate) standings: standing::Standings,
    pub(crate) claims: claims::People,
    /// What codes stand for, from their issue to their redemption.
    codes: Cached<Digest, CodePayload>,
    /// How often clients ask for what waits.
    polls: authorization::awaited::Polls,
    /// What sites may ask for in detail (RFC 9396).
    pub(crate) detail_types: Vec<DetailType>,
    /// Where relying parties may register themselves.
    pub registrations: Option<registration::dynamic::Registrations>,
}

impl Provider {
    /// A provider over opened rooms.
    #[expect(clippy::too_many_arguments, reason = "one for each room; called once")]
    pub fn new(
        issuer: &str,
        lifetimes: Lifetimes,
        storage: Storage,
        vault: Arc<Vault>,
        entropy: Entropy,
        accounts: Arc<Accounts>,
        egress: Arc<Egress>,
        keys: key_ring::KeyRing,
        clients: clients::Clients,
    ) -> Self {
        Self {
            issuer: issuer.to_owned(),
            lifetimes,
            storage,
            vault,
            entropy,
            accounts,
            egress,
            keys,
            clients,
            mutual_tls: None,
            tokens: access_token::AccessTokens::new(),
            standings: standing::Standings::default(),
            claims: claims::People::new(),
            codes: Cached::new(4_096),
            polls: authorization::awaited::Polls::default(),
            detail_types: Vec::new(),
            registrations: None,
        }
    }

    /// The same, open to relying parties that register themselves.
    #[must_use]
    pub fn with_registrations(
        mut self,
        registrations: Option<registration::dynamic::Registrations>,
    ) -> Self {
        self.registrations = registrations;
        self
    }

    /// The same where clients may show certificates.
    #[must_use]
    pub fn with_mutual_tls(mut self, mutual_tls: Option<mutual_tls::MutualTls>) -> Self {
        self.mutual_tls = mutual_tls;
        self
    }

    /// The person behind an account, as last read.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn person(&self, account: &AccountId) -> Result<Option<Arc<Person>>> {
        let known = self.accounts.known(account).await?;
        Ok(known.map(|known| known.person.clone()))
    }

    /// Consents under which something was issued since this was last asked.
    pub fn take_used_consents(&self) -> HashMap<ConsentId, Timestamp> {
        self.claims.take_used()
    }

    /// The moment `seconds` after `now`.
    fn after(now: Timestamp, seconds: u64) -> Timestamp {
        now.plus(Duration::from_secs(seconds))
    }

    /// The addresses of an endpoint for programs: under the issuer, and where
    /// clients show certificates (RFC 8705 §5).
    pub(crate) fn addresses(&self, path: &str) -> impl Iterator<Item = String> {
        let alias = self.mutual_tls.as_ref().and_then(|tls| tls.url.as_ref());
        [Some(&self.issuer), alias]
            .into_iter()
            .flatten()
            .map(move |base| format!("{base}{path}"))
    }

    /// An address under the issuer.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}
