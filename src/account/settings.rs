//! What an operator may set for accounts; every value has a default that is
//! safe to run with (requirements A1, C5–C7; limits as large public systems
//! run them).

use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

use super::risk::RiskSettings;
use crate::model::level::Level;
use crate::notify::PushSettings;

/// Everything the room is set up with.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// How long sessions live.
    pub session: SessionSettings,
    /// What passwords must be and how they are hashed.
    pub password: PasswordSettings,
    /// How often anything may be tried.
    pub limits: LimitSettings,
    /// Versions of the documents a citizen accepts.
    pub agreements: AgreementSettings,
    /// How long photographs are kept.
    pub photographs: PhotographSettings,
    /// Sign-ins that are not like the owner's others.
    pub risk: RiskSettings,
    /// Who must have a second factor.
    pub second_factor: SecondFactorSettings,
    /// Notices in browsers.
    pub push: PushSettings,
}

/// Who must have a second factor (requirement C4). Operators are asked for a key
/// whatever stands here.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SecondFactorSettings {
    /// The lowest level that must: `simplified` is everybody, and without a value
    /// nobody must.
    pub required_from: Option<Level>,
}

/// How long sessions live (requirement C7).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct SessionSettings {
    /// Seconds without a request after which a session is over.
    pub idle_seconds: u64,
    /// Seconds after which a session is over in any case.
    pub absolute_seconds: u64,
}

impl Default for SessionSettings {
    fn default() -> Self {
        Self {
            idle_seconds: 15 * 60,
            absolute_seconds: 12 * 3600,
        }
    }
}

/// What passwords must be (requirement C5).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PasswordSettings {
    /// Days after which a password must be replaced; 0 for never.
    pub expires_after_days: u64,
    /// A file of breached passwords: one SHA-256 in lower-case hex per line,
    /// sorted.
    pub breached_file: Option<PathBuf>,
    /// How they are hashed.
    pub hashing: HashingSettings,
}

impl Default for PasswordSettings {
    fn default() -> Self {
        Self {
            expires_after_days: 90,
            breached_file: None,
            hashing: HashingSettings::default(),
        }
    }
}

/// Argon2id (RFC 9106) at the parameters OWASP names, and its pool of threads.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HashingSettings {
    /// Memory of one hash, in KiB.
    pub memory_kib: u32,
    /// Passes over the memory.
    pub passes: u32,
    /// Threads that hash; 0 for as many as the machine has cores.
    pub threads: usize,
    /// Passwords that may wait for a thread; more are turned away.
    pub queue: usize,
}

impl Default for HashingSettings {
    fn default() -> Self {
        Self {
            memory_kib: 19_456,
            passes: 2,
            threads: 0,
            queue: 64,
        }
    }
}

/// Photographs that prove who somebody is (requirement B8).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PhotographSettings {
    /// Days they are kept after the decision; 0 for not at all.
    pub keep_days: u64,
    /// Days they wait for a decision; then they are destroyed.
    pub wait_days: u64,
}

impl Default for PhotographSettings {
    fn default() -> Self {
        Self {
            keep_days: 0,
            wait_days: 30,
        }
    }
}

/// How often anything may be tried.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LimitSettings {
    /// Wrong passwords after which password sign-in is closed (C6).
    pub wrong_passwords: u32,
    /// Seconds it stays closed.
    pub lock_seconds: u64,
    /// Wrong passwords from one network address in ten minutes.
    pub wrong_passwords_per_address: u32,
    /// Requests of sites that one citizen is told of in an hour (CIBA).
    pub site_requests_per_account: u32,
    /// The same of one site.
    pub requests_of_one_site: u32,
    /// People that one site may ask for in an hour, known or not.
    pub people_per_site: u32,
    /// Codes of devices tried from one network address in ten minutes (RFC 8628
    /// §5.1).
    pub user_codes_per_address: u32,
    /// Registrations begun from one network address in an hour.
    pub registrations_per_address: u32,
    /// Recoveries of access begun from one network address in an hour.
    pub recoveries_per_address: u32,
    /// Hours an account with a second factor waits before its password is
    /// recovered without one (C11).
    pub recovery_wait_hours: u64,
    /// Hours between the decision of support about a form and the new password,
    /// never fewer than `recovery_wait_hours` (C11).
    pub appeal_wait_hours: u64,
    /// The same for an account with a second factor.
    pub appeal_factor_wait_hours: u64,
    /// Days a form waits for the decision of support.
    pub appeal_days: u64,
    /// Forms from one network address in a day, whether they were sound or not.
    pub appeals_per_address: u32,
    /// Forms with one SNILS in a day.
    pub appeals_per_snils: u32,
    /// Forms in a day in all.
    pub appeals_per_day: u32,
    /// Seconds a one-time code lives (A1).
    pub code_life_seconds: u64,
    /// Tries for one code.
    pub code_tries: u32,
    /// Seconds before another code may be asked for.
    pub code_resend_seconds: u64,
    /// Codes to one contact in an hour.
    pub codes_per_hour: u32,
    /// Codes to one contact in a day.
    pub codes_per_day: u32,
    /// Tries for codes to one contact in ten minutes, over all its codes.
    pub code_tries_per_contact: u32,
    /// Codes of second factors one account may try in ten minutes, right ones
    /// not counted (C4).
    pub factor_tries: u32,
    /// Days a device that its owner trusts is not asked for a second factor (C8).
    pub trusted_device_days: u64,
    /// Seconds a confirmed contact waits for the password that ends a registration.
    pub registration_seconds: u64,
    /// Seconds after a proof in which contacts may be changed without another (C10).
    pub fresh_proof_seconds: u64,
    /// Warnings sent to one person by SMS in a day.
    pub warnings_by_sms_per_day: u32,
    /// How often one person may send personal data to the registries in a day.
    pub submissions_per_day: u32,
    /// Wrong tries after which a code on paper is spent (B6).
    pub proof_code_tries: u32,
    /// Days the code of a registered letter lives from when it was posted (B6).
    pub letter_code_days: u64,
    /// Days a code printed at a service centre lives (B4).
    pub centre_code_days: u64,
    /// Letters one person may order in thirty days.
    pub letters_per_month: u32,
    /// Ways to a bank begun from one network address in an hour.
    pub bank_rounds_per_address: u32,
    /// QR codes to sign in by from one network address in an hour (C3).
    pub qr_codes_per_address: u32,
    /// Questions to other browsers of an account for a second factor, in an hour
    /// (C4).
    pub approvals_per_account: u32,
    /// Sign-ins by SNILS and phone begun from one network address in an hour (C2).
    pub code_sign_ins_per_address: u32,
    /// Signature files from one network in an hour.
    pub signatures_per_address: u32,
    /// How many numbers that nobody has one operator may ask for in an hour.
    pub desk_misses_per_hour: u32,
    /// How many accounts one operator may make from papers in a day, new
    /// temporary passwords included (A5).
    pub papers_per_day: u32,
    /// Days a temporary password works that was printed at a service centre (A5).
    pub temporary_password_days: u64,
    /// How often one person may upload files in a day.
    pub uploads_per_day: u32,
    /// Requests to support one person may have open.
    pub support_requests_open: u32,
    /// Messages to support from one person in a day.
    pub support_messages_per_day: u32,
    /// Hours after which an unanswered request to support is escalated (F2).
    pub support_escalation_hours: u64,
    /// How often one person may take a copy of everything held about them in a
    /// day (D8).
    pub exports_per_day: u32,
}

