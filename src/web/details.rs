//! What was asked for or allowed in detail (RFC 9396), in the words of its type.

use super::moments::Zone;
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

/// The details as a person in this zone reads them; one whose type is not
/// configured any more is shown by its name.
pub fn detail_groups(visit: &Visit, zone: &Zone, details: &[Detail]) -> Vec<DetailGroup> {
    let groups = details.iter().map(|detail| group(visit, zone, detail));
    groups.collect()
}

fn group(visit: &Visit, zone: &Zone, detail: &Detail) -> DetailGroup {
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
        Shown::Moment(at) => zone.date_time(at).text,
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
