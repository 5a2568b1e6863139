//! Whether a consent is in force, and how that is said.

use std::time::Duration;

use crate::model::timestamp::Timestamp;
use crate::storage::ConsentRecord;
use crate::texts::{Texts, key};
use crate::web::page::Badge;

/// A consent with fewer days left ends soon: its owner is told as early
/// (requirement E3).
const SOON: Duration = Duration::from_secs(7 * 86_400);

/// Where a consent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Active,
    Ending,
    Withdrawn,
    Lapsed,
}

impl State {
    /// Of this consent, now.
    pub fn of(consent: &ConsentRecord, now: Timestamp) -> Self {
        match (consent.withdrawn_at, consent.expires_at) {
            (Some(_), _) => Self::Withdrawn,
            (None, Some(end)) if end <= now => Self::Lapsed,
            (None, Some(end)) if end.since(now) <= SOON => Self::Ending,
            (None, _) => Self::Active,
        }
    }

    /// Whether data may flow under it.
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active | Self::Ending)
    }

    /// As a coloured word.
    pub fn badge(self, texts: Texts) -> Badge {
        let (kind, word) = match self {
            Self::Active => ("success", key("consent-state-active")),
            Self::Ending => ("warning", key("consent-state-ending")),
            Self::Withdrawn => ("plain", key("consent-state-withdrawn")),
            Self::Lapsed => ("plain", key("consent-state-lapsed")),
        };
        Badge {
            kind,
            text: texts.t(word),
        }
    }

    /// What is said of its end.
    pub const fn end_key(self) -> &'static str {
        match self {
            Self::Active | Self::Ending => key("consent-card-ends"),
            Self::Withdrawn => key("consent-card-withdrawn-at"),
            Self::Lapsed => key("consent-card-lapsed-at"),
        }
    }

    /// When it ends or ended; none while it has no end.
    pub const fn end(self, consent: &ConsentRecord) -> Option<Timestamp> {
        match self {
            Self::Withdrawn => consent.withdrawn_at,
            _ => consent.expires_at,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::id::{AccountId, ClientId, ConsentId};

    #[test]
    fn a_consent_ends_at_its_moment_and_not_after() {
        let now = Timestamp::from_seconds(1_800_000_000);
        let consent = |expires_at, withdrawn_at| ConsentRecord {
            id: ConsentId::from("1"),
            account_id: AccountId::from("a"),
            client_id: ClientId::from("c"),
            asked: String::new(),
            scopes: String::new(),
            claims: "[]".to_owned(),
            given_at: now,
            decided_at: now,
            expires_at,
            withdrawn_at,
            last_used_at: None,
        };
        let day = Duration::from_secs(86_400);
        let state = |end, withdrawn| State::of(&consent(end, withdrawn), now);
        assert_eq!(state(None, None), State::Active);
        assert_eq!(state(Some(now.plus(8 * day)), None), State::Active);
        assert_eq!(state(Some(now.plus(7 * day)), None), State::Ending);
        assert_eq!(state(Some(now), None), State::Lapsed);
        assert_eq!(state(Some(now.plus(day)), Some(now)), State::Withdrawn);
    }
}