impl Default for LimitSettings {
    fn default() -> Self {
        Self {
            wrong_passwords: 5,
            lock_seconds: 30 * 60,
            wrong_passwords_per_address: 100,
            site_requests_per_account: 30,
            requests_of_one_site: 10,
            people_per_site: 3_000,
            user_codes_per_address: 30,
            registrations_per_address: 100,
            recoveries_per_address: 100,
            recovery_wait_hours: 72,
            appeal_wait_hours: 72,
            appeal_factor_wait_hours: 168,
            appeal_days: 30,
            appeals_per_address: 30,
            appeals_per_snils: 3,
            appeals_per_day: 1_000,
            code_life_seconds: 10 * 60,
            code_tries: 5,
            code_resend_seconds: 60,
            codes_per_hour: 5,
            codes_per_day: 10,
            code_tries_per_contact: 10,
            factor_tries: 5,
            trusted_device_days: 30,
            registration_seconds: 30 * 60,
            fresh_proof_seconds: 5 * 60,
            warnings_by_sms_per_day: 3,
            submissions_per_day: 10,
            proof_code_tries: 5,
            letter_code_days: 90,
            centre_code_days: 7,
            letters_per_month: 2,
            bank_rounds_per_address: 100,
            qr_codes_per_address: 100,
            approvals_per_account: 5,
            code_sign_ins_per_address: 100,
            signatures_per_address: 100,
            desk_misses_per_hour: 20,
            papers_per_day: 60,
            temporary_password_days: 7,
            uploads_per_day: 100,
            support_requests_open: 3,
            support_messages_per_day: 20,
            support_escalation_hours: 48,
            exports_per_day: 5,
        }
    }
}

/// Versions of the documents; a new one asks everyone again at sign-in (A3).
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AgreementSettings {
    /// The user agreement.
    pub terms: String,
    /// The personal-data policy.
    pub privacy: String,
}

impl Default for AgreementSettings {
    fn default() -> Self {
        Self {
            terms: "1".to_owned(),
            privacy: "1".to_owned(),
        }
    }
}

impl SessionSettings {
    pub(super) const fn idle(&self) -> Duration {
        Duration::from_secs(self.idle_seconds)
    }

    pub(super) const fn absolute(&self) -> Duration {
        Duration::from_secs(self.absolute_seconds)
    }
}

impl LimitSettings {
    pub(super) const fn code_life(&self) -> Duration {
        Duration::from_secs(self.code_life_seconds)
    }

    pub(super) const fn code_resend(&self) -> Duration {
        Duration::from_secs(self.code_resend_seconds)
    }

    pub(super) const fn recovery_wait(&self) -> Duration {
        Duration::from_hours(self.recovery_wait_hours)
    }

    /// How long whoever recovers access by a form waits after the decision.
    pub(super) fn appeal_wait(&self, has_factor: bool) -> Duration {
        let hours = match has_factor {
            true => self.appeal_factor_wait_hours.max(self.appeal_wait_hours),
            false => self.appeal_wait_hours,
        };
        Duration::from_hours(hours.max(self.recovery_wait_hours))
    }

    pub(super) const fn fresh_proof(&self) -> Duration {
        Duration::from_secs(self.fresh_proof_seconds)
    }
}
