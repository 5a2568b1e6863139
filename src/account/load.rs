//! Synthetic accounts by the thousand, for load tests. One hash serves all.

use std::sync::Arc;

use super::Accounts;
use crate::error::{Internal, Result};
use crate::model::identifier::Identifier;
use crate::model::profile::Profile;
use crate::model::timestamp::Timestamp;

/// Accounts written in one transaction.
const BATCH: u64 = 1000;
/// The phones run from `+79000000001` upward within one operator's million.
const MOST: u64 = 9_999_999;

const FAMILY_NAMES: [&str; 8] = [
    "Волков",
    "Зайцев",
    "Лебедев",
    "Морозов",
    "Новиков",
    "Орлов",
    "Фролов",
    "Яковлев",
];
const GIVEN_NAMES: [&str; 5] = ["Артём", "Иван", "Лев", "Марк", "Роман"];

impl Accounts {
    /// Fills the database with `count` accounts that share a password; those
    /// that are there stay. `progress` is told how many are done.
    ///
    /// # Errors
    /// When there cannot be so many, or the database is away.
    pub async fn load_accounts(
        &self,
        count: u64,
        password: &str,
        now: Timestamp,
        mut progress: impl FnMut(u64),
    ) -> Result<()> {
        if count > MOST {
            return Err(Internal::new(format!(
                "at most {MOST} synthetic accounts fit"
            )));
        }
        let hash = self.hash_for_seeding(password).await?;
        let mut done = 0;
        while done < count {
            let next = (done + BATCH).min(count);
            let batch = (done + 1..=next).map(|n| self.synthetic(n, &hash, now));
            let batch = Arc::new(batch.collect::<Result<Vec<_>>>()?);
            self.storage.load_accounts(batch).await?;
            done = next;
            progress(done);
        }
        Ok(())
    }

    fn synthetic(&self, n: u64, hash: &str, now: Timestamp) -> Result<crate::storage::NewAccount> {
        let pick = |names: &[&str]| {
            let at = usize::try_from(n).unwrap_or_default() % names.len();
            names[at].to_owned()
        };
        let profile = Profile {
            family_name: pick(&FAMILY_NAMES),
            given_name: pick(&GIVEN_NAMES),
            ..Profile::default()
        };
        let phone = Identifier::parse(&format!("+7900{n:07}"))
            .ok_or_else(|| Internal::new("a synthetic phone is none"))?;
        self.seeded_account(&profile, &[phone], hash, now)
    }
}
