//! Items 144, 145 and 149: streams are made, read, changed and deleted, and
//! subjects taken off them.

use serde_json::json;

use super::{CAEP, POLL, PUSH, RISC, Site, everything, start};
use crate::support::app::{ANNA, TIMUR};
use crate::support::http;
use crate::support::steps::{NEW_PASSWORD, signed_in};

const STREAM: &str = "/ssf/stream";

#[tokio::test]
async fn oidc_144_a_stream_is_made_once() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let asked = json!({
        "events_requested": [
            format!("{RISC}account-disabled"), format!("{CAEP}session-revoked"),
            "urn:example:unheard-of", format!("{RISC}account-disabled"),
        ],
        "description": "everything about our people",
    });
    let answer = north.post(STREAM, asked).await;
    assert_eq!(answer.status, 201, "{}", answer.body);
    assert_eq!(answer.header("cache-control"), Some("no-store"));
    let made = answer.json();
    assert!(made["stream_id"].as_str().unwrap().len() >= 32);
    assert_eq!(made["iss"], app.url);
    assert_eq!(made["aud"], "north");
    assert_eq!(made["events_supported"], json!(everything()));
    let delivered = [
        format!("{CAEP}session-revoked"),
        format!("{RISC}account-disabled"),
    ];
    assert_eq!(made["events_delivered"], json!(delivered));
    assert_eq!(made["events_requested"].as_array().unwrap().len(), 3);
    // Without a wish it is polled, at an address of ours.
    let delivery = json!({ "method": POLL, "endpoint_url": app.at("/ssf/poll") });
    assert_eq!(made["delivery"], delivery);
    assert_eq!(made["description"], "everything about our people");
    assert_eq!(made["min_verification_interval"], 30);

    let again = north.post(STREAM, json!({})).await;
    assert_eq!(again.status, 409, "{}", again.body);
    // Another client has another; who asks for nothing is told nothing.
    let south = Site::new(&app, "south").post(STREAM, json!({})).await;
    assert_eq!(south.status, 201);
    assert_eq!(south.json()["events_delivered"], json!([]));
    assert_ne!(south.json()["stream_id"], made["stream_id"]);
    app.end().await;
}

#[tokio::test]
async fn oidc_144_what_cannot_be_read_makes_no_stream() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let long = format!("https://a.example/{}", "x".repeat(2_048));
    for (wrong, named) in [
        (json!([]), "JSON object"),
        (json!({ "events_requested": "all" }), "events_requested"),
        (json!({ "events_requested": [1] }), "events_requested"),
        (json!({ "description": 1 }), "description"),
        (json!({ "delivery": "push" }), "delivery"),
        (
            json!({ "delivery": { "method": "carrier pigeon" } }),
            "delivery.method",
        ),
        (json!({ "delivery": { "method": PUSH } }), "endpoint_url"),
        (push("https://a.example/#part"), "endpoint_url"),
        (push("a.example"), "endpoint_url"),
        (push(&long), "endpoint_url"),
        (
            json!({ "delivery": {
                "method": PUSH, "endpoint_url": "https://a.example/",
                "authorization_header": "Bearer a\r\nX: b",
            } }),
            "authorization_header",
        ),
    ] {
        let answer = north.post(STREAM, wrong.clone()).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.body);
        let told = answer.json()["error_description"].to_string();
        assert!(told.contains(named), "{wrong}: {told}");
    }
    let token = north.token().await;
    let request = http::client().post(app.at(STREAM)).bearer_auth(&token);
    let answer = crate::support::relying_party::Answer::of(request.body("{")).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    assert_eq!(north.call("GET", STREAM, None).await.json(), json!([]));
    app.end().await;
}

fn push(address: &str) -> serde_json::Value {
    json!({ "delivery": { "method": PUSH, "endpoint_url": address } })
}

