//! Every form there is, sent from a device that may only look, and from one
//! that may approve: nothing changes that should not. A new form is tried here
//! as soon as it has a case against forgery.

use crate::attacks_web::csrf::is_of_factors;
use crate::attacks_web::csrf_cases::{Case, ready};
use crate::attacks_web::{pages, routes};
use crate::recovery::cases::is_of_recovery;
use crate::support::authority::{Authority, Kind};
use crate::support::push_service::PushService;
use crate::support::{Page, TestApp};

/// Open to every device: going out, and defending the account; duties that
/// stand between a sign-in and everything else; a site that gets nobody.
const OPEN: [&str; 10] = [
    "/sign-out",
    "/not-me",
    "/account/history/not-me",
    "/account/freeze",
    "/password/renew",
    "/agreements",
    "/step-up",
    "/step-up/decline",
    "/level",
    "/restricted",
];

/// Open to those that may approve.
const APPROVALS: [&str; 8] = [
    "/approve",
    "/consent",
    "/account/consents/{id}/scopes",
    "/account/consents/{id}/term",
    "/account/consents/{id}/withdraw",
    "/account/trusted/agree",
    "/account/trusted/vouch",
    "/account/trusted/end",
];

async fn send(case: &Case) -> Page {
    let fields = case.fields.iter();
    let fields: Vec<_> = fields.map(|(a, b)| (a.as_str(), b.as_str())).collect();
    case.browser.post_once(&case.address, &fields).await
}

async fn limit(app: &TestApp, rights: &str) {
    let statement = format!("update devices set rights = '{rights}'");
    app.database.execute(&statement).await;
    app.app.storage.note_change();
}

/// Whether the device had anything to be limited in.
async fn is_closed(app: &TestApp, case: Option<Case>, route: &str) -> bool {
    let case = case.unwrap_or_else(|| panic!("POST {route} has no case"));
    if case.browser.cookie("propusk_session").is_none() {
        limit(app, "full").await;
        return false;
    }
    println!("POST {route}");
    let is_taken = async |rights: &str| {
        limit(app, rights).await;
        let before = app.contents().await;
        let page = send(&case).await;
        if page.status == 403 {
            assert!(page.has("#error-next"), "{route} {}", page.body);
            assert_eq!(app.contents().await, before, "{route} from {rights}");
            return false;
        }
        assert!(matches!(page.status, 200 | 303), "{route} {}", page.body);
        true
    };
    let least = match route {
        _ if OPEN.contains(&route) => "view",
        _ if APPROVALS.contains(&route) => "confirm",
        _ => "full",
    };
    for rights in ["view", "confirm", "full"] {
        let taken = is_taken(rights).await;
        assert_eq!(taken, rights == least, "{route} from {rights}");
        if taken {
            break;
        }
    }
    limit(app, "full").await;
    true
}

#[tokio::test]
async fn no_form_of_the_pages_passes_a_device_that_may_not() {
    let authority = Authority::new(Kind::Ec, "CA");
    let service = PushService::start().await;
    let (app, bank) = crate::banks::start_with("verified", |config| {
        service.configure(config);
        config["signature"] = serde_json::json!({ "trusted_ca": authority.trusted() });
    })
    .await;
    let mut tried = 0;
    for route in pages("post") {
        if !is_of_factors(&route) {
            let case = ready(&app, &bank, &route).await;
            tried += usize::from(is_closed(&app, case, &route).await);
        }
    }
    assert!(tried > 40, "{tried}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_form_about_second_factors_passes_a_device_that_may_not() {
    let mut tried = 0;
    for route in pages("post") {
        if !is_of_factors(&route) {
            continue;
        }
        let app = TestApp::start_named().await;
        let case = match is_of_recovery(&route) {
            true => crate::recovery::cases::ready(&app, &route).await,
            false => crate::factors::cases::ready(&app, &route).await,
        };
        tried += usize::from(is_closed(&app, case, &route).await);
        app.deliver().await;
        app.end().await;
    }
    assert!(tried > 12, "{tried}");
}

#[tokio::test]
async fn no_form_of_the_desk_passes_a_device_that_may_not() {
    let mut desk = routes("src/web/console/mod.rs", "post");
    // Photographs are claimed by one operator at a time: tried where they are.
    desk.retain(|route| !route.starts_with("/operator/photographs"));
    for route in desk {
        let (app, bank) = crate::banks::start("verified").await;
        let case = ready(&app, &bank, &route).await;
        assert!(is_closed(&app, case, &route).await, "{route}");
        app.end().await;
    }
}
