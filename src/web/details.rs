//! What was asked for or allowed in detail (RFC 9396), in the words of its type.

use super::visit::Visit;
use crate::model::authorization_detail::Shown;
use crate::protocol::authorization_details::Detail;

/// One detail.
#[derive(Clone, Debug)]
pub struct DetailGroup {
    /// What is allowed.
    pub title: String,
    /// Label and values of each member.
    pub facts: Vec<(String, Vec<String>)>,
}

/// The details as a person reads them; one whose type is not configured any more
/// is shown by its name.
pub fn detail_groups(visit: &Visit, details: &[Detail]) -> Vec<DetailGroup> {
    details.iter().map(|detail| group(visit, detail)).collect()
}

fn group(visit: &Visit, detail: &Detail) -> DetailGroup {
    let name = detail.get("type").and_then(serde_json::Value::as_str);
    let name = name.unwrap_or_default();
    let Some(kind) = visit.app.provider.detail_type(name) else {
        // What nobody has words for any more is shown as it stands.
        let members = detail.iter().filter(|(member, _)| *member != "type");
        return DetailGroup {
            title: name.to_owned(),
            facts: members
                .map(|(member, value)| (member.clone(), vec![value.to_string()]))
                .collect(),
        };
    };
    let words = |shown: Shown<'_>| match shown {
        Shown::Worded(text) => visit.localized(text).to_owned(),
        Shown::Given(text) => text,
    };
    let facts = kind.shown(detail).into_iter().map(|(label, values)| {
        let values = values.into_iter().map(words).collect();
        (visit.localized(label).to_owned(), values)
    });
    DetailGroup {
        title: visit.localized(&kind.title).to_owned(),
        facts: facts.collect(),
    }
}
