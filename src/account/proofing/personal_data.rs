//! The form of personal data (requirement B1), as they stand in documents.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::account::fields::{
    Check, address_line, birth_date, parse_date, postal_code, sex, snils, utc_day,
};
use crate::account::person::Person;
use crate::account::problem::{Problem, ProblemKind};
use crate::model::evidence::Facts;
use crate::model::inn::{Inn, NotAnInn};
use crate::model::passport::{Passport, parse_department, parse_number};
use crate::model::profile::{Address, Profile};
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DataForm {
    pub family_name: String,
    pub given_name: String,
    /// May stay empty.
    pub middle_name: String,
    /// `male` or `female`.
    pub sex: String,
    pub birth_date: String,
    pub birthplace: String,
    pub snils: String,
    /// Series and number.
    pub passport: String,
    pub issued_on: String,
    pub department_code: String,
    pub issued_by: String,
    /// May stay empty.
    pub inn: String,
    pub postal_code: String,
    pub region: String,
    pub locality: String,
    pub street_address: String,
    /// Ticked: lives where registered, and the four fields after it say nothing.
    pub lives_there: bool,
    pub residence_postal_code: String,
    pub residence_region: String,
    pub residence_locality: String,
    pub residence_street_address: String,
}

/// Personal data that hold together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonalData {
    pub profile: Profile,
    pub snils: Snils,
    /// The address the account had then: one given later is not overwritten.
    pub address_before: Address,
}

impl PersonalData {
    /// What evidence for them covers.
    pub fn facts(&self) -> Facts {
        Facts::of(&self.profile, Some(&self.snils))
    }

    /// When the passport among them ends, if it does.
    pub fn ends_at(&self) -> Option<Timestamp> {
        let passport = self.profile.passport.as_ref();
        passport.and_then(|passport| passport.ends_at(&self.profile.birthdate))
    }

    /// What nobody compares may have been changed since they were sent: that is
    /// kept.
    pub(super) fn keep_newer(&mut self, now: Profile) {
        if now.address != self.address_before {
            self.profile.address = now.address;
        }
        self.profile.zoneinfo = now.zoneinfo;
    }
}

impl DataForm {
    /// The form as it is first shown: what is known.
    pub fn of(person: &Person) -> Self {
        let snils = person.snils.as_ref().map(|snils| snils.value.clone());
        Self::filled(&person.profile, snils.as_ref())
    }

    /// The form with these data.
    pub fn filled(profile: &Profile, snils: Option<&Snils>) -> Self {
        let profile = profile.clone();
        let passport = profile.passport.unwrap_or_default();
        let (address, residence) = (profile.address, profile.residence);
        Self {
            family_name: profile.family_name,
            given_name: profile.given_name,
            middle_name: profile.middle_name,
            sex: profile.gender,
            birth_date: birth_date(&profile.birthdate),
            birthplace: profile.birthplace,
            snils: snils.map(Snils::formatted).unwrap_or_default(),
            passport: if passport.number.is_empty() {
                String::new()
            } else {
                passport.formatted()
            },
            issued_on: birth_date(&passport.issued_on),
            department_code: passport.department_code,
            issued_by: passport.issued_by,
            inn: profile
                .inn
                .map(|inn| inn.as_str().to_owned())
                .unwrap_or_default(),
            postal_code: address.postal_code,
            region: address.region,
            locality: address.locality,
            street_address: address.street_address,
            lives_there: residence.is_empty(),
            residence_postal_code: residence.postal_code,
            residence_region: residence.region,
            residence_locality: residence.locality,
            residence_street_address: residence.street_address,
        }
    }

