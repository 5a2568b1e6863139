//! A person as the account knows them, decrypted.

use std::sync::Arc;

use super::Accounts;
use super::notice_settings::NoticeSettings;
use super::proofing::covers_field;
use crate::error::{Internal, Result};
use crate::model::email::Email;
use crate::model::evidence::{Evidence, Facts, Identity, Source};
use crate::model::id::AccountId;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::level::Level;
use crate::model::phone::Phone;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::storage::{AccountRecord, ContactRecord, EvidenceRecord};
use crate::texts::Lang;
use crate::vault::{AccountKey, Vault};

/// A citizen with an account.
#[derive(Clone, Debug)]
pub struct Person {
    pub id: AccountId,
    /// What they say of themselves.
    pub profile: Profile,
    pub phone: Option<Contact<Phone>>,
    pub email: Option<Contact<Email>>,
    pub snils: Option<Contact<Snils>>,
    /// The language of messages to them.
    pub locale: Lang,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    /// All there is, whether it still counts or not.
    pub evidence: Vec<Evidence>,
    /// What evidence must agree with.
    pub facts: Facts,
    /// How they want to be told of what.
    pub notices: NoticeSettings,
    /// A blocked person signs in nowhere and gets no tokens.
    pub blocked: bool,
    /// Until when sensitive actions and other sites are closed to them.
    pub restricted_until: Option<Timestamp>,
}

/// A value with whether its owner was shown to be the person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact<T> {
    pub value: T,
    pub confirmed: bool,
    /// An operator saw the document; the registries have not spoken yet.
    pub seen: bool,
}

/// A person and the key of their data, as last read.
pub struct Known {
    pub person: Arc<Person>,
    pub(crate) key: AccountKey,
}

/// There is no such account: it was deleted while a request of its owner was
/// under way.
#[derive(Debug, thiserror::Error)]
#[error("no such account")]
pub struct NoAccount;

/// An account record with its key.
pub(super) struct Owner {
    pub record: AccountRecord,
    pub key: AccountKey,
}

impl Person {
    /// What is known at `now` of who the person is.
    pub fn identity(&self, now: Timestamp) -> Identity<'_> {
        Identity::of(&self.evidence, &self.facts, now)
    }

    /// The level of the account at `now`.
    pub fn level(&self, now: Timestamp) -> Level {
        self.identity(now).level()
    }

    /// Until when the account is restricted, if it is at `now`.
    pub fn restriction(&self, now: Timestamp) -> Option<Timestamp> {
        self.restricted_until.filter(|until| now < *until)
    }

    /// What they sign in with, for password keepers: phone, else e-mail, else
    /// SNILS.
    pub fn username(&self) -> String {
        let phone = self.phone.as_ref().map(|phone| phone.value.formatted());
        let email = self.email.as_ref();
        let snils = self.snils.as_ref();
        phone
            .or_else(|| email.map(|email| email.value.as_str().to_owned()))
            .or_else(|| snils.map(|snils| snils.value.formatted()))
            .unwrap_or_default()
    }

    /// Whether nothing can be sent to them.
    pub const fn is_out_of_reach(&self) -> bool {
        self.phone.is_none() && self.email.is_none()
    }

    /// As much of the name as somebody needs who talks to them: `Анна С.`.
    pub fn masked_name(&self) -> String {
        let Profile {
            given_name,
            family_name,
            ..
        } = &self.profile;
        match family_name.chars().next() {
            Some(initial) => format!("{given_name} {initial}."),
            None => given_name.clone(),
        }
    }

    /// Every contact and the SNILS, whether confirmed or not.
    pub fn identifiers(&self) -> Vec<Identifier> {
        let phone = self
            .phone
            .clone()
            .map(|phone| Identifier::Phone(phone.value));
        let email = self
            .email
            .clone()
            .map(|email| Identifier::Email(email.value));
        let snils = self
            .snils
            .clone()
            .map(|snils| Identifier::Snils(snils.value));
        [phone, email, snils].into_iter().flatten().collect()
    }
}

impl Owner {
    pub(super) const fn id(&self) -> &AccountId {
        &self.record.id
    }

    pub(super) fn lang(&self) -> Lang {
        Lang::from_tag(&self.record.locale).unwrap_or_default()
    }

    /// What they say of themselves.
    pub(super) fn profile(&self) -> Result<Profile> {
        let sealed = &self.record.profile_sealed;
        self.key.open_json("profile", sealed)
    }

    pub(super) fn open(record: AccountRecord, vault: &Vault) -> Result<Self> {
        let key = vault.account_key(&record.id, &record.wrapped_key)?;
        Ok(Self { record, key })
    }

    fn contact<T: TryFrom<String>>(
        &self,
        contacts: &[ContactRecord],
        kind: ContactKind,
    ) -> Result<Option<Contact<T>>> {
        let Some(record) = contacts
            .iter()
            .find(|contact| contact.kind == kind.as_str())
        else {
            return Ok(None);
        };
        let opened = self.key.open(&contact_field(kind), &record.value_sealed)?;
        let value = T::try_from(String::from_utf8(opened)?)
            .map_err(|_| Internal::new("a stored contact has a form of another version"))?;
        Ok(Some(Contact {
            value,
            confirmed: record.confirmed_at.is_some(),
            seen: record.seen_at.is_some(),
        }))
    }

