//! What messages are about, for those who choose how to be told.

use super::kind::MessageKind;

/// A category of messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Category {
    /// Sign-ins, factors, passwords, contacts: some way always stays.
    Security,
    /// What sites may have.
    Consents,
    /// Who the person is known to be.
    Level,
    /// What the person changed.
    Account,
    /// Answers of support.
    Support,
}

impl Category {
    /// Every category, in the order of the page.
    pub const ALL: [Self; 5] = [
        Self::Security,
        Self::Consents,
        Self::Level,
        Self::Account,
        Self::Support,
    ];

    /// Its name in settings and forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Security => "security",
            Self::Consents => "consents",
            Self::Level => "level",
            Self::Account => "account",
            Self::Support => "support",
        }
    }
}

impl MessageKind {
    /// What it is about: its link leads to that part of the cabinet.
    pub fn category(self) -> Category {
        match self.row().action {
            "message-open-consents" => Category::Consents,
            "message-open-level" => Category::Level,
            "message-open-support" => Category::Support,
            "message-open-account" => Category::Account,
            _ => Category::Security,
        }
    }

    /// Whether it goes to every contact, whatever was chosen: somebody may be
    /// shutting the owner out.
    pub const fn goes_everywhere(self) -> bool {
        matches!(
            self,
            Self::ContactChanged
                | Self::AccountFrozen
                | Self::NoticesChanged
                | Self::NotMeDone
                | Self::RestrictionLifted
                | Self::RecoveryTried
                | Self::RecoveryBegun
                | Self::RecoveryCancelled
                | Self::RecoveryVouched
                | Self::AppealBegun
                | Self::AppealConfirmed
                | Self::AppealRefused
                | Self::AppealCancelled
                | Self::TrustedChosen
                | Self::TrustedConfirmed
                | Self::TrustedEnded
                | Self::RecoveryDone
                | Self::LoginRestored
        )
    }
}
