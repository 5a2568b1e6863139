//! The form of what citizens say of themselves.

use unicode_normalization::UnicodeNormalization as _;

use crate::account::names;
use crate::account::person::Person;
use crate::account::problem::{Problem, ProblemKind};
use crate::model::digits::plain_digits;
use crate::model::profile::{Address, Profile};
use crate::model::snils::{NotASnils, Snils};
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

/// Most characters of a line of an address.
const LONGEST: usize = 200;
/// Nobody alive was born before.
const EARLIEST_YEAR: i16 = 1900;

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
            gender: check.value(
                "sex",
                match self.sex.trim() {
                    sex @ ("" | "male" | "female") => Ok(sex.to_owned()),
                    _ => Err(ProblemKind::Sex),
                },
            ),
            address: Address {
                postal_code: check.value("postal_code", postal_code(&self.postal_code)),
                region: check.value("region", line(&self.region)),
                locality: check.value("locality", line(&self.locality)),
                street_address: check.value("street_address", line(&self.street_address)),
                country: before.address.country.clone(),
            },
            zoneinfo: before.zoneinfo.clone(),
        };
        let snils = check.value(
            "snils",
            match self.snils.trim() {
                "" => Ok(None),
                text => Snils::parse(text).map(Some).map_err(|wrong| match wrong {
                    NotASnils::Digits => ProblemKind::SnilsDigits,
                    NotASnils::CheckSum => ProblemKind::SnilsSum,
                }),
            },
        );
        if check.0.is_empty() {
            Ok((profile, snils))
        } else {
            Err(check.0)
        }
    }
}

#[derive(Default)]
struct Check(Vec<Problem>);

impl Check {
    fn value<T: Default>(&mut self, field: &'static str, value: Result<T, ProblemKind>) -> T {
        value.unwrap_or_else(|kind| {
            self.0.push(Problem::of(field, kind));
            T::default()
        })
    }

    fn name(&mut self, field: &'static str, text: &str, empty: Option<ProblemKind>) -> String {
        let parsed = names::parse(text).and_then(|name| match empty {
            Some(kind) if name.is_empty() => Err(kind),
            _ => Ok(name),
        });
        self.value(field, parsed)
    }
}

/// A stored date as people write it.
pub fn birth_date(stored: &str) -> String {
    stored
        .parse::<jiff::civil::Date>()
        .map(|date| date.strftime("%d.%m.%Y").to_string())
        .unwrap_or_default()
}

fn parse_date(text: &str, now: Timestamp) -> Result<String, ProblemKind> {
    let text: String = text.nfkc().take(32).collect();
    let text = text.trim();
    if text.is_empty() {
        return Ok(String::new());
    }
    let fields: Vec<&str> = text.split(['.', '/', '-']).collect();
    let [first, month, last] = fields[..] else {
        return Err(ProblemKind::Date);
    };
    let (day, year) = if first.len() == 4 {
        (last, first)
    } else {
        (first, last)
    };
    let number = |text: &str, longest: usize| {
        let digits =
            !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse::<i16>().ok())
            .flatten()
            .ok_or(ProblemKind::Date)
    };
    if year.len() != 4 {
        return Err(ProblemKind::Date);
    }
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let small = |n: i16| i8::try_from(n).map_err(|_| ProblemKind::Date);
    let date =
        jiff::civil::Date::new(year, small(month)?, small(day)?).map_err(|_| ProblemKind::Date)?;
    // In the east of the country the day has begun while UTC has yesterday.
    let east = jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(12));
    let today = jiff::Timestamp::from_millisecond(now.millis())
        .map_err(|_| ProblemKind::Date)?
        .to_zoned(east)
        .date();
    match date {
        date if date > today => Err(ProblemKind::DateInFuture),
        date if date.year() < EARLIEST_YEAR => Err(ProblemKind::DateTooEarly),
        date => Ok(date.to_string()),
    }
}

fn postal_code(text: &str) -> Result<String, ProblemKind> {
    let digits = plain_digits(text).ok_or(ProblemKind::PostalCode)?;
    match digits.len() {
        0 | 6 => Ok(digits),
        _ => Err(ProblemKind::PostalCode),
    }
}

/// A line of an address: no control and no direction marks.
fn line(text: &str) -> Result<String, ProblemKind> {
    if text.chars().count() > LONGEST {
        return Err(ProblemKind::TooLong(LONGEST as u64));
    }
    let strange = |c: char| {
        (c.is_control() && !c.is_whitespace())
            || matches!(c, '<' | '>' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().any(strange) {
        return Err(ProblemKind::Value);
    }
    let text: String = text.nfc().collect();
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 22:00 UTC.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_298_400);

    #[test]
    fn dates_are_read_as_people_and_browsers_write_them() {
        for text in [
            "24.03.1990",
            "24.3.1990",
            " 24/03/1990 ",
            "1990-03-24",
            "２４.03.1990",
        ] {
            assert_eq!(parse_date(text, NOW).as_deref(), Ok("1990-03-24"), "{text}");
        }
        for text in [
            "31.02.1990",
            "24.03.90",
            "24.03",
            "a.b.c",
            "24.03.19900",
            "1990-3",
            "--",
            "+1.1.1990",
        ] {
            assert_eq!(parse_date(text, NOW), Err(ProblemKind::Date), "{text}");
        }
        assert_eq!(parse_date("22.11.2026", NOW).as_deref(), Ok("2026-11-22"));
        assert_eq!(
            parse_date("23.11.2026", NOW),
            Err(ProblemKind::DateInFuture)
        );
        assert_eq!(
            parse_date("31.12.1899", NOW),
            Err(ProblemKind::DateTooEarly)
        );
        assert_eq!(birth_date("1990-03-24"), "24.03.1990");
    }

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
