//! Deliveries that fail: what happened leaves in order, waits for its receiver
//! only, outlives a restart, and is given up in the end, where this is seen.

use serde_json::{Value, json};

use super::receiver::{Pushed, SignalReceiver};
use super::streams::change_password;
use super::{CAEP, PUSH, SSF, Site, checked, event, start};
use crate::support::TestApp;
use crate::support::app::{ANNA, TIMUR};
use crate::support::relying_party::claims;

fn to(receiver: &SignalReceiver) -> Value {
    json!({ "method": PUSH, "endpoint_url": receiver.url })
}

/// The moments and names of what was taken, in the order it came.
fn in_order(pushed: &[Pushed]) -> Vec<(String, String)> {
    pushed
        .iter()
        .filter(|one| one.answered == 202)
        .map(|one| {
            let claims = claims(&one.token);
            let (uri, _) = event(&claims);
            (claims["jti"].as_str().unwrap().to_owned(), uri)
        })
        .collect()
}

/// Things that happen one after the other, each told.
async fn happen(app: &TestApp, site: &Site, people: &[&str]) -> usize {
    for person in people {
        site.party.tokens(&app.browser(), person, &[]).await;
        app.advance(1).await;
        change_password(app, person).await;
        app.advance(1).await;
    }
    let (waiting, _) = app.app.storage.signals_waiting().await.unwrap();
    usize::try_from(waiting).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_receiver_that_fails_holds_back_its_own_stream_and_nothing_overtakes() {
    let app = start().await;
    let broken = SignalReceiver::start().await;
    let sound = SignalReceiver::start().await;
    let north = Site::new(&app, "north");
    north.stream(to(&broken)).await;
    let south = Site::new(&app, "south");
    south.stream(to(&sound)).await;
    broken.answers(503, "");
    for site in [&north, &south] {
        site.party.tokens(&app.browser(), ANNA, &[]).await;
    }
    app.advance(1).await;
    change_password(&app, ANNA).await;
    let told = sound.wait(2).await;
    assert_eq!(in_order(&told).len(), 2);
    let tries = broken.wait(1).await;
    let first = claims(&tries[0].token)["jti"].clone();
    // While it waits, nothing else of it is sent, and the first comes first.
    app.advance(1).await;
    north.party.tokens(&app.browser(), TIMUR, &[]).await;
    change_password(&app, TIMUR).await;
    for _ in 0..3 {
        app.advance(3_600).await;
        let before = broken.pushed().len();
        app.app.signals.drain_once().await.unwrap();
        for one in &broken.wait(before + 1).await[before..] {
            assert_eq!(claims(&one.token)["jti"], first);
        }
    }
    let state = app.app.storage.stream_states().await.unwrap().remove(0);
    assert_eq!(state.last_error.unwrap(), "the receiver answered 503");
    let expected = usize::try_from(state.waiting).unwrap();
    assert!(expected >= 4, "{expected}");
    broken.answers(202, "");
    app.advance(3_600 * 2).await;
    let failed = broken.pushed().len();
    let pushed = broken.wait(failed + expected).await;
    let order = in_order(&pushed);
    assert_eq!(order[0].0, first.as_str().unwrap());
    let moments: Vec<_> = pushed[failed..]
        .iter()
        .map(|one| {
            let claims = claims(&one.token);
            let (_, body) = event(&claims);
            body["event_timestamp"].as_i64().unwrap()
        })
        .collect();
    assert!(moments.is_sorted(), "{moments:?}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_signal_is_given_up_and_the_next_is_sent() {
    let app = start().await;
    let receiver = SignalReceiver::start().await;
    let north = Site::new(&app, "north");
    let stream = north.stream(to(&receiver)).await;
    receiver.answers(
        400,
        r#"{"err":"invalid_issuer","description":"who are you"}"#,
    );
    let ask = json!({ "stream_id": stream, "state": "1" });
    north.post("/ssf/verify", ask).await;
    receiver.wait(1).await;
    let refused = loop {
        let state = app.app.storage.stream_states().await.unwrap().remove(0);
        if state.waiting == 0 {
            break state;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    };
    assert_eq!(refused.last_error.unwrap(), "invalid_issuer: who are you");
    receiver.answers(202, "");
    app.advance(60).await;
    let ask = json!({ "stream_id": stream, "state": "2" });
    north.post("/ssf/verify", ask).await;
    let pushed = receiver.wait(2).await;
    let told = checked(&app, &pushed[1].token, "north").await;
    assert_eq!(event(&told).1["state"], "2");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signals_outlive_a_restart_and_two_nodes_tell_each_once() {
    let app = start().await;
    let receiver = SignalReceiver::start().await;
    receiver.answers(500, "");
    let north = Site::new(&app, "north");
    north.stream(to(&receiver)).await;
    let waiting = happen(&app, &north, &[ANNA, TIMUR]).await;
    assert!(waiting >= 4, "{waiting}");
    let tried = receiver.wait(1).await.len();
    // A node that was not there when it happened, and the first beside it.
    let second = app.another_node().await;
    receiver.answers(202, "");
    app.advance(3_600).await;
    let (one, other) = (&app.app.signals, &second.app.signals);
    let (one, other) = tokio::join!(one.drain_once(), other.drain_once());
    one.unwrap();
    other.unwrap();
    let pushed = receiver.wait(tried + waiting).await;
    let order = in_order(&pushed);
    let mut ids: Vec<_> = order.iter().map(|(jti, _)| jti.clone()).collect();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), waiting, "each once: {order:?}");
    assert_eq!(order.len(), waiting, "{order:?}");
    second.stop().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_takes_for_a_week_is_given_up_and_the_stream_paused() {
    const DAY: u64 = 86_400;
    let app = start().await;
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    let waiting = happen(&app, &north, &[ANNA]).await;
    assert!(waiting >= 2, "{waiting}");
    app.advance(7 * DAY - 10).await;
    app.app
        .provider
        .look_after_streams(app.now())
        .await
        .unwrap();
    let kept = app.app.storage.signals_waiting().await.unwrap().0;
    assert_eq!(usize::try_from(kept).unwrap(), waiting);
    app.advance(20).await;
    for _ in 0..2 {
        app.app
            .provider
            .look_after_streams(app.now())
            .await
            .unwrap();
    }
    let path = format!("/ssf/status?stream_id={id}");
    let status = north.call("GET", &path, None).await.json();
    assert_eq!(status["status"], "paused");
    assert!(
        status["reason"].as_str().unwrap().contains("7 days"),
        "{status}"
    );
    // It is told, though the stream is paused.
    let told = north.take(&app).await;
    assert_eq!(told.len(), 1, "{told:?}");
    let (uri, body) = event(&told[0]);
    assert_eq!(uri, format!("{SSF}stream-updated"));
    assert_eq!(body["status"], "paused");
    assert_eq!(body["reason"], status["reason"]);
    assert_eq!(told[0]["sub_id"], json!({ "format": "opaque", "id": id }));
    // And from now on there are new ones.
    let on = json!({ "stream_id": id, "status": "enabled" });
    north.post("/ssf/status", on).await;
    happen(&app, &north, &[TIMUR]).await;
    let uri = format!("{CAEP}credential-change");
    assert_eq!(north.taken(&app, &uri).await.len(), 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_is_switched_off_is_told_nothing() {
    let app = start().await;
    let receiver = SignalReceiver::start().await;
    let north = Site::new(&app, "north");
    north.stream(to(&receiver)).await;
    north.party.tokens(&app.browser(), ANNA, &[]).await;
    let storage = &app.app.storage;
    let off = storage.disable_client("north".into(), true, app.now());
    assert!(off.await.unwrap());
    change_password(&app, ANNA).await;
    app.app.signals.drain_once().await.unwrap();
    let (waiting, _) = storage.signals_waiting().await.unwrap();
    assert_eq!((waiting, receiver.pushed().len()), (0, 0));
    app.end().await;
}
