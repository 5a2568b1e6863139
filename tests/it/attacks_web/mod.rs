//! Attacks through the browser and the pages: rows of the attack table that
//! are shown by short conversations over HTTP. Those against the protocol are
//! in `attacks`.

mod assignment;
mod consent;
pub mod csrf;
pub mod csrf_cases;
mod floods;
mod flow;
mod headers;
mod injection;
mod jwt;
mod leaks;
mod limits;
mod links;
mod log;
mod logout;
mod messages;
mod scripts;
mod tokens;

use std::fs;
use std::path::Path;

use crate::support::Page;

/// Text of a source file, to hold tests against the code as it stands.
pub fn source(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// The patterns of routes in a router's source that answer this method.
pub fn routes(path: &str, method: &str) -> Vec<String> {
    let text = source(path);
    let mut found = Vec::new();
    for route in text.split(".route(").skip(1) {
        let pattern = route
            .split('"')
            .nth(1)
            .expect("a route begins with its pattern");
        let handlers = route.split_once(',').map_or("", |(_, rest)| rest);
        // The handlers end where the call ends.
        let mut depth = 1;
        let end = handlers.find(|c| {
            depth += i32::from(c == '(') - i32::from(c == ')');
            depth == 0
        });
        let handlers = &handlers[..end.unwrap_or(handlers.len())];
        let answers = handlers
            .match_indices(&format!("{method}("))
            .any(|(at, _)| !handlers[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_'));
        if answers {
            found.push(pattern.to_owned());
        }
    }
    found
}

/// Every page that answers this method, by its pattern; but for the one that
/// only a demonstration has.
pub fn pages(method: &str) -> Vec<String> {
    let mut found = routes("src/web/pages/mod.rs", method);
    found.extend(routes("src/web/pages/account/mod.rs", method));
    found.extend(routes("src/web/pages/appeal/mod.rs", method));
    found.retain(|path| path != "/demo/messages");
    found
}

/// Asserts a refusal in words, with a number to quote and nothing else.
#[track_caller]
pub fn refused(page: &Page, status: u16) {
    assert_eq!(page.status, status, "{} {}", page.url, page.body);
    assert!(page.has("#request-number"), "{} {}", page.url, page.body);
}

#[test]
fn routes_are_found_in_the_source() {
    let posts = pages("post");
    for known in [
        "/sign-in",
        "/register/resend",
        "/consent",
        "/account/security/end",
    ] {
        assert!(
            posts.iter().any(|path| path == known),
            "{known} in {posts:?}"
        );
    }
    assert!(!posts.iter().any(|path| path == "/"), "{posts:?}");
    assert!(
        pages("get")
            .iter()
            .any(|path| path == "/account/history.csv")
    );
}
