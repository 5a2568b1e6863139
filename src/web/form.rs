//! What is wrong with a form. A wrong form is not an error: it comes back with
//! every wrong field named, beside the field and in the summary above.

use crate::account::{Problem, ProblemKind};
use crate::texts::Texts;

/// Wrong fields with what to do about each, in the order they were found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems(Vec<(&'static str, String)>);

impl Problems {
    /// A form nobody has complained about.
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// What the account room found, in the citizen's language.
    pub fn found(texts: Texts, found: &[Problem]) -> Self {
        found
            .iter()
            .map(|problem| {
                let text = match (problem.kind, problem.text()) {
                    // In the summary nothing else says which field it is.
                    (ProblemKind::Required, _) => texts.say(
                        "problem-required-named",
                        "field",
                        label(texts, problem.field),
                    ),
                    (_, (key, Some(count))) => texts.count(key, count),
                    (_, (key, None)) => texts.t(key),
                };
                (problem.field, text)
            })
            .collect()
    }

    /// Notes a problem of a field; `field` is the id of its input on the page,
    /// `text` is in the citizen's language.
    pub fn add(&mut self, field: &'static str, text: String) {
        self.0.push((field, text));
    }

    /// Whether the form may be accepted.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a field is among the wrong ones.
    pub fn has(&self, field: &str) -> bool {
        self.0.iter().any(|(name, _)| *name == field)
    }

    /// Everything wrong with one field.
    pub fn for_field(&self, field: &str) -> Vec<&str> {
        let of_field = self.0.iter().filter(|(name, _)| *name == field);
        of_field.map(|(_, text)| text.as_str()).collect()
    }

    /// Every problem, for the summary.
    pub fn all(&self) -> &[(&'static str, String)] {
        &self.0
    }
}

/// What a field is called: its name in a form is also that of its text.
fn label(texts: Texts, field: &str) -> String {
    let name = field.strip_prefix("residence_").unwrap_or(field);
    let name = name.strip_suffix("_address").unwrap_or(name);
    texts.t(&format!("field-{}", name.replace('_', "-")))
}

impl FromIterator<(&'static str, String)> for Problems {
    fn from_iter<I: IntoIterator<Item = (&'static str, String)>>(problems: I) -> Self {
        Self(problems.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::Problems;

    #[test]
    fn a_field_may_have_several_problems_and_keeps_their_order() {
        let mut problems = Problems::none();
        assert!(problems.is_empty());
        problems.add("password", "short".to_owned());
        problems.add("terms", "unticked".to_owned());
        problems.add("password", "no digit".to_owned());
        assert_eq!(problems.for_field("password"), ["short", "no digit"]);
        assert!(problems.has("terms") && !problems.has("privacy"));
        assert_eq!(problems.all().len(), 3);
    }
}
