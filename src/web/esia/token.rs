//! `/aas/oauth2/te` and `/aas/oauth2/v3/te`: parameters in the body, in the
//! query, or in both. The answer is always JSON.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{FromRequest as _, Request, State};
use axum::response::Response;
use http::StatusCode;
use http::header::{ALLOW, CONTENT_TYPE, HeaderValue};
use serde_json::{Value, json};

use crate::app::App;
use crate::esia::error::{Code, EsiaError, EsiaRefused, server_error};
use crate::esia::read_params;
use crate::esia::text::Endpoint;
use crate::web::oauth::answer;
use crate::web::posted::is_form;

/// `POST /aas/oauth2/te`
pub async fn v1(State(app): State<Arc<App>>, request: Request) -> Response {
    exchange(&app, request, Endpoint::TeV1).await
}

/// `POST /aas/oauth2/v3/te`
pub async fn v3(State(app): State<Arc<App>>, request: Request) -> Response {
    exchange(&app, request, Endpoint::TeV3).await
}

/// Any other method at either.
pub async fn not_posted() -> Response {
    let error = Code::WrongParameter.because("the request must be sent by POST");
    let mut response = told(&error, None);
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
        .headers_mut()
        .insert(ALLOW, HeaderValue::from_static("POST"));
    response
}

async fn exchange(app: &App, request: Request, endpoint: Endpoint) -> Response {
    let query = request.uri().query().unwrap_or_default().to_owned();
    let unreadable = || Code::Unreadable.because("the parameters cannot be read");
    let is_form = is_form(&request);
    let Ok(body) = Bytes::from_request(request, &()).await else {
        return told(&unreadable(), None);
    };
    // Programs that send everything in the query send no body, of no type.
    if !is_form && !body.is_empty() {
        return told(&unreadable(), None);
    }
    let Some(esia) = &app.esia else {
        return told(&unreadable(), None);
    };
    let params = match read_params(query.as_bytes(), &body) {
        Ok(params) => params,
        Err(error) => return told(&error, None),
    };
    let state = params.get("state").map(str::to_owned);
    match esia.token(endpoint, &params, app.clock.now()).await {
        Ok(tokens) => typed(answer::json(&tokens)),
        Err(EsiaRefused::Error(error)) => told(&error, state),
        Err(EsiaRefused::Internal(error)) => {
            tracing::error!(%error, "a token request of ESIA's dialect failed");
            let mut response = told(&server_error(), state);
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

fn told(error: &EsiaError, state: Option<String>) -> Response {
    let mut body = json!({
        "error": error.code.error(),
        "error_description": error.description(),
    });
    if let Some(state) = state {
        body["state"] = Value::from(state);
    }
    if let Some(explained) = &error.explained {
        body["sandbox"] = json!({
            "reason": explained.reason,
            "expected": explained.expected,
            "certificates": explained.certificates,
        });
    }
    let mut response = typed(answer::json(&body));
    *response.status_mut() = StatusCode::BAD_REQUEST;
    response
}

/// As ESIA calls it.
fn typed(mut response: Response) -> Response {
    response.headers_mut().insert(
        CONTENT_TYPE,
        HeaderValue::from_static("application/json;charset=UTF-8"),
    );
    response
}
