//! What is wrong with a form. All problems are found at once; pages turn each
//! into words beside its field.

use super::password_policy::{LONGEST, PasswordRule, SHORTEST};
use crate::model::passport::NotAPassport;

/// A wrong field of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The name of the field in its form.
    pub field: &'static str,
    /// What is wrong with it.
    pub kind: ProblemKind,
}

/// What can be wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProblemKind {
    FamilyNameEmpty,
    GivenNameEmpty,
    /// Something but letters, blanks, hyphens and apostrophes in a name.
    NameLetters,
    /// More characters than this.
    TooLong(u64),
    ContactEmpty,
    /// Neither a phone nor an e-mail address.
    Contact,
    /// A phone that gets no SMS.
    Landline,
    /// No phone number at all.
    Phone,
    TermsUnticked,
    PrivacyUnticked,
    PasswordEmpty,
    /// Not the password in use.
    PasswordCurrent,
    /// A broken rule of the password policy.
    Password(PasswordRule),
    /// The two passwords differ.
    PasswordRepeat,
    Date,
    DateInFuture,
    DateTooEarly,
    Sex,
    SnilsDigits,
    SnilsSum,
    /// A check registries make has confirmed another.
    SnilsFixed,
    /// An operator saw another, and registries are being asked.
    SnilsSeen,
    /// There is no other way to sign in.
    SnilsIsLogin,
    PostalCode,
    /// Nothing was typed where something must be.
    Required,
    /// A name of a Russian passport in other letters.
    NameCyrillic,
    Passport(NotAPassport),
    DepartmentCode,
    InnDigits,
    InnSum,
    /// Signs that belong in no such field.
    Value,
    /// No file was chosen.
    FileMissing,
    /// Larger than a file may be.
    FileSize,
    /// Neither JPEG nor PNG, whatever its name says.
    FileNotImage,
    /// Neither of these nor PDF.
    FileNotScan,
    /// It begins like one and does not go on so.
    FileBroken,
    /// More pixels than anybody needs.
    FilePixels,
    PdfEncrypted,
    /// Scripts, programs or other files in a PDF.
    PdfActive,
    /// No room for more files.
    FilesFull,
    /// Photographs are not processed without consent.
    ConsentUnticked,
    /// Not how a number of such a document is written.
    DocumentNumber(&'static str),
    /// It was over before it began.
    DateBeforeIssue,
}

impl Problem {
    pub(super) const fn of(field: &'static str, kind: ProblemKind) -> Self {
        Self { field, kind }
    }

    /// The key of the text, and the number `$count` it is about, if any.
    pub const fn text(&self) -> (&'static str, Option<u64>) {
        self.kind.text()
    }
}

impl ProblemKind {
    /// The key of the text, and the number `$count` it is about, if any.
    pub const fn text(self) -> (&'static str, Option<u64>) {
        let key = match self {
            Self::FamilyNameEmpty => "problem-family-name",
            Self::GivenNameEmpty => "problem-given-name",
            Self::NameLetters => "problem-name-letters",
            Self::TooLong(most) => return ("problem-too-long", Some(most)),
            Self::ContactEmpty => "problem-contact-empty",
            Self::Contact => "problem-contact",
            Self::Landline => "problem-phone-mobile",
            Self::Phone => "problem-phone",
            Self::TermsUnticked => "problem-terms",
            Self::PrivacyUnticked => "problem-privacy",
            Self::PasswordEmpty => "problem-password-empty",
            Self::PasswordCurrent => "problem-password-current",
            Self::Password(PasswordRule::Length) => {
                return ("problem-password-length", Some(SHORTEST as u64));
            }
            Self::Password(PasswordRule::Long) => {
                return ("problem-password-long", Some(LONGEST as u64));
            }
            Self::Password(rule) => rule.problem_key(),
            Self::PasswordRepeat => "problem-password-repeat",
            Self::Date => "problem-date",
            Self::DateInFuture => "problem-date-future",
            Self::DateTooEarly => "problem-date-past",
            Self::Sex => "problem-sex",
            Self::SnilsDigits => "problem-snils",
            Self::SnilsSum => "problem-snils-sum",
            Self::SnilsFixed => "problem-snils-fixed",
            Self::SnilsSeen => "problem-snils-seen",
            Self::SnilsIsLogin => "problem-snils-login",
            Self::PostalCode => "problem-postal-code",
            Self::Required => "problem-required",
            Self::NameCyrillic => "problem-name-cyrillic",
            Self::Passport(NotAPassport::Digits) => "problem-passport-digits",
            Self::Passport(NotAPassport::Region) => "problem-passport-region",
            Self::Passport(NotAPassport::Year) => "problem-passport-year",
            Self::Passport(NotAPassport::TooYoung) => "problem-passport-young",
            Self::Passport(NotAPassport::Expired) => "problem-passport-expired",
            Self::DepartmentCode => "problem-department-code",
            Self::InnDigits => "problem-inn",
            Self::InnSum => "problem-inn-sum",
            Self::Value => "problem-value",
            Self::FileMissing => "problem-file-missing",
            Self::FileSize => "problem-file-size",
            Self::FileNotImage => "problem-file-not-image",
            Self::FileNotScan => "problem-file-not-scan",
            Self::FileBroken => "problem-file-broken",
            Self::FilePixels => "problem-file-pixels",
            Self::PdfEncrypted => "problem-pdf-encrypted",
            Self::PdfActive => "problem-pdf-active",
            Self::FilesFull => "problem-files-full",
            Self::ConsentUnticked => "problem-consent-unticked",
            Self::DocumentNumber(form) => form,
            Self::DateBeforeIssue => "problem-date-before-issue",
        };
        (key, None)
    }
}
