//! Temporary passwords for accounts that there are, printed at a service centre:
//! another one where nobody has replaced the first (requirement A5), and one in
//! the place of a password that was forgotten (C11). The operator has compared the
//! originals, and they are of the person the account knows. Second factors stay
//! and are asked for; every contact is told.

use std::time::Duration;

use super::PersonalData;
use super::papers::{DeskRefused, Offer, PrintedLogin, printed};
use super::ruling::Attestor;
use crate::account::Accounts;
use crate::account::journal::Actor;
use crate::account::person::Person;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::profile::Profile;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;

/// After a link "it was not me" no desk has a say for so long.
pub(in crate::account) const DOUBTFUL: Duration = Duration::from_hours(72);
/// So many passwords are remembered, at most.
const PASSWORDS: i64 = 100;

impl Accounts {
    /// Another temporary password for an account from papers whose first one
    /// nobody has replaced; that one and all that was begun with it end.
    ///
    /// # Errors
    /// The refusal.
    pub async fn reprint_login(
        &self,
        data: &PersonalData,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<PrintedLogin, DeskRefused> {
        let used = DeskRefused::HasAccount(Offer::Nothing);
        let Some(account) = self.unused(data).await? else {
            self.note_refused(data, by, now).await?;
            return Err(used);
        };
        let owner = self.load_owner(&account).await?;
        let new = self.temporary_of(&account, data, now).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "login_printed", Some(by.centre_name))?
            .done();
        let audit = self.audit_record(by, "login_printed", Some(&account), "", now);
        let printed = printed(&data.snils, &new);
        match self
            .storage
            .replace_temporary(new.record, audit, effects)
            .await?
        {
            true => Ok(printed),
            false => Err(used),
        }
    }

    /// A temporary password in the place of one that was forgotten; every session
    /// ends.
    ///
    /// # Errors
    /// The refusal.
    pub async fn restore_login(
        &self,
        data: &PersonalData,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<PrintedLogin, DeskRefused> {
        let other = DeskRefused::HasAccount(Offer::Nothing);
        let Some(account) = self.restorable(data, now).await? else {
            self.note_refused(data, by, now).await?;
            return Err(other);
        };
        let owner = self.load_owner(&account).await?;
        let new = self.temporary_of(&account, data, now).await?;
        let params = [
            ("time", now.millis().to_string()),
            ("link", self.link("/account/security")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "login_restored", Some(by.centre_name))?
            .warn_everywhere(MessageKind::LoginRestored, &params)
            .await?
            .done();
        let audit = self.audit_record(by, "login_restored", Some(&account), "", now);
        let sheet = PrintedLogin {
            restores: true,
            ..printed(&data.snils, &new)
        };
        match self
            .storage
            .restore_login(new.record, now.minus(DOUBTFUL), audit, effects)
            .await?
        {
            true => Ok(sheet),
            false => Err(other),
        }
    }

    /// The account with this SNILS, if it was made from papers of the same
    /// person and never had anything but printed passwords to get in by.
    pub(super) async fn unused(&self, data: &PersonalData) -> Result<Option<AccountId>> {
        let Some(account) = self.holder(&data.snils).await? else {
            return Ok(None);
        };
        let passwords = self.storage.passwords_of(&account, PASSWORDS).await?;
        let printed = !passwords.is_empty()
            && passwords
                .iter()
                .all(|password| password.temporary_until.is_some());
        let person = self.load_person(&account).await?;
        let reached = person.phone.is_some() || person.email.is_some();
        let is_same = person.profile.birthdate == data.profile.birthdate;
        let unused = printed && !reached && self.links(&account).await?.is_empty();
        Ok((unused && is_same && !person.blocked).then_some(account))
    }

    /// The account whose data are those of the papers, and whose SNILS is
    /// confirmed. That of an operator is none: it opens more than its own (attack
    /// row 51). Nor is one that is restricted, or that its owner has just defended:
    /// what they disowned may have come from a desk.
    pub(in crate::account) async fn restorable(
        &self,
        data: &PersonalData,
        now: Timestamp,
    ) -> Result<Option<AccountId>> {
        let found = self.recoverable(data, now).await?;
        Ok(found
            .filter(|(_, person)| person.restriction(now).is_none())
            .map(|(account, _)| account))
    }

    /// The same whether or not it is restricted: where a waiting time, two people
    /// and a new password stand before the access, a thief must not be able to
    /// keep the owner out by unusual sign-ins.
    pub(in crate::account) async fn recoverable(
        &self,
        data: &PersonalData,
        now: Timestamp,
    ) -> Result<Option<(AccountId, Person)>> {
        let Some(account) = self.holder(&data.snils).await? else {
            return Ok(None);
        };
        let person = self.load_person(&account).await?;
        let is_operator = self.storage.find_operator(&account).await?.is_some();
        let exposure = self.storage.find_exposure(&account).await?;
        let doubtful =
            exposure.is_some_and(|one| one.mended_at.is_none() && one.at > now.minus(DOUBTFUL));
        let may = !is_operator && !doubtful && !person.blocked && is_known_as(&person, data);
        Ok(may.then_some((account, person)))
    }
}

/// Whether everything the papers say of a person is what the account says, with
/// a SNILS that registries have confirmed.
pub(super) fn is_known_as(person: &Person, data: &PersonalData) -> bool {
    let (known, shown) = (&person.profile, &data.profile);
    let snils = person.snils.as_ref();
    let names = |profile: &Profile| {
        let names = [
            &profile.family_name,
            &profile.given_name,
            &profile.middle_name,
        ];
        names.map(|name| name.to_lowercase().replace('ё', "е"))
    };
    let passport = known.passport.as_ref().zip(shown.passport.as_ref());
    snils.is_some_and(|snils| snils.confirmed && snils.value == data.snils)
        && names(known) == names(shown)
        && known.birthdate == shown.birthdate
        && passport.is_some_and(|(known, shown)| {
            (&known.series, &known.number) == (&shown.series, &shown.number)
        })
}
