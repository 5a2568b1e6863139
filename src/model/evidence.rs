//! Evidence of who a person is. The list of an account only grows; what it is
//! worth at a moment is computed from it and from what the person is called
//! now, and is stored nowhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::level::Level;
use super::profile::Profile;
use super::secret::Digest;
use super::snils::Snils;
use super::timestamp::Timestamp;

/// Something about a person that evidence can cover.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Attribute {
    FamilyName,
    GivenName,
    MiddleName,
    BirthDate,
    Sex,
    Snils,
    Passport,
    Inn,
}

impl Attribute {
    /// Every attribute.
    pub const ALL: [Self; 8] = [
        Self::FamilyName,
        Self::GivenName,
        Self::MiddleName,
        Self::BirthDate,
        Self::Sex,
        Self::Snils,
        Self::Passport,
        Self::Inn,
    ];

    /// Its name, also that of its field in forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::FamilyName => "family_name",
            Self::GivenName => "given_name",
            Self::MiddleName => "middle_name",
            Self::BirthDate => "birth_date",
            Self::Sex => "sex",
            Self::Snils => "snils",
            Self::Passport => "passport",
            Self::Inn => "inn",
        }
    }

    /// The attribute of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

/// Digests of a person's attributes at a moment. A patronymic that is not there
/// is a fact too; a document that is not there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Facts(BTreeMap<Attribute, String>);

impl Facts {
    /// The facts of these data.
    pub fn of(profile: &Profile, snils: Option<&Snils>) -> Self {
        let mut facts = Self::default();
        facts.add(Attribute::FamilyName, &profile.family_name);
        facts.add(Attribute::GivenName, &profile.given_name);
        facts.add(Attribute::MiddleName, &profile.middle_name);
        facts.add(Attribute::BirthDate, &profile.birthdate);
        facts.add(Attribute::Sex, &profile.gender);
        if let Some(snils) = snils {
            facts.add(Attribute::Snils, snils.as_str());
        }
        if let Some(passport) = &profile.passport {
            facts.add(Attribute::Passport, &passport.fact());
        }
        if let Some(inn) = &profile.inn {
            facts.add(Attribute::Inn, inn.as_str());
        }
        facts
    }

    /// These facts and no others.
    #[must_use]
    pub fn only(&self, wanted: &[Attribute]) -> Self {
        let kept = self.0.iter().filter(|(name, _)| wanted.contains(name));
        Self(kept.map(|(name, digest)| (*name, digest.clone())).collect())
    }

    fn add(&mut self, attribute: Attribute, value: &str) {
        let digest = Digest::of(format!("{}\n{value}", attribute.as_str()).as_bytes());
        self.0.insert(attribute, digest.as_str().to_owned());
    }

    /// Whether every one of `wanted` is among these.
    fn has(&self, wanted: &[Attribute]) -> bool {
        wanted.iter().all(|name| self.0.contains_key(name))
    }

    /// Whether everything here is still so.
    fn hold_in(&self, now: &Self) -> bool {
        self.0
            .iter()
            .all(|(name, digest)| now.0.get(name) == Some(digest))
    }
}

/// Where evidence comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// State registries know a person with these data.
    Registry,
    /// An operator saw the person and the originals.
    ServiceCentre,
    /// A bank vouches for its client.
    Bank,
    /// A bank has the same data on record, as the law obliges it to.
    BankRecords,
    /// A code from a registered letter came back.
    Letter,
    /// A qualified certificate names the person.
    Signature,
    /// An operator compared photographs of the person and of documents.
    Video,
    /// Two operators, each for themselves, held the originals against data that
    /// registries have otherwise.
    TwoOperators,
}

/// What evidence shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shows {
    /// That the data are those of a living person.
    Data,
    /// That the holder of the account is that person.
    Holder,
}

impl Source {
    /// Every source.
    pub const ALL: [Self; 8] = [
        Self::Registry,
        Self::ServiceCentre,
        Self::Bank,
        Self::BankRecords,
        Self::Letter,
        Self::Signature,
        Self::Video,
        Self::TwoOperators,
    ];

    /// Its name in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Registry => "registry",
            Self::ServiceCentre => "service_centre",
            Self::Bank => "bank",
            Self::BankRecords => "bank_records",
            Self::Letter => "letter",
            Self::Signature => "signature",
            Self::Video => "video",
            Self::TwoOperators => "two_operators",
        }
    }

    /// The source of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }

    /// What it shows.
    pub const fn shows(self) -> Shows {
        match self {
            Self::Registry | Self::BankRecords | Self::TwoOperators => Shows::Data,
            _ => Shows::Holder,
        }
    }
}

/// A piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Evidence {
    pub source: Source,
    /// The registries, the centre and operator, or the bank that gave it.
    pub given_by: String,
    /// When it was given.
    pub at: Timestamp,
    /// From when on it counts for nothing: a passport replaced, a certificate
    /// over.
    pub expires_at: Option<Timestamp>,
    /// When its source took it back.
    pub withdrawn_at: Option<Timestamp>,
    /// What it covers, as that was.
    pub covers: Facts,
}

/// Without these a check of registries says too little.
pub const CHECK_COVERS: [Attribute; 7] = [
    Attribute::FamilyName,
    Attribute::GivenName,
    Attribute::MiddleName,
    Attribute::BirthDate,
    Attribute::Sex,
    Attribute::Snils,
    Attribute::Passport,
];
/// What a proof of the holder is of: what does not change in a life.
pub const PROOF_OF_HOLDER: [Attribute; 2] = [Attribute::Snils, Attribute::BirthDate];
/// Names and passports change in a life; who holds the account is proven of the
/// number that does not.
const PROOF_COVERS: [Attribute; 1] = [Attribute::Snils];

impl Evidence {
    /// Whether it counts at `now` for a person of these facts.
    fn stands(&self, facts: &Facts, now: Timestamp) -> bool {
        let enough: &[Attribute] = match self.source.shows() {
            Shows::Data => &CHECK_COVERS,
            Shows::Holder => &PROOF_COVERS,
        };
        self.at <= now
            && self.expires_at.is_none_or(|end| now < end)
            && self.withdrawn_at.is_none_or(|end| now < end)
            && self.covers.has(enough)
            && self.covers.hold_in(facts)
    }
}

/// What is known of who a person is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Identity<'a> {
    /// The person said so.
    Declared,
    /// Registries know such a person, or others stand for the data.
    Checked { check: &'a Evidence },
    /// And the holder of the account was shown to be that person.
    Verified {
        check: &'a Evidence,
        proof: &'a Evidence,
    },
}

impl<'a> Identity<'a> {
    /// What `evidence` is worth at `now` for a person of these facts; of
    /// several pieces the newest counts.
    pub fn of(evidence: &'a [Evidence], facts: &Facts, now: Timestamp) -> Self {
        let newest = |shows| {
            evidence
                .iter()
                .filter(|piece| piece.source.shows() == shows && piece.stands(facts, now))
                .max_by_key(|piece| piece.at)
        };
        match (newest(Shows::Data), newest(Shows::Holder)) {
            (None, _) => Self::Declared,
            (Some(check), None) => Self::Checked { check },
            (Some(check), Some(proof)) => Self::Verified { check, proof },
        }
    }

    /// The level it supports.
    pub const fn level(&self) -> Level {
        match self {
            Self::Declared => Level::Simplified,
            Self::Checked { .. } => Level::Standard,
            Self::Verified { .. } => Level::Verified,
        }
    }
}

#[cfg(test)]
mod tests;
