//! A restriction that is lifted at a service centre before its time (requirement
//! C9): the operator has compared the originals, and they are of the person the
//! account knows, with a SNILS that registries have confirmed.
//!
//! The rules doubted who signed in; a passport answers that. It does not answer
//! who knows the password: where the owner has said "it was not me", the word of
//! a desk changes nothing about that. Others still get in by it nowhere without
//! the second factor or a code to a contact that is the owner's, and the owner
//! still has to replace it. Nor does a desk open what is blocked or frozen, or an
//! operator's account, which opens more than its own (attack row 51).

use super::PersonalData;
use super::desk_login::is_known_as;
use super::papers::{DeskRefused, Offer};
use super::ruling::Attestor;
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;

impl Accounts {
    /// Lifts the restriction that was `seen` to last until then, once; both books
    /// say so, and every contact is told. One that fell since is another one.
    ///
    /// # Errors
    /// The refusal, with what may be done instead.
    pub async fn lift_at_desk(
        &self,
        data: &PersonalData,
        seen: Timestamp,
        reason: &str,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<(), DeskRefused> {
        let found = self.liftable(data, now).await?;
        if let Some((account, until)) = found.filter(|(_, until)| *until == seen) {
            let owner = self.load_owner(&account).await?;
            let params = [
                ("time", now.millis().to_string()),
                ("link", self.link("/account/history")),
            ];
            let told = format!("{}: {reason}", by.centre_name);
            let effects = self
                .lines(&owner, now)
                .journal_of(&Actor::Operator, "restriction_lifted", Some(&told))?
                .warn_everywhere(MessageKind::RestrictionLifted, &params)
                .await?
                .done();
            let audit = self.audit_record(by, "restriction_lifted", Some(&account), "", now);
            let lifted = self
                .storage
                .lift_at_desk(account, until, now, audit, effects);
            if lifted.await? {
                return Ok(());
            }
        }
        self.refuse_known(data, by, now).await?;
        Err(DeskRefused::HasAccount(Offer::Nothing))
    }

    /// The restricted account whose data are those of the papers, and until when
    /// it is restricted.
    pub(super) async fn liftable(
        &self,
        data: &PersonalData,
        now: Timestamp,
    ) -> Result<Option<(AccountId, Timestamp)>> {
        let Some(account) = self.holder(&data.snils).await? else {
            return Ok(None);
        };
        let person = self.load_person(&account).await?;
        let is_operator = self.storage.find_operator(&account).await?.is_some();
        let may = !is_operator && !person.blocked && is_known_as(&person, data);
        let until = person.restriction(now).filter(|_| may);
        Ok(until.map(|until| (account, until)))
    }
}
