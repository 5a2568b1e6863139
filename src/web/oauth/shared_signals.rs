//! `/ssf/…`: the streams of signals (OpenID Shared Signals Framework §8.1, RFC
//! 8936). The paths are for programs: a token in the header, JSON in the body.

use std::sync::Arc;

use axum::body::to_bytes;
use axum::extract::{MatchedPath, Query, Request, State};
use axum::response::{IntoResponse as _, Response};
use axum::{RequestExt as _, Router, routing::get, routing::post};
use http::StatusCode;
use http::header::{HeaderValue, RETRY_AFTER};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::answer::{json, keep_out_of_caches, proofs, refused};
use super::bearer::{challenge, in_header};
use super::shown_certificate::ShownCertificate;
use crate::app::App;
use crate::protocol::clients::Registered;
use crate::protocol::dpop;
use crate::protocol::error::Refused;
use crate::protocol::protected_resource::Shown;
use crate::protocol::shared_signals::{
    Need, SignalsRefused, admit, object, poll, status, stream, subjects,
};
use crate::web::later;

/// The longest body: a thousand acknowledgements.
const LONGEST: usize = 128 * 1024;

/// A request of a client that may make it.
struct Receiver {
    client: Arc<Registered>,
    stream_id: Option<String>,
    body: Vec<u8>,
}

#[derive(Deserialize)]
struct Named {
    stream_id: Option<String>,
}

type Answer = Result<Response, SignalsRefused>;

/// The routes, for the usual listener and for that which asks for certificates.
pub fn router() -> Router<Arc<App>> {
    Router::new()
        .route(
            "/ssf/stream",
            get(show)
                .post(create)
                .patch(update)
                .put(replace)
                .delete(delete),
        )
        .route("/ssf/status", get(show_status).post(set_status))
        .route("/ssf/verify", post(verify))
        .route("/ssf/subjects/add", post(add_subject))
        .route("/ssf/subjects/remove", post(remove_subject))
        .route("/ssf/poll", post(fetch))
}

/// `POST /ssf/stream` (§8.1.1.1).
async fn create(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Manage, request, async |receiver| {
        let body = receiver.object()?;
        let now = app.clock.now();
        let made = stream::create(&app.provider, &receiver.client, &body, now).await?;
        Ok((StatusCode::CREATED, json(&made)).into_response())
    })
    .await
}

/// `GET /ssf/stream` (§8.1.1.2).
async fn show(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Read, request, async |receiver| {
        let client = &receiver.client;
        Ok(json(&match &receiver.stream_id {
            Some(id) => stream::read(&app.provider, client, id).await?,
            None => stream::list(&app.provider, client).await?,
        }))
    })
    .await
}

/// `PATCH /ssf/stream` (§8.1.1.3).
async fn update(State(app): State<Arc<App>>, request: Request) -> Response {
    change(&app, request, false).await
}

/// `PUT /ssf/stream` (§8.1.1.4).
async fn replace(State(app): State<Arc<App>>, request: Request) -> Response {
    change(&app, request, true).await
}

async fn change(app: &Arc<App>, request: Request, replace: bool) -> Response {
    answered(app, Need::Manage, request, async |receiver| {
        let body = receiver.object()?;
        let (client, now) = (&receiver.client, app.clock.now());
        let changed = stream::change(&app.provider, client, &body, replace, now).await?;
        Ok(json(&changed))
    })
    .await
}

/// `DELETE /ssf/stream` (§8.1.1.5).
async fn delete(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Manage, request, async |receiver| {
        let id = receiver.stream_id()?;
        stream::delete(&app.provider, &receiver.client, id).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// `GET /ssf/status` (§8.1.2.1).
async fn show_status(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Read, request, async |receiver| {
        let id = receiver.stream_id()?;
        let shown = status::read(&app.provider, &receiver.client, id).await?;
        Ok(json(&shown))
    })
    .await
}

/// `POST /ssf/status` (§8.1.2.2).
async fn set_status(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Manage, request, async |receiver| {
        let body = receiver.object()?;
        let now = app.clock.now();
        let set = status::set(&app.provider, &receiver.client, &body, now).await?;
        Ok(json(&set))
    })
    .await
}

