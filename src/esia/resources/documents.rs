//! Documents and vehicles: the passport, and what a citizen keeps here.

use serde_json::{Value, json};

use super::elements::{Element, state};
use super::{Subject, date};
use crate::account::documents::{Document, DocumentState};
use crate::error::Result;
use crate::model::level::Level;
use crate::model::passport::Passport;

/// Kinds that have a type in ESIA: our name, the type, the scope.
const TYPES: &[(&str, &str, &str)] = &[
    ("foreign_passport", "FRGN_PASS", "foreign_passport_doc"),
    (
        "driving_licence",
        "RF_DRIVING_LICENSE",
        "drivers_licence_doc",
    ),
    ("birth_certificate", "RF_BRTH_CERT", "birth_cert_doc"),
    ("medical_policy", "MDCL_PLCY", "medical_doc"),
];

impl Subject<'_> {
    /// The number of the passport among the documents.
    pub(super) fn passport_id(&self) -> u32 {
        self.number_of("passport")
    }

    pub(super) async fn documents(&self) -> Result<Vec<Element>> {
        let mut found = Vec::new();
        if self.has("id_doc")
            && let Some(passport) = &self.person.profile.passport
        {
            let is_checked = self.person.level(self.now) >= Level::Standard;
            found.push(of_passport(self.passport_id(), passport, is_checked));
        }
        let wanted: Vec<_> = TYPES
            .iter()
            .filter(|(_, _, scope)| self.has(scope))
            .collect();
        if wanted.is_empty() {
            return Ok(found);
        }
        for document in self.kept().await? {
            let of_kind = |(kind, _, _): &&&(&str, &str, &str)| *kind == document.kind.name;
            if let Some((_, kind, _)) = wanted.iter().find(of_kind) {
                found.push(of_document(self.number_of(&document.id), &document, kind));
            }
        }
        Ok(found)
    }

    pub(super) async fn vehicles(&self) -> Result<Vec<Element>> {
        let mut found = Vec::new();
        for document in self.kept().await? {
            if document.kind.name != "vehicle_certificate" {
                continue;
            }
            let (series, number) = parts(&document.current.data.number);
            found.push(Element::new(
                self.number_of(&document.id),
                "Identifiable",
                [(
                    "regCertificate",
                    Some(json!({ "series": series, "number": number })),
                )],
            ));
        }
        Ok(found)
    }

    async fn kept(&self) -> Result<Vec<Document>> {
        self.esia.provider.accounts.documents(&self.person.id).await
    }
}

fn of_passport(id: u32, passport: &Passport, is_checked: bool) -> Element {
    let code: String = passport
        .department_code
        .chars()
        .filter(char::is_ascii_digit)
        .collect();
    Element::new(
        id,
        "EntityRoot",
        [
            ("type", Some(json!("RF_PASSPORT"))),
            ("vrfStu", Some(json!(state(is_checked)))),
            ("series", Some(json!(passport.series))),
            ("number", Some(json!(passport.number))),
            ("issueDate", date(&passport.issued_on).map(Value::from)),
            ("issueId", (!code.is_empty()).then(|| json!(code))),
            (
                "issuedBy",
                (!passport.issued_by.is_empty()).then(|| json!(passport.issued_by)),
            ),
        ],
    )
}

fn of_document(id: u32, document: &Document, kind: &str) -> Element {
    let data = &document.current.data;
    let (series, number) = match kind {
        // One number of sixteen digits.
        "MDCL_PLCY" => (String::new(), data.number.replace(' ', "")),
        _ => parts(&data.number),
    };
    let is_checked = document.current.state == DocumentState::Matched;
    Element::new(
        id,
        "EntityRoot",
        [
            ("type", Some(json!(kind))),
            ("vrfStu", Some(json!(state(is_checked)))),
            ("series", (!series.is_empty()).then(|| json!(series))),
            ("number", Some(json!(number))),
            ("issueDate", date(&data.issued_on).map(Value::from)),
            (
                "issuedBy",
                (!data.issued_by.is_empty()).then(|| json!(data.issued_by)),
            ),
            ("expiryDate", date(&data.expires_on).map(Value::from)),
        ],
    )
}

/// Series and number of what is written as groups: the last is the number.
fn parts(written: &str) -> (String, String) {
    match written.rsplit_once(' ') {
        Some((series, number)) => (series.replace(' ', ""), number.to_owned()),
        None => (String::new(), written.to_owned()),
    }
}
