//! Who somebody says they are.

use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::locks::Gate;
use crate::account::person::Owner;
use crate::account::session::DEVICE_PREFIX;
use crate::error::Result;
use crate::model::identifier::Identifier;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;
use crate::storage::PasswordRecord;

/// An account that may be meant, or nobody.
pub(super) struct Claim {
    pub owner: Option<Owner>,
    pub password: Option<PasswordRecord>,
    pub known_device: bool,
    pub gate: Gate,
}

impl Accounts {
    /// Looks up everything, whether or not there is anybody: the statements
    /// are the same for the unknown.
    pub(super) async fn claim(
        &self,
        text: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<Option<Claim>> {
        let readings = Identifier::readings(text);
        let mut found = None;
        for reading in &readings {
            let account = self.find_by_identifier(reading).await?;
            found = found.or(account.map(|account| (reading, account)));
        }
        let Some(likeliest) = readings.last() else {
            return Ok(None);
        };
        let (identifier, account) = match &found {
            Some((identifier, account)) => (*identifier, account),
            None => (likeliest, self.decoy.owner.id()),
        };
        let record = self.storage.find_account(account).await?;
        let exists = record.is_some();
        let record = record.unwrap_or_else(|| self.decoy.owner.record.clone());
        let owner = Some(Owner::open(record, &self.vault)?).filter(|_| exists);
        let password = self
            .storage
            .passwords_of(account, 1)
            .await?
            .into_iter()
            .next();
        let device = known_form(browser).map_or_else(|| Digest::of(b""), Secret::digest);
        let known_device = self.knows_device(browser, account).await? && exists;
        let gate = if known_device {
            Gate::of_device(&device, account)
        } else {
            Gate::of_stranger(identifier, exists.then_some(account))
        };
        Ok(Some(Claim {
            owner,
            // A temporary one that has served its time is none: it is refused in
            // the same steps as a wrong one.
            password: password.filter(|password| {
                exists && password.temporary_until.is_none_or(|until| now < until)
            }),
            known_device,
            gate,
        }))
    }
}

/// The device cookie, if it has the form of one of ours.
pub(in crate::account) fn known_form(browser: &Browser) -> Option<&Secret> {
    browser
        .device
        .as_ref()
        .filter(|device| device.expose().starts_with(DEVICE_PREFIX))
}
