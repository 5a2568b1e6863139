//! The walls between rooms: a forbidden arrow fails here, not in a review.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Rooms and what each may use beside itself; `model` and the small modules in
/// [`FOR_ALL`] are open to every room.
const ROOMS: &[(&str, &[&str])] = &[
    ("model", &[]),
    ("storage", &[]),
    ("vault", &[]),
    ("jose", &[]),
    ("signature", &[]),
    ("egress", &[]),
    ("notify", &["jose", "storage", "vault", "egress"]),
    (
        "account",
        &["notify", "signature", "storage", "vault", "egress"],
    ),
    ("consent", &["account", "notify", "storage", "vault"]),
    (
        "protocol",
        &[
            "consent",
            "account",
            "notify",
            "jose",
            "signature",
            "vault",
            "egress",
            "storage",
        ],
    ),
    (
        "esia",
        &[
            "protocol",
            "account",
            "jose",
            "signature",
            "vault",
            "storage",
        ],
    ),
    ("operator", &["account", "storage"]),
    (
        "web",
        &[
            "app", "operator", "esia", "protocol", "consent", "account", "notify", "vault",
            "storage",
        ],
    ),
    (
        "cli",
        &[
            "app",
            "config",
            "web",
            "esia",
            "protocol",
            "account",
            "notify",
            "signature",
            "vault",
            "storage",
        ],
    ),
];

const FOR_ALL: &[&str] = &["error", "model", "texts", "entropy", "clock"];

/// Crates that stay within their rooms.
const CRATES: &[(&str, &[&str])] = &[
    ("sqlx", &["storage"]),
    ("rusqlite", &["storage"]),
    ("axum", &["web"]),
    ("askama", &["web", "notify"]),
    ("http", &["web"]),
    ("hyper", &["web"]),
    ("reqwest", &["egress"]),
    ("lettre", &["notify"]),
    ("jsonwebtoken", &["jose"]),
    ("aws_lc_rs", &["jose", "notify"]),
    ("openssl", &["account", "signature"]),
    ("cms", &["signature"]),
    ("clap", &["cli"]),
    ("maxminddb", &["account"]),
];

/// The code of the program.
fn sources() -> BTreeMap<PathBuf, String> {
    files_in("src")
}

fn files_in(folder: &str) -> BTreeMap<PathBuf, String> {
    fn walk(folder: &Path, out: &mut BTreeMap<PathBuf, String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            // Tests of a room may play its neighbours.
            if path.is_dir() && path.file_name().is_some_and(|name| name != "tests") {
                walk(&path, out);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                out.insert(path, text);
            }
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut out = BTreeMap::new();
    walk(&root, &mut out);
    out.into_iter()
        .map(|(path, text)| (path.strip_prefix(&root).unwrap().to_owned(), text))
        .collect()
}

fn room(path: &Path) -> Option<&str> {
    let first = path.components().next()?.as_os_str().to_str()?;
    let name = first.strip_suffix(".rs").unwrap_or(first);
    ROOMS
        .iter()
        .map(|(room, _)| *room)
        .find(|room| *room == name)
}

/// Code without comments, as far as looking for paths needs it; test modules
/// at the end of a file may use what they like.
fn code(text: &str) -> String {
    let text = text.split("\n#[cfg(test)]").next().unwrap_or_default();
    text.lines()
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect::<Vec<_>>()
        .join("\n")
}

/// The identifiers that follow `prefix` in `code`: single names and the
/// members of a braced list.
fn named_after(code: &str, prefix: &str) -> Vec<String> {
    let ident = |text: &str| -> String {
        text.trim_start()
            .chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut found = Vec::new();
    for (at, _) in code.match_indices(prefix) {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => {
                let mut depth = 0;
                let mut start = true;
                for (index, c) in list.char_indices() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && c.is_alphanumeric() => {
                            found.push(ident(&list[index..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
            None => found.push(ident(rest)),
        }
    }
    found
}

#[test]
fn arrows_lead_downward() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let Some(room) = room(&path) else { continue };
        let (_, allowed) = ROOMS.iter().find(|(name, _)| *name == room).unwrap();
        for used in named_after(&code(&text), "crate::") {
            let fine = used == room
                || allowed.contains(&used.as_str())
                || FOR_ALL.contains(&used.as_str());
            let known =
                ROOMS.iter().any(|(name, _)| *name == used) || used == "app" || used == "config";
            if known && !fine {
                wrong.push(format!("{}: {room} must not use {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn crates_stay_in_their_rooms() {
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let at = room(&path).unwrap_or("");
        let code = code(&text);
        for (name, rooms) in CRATES {
            let used = code.lines().any(|line| {
                let line = line.trim();
                line.starts_with(&format!("use {name}::"))
                    || line.match_indices(&format!("{name}::")).any(|(index, _)| {
                        !line[..index]
                            .ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
                    })
            });
            if used && !rooms.contains(&at) {
                wrong.push(format!("{}: {name} belongs to {rooms:?}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_forbidden_arrow_would_be_seen() {
    let code =
        "use crate::{web::page::Page, model::id::{AccountId, SessionId}};\ncrate::storage::x()";
    assert_eq!(named_after(code, "crate::"), ["web", "model", "storage"]);
}

/// What secrets of ours begin with: their own two letters after `p`.
pub fn secret_prefixes() -> Vec<String> {
    let mut found = Vec::new();
    for text in sources().values() {
        for line in code(text).lines() {
            let value = line
                .split_once("PREFIX: &str = \"")
                .and_then(|(_, rest)| rest.split_once('"'));
            found.extend(value.map(|(value, _)| value.to_owned()));
        }
    }
    found.retain(|prefix| prefix.starts_with('p') && prefix.ends_with('_'));
    found
}

#[test]
fn every_kind_of_secret_is_known_by_its_first_letters() {
    let mut all = secret_prefixes();
    assert!(all.len() > 15, "{all:?}");
    all.sort();
    let twice: Vec<_> = all.windows(2).filter(|two| two[0] == two[1]).collect();
    assert!(twice.is_empty(), "{twice:?}");
}

/// Otherwise a test passes or fails by the test that ran before it.
#[test]
fn tests_make_their_http_clients_in_one_place() {
    let makes = |text: &String| {
        let code = code(text);
        ["Client::builder()", "Client::new()", "get("]
            .iter()
            .any(|call| code.contains(&format!("reqwest::{call}")))
    };
    let mut files = files_in("tests/it");
    files.retain(|_, text| makes(text));
    let paths: Vec<_> = files.keys().collect();
    assert_eq!(paths, [Path::new("support/http.rs")]);
}
