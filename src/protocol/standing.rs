//! Whether tokens of a grant may live now: one question for issuing,
//! introspection and userinfo, so that none can forget a reason.

use crate::error::Result;
use crate::model::id::GrantId;
use crate::model::timestamp::Timestamp;
use crate::storage::{Cached, GrantStanding, Storage};

/// Answers of the database, remembered while nothing changed.
pub struct Standings(Cached<GrantId, GrantStanding>);

impl Default for Standings {
    /// Nothing remembered yet.
    fn default() -> Self {
        Self(Cached::new(50_000))
    }
}

impl Standings {
    /// Whether the person, the client, the consent and the session behind the
    /// grant allow tokens now.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn is_good(
        &self,
        storage: &Storage,
        grant: &GrantId,
        now: Timestamp,
    ) -> Result<bool> {
        self.holds(storage, grant, |standing| allows(standing, now))
            .await
    }

    /// Whether the session lives that the grant was given in.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn session_lives(
        &self,
        storage: &Storage,
        grant: &GrantId,
        now: Timestamp,
    ) -> Result<bool> {
        self.holds(storage, grant, |standing| standing.session_lives(now))
            .await
    }

    async fn holds(
        &self,
        storage: &Storage,
        grant: &GrantId,
        what: impl Fn(&GrantStanding) -> bool,
    ) -> Result<bool> {
        let known = self
            .0
            .get(storage, grant, storage.grant_standing(grant))
            .await?;
        if known.is_some_and(|standing| what(&standing)) {
            return Ok(true);
        }
        // A session may have been used since: a refusal is always read anew.
        let standing = storage.grant_standing(grant).await?;
        Ok(standing.is_some_and(|standing| what(&standing)))
    }
}

/// Whether a grant that stands so allows tokens now.
pub(super) fn allows(standing: &GrantStanding, now: Timestamp) -> bool {
    standing.grant_revoked_at.is_none()
        && standing.account_blocked_at.is_none()
        && standing
            .account_restricted_until
            .is_none_or(|until| until <= now)
        && standing.client_disabled_at.is_none()
        && standing.consent_withdrawn_at.is_none()
        && standing.consent_expires_at.is_none_or(|end| now < end)
        && is_covered(&standing.grant_scopes, &standing.consent_scopes)
        && (standing.session_lives(now) || standing.offline_at.is_some())
}

/// Whether the consent still gives all the grant was for: a code that was
/// under way while the citizen took something back is not worth it any more.
fn is_covered(granted: &str, given: &str) -> bool {
    granted
        .split_whitespace()
        .all(|scope| given.split_whitespace().any(|one| one == scope))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_reason_alone_is_enough() {
        let at = Timestamp::from_seconds;
        let good = GrantStanding {
            account_blocked_at: None,
            account_restricted_until: Some(at(100)),
            client_disabled_at: None,
            session_ended_at: None,
            session_idle_until: at(200),
            session_expires_at: at(200),
            consent_withdrawn_at: None,
            consent_expires_at: Some(at(200)),
            grant_revoked_at: None,
            offline_at: None,
            grant_scopes: "openid profile".to_owned(),
            consent_scopes: "openid profile email".to_owned(),
            consent_decided_at: at(10),
        };
        assert!(allows(&good, at(100)));
        assert!(!allows(&good, at(200)));
        let change = |change: fn(&mut GrantStanding)| {
            let mut standing = good.clone();
            change(&mut standing);
            allows(&standing, at(100))
        };
        let past = Some(at(50));
        assert_eq!(past, Some(at(50)));
        assert!(!change(
            |s| s.account_blocked_at = Some(Timestamp::from_seconds(50))
        ));
        assert!(!change(|s| {
            s.account_restricted_until = Some(Timestamp::from_seconds(101));
        }));
        assert!(!change(
            |s| s.client_disabled_at = Some(Timestamp::from_seconds(50))
        ));
        assert!(!change(
            |s| s.session_ended_at = Some(Timestamp::from_seconds(50))
        ));
        assert!(!change(
            |s| s.session_idle_until = Timestamp::from_seconds(50)
        ));
        assert!(!change(
            |s| s.session_expires_at = Timestamp::from_seconds(50)
        ));
        assert!(!change(
            |s| s.consent_withdrawn_at = Some(Timestamp::from_seconds(50))
        ));
        assert!(!change(
            |s| s.consent_expires_at = Some(Timestamp::from_seconds(50))
        ));
        assert!(!change(
            |s| s.grant_revoked_at = Some(Timestamp::from_seconds(50))
        ));
        assert!(!change(|s| s.grant_scopes.push_str(" phone")));
        assert!(!change(|s| s.consent_scopes = "openid".to_owned()));
        assert!(change(|s| {
            s.session_ended_at = Some(Timestamp::from_seconds(50));
            s.offline_at = Some(Timestamp::from_seconds(10));
        }));
    }
}
