//! The form of personal data as it was sent, by a citizen or at a desk.

use crate::account::proofing::DataForm;
use crate::web::posted::Form;

/// What was typed.
pub fn typed(sent: &Form) -> DataForm {
    let field = |name| sent.text(name).to_owned();
    DataForm {
        family_name: field("family_name"),
        given_name: field("given_name"),
        middle_name: field("middle_name"),
        sex: field("sex"),
        birth_date: field("birth_date"),
        birthplace: field("birthplace"),
        snils: field("snils"),
        passport: field("passport"),
        issued_on: field("issued_on"),
        department_code: field("department_code"),
        issued_by: field("issued_by"),
        inn: field("inn"),
        postal_code: field("postal_code"),
        region: field("region"),
        locality: field("locality"),
        street_address: field("street_address"),
        lives_there: sent.text("lives_there") == "yes",
        residence_postal_code: field("residence_postal_code"),
        residence_region: field("residence_region"),
        residence_locality: field("residence_locality"),
        residence_street_address: field("residence_street_address"),
    }
}
