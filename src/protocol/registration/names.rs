//! What a client calls itself: `client_name`, and the same in our languages
//! with a tag (OpenID Connect Registration §2.1).

use serde_json::{Map, Value};

use super::faults::wrong;
use super::members::text;
use crate::model::client::Localized;
use crate::protocol::error::OAuthError;
use crate::texts::Lang;

const MEMBER: &str = "client_name";

/// The names as they came, for telling them back.
///
/// # Errors
/// `invalid_client_metadata` when one is no string, or disguises itself.
pub(super) fn read(wire: &Map<String, Value>) -> Result<Map<String, Value>, OAuthError> {
    let mut found = Map::new();
    for name in wire.keys() {
        let tag = name.strip_prefix(MEMBER);
        let is_ours = tag.is_some_and(|tag| tag.is_empty() || lang_of(tag).is_some());
        if !is_ours {
            continue;
        }
        let Some(text) = text(wire, name)? else {
            continue;
        };
        if let Some(word) = text.split(|c: char| !c.is_alphanumeric()).find(is_mixed) {
            return Err(wrong(
                MEMBER,
                &format!(
                    "{word} mixes Latin and Cyrillic letters, which look like other words: use \
                     one alphabet in a word"
                ),
            ));
        }
        found.insert(name.clone(), Value::from(text));
    }
    Ok(found)
}

/// The language of a tag such as `#ru` or `#en-GB`.
fn lang_of(tag: &str) -> Option<Lang> {
    Lang::from_tag(tag.strip_prefix('#')?)
}

/// Letters of two alphabets in one word are a disguise (attack row 42).
fn is_mixed(word: &&str) -> bool {
    let latin = |c: char| c.is_ascii_alphabetic();
    let cyrillic = |c: char| matches!(c, '\u{400}'..='\u{52f}');
    word.contains(latin) && word.contains(cyrillic)
}

/// The name in both languages: without one in a language the common one stands
/// for it, without any what people are sent to.
pub(super) fn localized(names: &Map<String, Value>, sent_to: &str) -> Localized {
    let common = names.get(MEMBER).and_then(Value::as_str);
    let of = |lang: Lang| {
        let tagged = names
            .iter()
            .find(|(name, _)| name.strip_prefix(MEMBER).and_then(lang_of) == Some(lang));
        tagged.and_then(|(_, text)| text.as_str())
    };
    let name = |lang: Lang, other: Lang| {
        let found = of(lang).or(common).or_else(|| of(other));
        let found = found.filter(|name| !name.trim().is_empty());
        found.unwrap_or(sent_to).to_owned()
    };
    Localized {
        ru: name(Lang::Ru, Lang::En),
        en: name(Lang::En, Lang::Ru),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn names(wire: Value) -> Localized {
        let wire = wire.as_object().unwrap();
        localized(&read(wire).unwrap(), "app.example")
    }

    #[test]
    fn a_missing_language_is_filled_in() {
        let all =
            names(json!({ "client_name": "A", "client_name#ru": "Р", "client_name#en-GB": "E" }));
        assert_eq!((all.ru.as_str(), all.en.as_str()), ("Р", "E"));
        let one = names(json!({ "client_name#ru-RU": "Р", "client_name#ja-Jpan-JP": "J" }));
        assert_eq!((one.ru.as_str(), one.en.as_str()), ("Р", "Р"));
        let none = names(json!({ "client_name": " " }));
        assert_eq!(none.ru, "app.example");
    }

    #[test]
    fn letters_that_pass_for_others_are_refused() {
        let read = |name: &str| read(json!({ "client_name": name }).as_object().unwrap());
        assert!(read("Госуcлуги").is_err(), "a Latin c");
        assert!(read("Яндекс.Go на 5 минут").is_ok());
    }
}
