//! Item 146: the status of a stream, and verifying that it works.

use serde_json::{Value, json};

use super::streams::change_password;
use super::{CAEP, SSF, Site, event, start};
use crate::support::app::{ANNA, TIMUR};

const STATUS: &str = "/ssf/status";

async fn set(site: &Site, id: &str, status: &str) {
    let body = json!({ "stream_id": id, "status": status, "reason": "tests" });
    let answer = site.post(STATUS, body).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let said = json!({ "stream_id": id, "status": status, "reason": "tests" });
    assert_eq!(answer.json(), said);
    let read = site
        .call("GET", &format!("{STATUS}?stream_id={id}"), None)
        .await;
    assert_eq!(read.json(), said);
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_146_a_paused_stream_keeps_and_a_disabled_one_does_not() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let read = north
        .call("GET", &format!("{STATUS}?stream_id={id}"), None)
        .await;
    assert_eq!(read.json(), json!({ "stream_id": id, "status": "enabled" }));
    for person in [ANNA, TIMUR] {
        north.party.tokens(&app.browser(), person, &[]).await;
    }
    let uri = format!("{CAEP}credential-change");
    set(&north, &id, "paused").await;
    change_password(&app, ANNA).await;
    assert_eq!(north.take(&app).await, Vec::<Value>::new());
    set(&north, &id, "enabled").await;
    assert_eq!(north.taken(&app, &uri).await.len(), 1);
    set(&north, &id, "disabled").await;
    change_password(&app, TIMUR).await;
    assert_eq!(north.take(&app).await, Vec::<Value>::new());
    set(&north, &id, "enabled").await;
    assert_eq!(north.take(&app).await, Vec::<Value>::new());

    for (body, status) in [
        (json!({ "stream_id": id }), 400),
        (json!({ "stream_id": id, "status": "asleep" }), 400),
        (json!({ "status": "enabled" }), 400),
        (json!({ "stream_id": "unknown", "status": "enabled" }), 404),
    ] {
        let answer = north.post(STATUS, body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    let unknown = format!("{STATUS}?stream_id=unknown");
    assert_eq!(north.call("GET", &unknown, None).await.status, 404);
    assert_eq!(north.call("GET", STATUS, None).await.status, 400);
    app.end().await;
}

#[tokio::test]
async fn oidc_146_a_verification_echoes_the_state_and_comes_not_too_often() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let ask = |state: Value| json!({ "stream_id": id, "state": state });
    let answer = north
        .post("/ssf/verify", ask(json!("VGhpcyBpcyBhIHN0YXRl")))
        .await;
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    let told = north.take(&app).await;
    assert_eq!(told.len(), 1);
    let of = (
        format!("{SSF}verification"),
        json!({ "state": "VGhpcyBpcyBhIHN0YXRl" }),
    );
    assert_eq!(event(&told[0]), of);
    assert_eq!(told[0]["sub_id"], json!({ "format": "opaque", "id": id }));

    // Attack row 31 and 53: nobody is flooded through us.
    app.advance(29).await;
    let answer = north.post("/ssf/verify", ask(json!("2"))).await;
    assert_eq!(answer.status, 429, "{}", answer.body);
    assert_eq!(answer.header("retry-after"), Some("30"));
    assert_eq!(north.take(&app).await.len(), 0);
    app.advance(1).await;
    let answer = north.post("/ssf/verify", json!({ "stream_id": id })).await;
    assert_eq!(answer.status, 204, "{}", answer.body);
    assert_eq!(event(&north.take(&app).await[0]).1, json!({}));

    app.advance(30).await;
    for (body, status) in [
        (json!({}), 400),
        (ask(json!(1)), 400),
        (ask(json!("x".repeat(1_025))), 400),
        (json!({ "stream_id": "unknown" }), 404),
    ] {
        let answer = north.post("/ssf/verify", body.clone()).await;
        assert_eq!(answer.status, status, "{body}: {}", answer.body);
    }
    let off = json!({ "stream_id": id, "status": "disabled" });
    assert_eq!(north.post(STATUS, off).await.status, 200);
    let answer = north.post("/ssf/verify", json!({ "stream_id": id })).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    app.end().await;
}
