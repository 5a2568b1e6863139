//! Account levels: from a confirmed contact to checked data.

pub mod centre;
mod form;
mod ladder;
mod lapse;
mod letters;
mod registries;

use serde_json::{Value, json};

use crate::support::relying_party::secret_of;
use crate::support::{Browser, Page, TestApp};

/// Data that the simulated registries know.
pub const DATA: [(&str, &str); 17] = [
    ("family_name", "Соколова"),
    ("given_name", "Анна"),
    ("middle_name", "Павловна"),
    ("sex", "female"),
    ("birth_date", "24.03.1990"),
    ("birthplace", "гор. Волгоград"),
    ("snils", "000-000-300 00"),
    ("inn", "500100732259"),
    ("passport", "0001 000300"),
    ("issued_on", "20.04.2010"),
    ("department_code", "340-001"),
    ("issued_by", "ОВД города Волгограда"),
    ("postal_code", "400001"),
    ("region", "Волгоградская область"),
    ("locality", "Волгоград"),
    ("street_address", "ул. Рабоче-Крестьянская, д. 12"),
    ("lives_there", "yes"),
];

/// Registers a portal, `strict`, that takes nobody below this level.
pub fn strict_portal(config: &mut Value, level: &str) {
    config["clients"].as_array_mut().unwrap().push(json!({
        "client_id": "strict", "client_secret": secret_of("strict"),
        "name": { "ru": "Строгий портал", "en": "Strict portal" },
        "redirect_uris": ["https://strict.example/callback"],
        "grant_types": ["authorization_code", "refresh_token"],
        "scope": "openid profile assurance offline_access", "minimum_level": level,
    }));
}

/// Sends [`DATA`] with some fields changed.
pub async fn send(browser: &Browser, changes: &[(&str, &str)]) -> Page {
    let page = browser.get("/account/level/data").await;
    submit(browser, &page, changes).await
}

/// The same from a page that is open.
pub async fn submit(browser: &Browser, page: &Page, changes: &[(&str, &str)]) -> Page {
    let mut fields = DATA.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    browser.submit(page, "level-data-send", &fields).await
}

/// What the level page says: the level and how the check stands.
pub async fn standing(browser: &Browser) -> (String, String) {
    let page = browser.get("/account/level").await;
    assert_eq!(page.status, 200, "{}", page.body);
    (
        page.text(".rung-current .badge")
            .and_then(|_| page.text(".rung-current .rung-title"))
            .unwrap_or_default(),
        page.text("#check-state").unwrap_or_default(),
    )
}

/// Sends [`DATA`] and waits for the registries.
pub async fn become_standard(app: &TestApp, browser: &Browser, changes: &[(&str, &str)]) {
    let page = send(browser, changes).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    app.deliver().await;
    let (level, check) = standing(browser).await;
    assert!(level.starts_with("Стандартный"), "{level}, {check}");
}
