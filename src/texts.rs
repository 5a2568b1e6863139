//! Every word a citizen reads, by language. The words live in `locales/`, one
//! directory per language, and are built into the program; the unit test below
//! refuses a key that a page uses and a language lacks. Nothing here knows of
//! pages or requests.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt::Display;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{LanguageIdentifier, langid, static_loader};

static_loader! {
    static LOCALES = {
        locales: "./locales",
        fallback_language: "ru",
        // Isolating marks would be copied into mails, files and the clipboard
        // with the values; a foreign name is isolated where it is shown.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

static RU: LanguageIdentifier = langid!("ru");
static EN: LanguageIdentifier = langid!("en");

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Lang {
    /// Russian, spoken to everyone who did not ask for another.
    #[default]
    Ru,
    /// English.
    En,
}

impl Lang {
    /// Every language, in the order of the switch.
    pub const ALL: [Self; 2] = [Self::Ru, Self::En];

    /// The tag of BCP 47, as in `<html lang>` and in the cookie.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// What the language calls itself.
    pub const fn own_name(self) -> &'static str {
        match self {
            Self::Ru => "Русский",
            Self::En => "English",
        }
    }

    /// From one tag, whatever its region or script: `ru`, `ru-RU`, `en_GB`.
    pub fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.trim().split(['-', '_']).next()?;
        Self::ALL
            .into_iter()
            .find(|lang| primary.eq_ignore_ascii_case(lang.as_str()))
    }

    /// The first tag we speak of a `ui_locales` list: tags divided by blanks,
    /// best first (OpenID Connect Core §3.1.2.1).
    pub fn from_ui_locales(list: &str) -> Option<Self> {
        list.split_ascii_whitespace().find_map(Self::from_tag)
    }

    /// The language with the greatest weight in an `Accept-Language` header
    /// (RFC 9110 §12.5.4); of equal weights the earlier one.
    pub fn from_accept_language(header: &str) -> Option<Self> {
        let mut best: Option<(Self, f32)> = None;
        for range in header.split(',') {
            let (tag, weight) = range.split_once(';').map_or((range, 1.0), |(tag, rest)| {
                let quality = rest.trim().strip_prefix("q=").map(str::parse);
                (tag, quality.and_then(Result::ok).unwrap_or(0.0))
            });
            let Some(lang) = Self::from_tag(tag) else {
                continue;
            };
            if weight > best.map_or(0.0, |(_, most)| most) {
                best = Some((lang, weight));
            }
        }
        best.map(|(lang, _)| lang)
    }

    fn id(self) -> &'static LanguageIdentifier {
        match self {
            Self::Ru => &RU,
            Self::En => &EN,
        }
    }
}

/// Marks a literal as a text key where it is not looked up on the spot, so that
/// the test of this module sees it.
pub const fn key(key: &'static str) -> &'static str {
    key
}

/// The texts of one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Lang);

impl Texts {
    /// The language spoken.
    pub const fn lang(self) -> Lang {
        self.0
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.find(key, None)
    }

    /// The text of a key with strings put into their places.
    pub fn with(&self, key: &str, values: &[(&str, String)]) -> String {
        self.find(key, Some(&arguments(values)))
    }

    /// The text of a key with one value put into its place.
    pub fn say(&self, key: &str, name: &str, value: impl Display) -> String {
        self.with(key, &[(name, value.to_string())])
    }

    /// The text of a key that depends on a number `$count`, in the right plural.
    pub fn count(&self, key: &str, count: impl Borrow<u64>) -> String {
        self.count_with(key, count, &[])
    }

    /// As `count`, with further values.
    pub fn count_with(
        &self,
        key: &str,
        count: impl Borrow<u64>,
        values: &[(&str, String)],
    ) -> String {
        let mut all = arguments(values);
        all.insert("count".to_owned(), FluentValue::from(*count.borrow()));
        self.find(key, Some(&all))
    }

    /// A key no language has is shown as it is: a page with a strange word
    /// serves its reader better than no page.
    fn find(self, key: &str, values: Option<&HashMap<String, FluentValue<'_>>>) -> String {
        LOCALES
            .lookup_single_language(self.0.id(), key, values)
            .or_else(|_| LOCALES.lookup_single_language(&RU, key, values))
            .unwrap_or_else(|_| key.to_owned())
    }
}

fn arguments(values: &[(&str, String)]) -> HashMap<String, FluentValue<'static>> {
    values
        .iter()
        .map(|(name, value)| ((*name).to_owned(), FluentValue::from(value.clone())))
        .collect()
}

#[cfg(test)]
#[path = "texts_test.rs"]
mod tests;