#[tokio::test]
async fn oidc_145_a_stream_is_read_changed_replaced_and_deleted() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let path = format!("{STREAM}?stream_id={id}");
    let read = north.call("GET", &path, None).await;
    assert_eq!(read.status, 200);
    let all = north.call("GET", STREAM, None).await.json();
    assert_eq!(all, json!([read.json()]));
    let unknown = format!("{STREAM}?stream_id=unknown");
    assert_eq!(north.call("GET", &unknown, None).await.status, 404);

    // A change leaves the rest alone.
    let change = json!({ "stream_id": id, "description": "ours" });
    let changed = north.call("PATCH", STREAM, Some(&change)).await;
    assert_eq!(changed.status, 200, "{}", changed.body);
    assert_eq!(changed.json()["description"], "ours");
    assert_eq!(changed.json()["events_delivered"], json!(everything()));
    // What was read may be sent back; what is ours may not be changed.
    let mut whole = changed.json();
    assert_eq!(north.call("PATCH", STREAM, Some(&whole)).await.status, 200);
    assert_eq!(north.call("PUT", STREAM, Some(&whole)).await.json(), whole);
    for (member, value) in [
        ("iss", json!("https://other.example")),
        ("aud", json!("south")),
        ("events_supported", json!([])),
        ("events_delivered", json!([])),
        ("min_verification_interval", json!(0)),
    ] {
        let kept = std::mem::replace(&mut whole[member], value);
        for method in ["PATCH", "PUT"] {
            let answer = north.call(method, STREAM, Some(&whole)).await;
            assert_eq!(answer.status, 400, "{method} {member}: {}", answer.body);
        }
        whole[member] = kept;
    }
    // What is left out of a replacement goes.
    let replacement = json!({
        "stream_id": id, "events_requested": [format!("{RISC}account-purged")],
        "delivery": { "method": PUSH, "endpoint_url": "https://north.example/in" },
    });
    let replaced = north.call("PUT", STREAM, Some(&replacement)).await;
    assert_eq!(replaced.status, 200, "{}", replaced.body);
    let replaced = replaced.json();
    assert_eq!(replaced.get("description"), None);
    assert_eq!(
        replaced["events_delivered"],
        json!([format!("{RISC}account-purged")])
    );
    assert_eq!(
        replaced["delivery"]["endpoint_url"],
        "https://north.example/in"
    );

    for method in ["PATCH", "PUT"] {
        for (body, status) in [
            (json!({}), 400),
            (json!({ "stream_id": 1 }), 400),
            (json!({ "stream_id": "unknown" }), 404),
            (json!({ "stream_id": id, "delivery": 1 }), 400),
        ] {
            let answer = north.call(method, STREAM, Some(&body)).await;
            assert_eq!(answer.status, status, "{method} {body}: {}", answer.body);
        }
    }
    assert_eq!(north.call("DELETE", STREAM, None).await.status, 400);
    assert_eq!(north.call("DELETE", &unknown, None).await.status, 404);
    let deleted = north.call("DELETE", &path, None).await;
    assert_eq!((deleted.status, deleted.body.as_str()), (204, ""));
    assert_eq!(north.call("DELETE", &path, None).await.status, 404);
    assert_eq!(north.call("GET", &path, None).await.status, 404);
    assert_eq!(
        north.polled().await.len(),
        id.len(),
        "and there may be another"
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_149_subjects_are_taken_off_and_put_back_and_never_told_of() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let mut subjects = Vec::new();
    for person in [ANNA, TIMUR] {
        let tokens = north.party.tokens(&app.browser(), person, &[]).await;
        subjects.push(tokens.id_claims()["sub"].clone());
    }
    let of = |sub: &serde_json::Value| json!({ "stream_id": id, "subject": { "format": "iss_sub", "iss": app.url, "sub": sub } });
    let removed = north.post("/ssf/subjects/remove", of(&subjects[0])).await;
    assert_eq!((removed.status, removed.body.as_str()), (204, ""));
    for person in [ANNA, TIMUR] {
        change_password(&app, person).await;
    }
    let uri = format!("{CAEP}credential-change");
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1["sub"], subjects[1]);
    let added = north.post("/ssf/subjects/add", of(&subjects[0])).await;
    assert_eq!((added.status, added.body.as_str()), (200, ""));
    let complex = json!({ "stream_id": id, "subject": {
        "format": "complex", "user": { "format": "iss_sub", "iss": app.url, "sub": subjects[1] },
    } });
    let removed = north.post("/ssf/subjects/remove", complex).await;
    assert_eq!(removed.status, 204, "{}", removed.body);
    app.advance(60).await;
    let browser = app.browser();
    crate::support::steps::sign_in(&browser, ANNA, NEW_PASSWORD).await;
    crate::factors::add_app(&app, &browser).await;
    let told = north.taken(&app, &uri).await;
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].1["sub"], subjects[0]);

    // Nobody learns whether somebody is known.
    for subject in [
        json!({ "format": "email", "email": "anna.sokolova@example.ru" }),
        json!({ "format": "email", "email": "nobody@example.ru" }),
        json!({ "format": "phone_number", "phone_number": ANNA }),
        json!({ "format": "iss_sub", "iss": app.url, "sub": "A".repeat(43) }),
        json!({ "format": "iss_sub", "iss": "https://other.example", "sub": "1" }),
        json!({ "format": "opaque", "id": id }),
        json!({ "format": "something new", "x": 1 }),
    ] {
        let body = json!({ "stream_id": id, "subject": subject });
        let removed = north.post("/ssf/subjects/remove", body.clone()).await;
        assert_eq!((removed.status, removed.body.as_str()), (204, ""), "{body}");
        let added = north.post("/ssf/subjects/add", body.clone()).await;
        assert_eq!((added.status, added.body.as_str()), (200, ""), "{body}");
    }
    for path in ["/ssf/subjects/add", "/ssf/subjects/remove"] {
        for (body, status) in [
            (json!({ "stream_id": id }), 400),
            (json!({ "stream_id": id, "subject": "anna" }), 400),
            (json!({ "stream_id": id, "subject": {} }), 400),
            (
                json!({ "stream_id": id, "subject": { "format": "email" } }),
                400,
            ),
            (json!({ "subject": { "format": "opaque", "id": "1" } }), 400),
            (
                json!({ "stream_id": "x", "subject": { "format": "opaque", "id": "1" } }),
                404,
            ),
        ] {
            let answer = north.post(path, body.clone()).await;
            assert_eq!(answer.status, status, "{path} {body}: {}", answer.body);
        }
    }
    app.end().await;
}

/// Replaces the password of a demo citizen in the cabinet.
pub async fn change_password(app: &crate::support::TestApp, person: &str) {
    let browser = signed_in(app, person).await;
    let page = browser.get("/account/security").await;
    let typed = [
        ("current_password", crate::support::app::PASSWORD),
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(&page, "password-submit", &typed).await;
    assert!(page.url.as_str().contains("done=password"), "{}", page.body);
}
