//! Sign-ins that are not like the owner's others: what follows from them, at
//! every node, and how it is said.

mod mmdb;
mod refusals;
mod replay;
mod restriction;
mod telling;

use std::path::PathBuf;

use serde_json::{Value, json};

use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::sign_in;
use crate::support::{Browser, Page, TestApp};

/// Addresses at home and far away, by [`databases`].
const HOME: &str = "192.0.2.10";
const AWAY: &str = "203.0.113.10";

/// An application behind a proxy, with a database of places: `192.0.2.0/24` is
/// in Moscow, `203.0.113.0/24` in São Paulo. `change` gets the settings of the
/// rules and the folder of the files.
async fn start(change: impl FnOnce(&mut Value, PathBuf)) -> TestApp {
    TestApp::start_with(|config| {
        let keys = config["keys"]["directory"].as_str().unwrap();
        let folder = PathBuf::from(keys).parent().unwrap().to_owned();
        let place = |code: &str, ru: &str, en: &str, latitude: f64, longitude: f64| {
            json!({
                "country": { "iso_code": code, "names": { "ru": ru, "en": en } },
                "location": { "latitude": latitude, "longitude": longitude, "accuracy_radius": 50 },
            })
        };
        let rows = [
            (
                [192, 0, 2, 0],
                24,
                place("RU", "Россия", "Russia", 55.75, 37.62),
            ),
            (
                [203, 0, 113, 0],
                24,
                place("BR", "Бразилия", "Brazil", -23.55, -46.63),
            ),
        ];
        let file = folder.join("places.mmdb");
        std::fs::write(&file, mmdb::database("GeoLite2-City", &rows)).unwrap();
        config["trusted_proxies"] = json!(["127.0.0.0/8"]);
        config["risk"] = json!({ "places": file });
        change(&mut config["risk"], folder);
    })
    .await
}

/// The same browser behind another address.
fn at(browser: &Browser, address: &str) -> Browser {
    browser.clone().with_header("x-forwarded-for", address)
}

/// Anna signs in from a browser at this address.
async fn anna_at(app: &TestApp, address: &str) -> (Browser, Page) {
    let browser = at(&app.browser(), address);
    let page = sign_in(&browser, ANNA, PASSWORD).await;
    (browser, page)
}

/// Anna signs in at home, and ten minutes later somebody far away.
async fn travelled(app: &TestApp) -> (Browser, Browser) {
    let (home, page) = anna_at(app, HOME).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    app.advance(600).await;
    let (away, page) = anna_at(app, AWAY).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    (home, away)
}

/// How many messages were sent whose subject or text holds this.
async fn messages(app: &TestApp, words: &str) -> usize {
    app.deliver().await;
    let all = app.capture.messages();
    all.iter()
        .filter(|one| one.subject.contains(words) || one.text.contains(words))
        .count()
}
