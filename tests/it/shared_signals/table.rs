//! What the operator of the server sees of deliveries.

use serde_json::json;

use super::{Site, start};
use crate::command_line::{json_of, propusk};

#[tokio::test]
async fn the_command_line_shows_streams_and_what_waits() {
    let app = start().await;
    let none = propusk(&app, &["client", "signals"]).await;
    let said = String::from_utf8(none.stdout).unwrap();
    assert!(said.contains("no relying party"), "{said}");
    let north = Site::new(&app, "north");
    let id = north.polled().await;
    north.post("/ssf/verify", json!({ "stream_id": id })).await;
    let told = json_of(&propusk(&app, &["--json", "client", "signals"]).await);
    assert_eq!(told[0]["client_id"], "north");
    assert_eq!(told[0]["stream_id"], id);
    assert_eq!(told[0]["delivery"], "poll");
    assert_eq!(told[0]["status"], "enabled");
    assert_eq!(told[0]["waiting"], 1);
    assert!(told[0]["oldest_waiting_seconds"].is_number(), "{told}");
    let table = propusk(&app, &["client", "signals"]).await;
    let table = String::from_utf8(table.stdout).unwrap();
    assert!(
        table.contains("enabled") && table.contains("north"),
        "{table}"
    );
    app.end().await;
}
