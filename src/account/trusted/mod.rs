//! Trusted contacts (requirement C11): a verified citizen chooses another, who
//! agrees, to vouch for them should they lose every way to sign in. Whether
//! anybody has the contact that is typed is not told (attack row 23).

mod choose;
mod vouch;

use std::time::Duration;

pub use vouch::{AskedToVouch, VouchRequest, Vouching};

use super::person::{Owner, Person};
use super::{Accounts, ProblemKind};
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::level::Level;
use crate::model::passport::birthday;
use crate::model::timestamp::Timestamp;
use crate::storage::TrustedRecord;

/// How long an invitation may be accepted.
const INVITED: Duration = Duration::from_hours(7 * 24);
/// For so many one citizen may vouch.
const MOST: i64 = 5;
/// Whoever vouches is of age; whoever chooses has a passport.
const OF_AGE: i8 = 18;
const PASSPORT_AGE: i8 = 14;

/// Who was chosen.
#[derive(Clone, Debug)]
pub struct Trusted {
    pub id: String,
    /// What was typed, masked.
    pub contact: String,
    /// Whether they agreed.
    pub confirmed: bool,
    /// Until when they may.
    pub expires_at: Timestamp,
}

/// Who chose.
#[derive(Clone, Debug)]
pub struct Trusting {
    pub id: String,
    /// Their name, masked.
    pub name: String,
    pub confirmed: bool,
    pub expires_at: Timestamp,
}

/// Why nobody was chosen.
#[derive(Debug)]
pub enum TrustRefused {
    /// What is wrong with the field `contact`.
    Problem(ProblemKind),
    /// The last proof is too old, or was given without a second factor.
    NeedsProof,
    /// The account is restricted.
    Restricted,
    /// Only verified citizens of an age may.
    NotVerified,
    /// Somebody was chosen already, or there are too many.
    Taken,
    /// Too many were tried.
    TooMany {
        retry_after: Duration,
    },
    Internal(Internal),
}

impl From<Internal> for TrustRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

/// The field what was typed is sealed for.
fn field(id: &str) -> String {
    format!("trusted:{id}")
}

/// Whether somebody is verified and at least so old.
fn is_verified(person: &Person, age: i8, now: Timestamp) -> bool {
    let born: Option<jiff::civil::Date> = person.profile.birthdate.parse().ok();
    let today = jiff::Timestamp::from_millisecond(now.millis())
        .map(|at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
    let is_old_enough = match (born, today) {
        (Some(born), Ok(today)) => birthday(born, age) <= today,
        _ => false,
    };
    is_old_enough && !person.blocked && person.level(now) == Level::Verified
}

impl Accounts {
    /// Whether this citizen may choose somebody.
    pub fn may_trust(&self, person: &Person, now: Timestamp) -> bool {
        is_verified(person, PASSPORT_AGE, now)
    }

    /// Who was chosen to vouch for an account.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn trusted(&self, account: &AccountId, now: Timestamp) -> Result<Option<Trusted>> {
        let Some(record) = self.storage.trusted_of(account, now).await? else {
            return Ok(None);
        };
        let owner = self.load_owner(account).await?;
        Ok(Some(Trusted {
            contact: owner
                .key
                .open_json(&field(&record.id), &record.typed_sealed)?,
            id: record.id,
            confirmed: record.confirmed_at.is_some(),
            expires_at: record.expires_at,
        }))
    }

    /// Everybody who was ever chosen to vouch for an account, masked.
    pub(super) async fn all_trusted(&self, owner: &Owner) -> Result<Vec<(String, TrustedRecord)>> {
        let mut found = Vec::new();
        for record in self.storage.trust_of(owner.id()).await? {
            let sealed = &record.typed_sealed;
            let contact = owner.key.open_json(&field(&record.id), sealed)?;
            found.push((contact, record));
        }
        Ok(found)
    }

    /// Whom this citizen is to vouch for.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn trusting(&self, contact: &AccountId, now: Timestamp) -> Result<Vec<Trusting>> {
        let mut found = Vec::new();
        for record in self.storage.trusting(contact, now).await? {
            let Some(owner) = self.find_owner(&record.account_id).await? else {
                continue;
            };
            found.push(Trusting {
                name: self.person_of(&owner).await?.masked_name(),
                id: record.id,
                confirmed: record.confirmed_at.is_some(),
                expires_at: record.expires_at,
            });
        }
        Ok(found)
    }
}
