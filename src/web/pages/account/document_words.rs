//! Documents in words.

use crate::account::documents::DocumentState;
use crate::texts::{Texts, key};
use crate::web::page::Badge;

/// What a kind of document is called; one that a newer version of the program
/// knows is shown by its name.
pub fn document_kind(texts: Texts, kind: &str) -> String {
    texts.t(match kind {
        "foreign_passport" => key("document-foreign-passport"),
        "driving_licence" => key("document-driving-licence"),
        "vehicle_certificate" => key("document-vehicle-certificate"),
        "birth_certificate" => key("document-birth-certificate"),
        "marriage_certificate" => key("document-marriage-certificate"),
        "education_certificate" => key("document-education-certificate"),
        "medical_policy" => key("document-medical-policy"),
        other => return other.to_owned(),
    })
}

/// How a number of this kind is written, as an example.
pub fn number_hint(texts: Texts, kind: &str) -> String {
    texts.t(match kind {
        "foreign_passport" => key("document-foreign-passport-hint"),
        "driving_licence" => key("document-driving-licence-hint"),
        "vehicle_certificate" => key("document-vehicle-certificate-hint"),
        "birth_certificate" | "marriage_certificate" => key("document-civil-status-hint"),
        "education_certificate" => key("document-education-certificate-hint"),
        _ => key("document-medical-policy-hint"),
    })
}

/// How the registry stands to a document, in a word.
pub fn state_badge(texts: Texts, state: &DocumentState) -> Badge {
    let (kind, text) = match state {
        DocumentState::Unchecked => ("plain", key("document-unchecked")),
        DocumentState::Waiting => ("plain", key("check-waiting")),
        DocumentState::InProgress => ("info", key("check-in-progress")),
        DocumentState::Matched => ("success", key("check-matched")),
        DocumentState::Mismatch(_) => ("danger", key("check-mismatch")),
        DocumentState::Unavailable => ("warning", key("check-unavailable")),
    };
    Badge {
        kind,
        text: texts.t(text),
    }
}

/// The fields that the registry has otherwise, in words.
pub fn mismatch(texts: Texts, state: &DocumentState) -> Option<String> {
    let DocumentState::Mismatch(fields) = state else {
        return None;
    };
    let names: Vec<_> = fields
        .iter()
        .map(|field| {
            texts.t(match *field {
                "number" => key("field-number"),
                "issued_on" => key("field-issued-on"),
                "issued_by" => key("field-issued-by"),
                _ => key("field-expires-on"),
            })
        })
        .collect();
    Some(names.join(", "))
}
