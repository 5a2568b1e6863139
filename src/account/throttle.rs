//! Counters of tries, kept in the database so that all nodes agree. Each is
//! counted in one statement before anything is looked at, so that parallel
//! tries cannot slip past (attack row 20). Subjects are keyed digests: no
//! personal datum stands in the name of a counter.

use std::net::IpAddr;
use std::time::Duration;

use super::Accounts;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::storage::{Block, ThrottleRecord};
use crate::vault::Purpose;

/// What is counted, how far, and what follows.
#[derive(Clone, Copy, Debug)]
pub(super) struct Counter {
    name: &'static str,
    limit: u32,
    window: Duration,
    /// How long the counter stays closed when the limit is reached.
    lock: Duration,
}

/// A counter that has closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Lock {
    pub until: Timestamp,
    pub block_number: String,
}

/// Tries on identifiers nobody has: never closes.
pub(super) const TRIES_ON_NOBODY: Counter = Counter::simple("tries_on_nobody", u32::MAX, DAY);

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);
const DAY: Duration = Duration::from_hours(24);

/// Refused sign-ins of a day that an owner is told of.
const STRANGERS_TOLD: u32 = 20;

/// Invitations of trusted contacts from one citizen in a day.
const TRUSTED_INVITATIONS: u32 = 5;
/// Recoveries that may be begun anew in a day after each was cancelled.
const RECOVERY_WAITS: u32 = 3;

/// The digits of a block number that support is told over the phone.
pub(super) const BLOCK_DIGITS: usize = 8;

impl Counter {
    const fn simple(name: &'static str, limit: u32, window: Duration) -> Self {
        Self {
            name,
            limit,
            window,
            lock: window,
        }
    }

    pub(super) const fn limit(&self) -> i64 {
        self.limit as i64
    }
}

/// The counters, from the settings.
impl Accounts {
    /// Wrong passwords from a network address.
    pub(super) fn wrong_from_address(&self) -> Counter {
        let limit = self.settings.limits.wrong_passwords_per_address;
        Counter::simple("wrong_from_address", limit, 10 * MINUTE)
    }

    /// Wrong passwords for an account, an identifier or at a known device. A
    /// right one forgets them, so a day's window catches slow guessers.
    pub(super) fn wrong_passwords(&self, name: &'static str) -> Counter {
        let limits = &self.settings.limits;
        Counter {
            name,
            limit: limits.wrong_passwords.max(1),
            window: DAY,
            lock: Duration::from_secs(limits.lock_seconds),
        }
    }

    pub(super) fn requests_of_sites(&self) -> Counter {
        let limit = self.settings.limits.site_requests_per_account;
        Counter::simple("requests_of_sites", limit, HOUR)
    }

    pub(super) fn requests_of_one_site(&self) -> Counter {
        let limit = self.settings.limits.requests_of_one_site;
        Counter::simple("requests_of_one_site", limit, HOUR)
    }

    pub(super) fn people_per_site(&self) -> Counter {
        let limit = self.settings.limits.people_per_site;
        Counter::simple("people_per_site", limit, HOUR)
    }

    fn user_codes_from_address(&self) -> Counter {
        let limit = self.settings.limits.user_codes_per_address;
        Counter::simple("user_codes_from_address", limit, 10 * MINUTE)
    }

    pub(super) fn registrations_from_address(&self) -> Counter {
        let limit = self.settings.limits.registrations_per_address;
        Counter::simple("registrations_from_address", limit, HOUR)
    }

    pub(super) fn recoveries_from_address(&self) -> Counter {
        let limit = self.settings.limits.recoveries_per_address;
        Counter::simple("recoveries_from_address", limit, HOUR)
    }

    /// Waiting times begun for one account: each is told on every contact.
    pub(super) fn recovery_waits(&self) -> Counter {
        Counter::simple("recovery_waits", RECOVERY_WAITS, DAY)
    }

    /// Forms of who has lost every contact, from a network: each holds pictures.
    pub(super) fn appeals_from_address(&self) -> Counter {
        let limit = self.settings.limits.appeals_per_address;
        Counter::simple("appeals_from_address", limit, DAY)
    }

