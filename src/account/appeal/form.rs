//! The form: what is read of each field, and what can be wrong with it.

use crate::account::fields::{Check, parse_date, snils};
use crate::account::problem::{Problem, ProblemKind};
use crate::model::inn::{Inn, NotAnInn};
use crate::model::passport::{Passport, parse_number};
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::model::timestamp::Timestamp;

/// Most characters of the free text.
const LONGEST_TEXT: usize = 1000;

/// What was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppealForm {
    pub family_name: String,
    pub given_name: String,
    /// May stay empty.
    pub middle_name: String,
    pub birth_date: String,
    pub snils: String,
    /// Series and number.
    pub passport: String,
    /// May stay empty.
    pub inn: String,
    /// May stay empty.
    pub text: String,
    /// Agreed that the photographs are processed.
    pub consents: bool,
}

/// What a sound form says.
pub(super) struct Said {
    pub profile: Profile,
    pub snils: Snils,
    pub text: String,
}

impl AppealForm {
    /// What it says, and everything that is wrong with it.
    pub(super) fn check(&self, now: Timestamp) -> Result<Said, Vec<Problem>> {
        let mut check = Check::default();
        let (family, given) = (ProblemKind::FamilyNameEmpty, ProblemKind::GivenNameEmpty);
        let family_name = check.name("family_name", &self.family_name, Some(family));
        let given_name = check.name("given_name", &self.given_name, Some(given));
        let middle_name = check.name("middle_name", &self.middle_name, None);
        let birthdate = parse_date(&self.birth_date, now).and_then(|date| match date.is_empty() {
            true => Err(ProblemKind::Required),
            false => Ok(date),
        });
        let birthdate = check.value("birth_date", birthdate);
        let number = snils(&self.snils).and_then(|one| one.ok_or(ProblemKind::Required));
        let number = check.value("snils", number.map(Some));
        let passport = match self.passport.trim() {
            "" => Err(ProblemKind::Required),
            typed => parse_number(typed).map_err(ProblemKind::Passport),
        };
        let (series, passport) = check.value("passport", passport);
        let inn = match self.inn.trim() {
            "" => Ok(None),
            typed => Inn::parse(typed).map(Some).map_err(|wrong| match wrong {
                NotAnInn::Digits => ProblemKind::InnDigits,
                NotAnInn::CheckSum => ProblemKind::InnSum,
            }),
        };
        let inn = check.value("inn", inn);
        let text = check.value("appeal_text", clean(&self.text));
        if !self.consents {
            check.add("photographs_consent", ProblemKind::ConsentUnticked);
        }
        let profile = Profile {
            family_name,
            given_name,
            middle_name,
            birthdate,
            passport: Some(Passport {
                series,
                number: passport,
                ..Passport::default()
            }),
            inn,
            ..Profile::default()
        };
        check.passed((profile, number, text)).and_then(|read| {
            let (profile, snils, text) = read;
            let snils = snils.ok_or_else(|| vec![Problem::of("snils", ProblemKind::Required)])?;
            Ok(Said {
                profile,
                snils,
                text,
            })
        })
    }
}

/// Words without control characters but line ends.
fn clean(text: &str) -> Result<String, ProblemKind> {
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let plain = |c: &char| matches!(c, '\n' | '\t') || !c.is_control();
    let text: String = text.chars().filter(plain).collect();
    let text = text.trim();
    match text.chars().count() {
        0..=LONGEST_TEXT => Ok(text.to_owned()),
        _ => Err(ProblemKind::TooLong(LONGEST_TEXT as u64)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named_and_what_is_right_is_read() {
        let empty = AppealForm::default().check(Timestamp::from_seconds(1_774_342_800));
        let fields: Vec<_> = empty.err().unwrap().iter().map(|one| one.field).collect();
        assert_eq!(
            fields,
            [
                "family_name",
                "given_name",
                "birth_date",
                "snils",
                "passport",
                "photographs_consent"
            ]
        );
        let form = AppealForm {
            family_name: " Соколова ".to_owned(),
            given_name: "Анна".to_owned(),
            birth_date: "24.03.1990".to_owned(),
            snils: "112-233-445 95".to_owned(),
            passport: "18 10 № 123456".to_owned(),
            text: "потеряла\r\nтелефон\u{7}".to_owned(),
            consents: true,
            ..AppealForm::default()
        };
        let said = form
            .check(Timestamp::from_seconds(1_774_342_800))
            .ok()
            .unwrap();
        assert_eq!(said.profile.birthdate, "1990-03-24");
        assert_eq!(said.profile.passport.unwrap().number, "123456");
        assert_eq!(said.text, "потеряла\nтелефон");
    }
}
