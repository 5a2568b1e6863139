//! What a citizen sent, field by field, with what registries have otherwise:
//! both operators look at the same sheet.

use super::case::row;
use crate::account::proofing::{CheckState, Progress};
use crate::model::evidence::Attribute;
use crate::operator::overridden_fields;
use crate::texts::{Texts, key};
use crate::web::pages::account::registry_title;

/// The sheet.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// What is compared with the originals.
    pub rows: Vec<SheetRow>,
    /// Label and value of what was sent beside that.
    pub rest: Vec<(String, String)>,
}

/// A field to be compared.
#[derive(Clone, Debug, Default)]
pub struct SheetRow {
    /// Name of the box.
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub ticked: bool,
    /// The registries that have it otherwise.
    pub disagree: Option<String>,
}

/// The sheet of a submission, with what was ticked already.
pub(super) fn sheet(texts: Texts, submitted: &Progress, ticked: &[Attribute]) -> Sheet {
    let data = &submitted.data;
    let shown = (&data.profile, Some(&data.snils));
    let rows = overridden_fields(data).into_iter().map(|attribute| {
        let row = row(texts, shown, attribute, ticked);
        SheetRow {
            name: row.name,
            label: row.label,
            value: row.value,
            ticked: row.ticked,
            disagree: disagree(texts, submitted, attribute),
        }
    });
    let profile = &data.profile;
    let rest = [
        (key("field-birthplace"), profile.birthplace.clone()),
        (key("level-data-registered"), profile.address.formatted()),
        (key("level-data-residence"), profile.residence.formatted()),
    ];
    Sheet {
        rows: rows.collect(),
        rest: rest
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(label, value)| (texts.t(label), value))
            .collect(),
    }
}

fn disagree(texts: Texts, submitted: &Progress, attribute: Attribute) -> Option<String> {
    let names: Vec<_> = submitted
        .checks
        .iter()
        .filter(|(_, state)| {
            matches!(state, CheckState::Mismatch(fields) if fields.contains(&attribute))
        })
        .map(|(registry, _)| registry_title(texts, registry))
        .collect();
    (!names.is_empty()).then(|| names.join(", "))
}
