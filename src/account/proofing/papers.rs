//! An account for whoever comes to a service centre with papers and without an
//! account (requirement A5). The operator has seen the person and the originals,
//! so that the proof of the holder is there at once; the level follows when the
//! registries know the data. The citizen signs in by SNILS with a password that
//! was printed and must be replaced.
//!
//! Until it is, that password is known at the desk: both books say who printed
//! it, and each sign-in with it stands in the citizen's history.

use std::time::Duration;

use super::registry::Registry;
use super::ruling::Attestor;
use super::{DataForm, PersonalData};
use crate::account::Accounts;
use crate::account::hashing::HashRefused;
use crate::account::journal::Actor;
use crate::account::person::{Owner, Person};
use crate::account::personal::PersonalParts;
use crate::account::problem::Problem;
use crate::account::temporary_password::NewTemporary;
use crate::error::{Internal, Result};
use crate::model::evidence::{PROOF_OF_HOLDER, Source};
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::profile::Profile;
use crate::model::secret::Secret;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{AccountRecord, ContactRecord, NewAccount, PapersAccount, Registered};
use crate::texts::Lang;

/// Login and temporary password, to be handed over at the desk.
#[derive(Clone, Debug)]
pub struct PrintedLogin {
    /// The SNILS as people write it.
    pub login: String,
    pub password: Secret,
    /// Until when the password works.
    pub until: Timestamp,
    /// Whether it takes the place of one that was forgotten.
    pub restores: bool,
}

/// What can be done at a desk for somebody who has an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Offer {
    /// It was made from papers, and nobody has set a password there yet: another
    /// temporary one may be printed.
    Reprint,
    /// It is known as the person of the papers: a temporary password may take
    /// the place of a forgotten one.
    Restore,
    /// It is known as that person, too, and restricted until then: the
    /// restriction may be lifted.
    Lift(Timestamp),
    Nothing,
}

