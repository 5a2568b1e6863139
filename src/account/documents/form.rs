//! What is typed of a document, and what can be wrong with it.

use serde::{Deserialize, Serialize};

use super::DocumentKind;
use crate::account::fields::{Check, address_line, any_date, birth_date, parse_date};
use crate::account::problem::{Problem, ProblemKind};
use crate::model::timestamp::Timestamp;

/// What registries compare, by the names of the form.
pub const FIELDS: [&str; 4] = ["number", "issued_on", "issued_by", "expires_on"];

/// A document as it is printed; dates `YYYY-MM-DD`, empty for none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentData {
    /// Series and number.
    pub number: String,
    pub issued_on: String,
    pub issued_by: String,
    pub expires_on: String,
}

/// The form as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DocumentForm {
    pub number: String,
    pub issued_on: String,
    pub issued_by: String,
    pub expires_on: String,
}

impl DocumentForm {
    /// The form filled in with these data.
    pub fn filled(data: &DocumentData) -> Self {
        Self {
            number: data.number.clone(),
            issued_on: birth_date(&data.issued_on),
            issued_by: data.issued_by.clone(),
            expires_on: birth_date(&data.expires_on),
        }
    }

    pub(super) fn check(
        &self,
        kind: &DocumentKind,
        now: Timestamp,
    ) -> Result<DocumentData, Vec<Problem>> {
        let mut check = Check::default();
        let required = |text: String| match text.as_str() {
            "" => Err(ProblemKind::Required),
            _ => Ok(text),
        };
        let number = match self.number.trim() {
            "" => Err(ProblemKind::Required),
            typed => (kind.number)(typed).ok_or(ProblemKind::DocumentNumber(kind.number_problem)),
        };
        let number = check.value("number", number);
        let issued_on = parse_date(&self.issued_on, now).and_then(required);
        let issued_on = check.value("issued_on", issued_on);
        let issued_by = address_line(&self.issued_by).and_then(required);
        let issued_by = check.value("issued_by", issued_by);
        let expires_on = if kind.ends {
            let date = any_date(&self.expires_on).and_then(|date| {
                let date = date.ok_or(ProblemKind::Required)?.to_string();
                // Both are of one form: the order of texts is that of days.
                (issued_on < date)
                    .then_some(date)
                    .ok_or(ProblemKind::DateBeforeIssue)
            });
            check.value("expires_on", date)
        } else {
            String::new()
        };
        check.passed(DocumentData {
            number,
            issued_on,
            issued_by,
            expires_on,
        })
    }
}
