//! What is told, and how, is the citizen's to choose (requirement D5).

use super::{MAIL, start};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, RelyingParty};

const SETTINGS: &str = "/account/notices/settings";

/// Saves with these boxes unticked.
async fn save(browser: &Browser, off: &[&str], more: &[(&str, &str)]) -> Page {
    let page = browser.get(SETTINGS).await;
    let fields = page.form("notices-save").fields;
    let mut fields: Vec<(&str, &str)> = fields
        .iter()
        .filter(|(name, _)| !off.contains(&name.as_str()))
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    for (name, value) in more {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    browser.post(SETTINGS, &fields).await
}

#[tokio::test]
async fn a_category_is_told_in_the_ways_that_were_chosen() {
    let app = start().await;
    let anna = signed_in(&app, ANNA).await;
    let page = save(&anna, &["consents_email", "consents_inbox"], &[]).await;
    assert!(page.url.as_str().contains("done=saved"), "{}", page.body);
    app.deliver().await;
    let count = || app.capture.messages().len();
    let before = count();
    RelyingParty::new(&app, "portal")
        .code(&anna, ANNA, &[])
        .await;
    app.deliver().await;
    assert_eq!(count(), before, "nothing is told of consents");
    let inbox = anna.get("/account/notices").await;
    assert!(!inbox.body.contains("Портал portal"), "{}", inbox.body);
    // Everything else is told as before.
    signed_in(&app, ANNA).await;
    assert!(app.last_message(MAIL).await.subject.contains("Вход"));
    app.end().await;
}

#[tokio::test]
async fn warnings_cannot_all_be_turned_off_and_turning_some_off_is_told() {
    let app = start().await;
    let anna = signed_in(&app, ANNA).await;
    let off = ["security_email", "security_sms"];
    let page = save(&anna, &off, &[("quiet", "yes"), ("quiet_from", "23")]).await;
    assert!(page.has("#security-problem"), "{}", page.body);
    // Nothing that was chosen is lost.
    assert!(page.has("#quiet[checked]") && !page.has("#security_email[checked]"));
    assert!(page.has("#security_inbox[checked]"));
    let page = save(&anna, &["security_email"], &[]).await;
    assert!(page.url.as_str().contains("done=saved"), "{}", page.body);
    // Told at both, for this may be a thief.
    app.deliver().await;
    for to in [ANNA, MAIL] {
        let told = app.capture.last_to(to).unwrap();
        assert!(told.text.contains("изменено, как мы") || told.text.contains("изменили, как мы"));
        assert!(told.not_me.is_some());
    }
    signed_in(&app, ANNA).await;
    assert!(app.last_message(ANNA).await.text.contains("Вход"));
    app.end().await;
}

#[tokio::test]
async fn what_can_wait_waits_until_the_quiet_hours_are_over() {
    let app = start().await;
    let anna = signed_in(&app, ANNA).await;
    // It is noon in Moscow.
    let hours = [
        ("quiet", "yes"),
        ("quiet_from", "11"),
        ("quiet_until", "14"),
    ];
    let same = [
        ("quiet", "yes"),
        ("quiet_from", "11"),
        ("quiet_until", "11"),
    ];
    let page = save(&anna, &[], &same).await;
    assert!(page.has("#quiet_until-problem"), "{}", page.body);
    let page = save(&anna, &[], &hours).await;
    assert!(page.url.as_str().contains("done=saved"), "{}", page.body);
    app.deliver().await;
    let consents = || {
        let all = app.capture.messages();
        let about = |subject: &str| subject.contains("оглас") || subject.contains("разреш");
        all.iter().filter(|message| about(&message.subject)).count()
    };
    RelyingParty::new(&app, "portal")
        .code(&anna, ANNA, &[])
        .await;
    app.deliver().await;
    assert_eq!(consents(), 0, "{:?}", app.capture.messages());
    // What is about security does not wait.
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert!(app.capture.last_to(MAIL).unwrap().subject.contains("Вход"));
    app.advance(2 * 3600).await;
    app.deliver().await;
    assert_eq!(consents(), 1);
    app.end().await;
}
