//! `/rs/prns/…` and `/rs/orgs/…`: data of a person or an organisation for who
//! shows a token of theirs.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::extract::{ConnectInfo, Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_TYPE, ETAG, HeaderValue, IF_NONE_MATCH, LINK, LOCATION, RETRY_AFTER};
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};

use crate::app::App;
use crate::esia::resources::{Found, RsRefused, Wanted};
use crate::protocol::params::Params;
use crate::protocol::protected_resource::Scheme;
use crate::web::address::client_address;
use crate::web::oauth::answer;
use crate::web::oauth::bearer::in_header;

/// `GET /rs/prns/{oid}`, its collections and their elements.
pub async fn show(
    State(app): State<Arc<App>>,
    Path(rest): Path<String>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let Some(esia) = &app.esia else {
        return refused(&RsRefused::NotFound);
    };
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let Some((oid, rest)) = parts(&rest) else {
        return refused(&RsRefused::NotFound);
    };
    let path = path("prns", oid, &rest);
    let wanted = Wanted {
        oid,
        rest,
        embed: params.get("embed"),
    };
    let token = bearer(&headers);
    let found = esia.resource(token.as_deref(), &wanted, app.clock.now());
    match found.await {
        Ok(found) => told(&app, &found, &path, &headers),
        Err(refusal) => refused(&refusal),
    }
}

/// `GET /rs/orgs/{oid}` and its collections.
pub async fn organisation(
    State(app): State<Arc<App>>,
    Path(rest): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (Some(esia), Some((oid, rest))) = (&app.esia, parts(&rest)) else {
        return refused(&RsRefused::NotFound);
    };
    let token = bearer(&headers);
    let found = esia.organisation(token.as_deref(), oid, &rest, app.clock.now());
    match found.await {
        Ok(found) => told(&app, &found, &path("orgs", oid, &rest), &headers),
        Err(refusal) => refused(&refusal),
    }
}

/// `GET /esia-rs/…/orgs/ext-app/{key}/tkn?signature=…`: a token of an
/// organisation for its own system.
pub async fn token_by_key(
    State(app): State<Arc<App>>,
    Path(key): Path<String>,
    RawQuery(query): RawQuery,
    ConnectInfo(peer): ConnectInfo<SocketAddr>,
    headers: HeaderMap,
) -> Response {
    let Some(esia) = &app.esia else {
        return refused(&RsRefused::NotFound);
    };
    let params = Params::parse(query.unwrap_or_default().as_bytes());
    let signature = params.get("signature");
    let address = client_address(peer, &headers, &app.config.trusted_proxies);
    let token = esia.token_by_key(&app.accounts, address, &key, signature, app.clock.now());
    match token.await {
        Ok(token) => answer::json(&token),
        Err(refusal) => refused(&refusal),
    }
}

/// Anything else of ESIA's services: JSON, as its programs read it.
pub async fn unknown() -> Response {
    refused(&RsRefused::NotFound)
}

/// The number and what stands behind it; programs write two slashes, or one at
/// the end.
fn parts(rest: &str) -> Option<(i64, Vec<&str>)> {
    let mut parts = rest.split('/').filter(|part| !part.is_empty());
    let oid = parts.next()?.parse().ok()?;
    Some((oid, parts.collect()))
}

fn path(of: &str, oid: i64, rest: &[&str]) -> String {
    let of = format!("/rs/{of}/{oid}");
    rest.iter().fold(of, |path, part| format!("{path}/{part}"))
}

/// `GET /esia-rs/…/issued/permissions/digital/scopes`: what consents of the
/// digital profile a token has.
pub async fn permitted_scopes(
    State(app): State<Arc<App>>,
    Path(oid): Path<String>,
    headers: HeaderMap,
) -> Response {
    let (Some(esia), Ok(oid)) = (&app.esia, oid.parse()) else {
        return refused(&RsRefused::NotFound);
    };
    let token = bearer(&headers);
    match esia
        .permitted_scopes(token.as_deref(), oid, app.clock.now())
        .await
    {
        Ok(found) => answer::json(&found),
        Err(refusal) => refused(&refusal),
    }
}

fn bearer(headers: &HeaderMap) -> Option<String> {
    let (scheme, token) = in_header(headers)?;
    (scheme == Scheme::Bearer).then_some(token)
}

fn told(app: &App, found: &Found, path: &str, headers: &HeaderMap) -> Response {
    let mut response = answer::json(&found.body);
    let tag = found.body.get("eTag").and_then(Value::as_str);
    let tag = format!("\"{}\"", tag.unwrap_or_default());
    let is_known = headers
        .get(IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == tag.as_bytes());
    if is_known {
        response = StatusCode::NOT_MODIFIED.into_response();
        answer::keep_out_of_caches(response.headers_mut());
    }
    let url = |path: &str| app.provider.url(path);
    let schema = url(&format!("/rs/model/{}", found.schema));
    let all = response.headers_mut();
    let mut put = |name, text: String| {
        if let Ok(value) = HeaderValue::from_str(&text) {
            all.append(name, value);
        }
    };
    put(ETAG, tag);
    put(LOCATION, url(path));
    for (relation, address, schema) in &found.links {
        let schema = url(&format!("/rs/model/{schema}"));
        put(
            LINK,
            format!("<{address}>;rel={relation};schema=\"{schema}\""),
        );
    }
    if !is_known
        && let Ok(value) = HeaderValue::from_str(&format!("application/json;schema=\"{schema}\""))
    {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response
}

fn refused(refusal: &RsRefused) -> Response {
    if let RsRefused::Internal(error) = refusal {
        tracing::error!(%error, "a request for data of ESIA's dialect failed");
    }
    let (code, message) = refusal.told();
    let mut response = answer::json(&json!({ "code": code, "message": message }));
    if let RsRefused::TooMany(wait) = refusal {
        let seconds = HeaderValue::from(wait.as_secs().max(1));
        response.headers_mut().insert(RETRY_AFTER, seconds);
    }
    *response.status_mut() = match refusal {
        RsRefused::InvalidToken | RsRefused::ExpiredToken | RsRefused::WrongSignature => {
            StatusCode::UNAUTHORIZED
        }
        RsRefused::NotAllowed => StatusCode::FORBIDDEN,
        RsRefused::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
        RsRefused::NotFound => StatusCode::NOT_FOUND,
        RsRefused::Internal(_) => StatusCode::INTERNAL_SERVER_ERROR,
    };
    response
}
