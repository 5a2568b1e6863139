//! Signals: what happens to an account that relying parties may want to know at
//! once (OpenID CAEP 1.0, RISC 1.0), and which of our own events cause which.
//! How they are said on the wire is the protocol's.

use serde::{Deserialize, Serialize};

use super::level::Level;

/// A kind of signal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Signal {
    /// CAEP §3.1.
    SessionRevoked,
    /// CAEP §3.3.
    CredentialChange,
    /// CAEP §3.4.
    AssuranceLevelChange,
    /// RISC §2.3.
    AccountDisabled,
    /// RISC §2.4.
    AccountEnabled,
    /// RISC §2.2.
    AccountPurged,
    /// RISC §2.9.
    RecoveryActivated,
    /// RISC §2.10. Also for contacts: identifier-changed is for whoever gives
    /// them out, and would name the old one (RISC §2.5).
    RecoveryInformationChanged,
    /// Of a stream itself (Shared Signals Framework §8.1.4.1).
    Verification,
    /// Of a stream itself (Shared Signals Framework §8.1.5).
    StreamUpdated,
}

impl Signal {
    /// Every signal.
    pub const ALL: [Self; 10] = [
        Self::SessionRevoked,
        Self::CredentialChange,
        Self::AssuranceLevelChange,
        Self::AccountDisabled,
        Self::AccountEnabled,
        Self::AccountPurged,
        Self::RecoveryActivated,
        Self::RecoveryInformationChanged,
        Self::Verification,
        Self::StreamUpdated,
    ];

    /// Its name in the database, and the last part of its URI.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SessionRevoked => "session-revoked",
            Self::CredentialChange => "credential-change",
            Self::AssuranceLevelChange => "assurance-level-change",
            Self::AccountDisabled => "account-disabled",
            Self::AccountEnabled => "account-enabled",
            Self::AccountPurged => "account-purged",
            Self::RecoveryActivated => "recovery-activated",
            Self::RecoveryInformationChanged => "recovery-information-changed",
            Self::Verification => "verification",
            Self::StreamUpdated => "stream-updated",
        }
    }

    /// The signal of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// Whether it is about a stream and no person: told whether it was asked
    /// for or not.
    pub const fn is_of_stream(self) -> bool {
        matches!(self, Self::Verification | Self::StreamUpdated)
    }
}

/// Who began it (CAEP §2, `initiating_entity`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Initiator {
    Admin,
    User,
    Policy,
    System,
}

/// What became of a credential (CAEP §3.3.1, `change_type`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    Create,
    Revoke,
    Update,
    Delete,
}

/// What is kept of a signal until it is told: nothing that a person typed and
/// nothing that names anybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Particulars {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<Initiator>,
    /// Why a session ended, as it is written down with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_reason: Option<String>,
    /// A kind of second factor, or [`PASSWORD`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credential: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
    /// The level of the account, looked up when it is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Level>,
    /// The level that was told before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level_before: Option<Level>,
    /// What the client gave along with the wish for a verification.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Of a stream.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<String>,
}

/// The credential that everybody has.
pub const PASSWORD: &str = "password";

impl Particulars {
    /// Of a credential.
    pub fn credential(kind: &str, change: Change, by: Initiator) -> Self {
        Self {
            by: Some(by),
            credential: Some(kind.to_owned()),
            change: Some(change),
            ..Self::default()
        }
    }

    /// Nothing but who began it.
    pub fn by(by: Initiator) -> Self {
        Self {
            by: Some(by),
            ..Self::default()
        }
    }
}

/// Actions of the journal that are signals; who acted stands in the line.
pub const ACTIONS: &[(&str, Signal)] = &[
    ("password_changed", Signal::CredentialChange),
    // Without a second factor it is the first that is known of the recovery.
    ("access_recovered", Signal::RecoveryActivated),
    ("access_recovered", Signal::CredentialChange),
    ("login_restored", Signal::CredentialChange),
    ("login_printed", Signal::CredentialChange),
    ("recovery_tried", Signal::RecoveryActivated),
    ("appeal_confirmed", Signal::RecoveryActivated),
    ("contact_changed", Signal::RecoveryInformationChanged),
    ("account_frozen", Signal::AccountDisabled),
    ("account_unfrozen", Signal::AccountEnabled),
];

/// Ends of sessions that are signals, and who brought them about. A session
/// whose time is over was not revoked; the end of an account is a signal of its
/// own.
pub const SESSION_ENDS: &[(&str, Initiator)] = &[
    ("signed_out", Initiator::User),
    ("ended_by_owner", Initiator::User),
    ("replaced", Initiator::System),
    ("password_changed", Initiator::User),
    ("blocked", Initiator::Admin),
];

/// The signals of an action of the journal.
pub fn of_action(action: &str) -> impl Iterator<Item = Signal> {
    let of_this = ACTIONS.iter().filter(move |(known, _)| *known == action);
    of_this.map(|(_, signal)| *signal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_back() {
        for signal in Signal::ALL {
            assert_eq!(Signal::parse(signal.as_str()), Some(signal));
        }
    }

    #[test]
    fn what_is_kept_is_small() {
        let kept = Particulars::credential("totp", Change::Create, Initiator::User);
        let text = serde_json::to_string(&kept).unwrap();
        assert_eq!(
            text,
            r#"{"by":"user","credential":"totp","change":"create"}"#
        );
        assert_eq!(serde_json::from_str::<Particulars>(&text).unwrap(), kept);
        let none: Particulars = serde_json::from_str("{}").unwrap();
        assert_eq!(none, Particulars::default());
    }
}
