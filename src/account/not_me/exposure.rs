//! A password that somebody else knows. It still begins a sign-in, but proves
//! nothing alone: a second factor is asked for or, where there is none, a code
//! to a contact that is the owner's; then another password is set.

use std::time::Duration;

use crate::account::Accounts;
use crate::account::factor::enrolled::Kind;
use crate::account::person::Owner;
use crate::error::Result;
use crate::model::authentication::AuthenticationContext;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;

/// Where the link has taken the last second factor away, the contact it came by
/// opens nothing for three days: it may be in the same hands as the password.
const WAIT: Duration = Duration::from_hours(72);

/// What is asked for beside a password that is known to others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::account) enum Healing {
    /// Nothing: nobody knows it, or a second factor is asked for anyway.
    Nothing,
    /// A code to a contact of one of these kinds.
    Code(Vec<Kind>),
    /// There is none that may be asked for yet.
    Later,
}

impl Accounts {
    /// Whether the password of an account is known to others.
    pub(in crate::account) async fn is_exposed(&self, account: &AccountId) -> Result<bool> {
        let exposure = self.storage.find_exposure(account).await?;
        Ok(exposure.is_some_and(|exposure| exposure.mended_at.is_none()))
    }

    /// What is asked for beside the password of an account.
    pub(in crate::account) async fn healing(
        &self,
        owner: &Owner,
        now: Timestamp,
    ) -> Result<Healing> {
        let exposure = self.storage.find_exposure(owner.id()).await?;
        let Some(exposure) = exposure.filter(|exposure| exposure.mended_at.is_none()) else {
            return Ok(Healing::Nothing);
        };
        if self.has_second_factor(owner.id()).await? {
            return Ok(Healing::Nothing);
        }
        let begun = owner.record.created_at;
        // Disowned in the cabinet, nothing but a session is in doubt.
        let since = match exposure.told.is_empty() {
            true => exposure.at,
            false => exposure.since,
        };
        let contacts = self.storage.contacts_of(owner.id()).await?;
        let theirs: Vec<&str> = contacts
            .iter()
            .filter(|contact| contact.confirmed_at.is_some())
            .filter(|contact| contact.created_at < since || contact.created_at == begun)
            .map(|contact| contact.kind.as_str())
            .collect();
        let kind_of = |name: &str| match name {
            "phone" => Some(Kind::Sms),
            "email" => Some(Kind::Email),
            _ => None,
        };
        let mut kinds: Vec<Kind> = theirs.iter().filter_map(|name| kind_of(name)).collect();
        // The stronger way first.
        kinds.sort_by_key(|kind| *kind != Kind::Sms);
        // Nothing can be sent: nobody could have got a link either.
        if kinds.is_empty() && exposure.told.is_empty() {
            return Ok(Healing::Nothing);
        }
        let told = kind_of(&exposure.told);
        let waits = exposure
            .unguarded_at
            .is_some_and(|from| now < from.plus(WAIT));
        if kinds.len() > 1 || waits {
            kinds.retain(|kind| Some(*kind) != told);
        }
        Ok(match kinds.is_empty() {
            true => Healing::Later,
            false => Healing::Code(kinds),
        })
    }
}

/// Whether there is any proof beside a password.
pub(in crate::account) fn is_more_than_password(authentication: &AuthenticationContext) -> bool {
    authentication
        .methods()
        .iter()
        .any(|method| *method != "pwd")
}
