//! Whether the languages say everything the pages ask of them.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use super::{Lang, Texts};

/// What stands before a key that is looked up.
const CALLS: [&str; 6] = [
    "t(\"",
    "with(\"",
    "say(\"",
    "count(\"",
    "count_with(\"",
    "key(\"",
];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files(directory: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).expect("a readable directory") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            found.extend(files(&path, extension));
        } else if path.extension().is_some_and(|e| e == extension)
            && !path.ends_with("texts_test.rs")
        {
            found.push(path);
        }
    }
    found
}

/// Keys of a language with the names of the values each takes.
fn messages(lang: Lang) -> BTreeMap<String, Vec<String>> {
    let mut all = BTreeMap::new();
    for file in files(&root().join("locales").join(lang.as_str()), "ftl") {
        let mut current = String::new();
        for line in fs::read_to_string(&file).expect("a text file").lines() {
            let starts = line.starts_with(|c: char| c.is_ascii_lowercase());
            if let (true, Some((key, _))) = (starts, line.split_once(" =")) {
                current = key.to_owned();
                let twice = all.insert(current.clone(), Vec::new());
                assert!(twice.is_none(), "{key} stands twice in {}", lang.as_str());
            }
            for piece in line.split("{ $").skip(1) {
                let end = piece.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
                let name = piece[..end.unwrap_or(piece.len())].to_owned();
                if let Some(names) = all.get_mut(&current)
                    && !names.contains(&name)
                {
                    names.push(name);
                    names.sort();
                }
            }
        }
    }
    all
}

fn keys_used(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for call in CALLS {
        for (at, _) in source.match_indices(call) {
            let before = source[..at].chars().next_back();
            if before.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_' || c == '!') {
                continue;
            }
            let rest = &source[at + call.len()..];
            let end = rest.find('"').unwrap_or_default();
            let looks_like_a_key = end > 0
                && rest[..end]
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
            if looks_like_a_key {
                found.push(rest[..end].to_owned());
            }
        }
    }
    found
}

#[test]
fn languages_have_the_same_keys_with_the_same_values() {
    let (ru, en) = (messages(Lang::Ru), messages(Lang::En));
    for (key, values) in &ru {
        assert_eq!(Some(values), en.get(key), "{key} in English");
    }
    for key in en.keys() {
        assert!(ru.contains_key(key), "{key} is missing in Russian");
    }
}

#[test]
fn every_key_used_exists() {
    let known = messages(Lang::Ru);
    let mut sources = files(&root().join("templates"), "html");
    for room in ["src/web", "src/account"] {
        sources.extend(files(&root().join(room), "rs"));
    }
    let mut seen = 0;
    for file in sources {
        let source = fs::read_to_string(&file).expect("a text file");
        for key in keys_used(&source) {
            assert!(
                known.contains_key(&key),
                "{key}, used in {}",
                file.display()
            );
            seen += 1;
        }
    }
    assert!(seen > 100, "the scan found only {seen} keys");
}

#[test]
fn every_key_can_be_said() {
    for lang in Lang::ALL {
        for (key, names) in messages(lang) {
            let values: Vec<_> = names.iter().map(|n| (n.as_str(), "7".to_owned())).collect();
            let said = Texts(lang).count_with(&key, 7, &values);
            assert_ne!(said, key, "{key} in {}", lang.as_str());
            assert!(!said.contains("{$"), "{key} in {}: {said}", lang.as_str());
        }
    }
}

#[test]
fn plurals_follow_the_language() {
    let ru = Texts(Lang::Ru);
    assert_eq!(ru.count("count-sessions", 1), "1 сеанс");
    assert_eq!(ru.count("count-sessions", 3), "3 сеанса");
    assert_eq!(ru.count("count-sessions", 11), "11 сеансов");
    assert_eq!(ru.count("count-sessions", 21), "21 сеанс");
    assert_eq!(Texts(Lang::En).count("count-sessions", 1), "1 session");
    assert_eq!(Texts(Lang::En).count("count-sessions", 2), "2 sessions");
}

#[test]
fn language_is_chosen_by_weight_and_by_primary_tag() {
    let chosen = Lang::from_accept_language;
    assert_eq!(chosen("de-DE, en-GB;q=0.7, ru;q=0.8"), Some(Lang::Ru));
    assert_eq!(chosen("en-US,en;q=0.9,ru;q=0.8"), Some(Lang::En));
    assert_eq!(chosen("ru;q=0, en;q=0.1"), Some(Lang::En));
    assert_eq!(chosen("en;q=nonsense"), None);
    assert_eq!(chosen("*"), None);
    assert_eq!(Lang::from_ui_locales("fr-CA en_GB ru"), Some(Lang::En));
    assert_eq!(Lang::from_tag("RU-ru"), Some(Lang::Ru));
    assert_eq!(Lang::from_tag(""), None);
}