/// `POST /ssf/verify` (§8.1.4.2).
async fn verify(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Manage, request, async |receiver| {
        let body = receiver.object()?;
        status::verify(&app.provider, &receiver.client, &body, app.clock.now()).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// `POST /ssf/subjects/add` (§8.1.3.2).
async fn add_subject(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Manage, request, async |receiver| {
        subjects::add(&app.provider, &receiver.client, &receiver.object()?).await?;
        Ok(empty(StatusCode::OK))
    })
    .await
}

/// `POST /ssf/subjects/remove` (§8.1.3.3).
async fn remove_subject(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Manage, request, async |receiver| {
        subjects::remove(&app.provider, &receiver.client, &receiver.object()?).await?;
        Ok(empty(StatusCode::NO_CONTENT))
    })
    .await
}

/// `POST /ssf/poll` (RFC 8936 §2).
async fn fetch(State(app): State<Arc<App>>, request: Request) -> Response {
    answered(&app, Need::Read, request, async |receiver| {
        let body = receiver.object()?;
        let now = app.clock.now();
        let sets = poll::poll(&app.provider, &receiver.client, &body, now).await?;
        Ok(json(&sets))
    })
    .await
}

/// Lets who may in, and answers with what `follow` says.
async fn answered(
    app: &Arc<App>,
    need: Need,
    request: Request,
    follow: impl AsyncFnOnce(&Receiver) -> Answer,
) -> Response {
    let receiver = match Receiver::of(app, need, request).await {
        Ok(receiver) => receiver,
        Err(response) => return response,
    };
    match follow(&receiver).await {
        Ok(response) => response,
        Err(why) => refusal(why),
    }
}

impl Receiver {
    async fn of(app: &Arc<App>, need: Need, mut request: Request) -> Result<Self, Response> {
        let ShownCertificate(certificate) = request
            .extract_parts_with_state::<ShownCertificate, _>(app)
            .await?;
        let path = request.extensions().get::<MatchedPath>();
        let path = path.map_or_else(String::new, |path| path.as_str().to_owned());
        let (headers, method) = (request.headers().clone(), request.method().clone());
        // RFC 6750 §3.1: without a token no error code is told.
        let (scheme, token) = in_header(&headers).ok_or_else(|| challenge(None))?;
        let shown = Shown {
            token: &token,
            scheme,
            dpop: dpop::Shown {
                headers: proofs(&headers),
                method: method.as_str(),
                path: &path,
            },
            certificate: certificate.as_deref(),
        };
        let client = admit(&app.provider, &shown, need, app.clock.now())
            .await
            .map_err(|error| refusal(error.into()))?;
        let named = request.extract_parts::<Query<Named>>().await;
        let named = named
            .map_err(|_| refusal(SignalsRefused::Invalid("stream_id comes once".to_owned())))?;
        let body = to_bytes(request.into_body(), LONGEST)
            .await
            .map_err(|_| refusal(SignalsRefused::Invalid("the body is too large".to_owned())))?;
        Ok(Self {
            client,
            stream_id: named.0.stream_id,
            body: body.to_vec(),
        })
    }

    fn object(&self) -> Result<Map<String, Value>, SignalsRefused> {
        object(&self.body)
    }

    fn stream_id(&self) -> Result<&str, SignalsRefused> {
        self.stream_id
            .as_deref()
            .ok_or_else(|| SignalsRefused::Invalid("stream_id is missing".to_owned()))
    }
}

fn empty(status: StatusCode) -> Response {
    let mut response = status.into_response();
    keep_out_of_caches(response.headers_mut());
    response
}

/// The status that the framework gives each refusal.
fn refusal(why: SignalsRefused) -> Response {
    let (status, code, description) = match why {
        SignalsRefused::Refused(Refused::OAuth(error)) => return challenge(Some(&error)),
        SignalsRefused::Refused(error) => return refused(error),
        SignalsRefused::Invalid(what) => (StatusCode::BAD_REQUEST, "invalid_request", what),
        SignalsRefused::NotFound => {
            let what = "this client has no such stream".to_owned();
            (StatusCode::NOT_FOUND, "not_found", what)
        }
        SignalsRefused::Exists => {
            let what = "this client has a stream: read it, and change or delete it".to_owned();
            (StatusCode::CONFLICT, "conflict", what)
        }
        SignalsRefused::TooSoon(wait) => {
            let what = "asked for a moment ago: see min_verification_interval".to_owned();
            let mut response = told(StatusCode::TOO_MANY_REQUESTS, "too_many_requests", &what);
            let seconds = HeaderValue::from(later::seconds(wait));
            response.headers_mut().insert(RETRY_AFTER, seconds);
            return response;
        }
    };
    told(status, code, &description)
}

fn told(status: StatusCode, code: &str, description: &str) -> Response {
    let body = json!({ "error": code, "error_description": description });
    (status, json(&body)).into_response()
}
