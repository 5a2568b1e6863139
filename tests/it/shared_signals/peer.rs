//! A receiver with a library that is not ours: npm `jose`.

use serde_json::json;

use super::{site, start_with};
use crate::peers::node;
use crate::support::relying_party::secret_of;

#[tokio::test(flavor = "multi_thread")]
async fn peer_jose_takes_a_signal_and_verifies_it() {
    let app = start_with(|config| {
        config["clients"].as_array_mut().unwrap().push(site("peer"));
    })
    .await;
    let input = json!({ "client_id": "peer", "client_secret": secret_of("peer") });
    let done = node("signals.mjs", &app, input).await;
    assert_eq!(done["verified"]["state"], "a state of mine");
    assert_eq!(done["verified"]["alg"], "RS256");
    assert_eq!(done["left"], 0);
    app.end().await;
}
