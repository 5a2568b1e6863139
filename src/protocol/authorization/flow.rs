//! An authorization request on its way through sign-in and consent pages. It
//! travels in their addresses, sealed: nothing is stored for a stranger's
//! visit, and nothing in it can be changed, least of all when it began.

use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::params::Params;

/// The request and when the person arrived with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flow {
    /// The parameters, form-encoded.
    pub query: String,
    pub started_at: Timestamp,
    /// The browser it began in: elsewhere it means nothing (attack row 16).
    browser: String,
}

impl Flow {
    /// A request that arrives now in this browser.
    pub fn begin(query: String, browser: &str, now: Timestamp) -> Self {
        Self {
            query,
            started_at: now,
            browser: browser.to_owned(),
        }
    }

    /// The parameters.
    pub fn params(&self) -> Params {
        Params::parse(self.query.as_bytes())
    }
}

impl Provider {
    /// The text that carries a flow in an address.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn seal_flow(&self, flow: &Flow) -> Result<String> {
        self.vault.seal("flow", &serde_json::to_vec(flow)?)
    }

    /// The flow an address carries, if it is ours, began in this browser, and
    /// is not too old.
    pub fn open_flow(&self, sealed: &str, browser: &str, now: Timestamp) -> Option<Flow> {
        let plain = self.vault.unseal("flow", sealed).ok()?;
        let flow: Flow = serde_json::from_slice(&plain).ok()?;
        let end = Self::after(flow.started_at, self.lifetimes.flow);
        (flow.browser == browser && now < end).then_some(flow)
    }
}
