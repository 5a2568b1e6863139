//! Addresses that lead elsewhere, and browsers of others.

use super::{AUTH, BROWSERS, POINT, listed, start, subscribe, try_to_subscribe};
use crate::support::Receiver;
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;

#[tokio::test]
async fn attack_32_a_browser_names_no_address_but_a_push_services() {
    let (service, app) = start().await;
    let inside = Receiver::start().await;
    let anna = signed_in(&app, ANNA).await;
    let origin = service.origin();
    let (_, port) = origin.rsplit_once(':').unwrap();
    for endpoint in [
        inside.url.clone(),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        "https://10.0.0.1/send".to_owned(),
        "https://[::1]/send".to_owned(),
        format!("https://127.0.0.1:{port}/send"),
        format!("https://2130706433:{port}/send"),
        format!("http://localhost:{port}/send"),
        "https://localhost/send".to_owned(),
        "https://push.example.org:8443/send".to_owned(),
        "http://push.example.org/send".to_owned(),
        "https://push.example.org.evil.example/send".to_owned(),
        "https://evil.example/push.example.org".to_owned(),
        "https://push.example.org@evil.example/send".to_owned(),
        format!("https://anna:secret@localhost:{port}/send"),
        "file:///etc/passwd".to_owned(),
        "javascript:alert(1)".to_owned(),
        String::new(),
    ] {
        let page = try_to_subscribe(&anna, &endpoint).await;
        assert_eq!(page.status, 200);
        assert!(
            page.has(".summary, #push-problem, .notice-danger"),
            "{endpoint}: {}",
            page.body
        );
        assert!(
            endpoint.is_empty() || !page.body.contains(&endpoint),
            "{endpoint} is shown"
        );
    }
    assert_eq!(listed(&anna).await, 0);
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert!(inside.is_quiet());
    app.end().await;
}

/// A host that is allowed and resolves to our own network: the door of egress
/// refuses it, whatever the list says.
#[tokio::test]
async fn attack_32_an_allowed_name_that_leads_inside_is_not_called() {
    let service = crate::support::push_service::PushService::start().await;
    let app = crate::support::TestApp::start_with(|config| {
        service.configure(config);
        config["egress"]["allow_private"] = serde_json::json!([]);
    })
    .await;
    let anna = signed_in(&app, ANNA).await;
    subscribe(&anna, &service.endpoint("anna")).await;
    app.deliver().await;
    assert!(service.taken("anna").is_empty());
    app.expect_errors(1);
    app.end().await;
}

#[tokio::test]
async fn attack_32_a_redirect_of_a_push_service_is_not_followed() {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    service.answer_with(307, None);
    subscribe(&anna, &service.endpoint("anna")).await;
    app.deliver().await;
    assert_eq!(
        service.taken("anna").len(),
        1,
        "an answer like any other failure"
    );
    service.answer_with(201, None);
    app.advance(7).await;
    app.end().await;
}

#[tokio::test]
async fn attack_45_no_one_takes_anothers_browser_out_or_over() {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    subscribe(&anna, &service.endpoint("anna")).await;
    let page = anna.get(BROWSERS).await;
    let id = page.attribute("#browser-remove-1", "value").unwrap();

    let timur = signed_in(&app, TIMUR).await;
    let page = timur.get(BROWSERS).await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", &*csrf), ("browser", &*id)];
    timur.post(&format!("{BROWSERS}/remove"), &fields).await;
    assert_eq!(listed(&anna).await, 1);
    let lines = "select count(*) from journal where action = 'browser_silenced'";
    assert_eq!(app.database.count(lines).await, 0);

    // Her address, with keys of his: it stays hers, and he learns no more than
    // of any other that does not work.
    let page = try_to_subscribe(&timur, &service.endpoint("anna")).await;
    let other = try_to_subscribe(&timur, "https://evil.example/send").await;
    assert!(page.has("#push-on") && listed(&timur).await == 0);
    assert_eq!(page.text(".summary"), other.text(".summary"));
    app.deliver().await;
    let before = service.taken("anna").len();
    signed_in(&app, TIMUR).await;
    app.deliver().await;
    assert_eq!(
        service.taken("anna").len(),
        before,
        "his notices go nowhere"
    );
    signed_in(&app, ANNA).await;
    app.deliver().await;
    assert_eq!(service.taken("anna").len(), before + 1);
    app.end().await;
}

/// Keys that are none, and values that are too long or of another kind.
#[tokio::test]
async fn attack_32_keys_that_are_no_keys_are_not_kept() {
    let (service, app) = start().await;
    let anna = signed_in(&app, ANNA).await;
    let endpoint = service.endpoint("anna");
    let long = format!("{endpoint}{}", "a".repeat(4000));
    for (endpoint, point, auth) in [
        (&*endpoint, "", AUTH),
        (&*endpoint, POINT, ""),
        (&*endpoint, AUTH, POINT),
        (&*endpoint, &"B".repeat(87), AUTH),
        (&*endpoint, "<script>", "'; drop table accounts"),
        (&*long, POINT, AUTH),
    ] {
        let page = anna.get(BROWSERS).await;
        let made = [("endpoint", endpoint), ("p256dh", point), ("auth", auth)];
        let page = anna.submit(&page, "push-on", &made).await;
        assert!(page.status == 200 && page.has("#push-on"), "{}", page.body);
        assert_eq!(listed(&anna).await, 0);
    }
    app.end().await;
}
