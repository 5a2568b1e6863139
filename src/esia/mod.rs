//! The ESIA dialect: relying parties written for ESIA, the state's own identity
//! provider, work here after their address and certificates are changed. People,
//! levels, sessions, consents and grants are the same as everywhere; what is
//! here is another wire: signed requests, other tokens, data at `/rs`.
//!
//! A request that passed becomes a flow like any other
//! ([`Origin::Esia`](crate::protocol::authorization::flow::Origin)); its answer
//! is put into ESIA's words by [`answer`]. A token request redeems the same
//! grants and asks the same question ([`may_issue`](crate::protocol::issue)) as
//! one of OpenID Connect.

pub mod answer;
pub mod client_secret;
pub mod error;
mod hint;
mod issue;
mod json_token;
pub mod keys;
pub mod logout;
mod organisation;
mod params;
mod permissions;
mod refresh;
mod replay;
pub mod request;
pub mod resources;
pub mod settings;
mod subject;
pub mod text;
mod timestamp;
pub mod token;

use std::sync::Arc;

use crate::error::Result;
use crate::model::id::ClientId;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use keys::EsiaKeys;
use settings::EsiaSettings;

pub use params::read as read_params;

/// Everything the dialect works with.
pub struct Esia {
    pub settings: EsiaSettings,
    /// The issuer its tokens name.
    pub issuer: String,
    pub provider: Arc<Provider>,
    pub keys: EsiaKeys,
}

impl Esia {
    /// Opens the dialect, making the first key of each algorithm that this
    /// machine has.
    ///
    /// # Errors
    /// When the database is away, a stored key is damaged, or a registered
    /// relying party names a category that is not configured.
    pub async fn open(
        settings: EsiaSettings,
        provider: Arc<Provider>,
        now: Timestamp,
    ) -> Result<Self> {
        let issuer = settings.issuer_beside(&provider.issuer);
        let name = provider.issuer.clone();
        let keys = EsiaKeys::open(&provider.storage, &provider.vault, &settings, name, now).await?;
        Ok(Self {
            settings,
            issuer,
            provider,
            keys,
        })
    }

    /// The relying party of this mnemonic, unless it is switched off.
    async fn client(&self, id: &str) -> Result<Option<Arc<Registered>>> {
        let found = self.provider.clients.find(&ClientId::from(id)).await?;
        Ok(found.filter(|client| client.esia.is_some()))
    }
}