    fn evidence(&self, record: &EvidenceRecord) -> Result<Evidence> {
        Ok(Evidence {
            source: Source::parse(&record.source)
                .ok_or_else(|| Internal::new("evidence of a source unknown here"))?,
            given_by: record.given_by.clone(),
            at: record.at,
            expires_at: record.expires_at,
            withdrawn_at: record.withdrawn_at,
            covers: self
                .key
                .open_json(&covers_field(&record.id), &record.covers_sealed)?,
        })
    }

    pub(super) fn person(
        &self,
        contacts: &[ContactRecord],
        evidence: &[EvidenceRecord],
    ) -> Result<Person> {
        let profile = self.profile()?;
        let snils: Option<Contact<Snils>> = self.contact(contacts, ContactKind::Snils)?;
        // A SNILS that no registry confirmed is nobody's yet.
        let confirmed = snils.as_ref().filter(|snils| snils.confirmed);
        Ok(Person {
            id: self.record.id.clone(),
            facts: Facts::of(&profile, confirmed.map(|snils| &snils.value)),
            evidence: evidence
                .iter()
                .map(|record| self.evidence(record))
                .collect::<Result<_>>()?,
            profile,
            notices: self.notice_settings()?,
            phone: self.contact(contacts, ContactKind::Phone)?,
            email: self.contact(contacts, ContactKind::Email)?,
            snils,
            locale: self.lang(),
            created_at: self.record.created_at,
            updated_at: self.record.updated_at,
            blocked: self.record.blocked_at.is_some(),
            restricted_until: self.record.restricted_until,
        })
    }
}

/// The field a contact is sealed for.
fn contact_field(kind: ContactKind) -> String {
    format!("contact:{}", kind.as_str())
}

impl Accounts {
    /// The person with this id.
    ///
    /// # Errors
    /// When there is none: the id came from a session or a grant.
    pub async fn load_person(&self, account: &AccountId) -> Result<Person> {
        let owner = self.load_owner(account).await?;
        self.person_of(&owner).await
    }

    /// The person an opened record is about.
    pub(super) async fn person_of(&self, owner: &Owner) -> Result<Person> {
        let contacts = self.storage.contacts_of(owner.id()).await?;
        let evidence = self.storage.evidence_of(owner.id()).await?;
        owner.person(&contacts, &evidence)
    }

    /// The person with this id and the key of their data, remembered while
    /// nothing changed.
    ///
    /// # Errors
    /// When the database is away or a value does not open.
    pub async fn known(&self, account: &AccountId) -> Result<Option<Arc<Known>>> {
        let load = async {
            let Some(owner) = self.find_owner(account).await? else {
                return Ok(None);
            };
            Ok(Some(Known {
                person: Arc::new(self.person_of(&owner).await?),
                key: owner.key,
            }))
        };
        self.people.get(&self.storage, account, load).await
    }

    pub(super) async fn find_owner(&self, account: &AccountId) -> Result<Option<Owner>> {
        let record = self.storage.find_account(account).await?;
        record
            .map(|record| Owner::open(record, &self.vault))
            .transpose()
    }

    pub(super) async fn load_owner(&self, account: &AccountId) -> Result<Owner> {
        Ok(self.find_owner(account).await?.ok_or(NoAccount)?)
    }

    /// Whose identifier this is.
    pub(super) async fn find_by_identifier(
        &self,
        identifier: &Identifier,
    ) -> Result<Option<AccountId>> {
        let kind = identifier.kind().as_str();
        let index = self.vault.blind_index(kind, &identifier.index());
        self.storage.find_by_contact(kind, &index).await
    }

    /// Whose phone, e-mail address or SNILS this is, for commands: only a
    /// confirmed one counts.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_by_login(&self, login: &str) -> Result<Option<AccountId>> {
        for reading in Identifier::readings(login) {
            let Some(account) = self.find_by_identifier(&reading).await? else {
                continue;
            };
            let contacts = self.storage.contacts_of(&account).await?;
            let kind = reading.kind().as_str();
            if contacts
                .iter()
                .any(|contact| contact.kind == kind && contact.confirmed_at.is_some())
            {
                return Ok(Some(account));
            }
        }
        Ok(None)
    }

    /// A contact as it is stored.
    pub(super) fn contact_record(
        &self,
        key: &AccountKey,
        account: &AccountId,
        identifier: &Identifier,
        confirmed: bool,
        now: Timestamp,
    ) -> Result<ContactRecord> {
        let kind = identifier.kind();
        Ok(ContactRecord {
            account_id: account.clone(),
            kind: kind.as_str().to_owned(),
            blind_index: self.vault.blind_index(kind.as_str(), &identifier.index()),
            value_sealed: key.seal(&contact_field(kind), identifier.as_str().as_bytes())?,
            created_at: now,
            confirmed_at: confirmed.then_some(now),
            seen_at: None,
        })
    }
}