/// What stands in the way of an account, or of another temporary password.
#[derive(Debug)]
pub enum DeskRefused {
    /// The SNILS is somebody's by more than a declaration.
    HasAccount(Offer),
    /// Too many passwords are being hashed.
    Busy {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for DeskRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl From<HashRefused> for DeskRefused {
    fn from(refused: HashRefused) -> Self {
        match refused {
            HashRefused::Busy { retry_after } => Self::Busy { retry_after },
            HashRefused::Internal(error) => Self::Internal(error),
        }
    }
}

impl Accounts {
    /// The data of somebody who has no account, or everything that is wrong with
    /// the form.
    ///
    /// # Errors
    /// The wrong fields, by the names of the form.
    pub fn read_papers(
        &self,
        form: &DataForm,
        registry: &dyn Registry,
        now: Timestamp,
    ) -> Result<std::result::Result<PersonalData, Vec<Problem>>> {
        let nobody = self.new_owner_at_desk(&Profile::default(), Lang::default(), now)?;
        let nobody = nobody.person(&[], &[])?;
        Ok(form.check(&nobody, registry.has_test_people(), now))
    }

    /// How long an operator has to wait who has made too many accounts today;
    /// this one is counted.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn allow_papers(&self, by: Attestor<'_>, now: Timestamp) -> Result<Option<Duration>> {
        self.allow(self.papers(), by.operator.as_str(), now).await
    }

    /// Makes the account.
    ///
    /// # Errors
    /// The refusal.
    pub async fn register_from_papers(
        &self,
        data: &PersonalData,
        lang: Lang,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<PrintedLogin, DeskRefused> {
        self.refuse_known(data, by, now).await?;
        // Documents enter the account when the registries know them, as ever.
        let profile = Profile {
            passport: None,
            inn: None,
            ..data.profile.clone()
        };
        let owner = self.new_owner_at_desk(&profile, lang, now)?;
        let snils = self.seen_snils(&owner, &data.snils, now)?;
        let new = self.temporary_of(owner.id(), data, now).await?;
        let question = self.question(&owner, data, now)?;
        let facts = data.facts().only(&PROOF_OF_HOLDER);
        let source = Source::ServiceCentre;
        let evidence = self.evidence(&owner, source, by.given_by(), &facts, None, now)?;
        let params = [("link", self.link("/account"))];
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "papers_registered", Some(by.centre_name))?
            .notice(MessageKind::Registered, &params)?
            .send(question.messages)
            .done();
        let printed = printed(&data.snils, &new);
        let papers = PapersAccount {
            audit: self.audit_record(by, "papers_registered", Some(owner.id()), "", now),
            account: NewAccount {
                account: owner.record,
                contacts: vec![snils],
                // The citizen accepts them at the first sign-in.
                agreements: Vec::new(),
                password: Some(new.record),
                effects,
            },
            submission: question.submission,
            registries: question.registries,
            evidence,
        };
        match self.storage.register_from_papers(papers).await? {
            Registered::Created => Ok(printed),
            Registered::ContactTaken => {
                self.refuse_known(data, by, now).await?;
                Err(Internal::new("a SNILS is taken by nobody").into())
            }
        }
    }

    /// Refuses when the SNILS is somebody's; both books say that a desk asked.
    pub(super) async fn refuse_known(
        &self,
        data: &PersonalData,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<(), DeskRefused> {
        if self.holder(&data.snils).await?.is_none() {
            return Ok(());
        }
        let offer = if self.unused(data).await?.is_some() {
            Offer::Reprint
        } else if self.restorable(data, now).await?.is_some() {
            Offer::Restore
        } else if let Some((_, until)) = self.liftable(data, now).await? {
            Offer::Lift(until)
        } else {
            Offer::Nothing
        };
        self.note_refused(data, by, now).await?;
        Err(DeskRefused::HasAccount(offer))
    }

    /// Both books say that a desk asked for the holder of a SNILS in vain.
    pub(super) async fn note_refused(
        &self,
        data: &PersonalData,
        by: Attestor<'_>,
        now: Timestamp,
    ) -> Result<()> {
        let Some(holder) = self.holder(&data.snils).await? else {
            return Ok(());
        };
        let owner = self.load_owner(&holder).await?;
        let effects = self
            .lines(&owner, now)
            .journal_of(&Actor::Operator, "papers_refused", Some(by.centre_name))?
            .done();
        let audit = self.audit_record(by, "papers_refused", Some(&holder), "", now);
        self.storage.record_audit(audit, effects).await
    }

    /// Whose SNILS this is by more than a declaration.
    pub(in crate::account) async fn holder(&self, snils: &Snils) -> Result<Option<AccountId>> {
        let identifier = Identifier::Snils(snils.clone());
        let kind = identifier.kind().as_str();
        let index = self.vault.blind_index(kind, &identifier.index());
        self.storage.snils_holder(&index).await
    }

    pub(super) async fn temporary_of(
        &self,
        account: &AccountId,
        data: &PersonalData,
        now: Timestamp,
    ) -> Result<NewTemporary, HashRefused> {
        let snils = Identifier::Snils(data.snils.clone());
        let personal = PersonalParts::of(&data.profile, [&snils]);
        self.temporary_password(account, &personal, now).await
    }

    fn new_owner_at_desk(&self, profile: &Profile, lang: Lang, now: Timestamp) -> Result<Owner> {
        let id = AccountId::from(self.entropy.id(now));
        let (key, wrapped_key) = self.vault.new_account_key(&id)?;
        let record = AccountRecord {
            profile_sealed: key.seal_json("profile", profile)?,
            id,
            wrapped_key,
            locale: lang.as_str().to_owned(),
            created_at: now,
            updated_at: now,
            blocked_at: None,
            restricted_until: None,
            notices_sealed: None,
        };
        Ok(Owner { record, key })
    }

    /// The SNILS that an operator saw: it signs in at once, and is the account's
    /// own once the registries have confirmed it.
    fn seen_snils(&self, owner: &Owner, snils: &Snils, now: Timestamp) -> Result<ContactRecord> {
        let identifier = Identifier::Snils(snils.clone());
        let declared = self.contact_record(&owner.key, owner.id(), &identifier, false, now)?;
        Ok(ContactRecord {
            seen_at: Some(now),
            ..declared
        })
    }
}

impl PersonalData {
    /// Whether this is that person, as far as either says: by SNILS, or by name
    /// and birth date.
    pub fn is_of(&self, person: &Person) -> bool {
        let (mine, theirs) = (&self.profile, &person.profile);
        let snils = person.snils.as_ref();
        let named = |profile: &Profile| {
            let name = format!("{} {}", profile.family_name, profile.given_name);
            (
                name.to_lowercase().replace('ё', "е"),
                profile.birthdate.clone(),
            )
        };
        snils.is_some_and(|snils| snils.value == self.snils) || named(mine) == named(theirs)
    }
}

pub(super) fn printed(snils: &Snils, new: &NewTemporary) -> PrintedLogin {
    PrintedLogin {
        login: snils.formatted(),
        password: new.password.clone(),
        until: new.until,
        restores: false,
    }
}
