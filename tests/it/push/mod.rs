//! Notices in browsers (requirement D5): a push service that the test plays
//! takes them, and the citizen turns them on and off.

mod attacks;
mod peer;
mod sending;

use crate::erasure::export::json;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::push_service::PushService;
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};
use crate::support::{Browser, Page, TestApp};

/// Anna's mailbox.
const MAIL: &str = "anna.sokolova@example.ru";
const BROWSERS: &str = "/account/notices/browsers";
/// The keys of the browser in RFC 8291 §5.
const POINT: &str =
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
const AUTH: &str = "BTBZMqHH6r4Tts7J_aSIgg";

/// An app that may send to a service, whose people registered a while ago.
async fn start() -> (PushService, TestApp) {
    let service = PushService::start().await;
    let app = TestApp::start_with(|config| service.configure(config)).await;
    app.advance(60).await;
    (service, app)
}

/// What a browser of the app's first push service sends.
pub fn made(app: &TestApp) -> [(&'static str, String); 3] {
    let host = &app.app.config.notices.push.hosts[0];
    [
        ("endpoint", format!("https://{host}/send/made")),
        ("p256dh", POINT.to_owned()),
        ("auth", AUTH.to_owned()),
    ]
}

/// What the script of the page sends.
async fn try_to_subscribe(browser: &Browser, endpoint: &str) -> Page {
    let page = browser.get(BROWSERS).await;
    let made = [("endpoint", endpoint), ("p256dh", POINT), ("auth", AUTH)];
    browser.submit(&page, "push-on", &made).await
}

async fn subscribe(browser: &Browser, endpoint: &str) -> Page {
    let page = try_to_subscribe(browser, endpoint).await;
    assert!(page.url.as_str().ends_with("?done=on"), "{}", page.body);
    page
}

/// How many browsers stand in the list.
async fn listed(browser: &Browser) -> usize {
    browser
        .get(BROWSERS)
        .await
        .body
        .matches("browser-remove-")
        .count()
}

#[tokio::test]
async fn a_browser_is_subscribed_told_and_taken_out() {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    app.deliver().await;
    app.capture.clear();
    let page = subscribe(&anna, &service.endpoint("anna")).await;
    assert!(page.body.contains("Firefox 140, Linux") && page.body.contains("этот браузер"));
    app.deliver().await;
    // Itself, and every contact: the link takes it back.
    assert_eq!(service.taken("anna").len(), 1);
    for to in [ANNA, MAIL] {
        let told = app.capture.last_to(to).unwrap();
        assert!(told.text.contains("уведомления"), "{}", told.text);
        assert!(told.not_me.is_some());
    }
    let journal = anna.get("/account/journal").await;
    assert!(
        journal
            .text("tbody")
            .unwrap()
            .contains("Включены уведомления в браузере")
    );

    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert_eq!(
        service.taken("anna").len(),
        2,
        "a sign-in elsewhere is told"
    );

    let page = anna.get(BROWSERS).await;
    let page = anna.submit(&page, "browser-remove-1", &[]).await;
    assert!(page.body.contains("Пока нигде"), "{}", page.body);
    let journal = anna.get("/account/journal").await;
    assert!(
        journal
            .text("tbody")
            .unwrap()
            .contains("Отключены уведомления в браузере")
    );
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert_eq!(service.taken("anna").len(), 2);
    app.end().await;
}

#[tokio::test]
async fn a_fresh_subscription_takes_the_place_of_the_last_and_ten_are_enough() {
    let (service, app) = start().await;
    let first = signed_in(&app, ANNA).await;
    subscribe(&first, &service.endpoint("old")).await;
    app.deliver().await;
    subscribe(&first, &service.endpoint("b0")).await;
    assert_eq!(listed(&first).await, 1);
    for number in 1..10 {
        let browser = signed_in(&app, ANNA).await;
        subscribe(&browser, &service.endpoint(&format!("b{number}"))).await;
    }
    assert_eq!(listed(&first).await, 10);
    let eleventh = signed_in(&app, ANNA).await;
    let page = eleventh.get(BROWSERS).await;
    assert!(page.has("#push-full") && !page.has("#push-on"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let endpoint = service.endpoint("b10");
    let made = [
        ("csrf", &*csrf),
        ("endpoint", &endpoint),
        ("p256dh", POINT),
        ("auth", AUTH),
    ];
    let page = eleventh.post(BROWSERS, &made).await;
    assert!(
        page.body.contains("уже в десяти браузерах"),
        "{}",
        page.body
    );
    // One that is among them may be turned on anew.
    subscribe(&first, &service.endpoint("b11")).await;
    app.end().await;
}

#[tokio::test]
async fn categories_and_quiet_hours_hold_for_browsers() {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    subscribe(&anna, &service.endpoint("anna")).await;
    app.deliver().await;
    let told = || service.taken("anna").len();
    let save = async |off: &[&str], more: &[(&str, &str)]| {
        let page = anna.get("/account/notices/settings").await;
        let mut fields = page.form("notices-save").fields;
        fields.retain(|(name, _)| {
            !off.contains(&name.as_str()) && more.iter().all(|one| one.0 != name)
        });
        let typed = more
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        fields.extend(typed);
        let fields: Vec<_> = fields
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        anna.post("/account/notices/settings", &fields).await
    };
    // A browser alone is no way to be warned.
    let page = save(&["security_email", "security_sms", "security_inbox"], &[]).await;
    assert!(page.has("#security-problem"), "{}", page.body);
    let page = save(&["security_push"], &[]).await;
    assert!(page.url.as_str().contains("done=saved"), "{}", page.body);
    // That it was turned off is the last that is told of security.
    app.deliver().await;
    let before = told();
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert_eq!(told(), before, "nothing of security");

    // It is noon in Moscow; a consent waits, and its message lives longer.
    let quiet = [
        ("quiet", "yes"),
        ("quiet_from", "11"),
        ("quiet_until", "14"),
    ];
    save(&[], &quiet).await;
    crate::support::RelyingParty::new(&app, "portal")
        .code(&anna, ANNA, &[])
        .await;
    app.deliver().await;
    assert_eq!(told(), before);
    app.advance(2 * 3600).await;
    app.deliver().await;
    assert_eq!(told(), before + 1);
    assert_eq!(
        service.taken("anna").last().unwrap().header("urgency"),
        "normal"
    );
    app.end().await;
}

#[tokio::test]
async fn a_browser_is_forgotten_with_what_its_owner_takes_back() {
    let (service, app) = start().await;
    let owner = signed_in(&app, ANNA).await;
    subscribe(&owner, &service.endpoint("owner")).await;
    app.advance(60).await;
    // A thief with the password subscribes a browser of theirs.
    let thief = signed_in(&app, ANNA).await;
    app.advance(1).await;
    subscribe(&thief, &service.endpoint("thief")).await;
    app.deliver().await;
    let mail = app.capture.messages().into_iter().find(|message| {
        message.recipient == MAIL && message.subject.contains("уведомления в браузере")
    });
    let link = mail.unwrap().not_me.unwrap();
    let anyone = app.browser();
    let page = anyone.get(&link).await;
    assert!(
        page.body.contains("Включены уведомления в браузере"),
        "{}",
        page.body
    );
    let told = service.taken("thief").len();
    anyone.submit(&page, "not-me-confirm", &[]).await;
    app.deliver().await;
    assert_eq!(service.taken("thief").len(), told, "not even of that");
    let rows = "select count(*) from push_subscriptions";
    assert_eq!(app.database.count(rows).await, 1);
    app.end().await;
}

#[tokio::test]
async fn ending_a_session_and_a_new_password_silence_other_browsers() {
    let (service, app) = start().await;
    let here = signed_in(&app, ANNA).await;
    subscribe(&here, &service.endpoint("here")).await;
    let lost = signed_in(&app, ANNA).await;
    subscribe(&lost, &service.endpoint("lost")).await;
    assert_eq!(listed(&here).await, 2);
    let page = here.get("/account/security").await;
    here.submit(&page, "end-others", &[]).await;
    assert_eq!(listed(&here).await, 1);

    // Signing out leaves a browser of one's own as it is; another password silences
    // all: whoever sat at this one may have subscribed another.
    let other = signed_in(&app, ANNA).await;
    subscribe(&other, &service.endpoint("other")).await;
    let page = other.get("/sign-out").await;
    other.submit(&page, "logout-confirm", &[]).await;
    assert_eq!(listed(&here).await, 2);
    let page = here.get("/account/security").await;
    let typed = [
        ("current_password", PASSWORD),
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = here.submit(&page, "password-submit", &typed).await;
    assert!(page.url.as_str().contains("done=password"), "{}", page.body);
    assert_eq!(listed(&here).await, 0);
    sign_in(&app.browser(), ANNA, NEW_PASSWORD).await;
    app.deliver().await;
    assert!(service.taken("here").len() > service.taken("other").len());
    app.end().await;
}

#[tokio::test]
async fn without_a_contact_there_is_nothing_to_turn_on() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    let page = anna.get(BROWSERS).await;
    assert_eq!(page.url.path(), "/account/notices/settings");
    assert!(!page.has("#security_push") && !page.has("#notices-browsers"));
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let made = [
        ("csrf", &*csrf),
        ("endpoint", "https://fcm.googleapis.com/fcm/send/a"),
        ("p256dh", POINT),
        ("auth", AUTH),
    ];
    anna.post(BROWSERS, &made).await;
    let rows = "select count(*) from push_subscriptions";
    assert_eq!(app.database.count(rows).await, 0);
    app.end().await;
}

#[tokio::test]
async fn the_copy_of_everything_names_browsers_and_not_their_addresses() {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    subscribe(&anna, &service.endpoint("secret-address")).await;
    let all = json(&anna).await;
    let browsers = all["notice_browsers"].as_array().unwrap();
    assert_eq!(browsers.len(), 1);
    assert_eq!(browsers[0]["browser"], "Firefox 140");
    let text = all.to_string();
    assert!(!text.contains("secret-address") && !text.contains(POINT) && !text.contains(AUTH));
    // Nor does any page, or the database.
    assert!(!anna.get(BROWSERS).await.body.contains("secret-address"));
    for (table, rows) in app.contents().await {
        for row in rows {
            assert!(
                !row.contains("secret-address") && !row.contains(AUTH),
                "{table}"
            );
        }
    }
    app.end().await;
}

#[tokio::test]
async fn the_worker_stands_at_the_root_and_the_page_lets_its_script_run() {
    let (_service, app) = start().await;
    let worker = app.browser().get("/push-worker.js").await;
    assert_eq!(worker.status, 200);
    assert_eq!(
        worker.headers["content-type"],
        "text/javascript; charset=utf-8"
    );
    assert_eq!(worker.headers["cache-control"], "no-store");
    let anna = signed_in(&app, ANNA).await;
    let page = anna.get(BROWSERS).await;
    let policy = page.headers["content-security-policy"].to_str().unwrap();
    assert!(policy.contains("script-src 'self'"), "{policy}");
    let key = page.attribute("[data-push-key]", "data-push-key").unwrap();
    assert_eq!(key.len(), 87, "an uncompressed point");
    // All nodes have the same key.
    let other = app.another_node().await;
    assert_eq!(other.app.push.as_ref().unwrap().public_key(), key);
    other.stop().await;
    app.end().await;
}
