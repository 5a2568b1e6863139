//! Accounts made without registration: for the demonstration and for load
//! tests. Their contacts count as confirmed.

use super::Accounts;
use super::agreements::Document;
use super::person::Owner;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::profile::Profile;
use crate::model::timestamp::Timestamp;
use crate::storage::{AccountRecord, Effects, NewAccount, PasswordRecord};
use crate::texts::Lang;

impl Accounts {
    /// An account with these data and this password hash; a SNILS stays
    /// declared, as only a registry confirms one.
    pub(super) fn seeded_account(
        &self,
        profile: &Profile,
        identifiers: &[Identifier],
        hash: &str,
        now: Timestamp,
    ) -> Result<NewAccount> {
        let id = AccountId::from(self.entropy.id(now));
        let (key, wrapped_key) = self.vault.new_account_key(&id)?;
        let record = AccountRecord {
            profile_sealed: key.seal_json("profile", profile)?,
            id,
            wrapped_key,
            locale: Lang::default().as_str().to_owned(),
            created_at: now,
            updated_at: now,
            blocked_at: None,
            restricted_until: None,
            notices_sealed: None,
        };
        let owner = Owner { record, key };
        let contacts = identifiers.iter().map(|identifier| {
            let confirmed = identifier.kind() != ContactKind::Snils;
            self.contact_record(&owner.key, owner.id(), identifier, confirmed, now)
        });
        Ok(NewAccount {
            contacts: contacts.collect::<Result<_>>()?,
            agreements: Document::ALL
                .map(|document| self.agreement(document, now))
                .to_vec(),
            password: Some(PasswordRecord {
                account_id: owner.id().clone(),
                hash: hash.to_owned(),
                set_at: now,
                replaced_at: None,
                temporary_until: None,
            }),
            account: owner.record,
            effects: Effects::default(),
        })
    }
}
