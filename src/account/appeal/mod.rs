//! Recovering access by a form (requirement C11): who has lost every contact
//! shows a new one, writes down who they are and sends photographs. One operator
//! of support proposes, another confirms, and a waiting time passes in which the
//! owner is told on every contact and may cancel it. A thief with a scan of the
//! passport gets nowhere.
//!
//! A stranger learns nothing: a form that fits nobody is kept, shown to support
//! and answered as any other (attack rows 23, 24).

mod cancel;
mod contact;
mod desk;
mod finish;
mod form;
mod send;
mod told;
mod upkeep;

use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use contact::AppealBegun;
pub use desk::{Fit, HeldAppeal, REFUSALS, is_refusal};
pub use finish::{AppealFinishRefused, Opened};
pub use form::AppealForm;
pub use send::AppealRefused;

use super::Accounts;
use crate::error::Result;
use crate::model::id::AccountId;
use crate::model::identifier::Identifier;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::storage::AppealRecord;
use crate::texts::Lang;
use crate::vault::AccountKey;

/// The photographs of a form: names of the fields.
pub const PICTURES: [&str; 2] = ["passport_main", "selfie"];
/// The digits of an application's number.
pub const NUMBER_DIGITS: usize = 10;

/// What was typed, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AppealData {
    /// Names, birth date, passport and INN.
    pub profile: Profile,
    pub snils: Snils,
    /// The new contact, which was shown by a code.
    pub contact: Identifier,
    /// What else there is to say.
    pub text: String,
    lang: String,
}

impl AppealData {
    fn lang(&self) -> Lang {
        Lang::from_tag(&self.lang).unwrap_or_default()
    }
}

/// The id that the key of an application is bound to: no account has it.
fn key_id(number: &str) -> AccountId {
    AccountId::from(format!("appeal:{number}"))
}

/// The field what was typed is sealed for.
const DATA: &str = "data";

/// The field a photograph is sealed for.
fn file_field(id: &str) -> String {
    format!("file:{id}")
}

impl Accounts {
    fn appeal_key(&self, record: &AppealRecord) -> Result<AccountKey> {
        self.vault
            .account_key(&key_id(&record.number), &record.wrapped_key)
    }

    fn appeal_data(&self, record: &AppealRecord) -> Result<AppealData> {
        self.appeal_key(record)?
            .open_json(DATA, &record.data_sealed)
    }

    /// When what was sent is destroyed, if it is decided about now.
    fn appeal_erase_at(&self, now: Timestamp) -> Timestamp {
        now.plus(Duration::from_hours(
            24 * self.settings.photographs.keep_days,
        ))
    }

    /// The application about an account that is under way, the one that has come
    /// furthest.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn open_appeal_of(
        &self,
        account: &AccountId,
        now: Timestamp,
    ) -> Result<Option<AppealRecord>> {
        let all = self.storage.appeals_of(account).await?;
        let open = all.into_iter().filter(|record| record.is_open(now));
        Ok(open.max_by_key(|record| (record.confirmed_at, record.proposed_at, record.created_at)))
    }
}
