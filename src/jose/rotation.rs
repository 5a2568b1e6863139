//! When a signing key is used, published and forgotten. Pure: a key's stage is
//! computed from the times of its family (the keys of one algorithm) and
//! `now`, never stored, so it cannot disagree with the clock.

use std::time::Duration;

use crate::model::timestamp::Timestamp;

/// The moments in a key's life that are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTimes {
    /// When it was made, and published.
    pub created_at: Timestamp,
    /// From when it signs. Later than `created_at` by as long as relying
    /// parties may keep an older JWKS.
    pub active_from: Timestamp,
    /// When an operator withdrew it.
    pub retired_at: Option<Timestamp>,
}

impl KeyTimes {
    /// The times of a new key. The first of its family signs at once; a
    /// successor is published for `publish_ahead` before it is used.
    pub fn of_new(now: Timestamp, family_has_active: bool, publish_ahead: Duration) -> Self {
        Self {
            created_at: now,
            active_from: if family_has_active {
                now.plus(publish_ahead)
            } else {
                now
            },
            retired_at: None,
        }
    }

    fn is_retired(&self, now: Timestamp) -> bool {
        self.retired_at.is_some_and(|at| at <= now)
    }

    /// Whether this key may sign at `now` unless a newer one may.
    fn can_sign(&self, now: Timestamp) -> bool {
        self.active_from <= now && !self.is_retired(now)
    }
}

/// What a key is good for at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In the JWKS, not yet signing.
    Published,
    /// Signing.
    Active,
    /// A newer key signs; tokens of this one may still live, so it stays in
    /// the JWKS.
    Passing,
    /// No living token is signed with it. It is not published, yet an old
    /// `id_token_hint` is still recognised (OpenID Connect RP-Initiated Logout
    /// §4: an expired hint should be accepted).
    Expired,
    /// Withdrawn by command: neither published nor believed.
    Retired,
}

impl Stage {
    /// Whether the JWKS lists such a key.
    pub const fn is_published(self) -> bool {
        matches!(self, Self::Published | Self::Active | Self::Passing)
    }

    /// The stage's name in lists for the operator.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Published => "published",
            Self::Active => "active",
            Self::Passing => "passing",
            Self::Expired => "expired",
            Self::Retired => "retired",
        }
    }
}

/// The key of the family that signs at `now`: the newest that may.
pub fn active(family: &[KeyTimes], now: Timestamp) -> Option<usize> {
    (0..family.len())
        .filter(|&key| family[key].can_sign(now))
        .max_by_key(|&key| seniority(family, key))
}

/// The stage of `family[key]` at `now`, where no token lives longer than
/// `longest`.
pub fn stage(family: &[KeyTimes], key: usize, now: Timestamp, longest: Duration) -> Stage {
    let times = &family[key];
    if times.is_retired(now) {
        Stage::Retired
    } else if times.active_from > now {
        Stage::Published
    } else if active(family, now) == Some(key) {
        Stage::Active
    } else if now < last_signed_before(family, key, now).plus(longest) {
        Stage::Passing
    } else {
        Stage::Expired
    }
}

/// Keys are ordered by when they begin to sign; the rest only makes the order
/// total.
fn seniority(family: &[KeyTimes], key: usize) -> (Timestamp, Timestamp, usize) {
    (family[key].active_from, family[key].created_at, key)
}

/// The moment before which a superseded key last signed. Usually that is its
/// successor's `active_from`; but if a successor was withdrawn, the key signed
/// again until the next one, so the whole past is walked backwards.
fn last_signed_before(family: &[KeyTimes], key: usize, now: Timestamp) -> Timestamp {
    let mut until = now.plus(Duration::from_millis(1));
    loop {
        let superseded_since = (0..family.len())
            .filter(|&other| seniority(family, other) > seniority(family, key))
            .map(|other| &family[other])
            .filter(|other| other.active_from < until)
            .filter(|other| other.retired_at.is_none_or(|at| at >= until))
            .map(|other| other.active_from)
            .min();
        match superseded_since {
            Some(earlier) => until = earlier,
            None => return until,
        }
    }
}
