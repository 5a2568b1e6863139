//! Streams of signals (OpenID Shared Signals Framework, CAEP, RISC): items 143
//! to 150, and what happens when deliveries fail.

mod attacks;
mod delivery;
mod events;
mod metadata;
mod order;
mod peer;
mod receiver;
mod status;
mod streams;
mod table;
mod tokens;

use serde_json::{Value, json};

use crate::oidc::verified;
use crate::support::http;
use crate::support::relying_party::{ALL_SCOPES, Answer, header, registration};
use crate::support::{RelyingParty, TestApp};

const CAEP: &str = "https://schemas.openid.net/secevent/caep/event-type/";
const RISC: &str = "https://schemas.openid.net/secevent/risc/event-type/";
const SSF: &str = "https://schemas.openid.net/secevent/ssf/event-type/";
const POLL: &str = "urn:ietf:rfc:8936";
const PUSH: &str = "urn:ietf:rfc:8935";

/// A registration of a site that may have a stream.
fn site(id: &str) -> Value {
    registration(
        id,
        json!({
            "grant_types": ["authorization_code", "refresh_token", "client_credentials"],
            "scope": format!("{ALL_SCOPES} ssf.manage ssf.read"),
        }),
    )
}

/// The application with two such sites, `north` and `south`.
async fn start() -> TestApp {
    start_with(|_| ()).await
}

async fn start_with(change: impl FnOnce(&mut Value)) -> TestApp {
    TestApp::start_with(|config| {
        let clients = config["clients"].as_array_mut().unwrap();
        clients.extend([site("north"), site("south")]);
        change(config);
    })
    .await
}

/// A site that makes its requests with a token of its own.
#[derive(Clone)]
struct Site {
    party: RelyingParty,
    url: String,
    scope: &'static str,
}

impl Site {
    fn new(app: &TestApp, id: &str) -> Self {
        Self {
            party: RelyingParty::new(app, id),
            url: app.url.clone(),
            scope: "ssf.manage ssf.read",
        }
    }

    /// The same with a token for less.
    fn with_scope(&self, scope: &'static str) -> Self {
        Self {
            scope,
            ..self.clone()
        }
    }

    async fn token(&self) -> String {
        let asked = [("grant_type", "client_credentials"), ("scope", self.scope)];
        let answer = self.party.token(&asked).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> Answer {
        let token = self.token().await;
        self.call_with(&token, method, path, body).await
    }

    async fn call_with(
        &self,
        token: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        let method = method.parse().unwrap();
        let mut request = http::client()
            .request(method, format!("{}{path}", self.url))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(body);
        }
        Answer::of(request).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.call("POST", path, Some(&body)).await
    }

    /// Makes a stream of everything there is; gives its id.
    async fn stream(&self, delivery: Value) -> String {
        let body = json!({ "delivery": delivery, "events_requested": everything() });
        let answer = self.post("/ssf/stream", body).await;
        assert_eq!(answer.status, 201, "{}", answer.body);
        answer.json()["stream_id"].as_str().unwrap().to_owned()
    }

    /// The same, to be fetched.
    async fn polled(&self) -> String {
        self.stream(json!({ "method": POLL })).await
    }

    /// What waits, in order, and acknowledges all of it.
    async fn take(&self, app: &TestApp) -> Vec<Value> {
        let answer = self.post("/ssf/poll", json!({})).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
        let sets = answer.json()["sets"].clone();
        let mut taken = Vec::new();
        for (jti, token) in sets.as_object().unwrap() {
            let claims = checked(app, token.as_str().unwrap(), &self.party.id).await;
            assert_eq!(claims["jti"], *jti);
            taken.push(claims);
        }
        let ids: Vec<_> = sets.as_object().unwrap().keys().collect();
        let acknowledged = json!({ "ack": ids, "maxEvents": 0, "returnImmediately": true });
        let answer = self.post("/ssf/poll", acknowledged).await;
        assert_eq!(answer.json()["sets"], json!({}), "{}", answer.body);
        taken
    }

    /// Takes what waits: the bodies of the events of this kind, with their
    /// subjects.
    async fn taken(&self, app: &TestApp, uri: &str) -> Vec<(Value, Value)> {
        let all = self.take(app).await;
        all.into_iter()
            .filter(|claims| claims["events"].get(uri).is_some())
            .map(|claims| (claims["events"][uri].clone(), claims["sub_id"].clone()))
            .collect()
    }
}

/// Every event that a client asks for.
fn everything() -> Vec<String> {
    let of_caep = [
        "session-revoked",
        "credential-change",
        "assurance-level-change",
    ];
    let of_risc = [
        "account-disabled",
        "account-enabled",
        "account-purged",
        "recovery-activated",
        "recovery-information-changed",
    ];
    let caep = of_caep.iter().map(|name| format!("{CAEP}{name}"));
    let risc = of_risc.iter().map(|name| format!("{RISC}{name}"));
    caep.chain(risc).collect()
}

/// The claims of a token, which is what a Security Event Token must be (item
/// 147).
async fn checked(app: &TestApp, token: &str, audience: &str) -> Value {
    let claims = verified(app, token).await;
    assert_eq!(header(token)["typ"], "secevent+jwt");
    assert_eq!(claims["iss"], app.url);
    assert_eq!(claims["aud"], audience);
    assert_eq!(claims["iat"], app.now().seconds());
    assert!(claims["jti"].is_string() && claims["txn"].is_string());
    assert!(claims["sub_id"].is_object(), "{claims}");
    for absent in ["sub", "exp", "nonce"] {
        assert_eq!(claims.get(absent), None, "{claims}");
    }
    assert_eq!(claims["events"].as_object().unwrap().len(), 1, "{claims}");
    claims
}

/// The only event of a token: its URI and its body.
fn event(claims: &Value) -> (String, Value) {
    let events = claims["events"].as_object().unwrap();
    let (uri, body) = events.iter().next().unwrap();
    (uri.clone(), body.clone())
}
