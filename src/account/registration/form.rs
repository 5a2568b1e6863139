//! The form a registration begins with.

use crate::account::names;
use crate::account::problem::{Problem, ProblemKind};
use crate::model::email::Email;
use crate::model::identifier::Identifier;
use crate::model::phone::{NotAPhone, Phone};
use crate::model::profile::Profile;

/// What was typed.
#[derive(Clone, Debug, Default)]
pub struct RegistrationForm {
    pub family_name: String,
    pub given_name: String,
    /// May stay empty.
    pub middle_name: String,
    /// A mobile phone or an e-mail address.
    pub contact: String,
    /// The user agreement is ticked.
    pub terms: bool,
    /// The personal-data policy is ticked.
    pub privacy: bool,
}

impl RegistrationForm {
    /// The form as values, or everything that is wrong with it.
    pub(super) fn check(&self) -> Result<(Profile, Identifier), Vec<Problem>> {
        let mut problems = Vec::new();
        let mut name = |field, text: &str, empty: Option<ProblemKind>| {
            let name = names::parse(text).unwrap_or_else(|kind| {
                problems.push(Problem::of(field, kind));
                "?".to_owned()
            });
            if let (true, Some(kind)) = (name.is_empty(), empty) {
                problems.push(Problem::of(field, kind));
            }
            name
        };
        let profile = Profile {
            family_name: name(
                "family_name",
                &self.family_name,
                Some(ProblemKind::FamilyNameEmpty),
            ),
            given_name: name(
                "given_name",
                &self.given_name,
                Some(ProblemKind::GivenNameEmpty),
            ),
            middle_name: name("middle_name", &self.middle_name, None),
            ..Profile::default()
        };
        let contact = parse_contact(&self.contact)
            .map_err(|kind| problems.push(Problem::of("contact", kind)));
        if !self.terms {
            problems.push(Problem::of("terms", ProblemKind::TermsUnticked));
        }
        if !self.privacy {
            problems.push(Problem::of("privacy", ProblemKind::PrivacyUnticked));
        }
        match contact {
            Ok(contact) if problems.is_empty() => Ok((profile, contact)),
            _ => Err(problems),
        }
    }
}

/// A contact that codes can be sent to.
pub(in crate::account) fn parse_contact(text: &str) -> Result<Identifier, ProblemKind> {
    if text.trim().is_empty() {
        return Err(ProblemKind::ContactEmpty);
    }
    if let Some(email) = Email::parse(text) {
        return Ok(Identifier::Email(email));
    }
    match Phone::parse(text) {
        Ok(phone) => Ok(Identifier::Phone(phone)),
        Err(NotAPhone::Landline) => Err(ProblemKind::Landline),
        Err(NotAPhone::Unreadable) => Err(ProblemKind::Contact),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let problems = RegistrationForm {
            given_name: "<b>".to_owned(),
            contact: "+7 495 123-45-67".to_owned(),
            privacy: true,
            ..RegistrationForm::default()
        }
        .check()
        .unwrap_err();
        let found: Vec<_> = problems
            .iter()
            .map(|problem| (problem.field, problem.kind))
            .collect();
        assert_eq!(
            found,
            [
                ("family_name", ProblemKind::FamilyNameEmpty),
                ("given_name", ProblemKind::NameLetters),
                ("contact", ProblemKind::Landline),
                ("terms", ProblemKind::TermsUnticked),
            ]
        );
    }
}