    /// The same about one SNILS, whether anybody has it or not.
    pub(super) fn appeals_of_snils(&self) -> Counter {
        Counter::simple(
            "appeals_of_snils",
            self.settings.limits.appeals_per_snils,
            DAY,
        )
    }

    /// The same in all.
    pub(super) fn appeals(&self) -> Counter {
        Counter::simple("appeals", self.settings.limits.appeals_per_day, DAY)
    }

    /// Contacts tried by somebody who chooses whom to trust.
    pub(super) fn trusted_invitations(&self) -> Counter {
        Counter::simple("trusted_invitations", TRUSTED_INVITATIONS, DAY)
    }

    fn codes_per_hour(&self) -> Counter {
        Counter::simple("codes_per_hour", self.settings.limits.codes_per_hour, HOUR)
    }

    fn codes_per_day(&self) -> Counter {
        Counter::simple("codes_per_day", self.settings.limits.codes_per_day, DAY)
    }

    /// One new code for a handle at a time.
    pub(super) fn code_resend(&self) -> Counter {
        Counter::simple("code_resend", 1, self.settings.limits.code_resend())
    }

    /// Tries for codes to one contact, over all its codes and flows.
    pub(super) fn code_tries(&self) -> Counter {
        let limit = self.settings.limits.code_tries_per_contact;
        Counter::simple("code_tries", limit, 10 * MINUTE)
    }

    /// Wrong codes of second factors, whatever they are of.
    pub(super) fn factor_tries(&self) -> Counter {
        let limit = self.settings.limits.factor_tries;
        Counter::simple("factor_tries", limit, 10 * MINUTE)
    }

    /// Requests that an operator asked for and nobody has.
    pub(super) fn desk_misses(&self) -> Counter {
        let limit = self.settings.limits.desk_misses_per_hour;
        Counter::simple("desk_misses", limit, HOUR)
    }

    /// Accounts that an operator makes from papers.
    pub(super) fn papers(&self) -> Counter {
        let limit = self.settings.limits.papers_per_day;
        Counter::simple("papers", limit, DAY)
    }

    /// Messages to support.
    pub(super) fn support_messages(&self) -> Counter {
        let limit = self.settings.limits.support_messages_per_day;
        Counter::simple("support_messages", limit, DAY)
    }

    /// Letters ordered.
    pub(super) fn letters(&self) -> Counter {
        let limit = self.settings.limits.letters_per_month;
        Counter::simple("letters", limit, 30 * DAY)
    }

    /// Ways to a bank that begin from a network: each leaves a ticket.
    pub(super) fn bank_rounds(&self) -> Counter {
        let limit = self.settings.limits.bank_rounds_per_address;
        Counter::simple("bank_rounds", limit, HOUR)
    }

    /// QR codes to sign in by, from a network: each leaves tickets.
    pub(super) fn approvals_asked(&self) -> Counter {
        let limit = self.settings.limits.qr_codes_per_address;
        Counter::simple("approvals_asked", limit, HOUR)
    }

    /// Questions to the other browsers of an account, by whoever has shown its
    /// first factor.
    pub(super) fn approvals_asked_of(&self) -> Counter {
        let limit = self.settings.limits.approvals_per_account;
        Counter::simple("approvals_asked_of", limit, HOUR)
    }

    /// Sign-ins by SNILS and phone from a network.
    pub(super) fn code_sign_ins(&self) -> Counter {
        let limit = self.settings.limits.code_sign_ins_per_address;
        Counter::simple("code_sign_ins", limit, HOUR)
    }

    /// Signature files from a network.
    pub(super) fn signatures(&self) -> Counter {
        let limit = self.settings.limits.signatures_per_address;
        Counter::simple("signatures", limit, HOUR)
    }

    /// Personal data sent to the registries.
    pub(super) fn submissions(&self) -> Counter {
        let limit = self.settings.limits.submissions_per_day;
        Counter::simple("submissions", limit, DAY)
    }

    /// Files that were uploaded, whether they were kept or not.
    pub(super) fn uploads(&self) -> Counter {
        let limit = self.settings.limits.uploads_per_day;
        Counter::simple("uploads", limit, DAY)
    }

