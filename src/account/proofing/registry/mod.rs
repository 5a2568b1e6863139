//! State registries, as far as we ask them: does a person with these data
//! exist? Which registries there are is the table [`REGISTRIES`]; how they are
//! reached is an adapter.

mod remote;
mod simulated;

use futures_util::future::BoxFuture;

pub use remote::{HttpRegistry, HttpRegistrySettings};
pub use simulated::Simulated;

use super::PersonalData;
use crate::account::documents::DocumentData;
use crate::model::evidence::Attribute;
use crate::model::profile::Profile;

/// A registry we ask.
#[derive(Debug)]
pub struct RegistryRow {
    /// Its name in the database, in adapters and in text keys `registry-…`.
    pub name: &'static str,
    /// The outbox channel of questions to it: each has a lane of its own, so
    /// that one that hangs delays none of the others.
    pub channel: &'static str,
    /// What it compares.
    pub compares: &'static [Attribute],
    /// Whether it has anything to say about these data.
    pub knows: fn(&PersonalData) -> bool,
}

/// Every registry, in the order pages show them.
pub const REGISTRIES: &[RegistryRow] = &[
    RegistryRow {
        name: "passports",
        channel: "registry_passports",
        compares: &[
            Attribute::FamilyName,
            Attribute::GivenName,
            Attribute::MiddleName,
            Attribute::BirthDate,
            Attribute::Sex,
            Attribute::Passport,
        ],
        knows: |_| true,
    },
    RegistryRow {
        name: "pension_fund",
        channel: "registry_pension_fund",
        compares: &[
            Attribute::FamilyName,
            Attribute::GivenName,
            Attribute::MiddleName,
            Attribute::BirthDate,
            Attribute::Snils,
        ],
        knows: |_| true,
    },
    RegistryRow {
        name: "tax_service",
        channel: "registry_tax_service",
        compares: &[
            Attribute::FamilyName,
            Attribute::GivenName,
            Attribute::MiddleName,
            Attribute::BirthDate,
            Attribute::Inn,
        ],
        knows: |data| data.profile.inn.is_some(),
    },
];

/// The registry of this name.
pub fn find_registry(name: &str) -> Option<&'static RegistryRow> {
    REGISTRIES.iter().find(|row| row.name == name)
}

/// A question to a registry.
pub struct Question<'a> {
    pub registry: &'static RegistryRow,
    /// Names the question: a repeat has the same, so that the other side can
    /// tell.
    pub id: &'a str,
    pub data: &'a PersonalData,
}

/// A question about a document that is no part of the personal data.
pub struct DocumentQuestion<'a> {
    /// Names the question, as above.
    pub id: &'a str,
    /// The kind of document, by its name.
    pub kind: &'static str,
    /// Who says to hold it.
    pub holder: &'a Profile,
    pub data: &'a DocumentData,
}

/// The attributes that do not match; none of them is a match.
pub type Mismatch = Vec<Attribute>;

/// A registry did not answer, and why: no personal data in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unavailable(pub String);

/// A way to ask registries.
pub trait Registry: Send + Sync {
    /// Asks one of them.
    fn ask<'a>(&'a self, question: Question<'a>) -> BoxFuture<'a, Result<Mismatch, Unavailable>>;

    /// Asks about a document: which of its fields do not match
    /// ([`crate::account::documents::FIELDS`]).
    fn ask_document<'a>(
        &'a self,
        question: DocumentQuestion<'a>,
    ) -> BoxFuture<'a, Result<Vec<&'static str>, Unavailable>>;

    /// Whether passports of the test series (`000…`) exist here.
    fn has_test_people(&self) -> bool {
        false
    }

    /// Whether there is anybody to ask.
    fn is_there(&self) -> bool {
        true
    }
}

/// No registry is configured: nothing can be checked.
#[derive(Debug)]
pub struct NoRegistry;

impl Registry for NoRegistry {
    fn ask<'a>(&'a self, _: Question<'a>) -> BoxFuture<'a, Result<Mismatch, Unavailable>> {
        Box::pin(async { Err(Unavailable("no registry is configured".to_owned())) })
    }

    fn ask_document<'a>(
        &'a self,
        _: DocumentQuestion<'a>,
    ) -> BoxFuture<'a, Result<Vec<&'static str>, Unavailable>> {
        Box::pin(async { Err(Unavailable("no registry is configured".to_owned())) })
    }

    fn is_there(&self) -> bool {
        false
    }
}
