//! Types of authorization details (RFC 9396 §2): what an operator lets sites ask
//! for in detail, with the words that a person reads before they agree.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::client::{Client, Localized};
use super::timestamp::Timestamp;

/// More in a list nobody reads.
const MOST_TEXTS: usize = 50;

/// A type of detail, such as one payment.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailType {
    /// The value of `type`.
    #[serde(rename = "type")]
    pub name: String,
    /// What the person allows, in a few words.
    pub title: Localized,
    /// What may stand in it, in the order in which it is shown. Anything else is
    /// refused, as nobody would read it.
    #[serde(default)]
    pub fields: Vec<DetailField>,
}

/// A member of a detail.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailField {
    pub name: String,
    /// What it is called on the consent page.
    pub label: Localized,
    #[serde(default)]
    pub kind: FieldKind,
    #[serde(default)]
    pub required: bool,
    /// The only values there are, with their words; without them, any.
    #[serde(default)]
    pub values: Vec<DetailValue>,
}

/// What stands in a member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldKind {
    /// A line of text.
    #[default]
    Text,
    /// Several lines.
    Texts,
    /// `{"currency": "RUB", "amount": "123.50"}`.
    Amount,
    /// `2026-03-24T19:00:00Z` (RFC 3339).
    Moment,
}

/// A value with its words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DetailValue {
    pub value: String,
    pub label: Localized,
}

/// A value as a person reads it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// In the operator's words.
    Worded(&'a Localized),
    /// As the site gave it.
    Given(String),
    /// By the person's clock.
    Moment(Timestamp),
}

impl DetailType {
    /// What is wrong with the definition, in words for the operator.
    pub fn fault(&self) -> Option<String> {
        let name = &self.name;
        let usable = |name: &str| {
            (1..=100).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_graphic())
        };
        if !usable(name) {
            return Some("type must be 1 to 100 visible ASCII characters".to_owned());
        }
        let texts = self
            .fields
            .iter()
            .flat_map(|field| {
                let values = field.values.iter().map(|value| &value.label);
                std::iter::once(&field.label).chain(values)
            })
            .chain([&self.title]);
        for text in texts {
            if text.ru.trim().is_empty() || text.en.trim().is_empty() {
                return Some(format!("{name}: give every title and label in ru and en"));
            }
        }
        for (at, field) in self.fields.iter().enumerate() {
            let again = self.fields[..at]
                .iter()
                .any(|other| other.name == field.name);
            if !usable(&field.name) || field.name == "type" || again {
                return Some(format!(
                    "{name}: the field \"{}\" needs a name of its own",
                    field.name
                ));
            }
            let is_text = matches!(field.kind, FieldKind::Text | FieldKind::Texts);
            if !is_text && !field.values.is_empty() {
                return Some(format!(
                    "{name}: {} is no text and has no values",
                    field.name
                ));
            }
        }
        None
    }

    /// Whether a detail of this type is one.
    ///
    /// # Errors
    /// The member and what should stand there, for the site's developer.
    pub fn check(&self, detail: &Map<String, Value>) -> Result<(), String> {
        for name in detail.keys().filter(|name| *name != "type") {
            if self.fields.iter().all(|field| field.name != *name) {
                return Err("holds a member that its type does not know".to_owned());
            }
        }
        for field in &self.fields {
            match detail.get(&field.name) {
                None if field.required => return Err(format!("needs {}", field.name)),
                Some(value) if field.shown(value).is_none() => {
                    return Err(format!("needs {} to be {}", field.name, field.wanted()));
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// The members of a detail as a person reads them.
    pub fn shown<'a>(
        &'a self,
        detail: &Map<String, Value>,
    ) -> Vec<(&'a Localized, Vec<Shown<'a>>)> {
        let shown = |field: &'a DetailField| {
            let values = field.shown(detail.get(&field.name)?)?;
            Some((&field.label, values))
        };
        self.fields.iter().filter_map(shown).collect()
    }
}

impl DetailField {
    fn wanted(&self) -> &'static str {
        match (self.kind, self.values.is_empty()) {
            (FieldKind::Text, true) => "a text of at most 300 characters",
            (FieldKind::Texts, true) => "a list of texts of at most 300 characters",
            (FieldKind::Moment, _) => "a moment such as 2026-03-24T19:00:00Z",
            (_, false) => "of the values of its type",
            (FieldKind::Amount, true) => {
                "an object of currency (three letters) and amount (a decimal number in a string)"
            }
        }
    }

    /// None for what may not stand there.
    fn shown(&self, value: &Value) -> Option<Vec<Shown<'_>>> {
        match self.kind {
            FieldKind::Text => Some(vec![self.text(value)?]),
            FieldKind::Texts => {
                let several = value.as_array()?;
                let few = (1..=MOST_TEXTS).contains(&several.len());
                let texts: Option<Vec<_>> = several.iter().map(|one| self.text(one)).collect();
                texts.filter(|_| few)
            }
            FieldKind::Moment => {
                let text = value.as_str()?;
                let at = Timestamp::from_rfc3339(text)?;
                // What is finer than the page shows would hide a difference.
                (at.rfc3339() == text).then(|| vec![Shown::Moment(at)])
            }
            FieldKind::Amount => {
                let members = value.as_object()?;
                let text = |name: &str| members.get(name).and_then(Value::as_str);
                let (currency, amount) = (text("currency")?, text("amount")?);
                let named = currency.len() == 3 && currency.bytes().all(|b| b.is_ascii_uppercase());
                let sound = members.len() == 2 && named && is_decimal(amount);
                sound.then(|| vec![Shown::Given(format!("{amount}\u{a0}{currency}"))])
            }
        }
    }

    fn text(&self, value: &Value) -> Option<Shown<'_>> {
        let text = value.as_str()?;
        if self.values.is_empty() {
            // Blanks that a page folds would hide a difference.
            let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
            let sound = !text.is_empty() && folded == text && Client::is_plain_text(text);
            return sound.then(|| Shown::Given(text.to_owned()));
        }
        let known = self.values.iter().find(|known| known.value == text)?;
        Some(Shown::Worded(&known.label))
    }
}

/// Digits with at most one point between them.
fn is_decimal(text: &str) -> bool {
    let (whole, rest) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |part: &str| (1..=15).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    digits(whole) && digits(rest)
}
