//! What may be said to a person: one row per kind. Texts, the values a message
//! takes and whether it may be turned off all follow from the row.

use super::param::{
    BLOCK, CODE, COMMENT, CONTACT, DEVICE, LINK, NOT_ME, NUMBER, PLACE, Param, REASON, REASONS,
    SITE, TIME, UNDONE, UNTIL,
};

/// How much a message weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Importance {
    /// Holds a code the person waits for: worthless after its term.
    Code,
    /// Tells of a danger to the account: cannot be turned off.
    Security,
    /// Good to know.
    Ordinary,
}

/// A row of [`KINDS`].
#[derive(Debug)]
pub struct KindRow {
    /// The kind described.
    pub kind: MessageKind,
    /// Its name in the database; the texts are `message-<name>-subject`,
    /// `-text` and `-sms`.
    pub name: &'static str,
    /// How much it weighs.
    pub importance: Importance,
    /// The values it takes.
    pub params: &'static [Param],
    /// The text key of the link's label.
    pub action: &'static str,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $name:literal $importance:ident [$($param:ident),*] $action:literal;)*) => {
        /// What a message tells.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum MessageKind {
            $($(#[$doc])* $kind,)*
        }

        /// Every kind of message.
        pub const KINDS: &[KindRow] = &[$(KindRow {
            kind: MessageKind::$kind,
            name: $name,
            importance: Importance::$importance,
            params: &[$($param),*],
            action: $action,
        }),*];
    };
}