    /// The form as values, or everything that is wrong with it. What the form
    /// does not ask for is kept from `before`.
    pub(super) fn check(
        &self,
        before: &Person,
        test_series: bool,
        now: Timestamp,
    ) -> Result<PersonalData, Vec<Problem>> {
        let mut check = Check::default();
        let mut profile = before.profile.clone();
        profile.family_name = self.name(&mut check, "family_name", ProblemKind::FamilyNameEmpty);
        profile.given_name = self.name(&mut check, "given_name", ProblemKind::GivenNameEmpty);
        profile.middle_name = check.value("middle_name", cyrillic(&self.middle_name));
        profile.gender = check.value("sex", sex(&self.sex).and_then(required));
        let born = self.date(&mut check, "birth_date", &self.birth_date, now);
        profile.birthdate = text(born);
        profile.birthplace = check.value(
            "birthplace",
            address_line(&self.birthplace).and_then(required),
        );
        let snils = check.value(
            "snils",
            snils(&self.snils).and_then(|snils| snils.map(Some).ok_or(ProblemKind::Required)),
        );
        let confirmed = before.snils.as_ref().filter(|known| known.confirmed);
        if let (Some(snils), Some(known)) = (&snils, confirmed)
            && *snils != known.value
        {
            check.add("snils", ProblemKind::SnilsFixed);
        }
        profile.passport = Some(self.passport(&mut check, born, test_series, now));
        profile.inn = check.value("inn", inn(&self.inn));
        let country = before.profile.address.country.clone();
        profile.address = Address {
            country: if country.is_empty() {
                "RU".to_owned()
            } else {
                country
            },
            postal_code: check.value("postal_code", code(&self.postal_code)),
            region: check.value("region", line(&self.region)),
            locality: check.value("locality", line(&self.locality)),
            street_address: check.value("street_address", line(&self.street_address)),
        };
        profile.residence = if self.lives_there {
            Address::default()
        } else {
            Address {
                country: "RU".to_owned(),
                postal_code: check
                    .value("residence_postal_code", code(&self.residence_postal_code)),
                region: check.value("residence_region", line(&self.residence_region)),
                locality: check.value("residence_locality", line(&self.residence_locality)),
                street_address: check.value(
                    "residence_street_address",
                    line(&self.residence_street_address),
                ),
            }
        };
        let data = snils.map(|snils| PersonalData {
            profile,
            snils,
            address_before: before.profile.address.clone(),
        });
        check
            .passed(data)
            .and_then(|data| data.ok_or_else(|| vec![Problem::of("snils", ProblemKind::Required)]))
    }

    fn name(&self, check: &mut Check, field: &'static str, empty: ProblemKind) -> String {
        let typed = match field {
            "family_name" => &self.family_name,
            _ => &self.given_name,
        };
        let name = cyrillic(typed).and_then(|name| match name.is_empty() {
            true => Err(empty),
            false => Ok(name),
        });
        check.value(field, name)
    }

    fn date(
        &self,
        check: &mut Check,
        field: &'static str,
        typed: &str,
        now: Timestamp,
    ) -> Option<Date> {
        let date = parse_date(typed, now).and_then(required).and_then(|date| {
            date.parse::<Date>()
                .map(Some)
                .map_err(|_| ProblemKind::Date)
        });
        check.value(field, date)
    }

    fn passport(
        &self,
        check: &mut Check,
        born: Option<Date>,
        test_series: bool,
        now: Timestamp,
    ) -> Passport {
        let number = match self.passport.trim() {
            "" => Err(ProblemKind::Required),
            typed => parse_number(typed).map_err(ProblemKind::Passport),
        };
        let (series, number) = check.value("passport", number);
        let issued_on = self.date(check, "issued_on", &self.issued_on, now);
        let department = match self.department_code.trim() {
            "" => Err(ProblemKind::Required),
            typed => parse_department(typed).ok_or(ProblemKind::DepartmentCode),
        };
        let passport = Passport {
            series,
            number,
            issued_on: text(issued_on),
            department_code: check.value("department_code", department),
            issued_by: check.value(
                "issued_by",
                address_line(&self.issued_by).and_then(required),
            ),
        };
        if let Some(issued_on) = issued_on {
            if check.is_sound("passport")
                && let Err(wrong) = passport.check_series(issued_on, test_series)
            {
                check.add("passport", ProblemKind::Passport(wrong));
            }
            if let Some(born) = born
                && let Err(wrong) = Passport::check_dates(issued_on, born, utc_day(now))
            {
                check.add("issued_on", ProblemKind::Passport(wrong));
            }
        }
        passport
    }
}

/// A name as passports of Russia have it.
pub(super) fn cyrillic(typed: &str) -> Result<String, ProblemKind> {
    let name = crate::account::names::parse(typed)?;
    let foreign = |c: char| c.is_alphabetic() && !matches!(c, '\u{400}'..='\u{52f}');
    if name.chars().any(foreign) {
        return Err(ProblemKind::NameCyrillic);
    }
    Ok(name)
}

fn required(value: String) -> Result<String, ProblemKind> {
    if value.is_empty() {
        return Err(ProblemKind::Required);
    }
    Ok(value)
}

fn code(typed: &str) -> Result<String, ProblemKind> {
    postal_code(typed).and_then(required)
}

fn line(typed: &str) -> Result<String, ProblemKind> {
    address_line(typed).and_then(required)
}

fn inn(typed: &str) -> Result<Option<Inn>, ProblemKind> {
    match typed.trim() {
        "" => Ok(None),
        typed => Inn::parse(typed).map(Some).map_err(|wrong| match wrong {
            NotAnInn::Digits => ProblemKind::InnDigits,
            NotAnInn::CheckSum => ProblemKind::InnSum,
        }),
    }
}

fn text(date: Option<Date>) -> String {
    date.map(|date| date.to_string()).unwrap_or_default()
}