    /// Strangers with a right password that got no further, of whom the owner is
    /// told.
    pub(super) fn told_of_strangers(&self) -> Counter {
        Counter::simple("told_of_strangers", STRANGERS_TOLD, DAY)
    }

    /// Copies of everything held about a person.
    pub(super) fn exports(&self) -> Counter {
        Counter::simple("exports", self.settings.limits.exports_per_day, DAY)
    }

    pub(super) fn warnings_by_sms(&self) -> Counter {
        let limit = self.settings.limits.warnings_by_sms_per_day;
        Counter::simple("warnings_by_sms", limit, DAY)
    }
}

/// Counting.
impl Accounts {
    /// Counts one; when it was one too many, how long to wait.
    pub(super) async fn allow(
        &self,
        counter: Counter,
        subject: &str,
        now: Timestamp,
    ) -> Result<Option<Duration>> {
        let counted = self.count(counter, subject, None, now).await?;
        let over = counted.hits > counter.limit();
        Ok(over.then(|| {
            counted
                .locked_until
                .unwrap_or(counted.window_ends_at)
                .since(now)
        }))
    }

    /// Counts one more try for the code of a device; how long to wait when there
    /// were too many.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn allow_user_code(
        &self,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Option<Duration>> {
        let counter = self.user_codes_from_address();
        self.allow(counter, &network(address), now).await
    }

    /// Counts one more from a network in an hour, for a room above that has a
    /// limit of its own; when it was one too many, how long to wait.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn allow_from_network(
        &self,
        name: &'static str,
        limit: u32,
        address: IpAddr,
        now: Timestamp,
    ) -> Result<Option<Duration>> {
        let counter = Counter::simple(name, limit, HOUR);
        self.allow(counter, &network(address), now).await
    }

    /// Counts one more code to a contact.
    pub(super) async fn allow_code(
        &self,
        contact: &str,
        now: Timestamp,
    ) -> Result<Option<Duration>> {
        if let Some(wait) = self.allow(self.codes_per_hour(), contact, now).await? {
            return Ok(Some(wait));
        }
        self.allow(self.codes_per_day(), contact, now).await
    }

    /// Counts one; the record says whether the counter has closed.
    pub(super) async fn count(
        &self,
        counter: Counter,
        subject: &str,
        block: Option<Block>,
        now: Timestamp,
    ) -> Result<ThrottleRecord> {
        self.storage
            .count_hit(
                self.counter_name(counter, subject),
                counter.limit(),
                millis(counter.window),
                millis(counter.lock),
                block,
                now,
            )
            .await
    }

    /// The counter as it stands.
    pub(super) async fn standing(
        &self,
        counter: Counter,
        subject: &str,
    ) -> Result<Option<ThrottleRecord>> {
        self.storage
            .find_throttle(&self.counter_name(counter, subject))
            .await
    }

    /// Forgets what was counted.
    pub(super) async fn forget(&self, counter: Counter, subject: &str) -> Result<()> {
        self.storage
            .clear_throttle(self.counter_name(counter, subject))
            .await
    }

    /// A number for a lock, to be read out to support.
    pub(super) fn block_number(&self) -> String {
        self.entropy.digits(BLOCK_DIGITS)
    }

    fn counter_name(&self, counter: Counter, subject: &str) -> String {
        let subject = format!("throttle:{}:{subject}", counter.name);
        let digest = self
            .vault
            .digest_text(Purpose::BlindIndex, subject.as_bytes());
        format!("{}:{digest}", counter.name)
    }
}

/// The lock in force, if the counter has closed.
pub(super) fn lock_of(record: &ThrottleRecord, now: Timestamp) -> Option<Lock> {
    let until = record.locked_until.filter(|until| *until > now)?;
    let numbers = record.block_number.as_deref().unwrap_or_default();
    Some(Lock {
        until,
        block_number: numbers.split(' ').next().unwrap_or_default().to_owned(),
    })
}

/// The number of a lock that stands behind another one: the second is not
/// shown, but opens with the first.
pub(super) fn behind(own: &str, other: &str) -> String {
    format!("{own} {other}")
}

/// Whoever holds an IPv6 network holds 2^64 addresses: the network counts.
pub(super) fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_ipv6_network_is_one_subject() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:192.0.2.1"), of("192.0.2.1"));
    }
}
