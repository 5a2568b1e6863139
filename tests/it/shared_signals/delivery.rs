//! Item 148: pushing and polling.

use serde_json::json;

use super::receiver::SignalReceiver;
use super::streams::change_password;
use super::{PUSH, SSF, Site, checked, event, start};
use crate::support::app::{ANNA, TIMUR};

#[tokio::test(flavor = "multi_thread")]
async fn oidc_148_signals_are_pushed_with_the_header_exactly_as_given() {
    let app = start().await;
    let receiver = SignalReceiver::start().await;
    for (id, header) in [
        ("north", Some("Bearer  TOKEN-of=the_receiver, odd")),
        ("south", None),
    ] {
        let site = Site::new(&app, id);
        let mut delivery = json!({ "method": PUSH, "endpoint_url": receiver.url });
        if let Some(header) = header {
            delivery["authorization_header"] = json!(header);
        }
        let stream = site.stream(delivery).await;
        let path = format!("/ssf/stream?stream_id={stream}");
        let shown = site.call("GET", &path, None).await.json();
        // It is a secret of the receiver, and is shown to nobody.
        assert_eq!(
            shown["delivery"],
            json!({ "method": PUSH, "endpoint_url": receiver.url })
        );
        let before = receiver.pushed().len();
        let ask = json!({ "stream_id": stream, "state": id });
        assert_eq!(site.post("/ssf/verify", ask).await.status, 204);
        let pushed = receiver.wait(before + 1).await.remove(before);
        assert_eq!(pushed.content_type, "application/secevent+jwt");
        assert_eq!(pushed.authorization.as_deref(), header);
        let claims = checked(&app, &pushed.token, id).await;
        assert_eq!(
            event(&claims),
            (format!("{SSF}verification"), json!({ "state": id }))
        );
        // What is pushed cannot be fetched as well.
        let answer = site.post("/ssf/poll", json!({})).await;
        assert_eq!(answer.status, 404, "{}", answer.body);
    }
    let contents = format!("{:?}", app.contents().await);
    assert!(!contents.contains("TOKEN-of"), "it is sealed");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn oidc_148_what_is_not_acknowledged_is_given_again() {
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    for person in [ANNA, TIMUR] {
        north.party.tokens(&app.browser(), person, &[]).await;
        change_password(&app, person).await;
        app.advance(1).await;
    }
    let ask = async |body: serde_json::Value| {
        let answer = north.post("/ssf/poll", body).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(answer.header("cache-control"), Some("no-store"));
        answer.json()
    };
    let jtis = |answer: &serde_json::Value| -> Vec<String> {
        answer["sets"]
            .as_object()
            .unwrap()
            .keys()
            .cloned()
            .collect()
    };
    let all = ask(json!({ "returnImmediately": true })).await;
    assert_eq!(all["moreAvailable"], false);
    let count = jtis(&all).len();
    assert!(count >= 4, "{all}");
    let first = ask(json!({ "maxEvents": 1 })).await;
    assert_eq!(first["moreAvailable"], true);
    let first = jtis(&first);
    assert_eq!(first.len(), 1);
    assert_eq!(jtis(&ask(json!({ "maxEvents": 1 })).await), first);
    // Only acknowledging gives nothing.
    let answer = ask(json!({ "maxEvents": 0, "ack": first })).await;
    assert_eq!(answer["sets"], json!({}));
    let second = jtis(&ask(json!({ "maxEvents": 1 })).await);
    assert_ne!(second, first);
    // Refused is done with, too, and seen in the table of the operator.
    let errors = json!({ "setErrs": {
        second[0].as_str(): { "err": "invalid_audience", "description": "not for us" },
    } });
    let rest = ask(errors).await;
    assert_eq!(jtis(&rest).len(), count - 2);
    let state = app.app.storage.stream_states().await.unwrap().remove(0);
    assert_eq!(state.last_error.unwrap(), "invalid_audience: not for us");
    assert_eq!(state.id, id);
    // Acknowledged twice, or never given: it is all the same.
    let again = json!({ "ack": [first[0], second[0], "unknown"] });
    assert_eq!(jtis(&ask(again).await), jtis(&rest));
    for wrong in [
        json!({ "maxEvents": -1 }),
        json!({ "maxEvents": "all" }),
        json!({ "returnImmediately": "yes" }),
        json!({ "ack": "all" }),
        json!({ "ack": [1] }),
        json!({ "setErrs": [] }),
    ] {
        let answer = north.post("/ssf/poll", wrong.clone()).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.body);
    }
    app.end().await;
}
