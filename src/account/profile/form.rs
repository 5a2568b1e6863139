//! The form of what citizens say of themselves.

use crate::account::fields::{
    Check, address_line, birth_date, parse_date, postal_code, sex, snils,
};
use crate::account::person::Person;
use crate::account::problem::{Problem, ProblemKind};
use crate::model::profile::{Address, Profile};
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;

/// What was typed; every field may stay empty but the first two.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileForm {
    pub family_name: String,
    pub given_name: String,
    pub middle_name: String,
    /// `24.03.1990`, or as browsers write dates.
    pub birth_date: String,
    /// `male`, `female` or empty.
    pub sex: String,
    /// In any notation.
    pub snils: String,
    pub postal_code: String,
    pub region: String,
    pub locality: String,
    pub street_address: String,
}

impl ProfileForm {
    /// The form as it is first shown.
    pub fn of(person: &Person) -> Self {
        let profile = person.profile.clone();
        let address = profile.address;
        Self {
            family_name: profile.family_name,
            given_name: profile.given_name,
            middle_name: profile.middle_name,
            birth_date: birth_date(&profile.birthdate),
            sex: profile.gender,
            snils: person
                .snils
                .as_ref()
                .map(|snils| snils.value.formatted())
                .unwrap_or_default(),
            postal_code: address.postal_code,
            region: address.region,
            locality: address.locality,
            street_address: address.street_address,
        }
    }

    /// The address of this form, and what is known of everything else.
    pub(super) fn only_address(&self, person: &Person) -> Self {
        let form = self.clone();
        Self {
            postal_code: form.postal_code,
            region: form.region,
            locality: form.locality,
            street_address: form.street_address,
            ..Self::of(person)
        }
    }

    /// The form as values, or everything that is wrong with it.
    pub(super) fn check(
        &self,
        before: &Profile,
        now: Timestamp,
    ) -> Result<(Profile, Option<Snils>), Vec<Problem>> {
        let mut check = Check::default();
        let profile = Profile {
            family_name: check.name(
                "family_name",
                &self.family_name,
                Some(ProblemKind::FamilyNameEmpty),
            ),
            given_name: check.name(
                "given_name",
                &self.given_name,
                Some(ProblemKind::GivenNameEmpty),
            ),
            middle_name: check.name("middle_name", &self.middle_name, None),
            birthdate: check.value("birth_date", parse_date(&self.birth_date, now)),
            gender: check.value("sex", sex(&self.sex)),
            address: Address {
                postal_code: check.value("postal_code", postal_code(&self.postal_code)),
                region: check.value("region", address_line(&self.region)),
                locality: check.value("locality", address_line(&self.locality)),
                street_address: check.value("street_address", address_line(&self.street_address)),
                country: before.address.country.clone(),
            },
            ..before.clone()
        };
        let snils = check.value("snils", snils(&self.snils));
        check.passed((profile, snils))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 22:00 UTC.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_298_400);

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let form = ProfileForm {
            family_name: "Соколова".to_owned(),
            birth_date: "31.02.1990".to_owned(),
            sex: "other".to_owned(),
            snils: "112-233-445 96".to_owned(),
            postal_code: "12345".to_owned(),
            region: "x".repeat(201),
            locality: "a\u{202e}b".to_owned(),
            ..ProfileForm::default()
        };
        let problems = form.check(&Profile::default(), NOW).unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field).collect();
        assert_eq!(
            fields,
            [
                "given_name",
                "birth_date",
                "sex",
                "postal_code",
                "region",
                "locality",
                "snils"
            ]
        );
    }
}