kinds! {
    /// A code (and in mails a link) that confirms the contact of a new account.
    /// It takes nothing the applicant typed: whoever types another's address
    /// must not be able to have a text of their own sent there.
    RegistrationCode "registration-code" Code [CODE, LINK] "message-open-registration";
    /// To the owner, when somebody tries to register a contact in use (A8).
    RegistrationContactTaken "registration-contact-taken" Security [LINK] "message-open-sign-in";
    /// An account exists from now on.
    Registered "registered" Ordinary [LINK] "message-open-account";
    /// A code that confirms a contact being added to an account.
    ContactCode "contact-code" Code [CODE] "message-open-account";
    /// To the old contact, when another takes its place (B13).
    ContactChanged "contact-changed" Security [TIME, CONTACT, LINK, NOT_ME] "message-open-security";
    /// The person changed what they say of themselves.
    ProfileChanged "profile-changed" Ordinary [TIME, LINK] "message-open-account";
    /// A browser never seen before signed in.
    SignInNewDevice "new-device" Security [TIME, DEVICE, PLACE, LINK, NOT_ME] "message-open-security";
    /// The first factor was shown at an unknown device, and a second is asked
    /// for (C4).
    FirstFactorShown "first-factor-shown" Security [TIME, DEVICE, PLACE, LINK, NOT_ME] "message-open-security";
    /// A code to sign in by SNILS and phone (C2).
    SignInCode "sign-in-code" Code [CODE] "message-open-account";
    /// A code of a second factor (C4).
    FactorCode "factor-code" Code [CODE] "message-open-account";
    /// The account has one more second factor.
    FactorAdded "factor-added" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// And one less.
    FactorRemoved "factor-removed" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// There is a new list of backup codes.
    BackupCodesMade "backup-codes-made" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// A sign-in was not like the owner's others (C9).
    SignInUnusual "sign-in-unusual" Security [TIME, DEVICE, PLACE, REASONS, LINK, NOT_ME] "message-open-history";
    /// Sensitive actions and other sites are closed after such a sign-in.
    SignInRestricted "sign-in-restricted" Security [TIME, DEVICE, PLACE, REASONS, UNTIL, LINK, NOT_ME] "message-open-history";
    /// Such a sign-in was refused.
    SignInRefused "sign-in-refused" Security [TIME, DEVICE, PLACE, REASONS, LINK] "message-open-history";
    /// A site asks for the citizen without a browser of theirs (CIBA).
    SiteAsks "site-asks" Security [SITE, LINK] "message-open-account";
    /// A sign-in by QR code that was not agreed to (C3).
    ApprovalRefused "approval-refused" Security [TIME, DEVICE, PLACE, LINK] "message-open-security";
    /// They are open again before the time was over.
    RestrictionLifted "restriction-lifted" Security [TIME, LINK] "message-open-history";
    /// Password sign-in is closed for a while after wrong passwords (C6).
    SignInLocked "locked" Security [TIME, UNTIL, BLOCK, LINK] "message-open-security";
    /// The password was replaced.
    PasswordChanged "password-changed" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// One session was ended from another.
    SessionEnded "session-ended" Security [TIME, DEVICE, LINK] "message-open-security";
    /// All other sessions were ended.
    SessionsEnded "sessions-ended" Security [TIME, LINK] "message-open-security";
    /// Another device of the account may do more or less than before (D3).
    DeviceRightsChanged "device-rights" Security [TIME, DEVICE, LINK, NOT_ME] "message-open-security";
    /// Another device of the account is unknown from now on, and so are its rights.
    DeviceForgotten "device-forgotten" Security [TIME, DEVICE, LINK, NOT_ME] "message-open-security";
    /// The ways of being told of dangers were changed (D5).
    NoticesChanged "notices-changed" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// A browser shows notices from now on (D5).
    BrowserTold "browser-told" Security [TIME, DEVICE, LINK, NOT_ME] "message-open-security";
    /// Its owner has frozen the account (C12).
    AccountFrozen "account-frozen" Security [TIME, LINK] "message-open-unfreeze";
    /// The account is frozen no more.
    AccountUnfrozen "account-unfrozen" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// Its owner has said that something was done by somebody else (D2).
    NotMeDone "not-me-done" Security [TIME, UNDONE, LINK] "message-open-sign-in";
    /// A code of somebody who cannot sign in (C11).
    RecoveryCode "recovery-code" Code [CODE] "message-open-sign-in";
    /// It was right, but the account asks for more.
    RecoveryTried "recovery-tried" Security [TIME, DEVICE, PLACE, LINK] "message-open-security";
    /// Access is recovered without a second factor, unless somebody cancels it:
    /// told at the beginning and every day.
    RecoveryBegun "recovery-begun" Security [TIME, UNTIL, LINK, NOT_ME] "message-open-recovery";
    /// It was cancelled.
    RecoveryCancelled "recovery-cancelled" Security [TIME, LINK] "message-open-security";
    /// A code to the new contact of who has lost all others (C11).
    AppealCode "appeal-code" Code [CODE] "message-open-sign-in";
    /// To that contact: the form has come.
    AppealReceived "appeal-received" Security [NUMBER, UNTIL] "message-open-sign-in";
    /// To the owner: somebody asks support for access to the account.
    AppealBegun "appeal-begun" Security [TIME, LINK, NOT_ME] "message-open-recovery";
    /// To the owner: support agreed, and when a new password may be set; told
    /// again every day.
    AppealConfirmed "appeal-confirmed" Security [TIME, UNTIL, LINK, NOT_ME] "message-open-recovery";
    /// To the new contact: support agreed.
    AppealAccepted "appeal-accepted" Security [NUMBER, UNTIL] "message-open-sign-in";
    /// To the owner: support did not agree.
    AppealRefused "appeal-refused" Security [TIME, REASON, COMMENT, LINK] "message-open-security";
    /// To the new contact: support did not agree.
    AppealDeclined "appeal-declined" Security [NUMBER, REASON, COMMENT] "message-open-sign-in";
    /// To the owner: it was cancelled.
    AppealCancelled "appeal-cancelled" Security [TIME, LINK] "message-open-security";
    /// To the new contact: it is over without a new password.
    AppealStopped "appeal-stopped" Security [NUMBER] "message-open-sign-in";
    /// To the new contact: the link that sets a new password.
    AppealOpen "appeal-open" Security [NUMBER, UNTIL, LINK] "message-open-appeal";
    /// Who is trusted has vouched: it waits no longer.
    RecoveryVouched "recovery-vouched" Security [TIME, LINK, NOT_ME] "message-open-recovery";
    /// A code for who vouches for somebody.
    VouchCode "vouch-code" Code [CODE] "message-open-trusted";
    /// To who is asked to vouch for somebody one day.
    TrustedInvited "trusted-invited" Security [LINK] "message-open-trusted";
    /// To who has asked.
    TrustedChosen "trusted-chosen" Security [TIME, LINK] "message-open-security";
    /// They agreed.
    TrustedConfirmed "trusted-confirmed" Security [TIME, LINK] "message-open-security";
    /// One of the two has ended it.
    TrustedEnded "trusted-ended" Security [TIME, LINK] "message-open-security";
    /// A service centre has printed a temporary password instead of one that was
    /// forgotten.
    LoginRestored "login-restored" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// A new password was set without the old one.
    RecoveryDone "recovery-done" Security [TIME, LINK, NOT_ME] "message-open-security";
    /// A relying party may have data from now on.
    ConsentGiven "consent-given" Ordinary [SITE, LINK, NOT_ME] "message-open-consents";
    /// What a relying party may have, or until when, was changed.
    ConsentChanged "consent-changed" Ordinary [SITE, LINK] "message-open-consents";
    /// A relying party may have nothing any more.
    ConsentWithdrawn "consent-withdrawn" Ordinary [SITE, LINK] "message-open-consents";
    /// A consent ends soon (E3).
    ConsentExpiring "consent-expiring" Ordinary [SITE, TIME, LINK] "message-open-consents";
    /// A consent has ended by itself.
    ConsentLapsed "consent-lapsed" Ordinary [SITE, LINK] "message-open-consents";
    /// Registries know a person with the data that were sent (B3).
    DataMatched "data-matched" Ordinary [LINK] "message-open-level";
    /// A registry has something otherwise.
    DataMismatch "data-mismatch" Ordinary [LINK] "message-open-level";
    /// The SNILS that was sent is confirmed for another account.
    SnilsTaken "snils-taken" Security [LINK] "message-open-level";
    /// To the holder of a SNILS, when another account sends it.
    SnilsClaimed "snils-claimed" Security [LINK] "message-open-security";
    /// An operator saw the person and the originals (B4).
    VisitConfirmed "visit-confirmed" Security [LINK] "message-open-level";
    /// An operator did not confirm the person.
    VisitRefused "visit-refused" Security [LINK] "message-open-level";
    /// An operator proposed to take data that registries have otherwise (F1).
    OverrideProposed "override-proposed" Security [LINK] "message-open-level";
    /// A second operator confirmed it.
    OverrideConfirmed "override-confirmed" Security [LINK] "message-open-level";
    /// A second operator did not agree.
    OverrideReturned "override-returned" Security [LINK] "message-open-level";
    /// A code on paper came back: the person is proven (B4, B6).
    ProofAccepted "proof-accepted" Security [LINK] "message-open-level";
    /// Too many wrong codes were entered.
    ProofCodeSpent "proof-code-spent" Security [LINK] "message-open-level";
    /// A registered letter is on its way.
    LetterPosted "letter-posted" Ordinary [LINK] "message-open-level";
    /// It came back: nobody took it.
    LetterReturned "letter-returned" Ordinary [LINK] "message-open-level";
    /// A bank or a certificate may sign in to the account from now on.
    LinkAdded "link-added" Security [TIME, SITE, LINK, NOT_ME] "message-open-security";
    /// And may not any more.
    LinkRemoved "link-removed" Security [TIME, SITE, LINK, NOT_ME] "message-open-security";
    /// An operator compared photographs with the data (B8).
    PhotographsConfirmed "photographs-confirmed" Security [LINK] "message-open-level";
    /// An operator did not confirm the person by photographs.
    PhotographsRefused "photographs-refused" Security [LINK] "message-open-level";
    /// Nobody decided about photographs in time; they are destroyed.
    PhotographsExpired "photographs-expired" Ordinary [LINK] "message-open-level";
    /// Evidence is over, and with it the level (B10).
    LevelLowered "level-lowered" Security [LINK] "message-open-level";
    /// Support answered a request (F2).
    SupportAnswered "support-answered" Ordinary [LINK] "message-open-support";
    /// Support opened a lock before its time (C6).
    LockLifted "lock-lifted" Security [TIME, LINK] "message-open-security";
    /// A code that confirms the deletion of the account (C12).
    DeletionCode "deletion-code" Code [CODE] "message-open-account";
    /// The last message: the account is deleted.
    AccountDeleted "account-deleted" Security [TIME, LINK] "message-open-home";
    /// Everything held about the person was given out as a file (D8).
    DataExported "data-exported" Security [TIME, LINK] "message-open-security";
    /// A spent code or refresh token of a relying party was shown again.
    GrantReplayed "grant-replayed" Security [SITE, LINK] "message-open-security";
}

impl MessageKind {
    /// The row of this kind.
    ///
    /// # Panics
    /// Never: the rows are made together with the kinds.
    pub fn row(self) -> &'static KindRow {
        KINDS
            .iter()
            .find(|row| row.kind == self)
            .expect("every kind has a row")
    }

    /// The name in the database.
    pub fn as_str(self) -> &'static str {
        self.row().name
    }

    /// The kind of this name.
    pub fn parse(name: &str) -> Option<Self> {
        KINDS
            .iter()
            .find(|row| row.name == name)
            .map(|row| row.kind)
    }

    /// Whether such messages hold a link that takes back what they tell of.
    pub fn can_be_undone(self) -> bool {
        let name = NOT_ME.name;
        self.row().params.iter().any(|param| param.name == name)
    }

    /// Whether the person may choose not to get such messages.
    pub fn can_be_turned_off(self) -> bool {
        self.row().importance == Importance::Ordinary
    }
}
