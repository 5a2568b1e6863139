//! What an assertion would change in an account: nothing that is known is
//! overwritten, and whatever differs is named.

use super::Asserted;
use crate::account::Accounts;
use crate::account::person::{Owner, Person};
use crate::error::Result;
use crate::model::evidence::{Attribute, CHECK_COVERS, Facts, PROOF_OF_HOLDER, Source};
use crate::model::level::Level;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;
use crate::storage::EvidenceRecord;

/// How an assertion compares to what is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// What is otherwise here: with any of it, nothing is done.
    pub mismatches: Vec<Attribute>,
    /// What is not known here and would be added.
    pub adds: Vec<Attribute>,
    /// Whether it proves anything, or only links.
    pub proves: bool,
}

/// What is known of a person, or of nobody yet.
pub(super) struct Known<'a> {
    pub profile: &'a Profile,
    pub snils: Option<&'a Snils>,
    pub level: Level,
}

/// What is to be stored.
pub(super) struct Plan {
    pub comparison: Comparison,
    pub profile: Profile,
    /// The SNILS that is confirmed by it.
    pub confirms: Option<Snils>,
    /// Evidence: source, what it covers, until when.
    evidence: Vec<(Source, Facts, Option<Timestamp>)>,
}

impl<'a> Known<'a> {
    pub fn of(person: &'a Person, now: Timestamp) -> Self {
        Self {
            profile: &person.profile,
            snils: person.snils.as_ref().map(|snils| &snils.value),
            level: person.level(now),
        }
    }

    /// Whether an attribute is known. A patronymic that is missing says something
    /// only once the data were checked.
    fn has(&self, attribute: Attribute) -> bool {
        let profile = self.profile;
        match attribute {
            Attribute::FamilyName => !profile.family_name.is_empty(),
            Attribute::GivenName => !profile.given_name.is_empty(),
            Attribute::MiddleName => {
                !profile.middle_name.is_empty() || self.level > Level::Simplified
            }
            Attribute::BirthDate => !profile.birthdate.is_empty(),
            Attribute::Sex => !profile.gender.is_empty(),
            Attribute::Snils => self.snils.is_some(),
            Attribute::Passport => profile.passport.is_some(),
            Attribute::Inn => profile.inn.is_some(),
        }
    }

    fn agrees(&self, asserted: &Asserted, attribute: Attribute) -> bool {
        let (known, given) = (self.profile, &asserted.profile);
        match attribute {
            Attribute::FamilyName => same(&known.family_name, &given.family_name),
            Attribute::GivenName => same(&known.given_name, &given.given_name),
            Attribute::MiddleName => same(&known.middle_name, &given.middle_name),
            Attribute::BirthDate => known.birthdate == given.birthdate,
            Attribute::Sex => known.gender == given.gender,
            Attribute::Snils => self.snils == asserted.snils.as_ref(),
            Attribute::Passport => {
                let number = |profile: &Profile| profile.passport.as_ref().map(|of| of.fact());
                number(known) == number(given)
            }
            Attribute::Inn => known.inn == given.inn,
        }
    }
}

/// Names are written in capitals by some, and ё without its dots.
fn same(one: &str, other: &str) -> bool {
    let plain = |name: &str| name.to_lowercase().replace('ё', "е");
    plain(one) == plain(other)
}

impl Plan {
    pub fn of(asserted: &Asserted, known: &Known<'_>, now: Timestamp) -> Self {
        let attributes = asserted.attributes();
        let (here, new): (Vec<_>, Vec<_>) = attributes
            .iter()
            .copied()
            .partition(|attribute| known.has(*attribute));
        let mismatches: Vec<_> = here
            .into_iter()
            .filter(|attribute| !known.agrees(asserted, *attribute))
            .collect();
        let given = &asserted.profile;
        let passport = given.passport.as_ref();
        let ends_at = passport.and_then(|passport| passport.ends_at(&given.birthdate));
        let is_complete = CHECK_COVERS
            .iter()
            .all(|wanted| attributes.contains(wanted));
        let records =
            asserted.attests.records && is_complete && ends_at.is_none_or(|end| now < end);
        let mut plan = Self {
            comparison: Comparison {
                mismatches,
                adds: Vec::new(),
                proves: false,
            },
            profile: known.profile.clone(),
            confirms: None,
            evidence: Vec::new(),
        };
        if !plan.comparison.mismatches.is_empty() {
            return plan;
        }
        if records {
            for attribute in &new {
                fill(&mut plan.profile, given, *attribute);
            }
            plan.comparison.adds = new;
            let facts = Facts::of(&plan.profile, asserted.snils.as_ref());
            let covers = facts.only(&attributes);
            plan.evidence.push((Source::BankRecords, covers, ends_at));
            plan.confirms.clone_from(&asserted.snils);
        }
        if asserted.attests.holder && asserted.snils.is_some() {
            let held: Vec<_> = PROOF_OF_HOLDER
                .into_iter()
                .filter(|attribute| attributes.contains(attribute))
                .collect();
            let covers = Facts::of(given, asserted.snils.as_ref()).only(&held);
            let source = asserted.by.channel.source();
            plan.evidence.push((source, covers, asserted.expires_at));
        }
        plan.comparison.proves = !plan.evidence.is_empty();
        plan
    }
}

fn fill(profile: &mut Profile, given: &Profile, attribute: Attribute) {
    match attribute {
        Attribute::FamilyName => profile.family_name.clone_from(&given.family_name),
        Attribute::GivenName => profile.given_name.clone_from(&given.given_name),
        Attribute::MiddleName => profile.middle_name.clone_from(&given.middle_name),
        Attribute::BirthDate => profile.birthdate.clone_from(&given.birthdate),
        Attribute::Sex => profile.gender.clone_from(&given.gender),
        Attribute::Passport => profile.passport.clone_from(&given.passport),
        Attribute::Inn => profile.inn.clone_from(&given.inn),
        // A contact, not a part of the profile.
        Attribute::Snils => {}
    }
}

impl Accounts {
    /// The evidence of a plan, to be written down.
    pub(super) fn evidence_of_plan(
        &self,
        owner: &Owner,
        asserted: &Asserted,
        plan: &Plan,
        now: Timestamp,
    ) -> Result<Vec<EvidenceRecord>> {
        let record = |(source, covers, expires_at): &(Source, Facts, Option<Timestamp>)| {
            let given_by = asserted.by.given_by.clone();
            self.evidence(owner, *source, given_by, covers, *expires_at, now)
        };
        plan.evidence.iter().map(record).collect()
    }
}
