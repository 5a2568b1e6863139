//! `kill -9` while registries think: whatever was being checked is checked after
//! the next start, under the same keys, so that nothing is counted twice.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::json;

use crate::documents::{LICENCE, add};
use crate::levels::send;
use crate::support::database::TestDatabase;
use crate::support::process::{Program, said};
use crate::support::registry::RegistryServer;
use crate::support::steps::sign_in;
use crate::support::{Browser, Page};

const PASSWORD: &str = "Nagruzka-2026!";
/// Three registries know of personal data, a fourth of documents.
const QUESTIONS: usize = 4;

/// The page once it says so; it says so in the end.
async fn until(browser: &Browser, path: &str, id: &str, says: &str) -> Page {
    for _ in 0..200 {
        let page = browser.get(path).await;
        if page.text(id).is_some_and(|text| text.contains(says)) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("{path} never said {says}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_in_which_the_server_died_is_done_after_the_next_start() {
    let database = TestDatabase::create().await;
    let registry = RegistryServer::start().await;
    let mut settings = registry.settings();
    settings["timeout_seconds"] = json!(30);
    let config = json!({ "registry": settings, "log": { "level": "warn" } });
    let mut program = Program::start(&database.folder, &database.url, config).await;
    let loaded = program.command(&["load", "--accounts", "3", "--password", PASSWORD]);
    assert!(loaded.status.success(), "{}", said(&loaded));
    // Of three accounts the first is simplified, and the others have a check.
    let browser = program.browser();
    sign_in(&browser, "+79000000001", PASSWORD).await;

    registry.keep_waiting(true);
    let data = [("passport", "18 10 123456"), ("snils", "112-233-445 95")];
    let page = send(&browser, &data).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    let card = add(&browser, "driving_licence", &LICENCE).await;
    let all_asked = async {
        while registry.asked().len() < QUESTIONS {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), all_asked)
        .await
        .expect("every registry is asked");
    program.kill();
    registry.keep_waiting(false);

    // As if the minute had passed for which a question is nobody else's.
    database
        .execute("update outbox set locked_until = 0, next_try_at = 0 where sent_at is null")
        .await;
    program.start_again().await;
    until(&browser, "/account/level", "#check-state", "совпало").await;
    until(&browser, card.url.path(), "#document-state", "совпало").await;

    let mut keys: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for asked in registry.asked() {
        keys.entry(asked.registry).or_default().push(asked.key);
    }
    assert_eq!(keys.len(), QUESTIONS);
    for (name, keys) in keys {
        assert_eq!(keys.len(), 2, "{name} is asked again");
        assert_eq!(keys[0], keys[1], "{name} knows the question again");
    }
    let evidence = "select count(*) from evidence where source = 'registry'";
    assert_eq!(database.count(evidence).await, 2 + 1);
    assert!(!program.log().contains("ERROR"), "{}", program.log());
    program.stop().await;
    database.delete().await;
}
