//! Signing in at one browser by the word of another one (requirement C3): the
//! first shows a QR code and a number, the other one, where its owner is signed
//! in, opens the code and names the number. Whoever only sees the code gains
//! nothing: the session begins in the browser that asked, after
//! a press there, and nowhere else. In the same way a sign-in that waits for a
//! second factor may get it from another browser of the account (C4).

mod answer;
mod ask;
mod second;

pub use answer::{ApproveRefused, Asks};
pub(super) use ask::is_handle;
pub use ask::{AskRefused, Awaited, Awaiting};
pub use second::AskedHere;
pub(super) use second::StepThatAsks;

use serde::{Deserialize, Serialize};

use super::browser::Details;
use super::session::Session;
use crate::model::id::{AccountId, ClientId, SessionId};
use crate::model::timestamp::Timestamp;

/// What the browser that asked keeps, found by its handle.
#[derive(Serialize, Deserialize)]
struct Waiting {
    /// The secret of the link in the code.
    link: String,
    number: String,
}

/// What the link finds, for whoever opens it.
#[derive(Serialize, Deserialize)]
struct Asking {
    /// The digest of the handle that waits.
    waiting: String,
    number: String,
    /// The right number among others, in their order.
    numbers: Vec<String>,
    /// The browser that asked.
    browser: Details,
    client: Option<ClientId>,
    /// The second step that asks; none where a sign-in begins with it.
    #[serde(default)]
    step: Option<AskingStep>,
}

/// A second step that asks its own account.
#[derive(Serialize, Deserialize)]
struct AskingStep {
    /// The digest of its handle.
    digest: String,
    account: AccountId,
    /// The session of the browser that asks: it is no other one.
    session: Option<SessionId>,
    /// The link, for the cabinet of the account.
    link: String,
}

impl AskingStep {
    fn may_be_answered_by(&self, session: &Session) -> bool {
        self.account == session.account && self.session.as_ref() != Some(&session.id)
    }
}

/// An answer, kept for the browser that waits.
#[derive(Serialize, Deserialize)]
struct Approved {
    account: AccountId,
    /// The session that said so; it must not have ended since.
    session: SessionId,
    /// When whoever did had last proven who they are: an answer is no new proof.
    proven_at: Timestamp,
    /// Whether two kinds of factors stand behind that session.
    strong: bool,
    /// The second step that asked.
    #[serde(default)]
    step: Option<String>,
}
