//! Synthetic accounts by the thousand, at all three levels, for load tests. One
//! hash serves all.

use std::sync::Arc;
use std::time::Duration;

use super::Accounts;
use super::person::Owner;
use super::proofing::NUMBER_DIGITS;
use crate::error::{Internal, Result};
use crate::model::evidence::{Attribute, CHECK_COVERS, Facts, PROOF_OF_HOLDER, Source};
use crate::model::identifier::Identifier;
use crate::model::level::Level;
use crate::model::passport::Passport;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::storage::{LoadedAccount, VisitRecord};

/// Accounts written in one transaction.
const BATCH: u64 = 1000;
/// Nobody's request is over while a bench runs.
const VISIT_LIFE: Duration = Duration::from_hours(30 * 24);
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
        let loading = Loading { count, hash, now };
        let mut done = 0;
        while done < count {
            let next = (done + BATCH).min(count);
            let batch = (done + 1..=next).map(|n| self.synthetic(n, &loading));
            let batch = Arc::new(batch.collect::<Result<Vec<_>>>()?);
            self.storage.load_accounts(batch).await?;
            done = next;
            progress(done);
        }
        Ok(())
    }

    fn synthetic(&self, n: u64, loading: &Loading) -> Result<LoadedAccount> {
        let pick = |names: &[&str]| {
            let at = usize::try_from(n).unwrap_or_default() % names.len();
            names[at].to_owned()
        };
        let profile = Profile {
            family_name: pick(&FAMILY_NAMES),
            given_name: pick(&GIVEN_NAMES),
            birthdate: "1985-06-15".to_owned(),
            gender: "male".to_owned(),
            passport: Some(Passport {
                series: "1805".to_owned(),
                number: format!("{:06}", n % 1_000_000),
                issued_on: "2005-07-01".to_owned(),
                department_code: "340-001".to_owned(),
                issued_by: "ОВД".to_owned(),
            }),
            ..Profile::default()
        };
        let phone = Identifier::parse(&format!("+7900{n:07}"))
            .ok_or_else(|| Internal::new("a synthetic phone is none"))?;
        let now = loading.now;
        let level = loading.level(n);
        if level == Level::Simplified {
            let declared = Profile {
                family_name: profile.family_name,
                given_name: profile.given_name,
                ..Profile::default()
            };
            return Ok(LoadedAccount {
                account: self.seeded_account(&declared, &[phone], &loading.hash, now)?,
                evidence: Vec::new(),
                visit: None,
            });
        }
        let snils = snils(n)?;
        let identifiers = [phone, Identifier::Snils(snils.clone())];
        let mut account = self.seeded_account(&profile, &identifiers, &loading.hash, now)?;
        for contact in &mut account.contacts {
            contact.confirmed_at = Some(now);
        }
        let owner = Owner::open(account.account.clone(), &self.vault)?;
        let facts = Facts::of(&profile, Some(&snils));
        let evidence = |source, given_by: &str, covers: &[Attribute]| {
            let covers = facts.only(covers);
            self.evidence(&owner, source, given_by.to_owned(), &covers, None, now)
        };
        let mut pieces = vec![evidence(Source::Registry, "load", &CHECK_COVERS)?];
        let mut visit = None;
        if level == Level::Verified {
            pieces.push(evidence(Source::ServiceCentre, "load", &PROOF_OF_HOLDER)?);
        } else {
            visit = Some(VisitRecord {
                number: format!("{n:0NUMBER_DIGITS$}"),
                account_id: owner.id().clone(),
                created_at: now,
                expires_at: now.plus(VISIT_LIFE),
                closed_at: None,
                outcome: None,
                centre_id: None,
                reason_sealed: None,
                submission_id: None,
            });
        }
        Ok(LoadedAccount {
            account,
            evidence: pieces,
            visit,
        })
    }
}

/// What all accounts of one load have in common.
struct Loading {
    count: u64,
    hash: String,
    now: Timestamp,
}

impl Loading {
    /// A third of the people at each level; those in the middle have asked for
    /// a visit.
    const fn level(&self, n: u64) -> Level {
        if n <= self.count / 3 {
            Level::Simplified
        } else if n <= self.count / 3 * 2 {
            Level::Standard
        } else {
            Level::Verified
        }
    }
}

/// The number of the n-th: from `100-000-001` on, each with its check sum.
fn snils(n: u64) -> Result<Snils> {
    let number = 100_000_000 + n;
    (0..100)
        .find_map(|sum| Snils::parse(&format!("{number}{sum:02}")).ok())
        .ok_or_else(|| Internal::new("a synthetic insurance number is none"))
}
