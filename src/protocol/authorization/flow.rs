//! An authorization request on its way through sign-in and consent pages. It
//! travels in their addresses, sealed: nothing is stored for a stranger's
//! visit, and nothing in it can be changed, least of all when it began.

use serde::{Deserialize, Serialize};

use super::awaited::Reference;
use crate::error::Result;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::params::Params;

/// Where the parameters of a request are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub enum Origin {
    /// Here, form-encoded.
    Query {
        query: String,
        /// Whether a request object held them.
        signed: bool,
    },
    /// Here, form-encoded and put into our own words: a request of ESIA's
    /// dialect, whose signature was good when it came.
    Esia { query: String },
    /// In storage, since the client pushed them.
    Pushed { reference: Digest },
    /// In storage, where the client waits for the answer.
    Awaited { reference: Reference },
}

/// The request and when the person arrived with it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Flow {
    pub origin: Origin,
    pub started_at: Timestamp,
    /// The languages the client asks for, for every page on the way.
    pub ui_locales: Option<String>,
    /// The browser it began in: elsewhere it means nothing (attack row 16).
    browser: String,
}

impl Flow {
    /// A request that arrives now in this browser.
    pub fn begin(origin: Origin, params: &Params, browser: &str, now: Timestamp) -> Self {
        Self {
            origin,
            started_at: now,
            ui_locales: params.get("ui_locales").map(str::to_owned),
            browser: browser.to_owned(),
        }
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
