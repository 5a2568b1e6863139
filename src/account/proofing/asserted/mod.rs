//! A person of whom somebody else asserts who they are: a bank of its client, a
//! qualified certificate of its holder (requirements A4, B5, C3). What a channel
//! has checked comes in as [`Asserted`]; here it signs in, registers, links,
//! proves and is let go. An assertion that waits for the citizen is a ticket.
//! Accounts are linked by the citizen's own press only, never because a phone,
//! an address or a SNILS is the same (attack row 47).

mod enter;
mod links;
mod plan;
mod prove;
mod register;
mod waiting;

use serde::{Deserialize, Serialize};

pub use enter::{EnterRefused, Entered};
pub use links::{Link, UnlinkRefused};
pub use plan::Comparison;
pub use prove::ProveRefused;
pub use register::RegisterRefused;
pub use waiting::Waiting;

use crate::model::email::Email;
use crate::model::evidence::{Attribute, Source};
use crate::model::phone::Phone;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;

/// By what way the assertion came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    Bank,
    Signature,
}

impl Channel {
    /// The name in storage.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bank => "bank",
            Self::Signature => "signature",
        }
    }

    /// What its proof of the holder is called among evidence.
    const fn source(self) -> Source {
        match self {
            Self::Bank => Source::Bank,
            Self::Signature => Source::Signature,
        }
    }
}

/// Who asserts, and of which of its subjects.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asserter {
    pub channel: Channel,
    /// Identifies who vouches; with `subject` it is the key of a link.
    pub issuer: String,
    /// Who the person is there; never changes and is never given to another.
    pub subject: String,
    /// What evidence names as its giver; no blanks.
    pub given_by: String,
    /// How citizens know it, for pages and the journal.
    pub title: String,
}

/// What an assertion may lead to by the rules of its channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attests {
    /// The data come from records kept by law: as good as a check of registries
    /// once they are complete.
    pub records: bool,
    /// Whoever came is the holder of the data.
    pub holder: bool,
}

/// What was asserted of a person, already checked for its form: names in
/// Cyrillic, dates that are dates, documents whose sums are right.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asserted {
    pub by: Asserter,
    pub attests: Attests,
    /// When it was made: a link that went later is not made anew by it.
    pub asserted_at: Timestamp,
    /// When the person showed who they are there, as far as is known.
    pub proven_at: Timestamp,
    /// Names, birth date, sex, passport, INN; what is empty was not asserted.
    /// With the names it is said whether there is a patronymic.
    pub profile: Profile,
    pub snils: Option<Snils>,
    /// Contacts that were confirmed there.
    pub phone: Option<Phone>,
    pub email: Option<Email>,
    /// When the proof ends by itself: with the certificate.
    pub expires_at: Option<Timestamp>,
}

impl Asserted {
    /// What was asserted.
    pub fn attributes(&self) -> Vec<Attribute> {
        let profile = &self.profile;
        let named = !profile.family_name.is_empty() && !profile.given_name.is_empty();
        let is_there = |attribute: &Attribute| match attribute {
            Attribute::FamilyName | Attribute::GivenName | Attribute::MiddleName => named,
            Attribute::BirthDate => !profile.birthdate.is_empty(),
            Attribute::Sex => !profile.gender.is_empty(),
            Attribute::Snils => self.snils.is_some(),
            Attribute::Passport => profile.passport.is_some(),
            Attribute::Inn => profile.inn.is_some(),
        };
        Attribute::ALL.into_iter().filter(is_there).collect()
    }
}
