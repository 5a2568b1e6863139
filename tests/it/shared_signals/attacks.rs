//! Attacks on streams: addresses within our own network, streams of others,
//! acknowledgements of others, floods.

use serde_json::{Value, json};

use super::receiver::SignalReceiver;
use super::streams::change_password;
use super::{PUSH, Site, start, start_with};
use crate::support::app::ANNA;
use crate::support::http;

#[tokio::test(flavor = "multi_thread")]
async fn attack_31_no_stream_leads_into_our_own_network() {
    let receiver = SignalReceiver::start().await;
    let app = start_with(|config| config["egress"] = json!({})).await;
    let north = Site::new(&app, "north");
    let delivery = |address: &str| json!({ "method": PUSH, "endpoint_url": address });
    for address in [
        receiver.url.as_str(),
        "http://example.ru/in",
        "https://127.0.0.1/in",
        "https://127.1/in",
        "https://0x7f000001/in",
        "https://[::1]/in",
        "https://[::ffff:10.0.0.1]/in",
        "https://169.254.169.254/latest/meta-data",
        "https://10.0.0.1/in",
        "https://user:password@example.ru/in",
        "file:///etc/passwd",
        "gopher://example.ru/in",
    ] {
        let body = json!({ "delivery": delivery(address) });
        let answer = north.post("/ssf/stream", body).await;
        assert_eq!(answer.status, 400, "{address}: {}", answer.body);
        // Nothing is told of what is there.
        let told = answer.json()["error_description"]
            .as_str()
            .unwrap()
            .to_owned();
        assert_eq!(
            told, "delivery.endpoint_url must be https and lead to a public address",
            "{address}"
        );
    }
    // A name that leads there is judged when it is called: what is not sent
    // waits, and nobody is reached.
    let id = north.stream(delivery("https://localhost/in")).await;
    let ask = json!({ "stream_id": id, "state": "x" });
    assert_eq!(north.post("/ssf/verify", ask).await.status, 204);
    let state = loop {
        app.app.signals.drain_once().await.unwrap();
        let state = app.app.storage.stream_states().await.unwrap().remove(0);
        if state.last_error.is_some() {
            break state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert!(state.last_error.unwrap().contains("not called"));
    assert_eq!(receiver.pushed().len(), 0);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_41_the_stream_of_another_client_is_not_there() {
    let app = start().await;
    let (north, south) = (Site::new(&app, "north"), Site::new(&app, "south"));
    let id = north.polled().await;
    let own = south.polled().await;
    north.party.tokens(&app.browser(), ANNA, &[]).await;
    change_password(&app, ANNA).await;
    let before = app.app.storage.signals_waiting().await.unwrap().0;
    assert!(before > 0);
    let subject = json!({ "format": "opaque", "id": "1" });
    for (method, path, body) in [
        ("GET", format!("/ssf/stream?stream_id={id}"), None),
        ("GET", format!("/ssf/status?stream_id={id}"), None),
        ("DELETE", format!("/ssf/stream?stream_id={id}"), None),
        (
            "PATCH",
            "/ssf/stream".to_owned(),
            Some(json!({ "stream_id": id })),
        ),
        (
            "PUT",
            "/ssf/stream".to_owned(),
            Some(json!({ "stream_id": id })),
        ),
        (
            "POST",
            "/ssf/status".to_owned(),
            Some(json!({ "stream_id": id, "status": "disabled" })),
        ),
        (
            "POST",
            "/ssf/verify".to_owned(),
            Some(json!({ "stream_id": id })),
        ),
        (
            "POST",
            "/ssf/subjects/remove".to_owned(),
            Some(json!({ "stream_id": id, "subject": subject })),
        ),
    ] {
        let answer = south.call(method, &path, body.as_ref()).await;
        let unknown = path.replace(&id, "unknown");
        let body = body.map(|body| {
            let text = body.to_string().replace(&id, "unknown");
            serde_json::from_str::<Value>(&text).unwrap()
        });
        let of_nobody = south.call(method, &unknown, body.as_ref()).await;
        assert_eq!(answer.status, 404, "{method} {path}: {}", answer.body);
        assert_eq!(answer.body, of_nobody.body, "{method} {path}");
    }
    let all = south.call("GET", "/ssf/stream", None).await.json();
    assert_eq!(all[0]["stream_id"], own);
    assert_eq!(all.as_array().unwrap().len(), 1);

    // Nor does it take what waits there, though it knows what it is called.
    let sets = north.post("/ssf/poll", json!({})).await.json()["sets"].clone();
    let ids: Vec<_> = sets.as_object().unwrap().keys().collect();
    let taken = south.post("/ssf/poll", json!({ "ack": ids })).await;
    assert_eq!(taken.status, 200, "{}", taken.body);
    assert_eq!(app.app.storage.signals_waiting().await.unwrap().0, before);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_41_two_clients_cannot_compare_notes() {
    let app = start().await;
    let (north, south) = (Site::new(&app, "north"), Site::new(&app, "south"));
    let mut seen = Vec::new();
    for site in [&north, &south] {
        site.polled().await;
        site.party.tokens(&app.browser(), ANNA, &[]).await;
    }
    change_password(&app, ANNA).await;
    for site in [&north, &south] {
        for claims in site.take(&app).await {
            for name in ["jti", "txn"] {
                seen.push(claims[name].as_str().unwrap().to_owned());
            }
            seen.push(claims["sub_id"]["sub"].as_str().unwrap().to_owned());
        }
    }
    let (of_north, of_south) = seen.split_at(seen.len() / 2);
    assert!(!of_north.is_empty());
    assert!(
        of_north.iter().all(|one| !of_south.contains(one)),
        "{seen:?}"
    );
    // Nor is there anything in it that names her.
    let all = format!("{seen:?}");
    assert!(!all.contains("Соколова") && !all.contains("9005550101"));
    app.end().await;
}

#[tokio::test]
async fn attack_53_a_body_over_the_limit_is_not_read() {
    let app = start().await;
    let north = Site::new(&app, "north");
    north.polled().await;
    let many: Vec<_> = (0..1_001).map(|n| n.to_string()).collect();
    let answer = north.post("/ssf/poll", json!({ "ack": many })).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let long = json!({ "state": "x".repeat(140 * 1024) });
    let answer = north.post("/ssf/verify", long).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    let deep = format!("{{\"a\":{}1{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let token = north.token().await;
    let request = http::client().post(app.at("/ssf/poll")).bearer_auth(token);
    let answer = crate::support::relying_party::Answer::of(request.body(deep)).await;
    assert_eq!(answer.status, 400, "{}", answer.body);
    app.end().await;
}
