//! Help: what a citizen writes to support and what is answered, and locks that
//! support opens by their number (requirements C6, F2). Words are sealed under
//! the key of the account; who may answer is for the operators' room to say.

mod ask;
mod desk;
mod lock;

pub use desk::Unanswered;
pub use lock::{FoundLock, LockPlace};

use std::time::Duration;

use super::throttle::BLOCK_DIGITS;
use super::{Problem, ProblemKind};
use crate::error::{Internal, Result};
use crate::model::timestamp::Timestamp;
use crate::storage::{SupportMessageRecord, SupportRequestRecord};
use crate::vault::AccountKey;

/// What a request may be about; pages have words for each.
pub const TOPICS: [&str; 6] = ["sign_in", "level", "data", "consents", "security", "other"];
/// The longest message, in characters.
pub const LONGEST_MESSAGE: usize = 2000;
/// Digits of the number of a lock.
pub const LOCK_DIGITS: usize = BLOCK_DIGITS;

const CITIZEN: &str = "citizen";
const SUPPORT: &str = "support";

/// Where a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupportState {
    /// Nobody has taken it.
    New,
    /// Somebody reads it.
    InWork,
    Answered,
    Closed,
}

/// A request.
#[derive(Clone, Debug)]
pub struct SupportRequest {
    pub number: String,
    /// One of [`TOPICS`].
    pub topic: String,
    pub created_at: Timestamp,
    pub state: SupportState,
}

/// A message in a request.
#[derive(Clone, Debug)]
pub struct SupportMessage {
    pub id: String,
    pub at: Timestamp,
    /// Written by support, else by the citizen.
    pub by_support: bool,
    pub text: String,
}

/// A request with everything that was written, oldest first.
#[derive(Clone, Debug)]
pub struct SupportThread {
    pub request: SupportRequest,
    pub messages: Vec<SupportMessage>,
}

/// Why nothing was sent.
#[derive(Debug)]
pub enum SupportRefused {
    /// Wrong fields: `topic`, `message`.
    Problems(Vec<Problem>),
    /// As many requests are open as may be.
    TooManyOpen,
    /// Enough was written today.
    TooMany {
        retry_after: Duration,
    },
    /// The request is closed, or somebody else's.
    Gone,
    Internal(Internal),
}

impl From<Internal> for SupportRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

fn request(record: SupportRequestRecord, now: Timestamp) -> SupportRequest {
    let held = record.claimed_until.is_some_and(|until| until > now);
    let state = match (record.closed_at, record.waiting_since) {
        (Some(_), _) => SupportState::Closed,
        (None, None) => SupportState::Answered,
        (None, Some(_)) if held => SupportState::InWork,
        (None, Some(_)) => SupportState::New,
    };
    SupportRequest {
        number: record.number,
        topic: record.topic,
        created_at: record.created_at,
        state,
    }
}

fn message(key: &AccountKey, record: SupportMessageRecord) -> Result<SupportMessage> {
    Ok(SupportMessage {
        text: key.open_json(&field(&record.id), &record.text_sealed)?,
        id: record.id,
        at: record.at,
        by_support: record.author == SUPPORT,
    })
}

/// The field a message is sealed for.
fn field(id: &str) -> String {
    format!("support:{id}")
}

/// A message without control characters but line ends, or what is wrong with it.
fn clean(text: &str) -> Result<String, Problem> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = |c: &char| matches!(c, '\n' | '\t') || !c.is_control();
    let text: String = text.chars().filter(plain).collect();
    let text = text.trim();
    let wrong = |kind| Problem {
        field: "message",
        kind,
    };
    match text.chars().count() {
        0 => Err(wrong(ProblemKind::Required)),
        1..=LONGEST_MESSAGE => Ok(text.to_owned()),
        _ => Err(wrong(ProblemKind::TooLong(LONGEST_MESSAGE as u64))),
    }
}
