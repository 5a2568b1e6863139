//! What a bank says of its client, read by the names of its configuration. A
//! claim that is there and makes no sense is a refusal, never a silent gap.

use jiff::civil::Date;
use serde_json::{Map, Value};

use super::refused::BankRefused;
use super::settings::ClaimNames;
use crate::account::fields::{address_line, parse_date, utc_day};
use crate::account::problem::ProblemKind;
use crate::account::proofing::personal_data::cyrillic;
use crate::model::email::Email;
use crate::model::inn::Inn;
use crate::model::passport::{Passport, parse_department, parse_number};
use crate::model::phone::Phone;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;

const MALFORMED: BankRefused = BankRefused::Check("claims");

/// What was read.
#[derive(Debug, Default)]
pub struct Read {
    pub profile: Profile,
    pub snils: Option<Snils>,
    pub phone: Option<Phone>,
    pub email: Option<Email>,
}

/// Reads the claims of an ID token and userinfo.
pub fn read(
    claims: &Map<String, Value>,
    names: &ClaimNames,
    now: Timestamp,
) -> Result<Read, BankRefused> {
    let text = |name: &str| match claims.get(name) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text.trim()),
        Some(_) => Err(MALFORMED),
    };
    let name = |claim: &str| {
        let name = cyrillic(text(claim)?).map_err(|_| MALFORMED)?;
        Ok::<_, BankRefused>(as_written(&name))
    };
    let birthdate = date(text(&names.birthdate)?, now)?;
    let given = |claim: &str| text(claim).map(|text| Some(text).filter(|text| !text.is_empty()));
    let confirmed = |claim: &str| claims.get(claim) == Some(&Value::Bool(true));
    let profile = Profile {
        family_name: name(&names.family_name)?,
        given_name: name(&names.given_name)?,
        middle_name: name(&names.middle_name)?,
        gender: match text(&names.gender)? {
            sex @ ("" | "male" | "female") => sex.to_owned(),
            _ => return Err(MALFORMED),
        },
        passport: match claims.get(&names.passport) {
            None | Some(Value::Null) => None,
            Some(Value::Object(passport)) => Some(self::passport(passport, &birthdate, now)?),
            Some(_) => return Err(MALFORMED),
        },
        inn: match given(&names.inn)? {
            None => None,
            Some(inn) => Some(Inn::parse(inn).map_err(|_| MALFORMED)?),
        },
        birthdate,
        ..Profile::default()
    };
    Ok(Read {
        profile,
        snils: match given(&names.snils)? {
            None => None,
            Some(snils) => Some(Snils::parse(snils).map_err(|_| MALFORMED)?),
        },
        // A landline, say, is no reason to turn anybody away.
        phone: given(&names.phone)?
            .filter(|_| confirmed(&names.phone_verified))
            .and_then(|phone| Phone::parse(phone).ok()),
        email: given(&names.email)?
            .filter(|_| confirmed(&names.email_verified))
            .and_then(Email::parse),
    })
}

fn date(text: &str, now: Timestamp) -> Result<String, BankRefused> {
    parse_date(text, now).map_err(|_| MALFORMED)
}

fn passport(
    claims: &Map<String, Value>,
    birthdate: &str,
    now: Timestamp,
) -> Result<Passport, BankRefused> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default();
    let digits = format!("{} {}", text("series"), text("number"));
    let (series, number) = parse_number(&digits).map_err(|_| MALFORMED)?;
    let issued_on = date(text("issued_on"), now)?;
    let day = |text: &str| text.parse::<Date>().map_err(|_| MALFORMED);
    let issued = day(&issued_on)?;
    if !birthdate.is_empty()
        && Passport::check_dates(issued, day(birthdate)?, utc_day(now)).is_err()
    {
        return Err(MALFORMED);
    }
    let line = |text: &str| address_line(text).map_err(|_: ProblemKind| MALFORMED);
    Ok(Passport {
        series,
        number,
        issued_on,
        department_code: parse_department(text("department_code")).ok_or(MALFORMED)?,
        issued_by: line(text("issued_by"))?,
    })
}

/// Banks keep names in capitals; people do not.
fn as_written(name: &str) -> String {
    if name.chars().any(char::is_lowercase) {
        return name.to_owned();
    }
    let mut begins = true;
    let mut written = String::with_capacity(name.len());
    for letter in name.chars() {
        if begins {
            written.push(letter);
        } else {
            written.extend(letter.to_lowercase());
        }
        begins = !letter.is_alphabetic();
    }
    written
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_774_342_800);

    fn of(claims: Value) -> Result<Read, BankRefused> {
        read(claims.as_object().unwrap(), &ClaimNames::default(), NOW)
    }

    #[test]
    fn claims_are_read_in_any_notation() {
        let read = of(json!({
            "family_name": "САЛТЫКОВА-ЩЕДРИНА", "given_name": "Анна",
            "birthdate": "1990-03-24", "gender": "female", "snils": "112-233-445 95",
            "inn": "500100732259", "phone_number": "+79005550101",
            "phone_number_verified": true, "email": "a@example.ru",
            "passport": { "series": "00 01", "number": "000300", "issued_on": "2010-04-20",
                          "department_code": "340001", "issued_by": "ОВД" },
        }))
        .unwrap();
        assert_eq!(read.profile.family_name, "Салтыкова-Щедрина");
        assert_eq!(read.profile.middle_name, "");
        assert_eq!(read.profile.passport.unwrap().department_code, "340-001");
        assert!(read.phone.is_some());
        // Nobody has confirmed this one.
        assert_eq!(read.email, None);
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for claims in [
            json!({ "snils": "112-233-445 96" }),
            json!({ "inn": "1" }),
            json!({ "birthdate": "2990-01-01" }),
            json!({ "birthdate": 19_900_324 }),
            json!({ "gender": "f" }),
            json!({ "family_name": "Smith" }),
            json!({ "given_name": "<b>" }),
            json!({ "passport": "0001 000300" }),
            json!({ "passport": { "series": "0001", "number": "1" } }),
        ] {
            assert!(of(claims.clone()).is_err(), "{claims}");
        }
    }
}
