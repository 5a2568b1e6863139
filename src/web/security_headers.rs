//! Headers of every answer, and the Content Security Policy of pages.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderName, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS,
    X_FRAME_OPTIONS,
};

/// Where the forms of a page may lead, beside ourselves.
#[derive(Clone, Debug)]
pub struct FormTargets(pub String);

/// What a page may show in frames, divided by blanks.
#[derive(Clone, Debug)]
pub struct FrameSources(pub String);

/// Lets a page use the one script that submits a form by itself.
#[derive(Clone, Copy, Debug)]
pub struct WithScript;

/// Lets pages of others show this one in a frame.
#[derive(Clone, Copy, Debug)]
pub struct Framed;

/// Lets a page use the script that looks whether what it waits for has come.
#[derive(Clone, Copy, Debug)]
pub struct Watching;

const BASE: &str = "default-src 'none'; style-src 'self'; img-src 'self' data: https:; \
                    base-uri 'none'";

/// Adds the headers that belong on every page and answer.
pub async fn add(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let targets = response.extensions_mut().remove::<FormTargets>();
    let script = response.extensions_mut().remove::<WithScript>();
    let watching = response.extensions_mut().remove::<Watching>();
    let frames = response.extensions_mut().remove::<FrameSources>();
    let framed = response.extensions_mut().remove::<Framed>();
    let mut policy = BASE.to_owned();
    if framed.is_none() {
        policy.push_str("; frame-ancestors 'none'");
    }
    if script.is_some() || watching.is_some() {
        policy.push_str("; script-src 'self'");
    }
    if watching.is_some() {
        policy.push_str("; connect-src 'self'");
    }
    if let Some(FrameSources(origins)) = frames {
        policy.push_str("; frame-src ");
        policy.push_str(&origins);
    }
    policy.push_str("; form-action 'self'");
    if let Some(FormTargets(more)) = targets {
        policy.push(' ');
        policy.push_str(&more);
    }
    let headers = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.entry(CONTENT_SECURITY_POLICY).or_insert(policy);
    }
    for (name, value) in [
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (X_FRAME_OPTIONS, "DENY"),
        // Same-origin: forms keep their Origin, and no address of ours leaves.
        (REFERRER_POLICY, "same-origin"),
        (
            HeaderName::from_static("cross-origin-opener-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            "same-origin",
        ),
        (
            HeaderName::from_static("permissions-policy"),
            "camera=(), geolocation=(), microphone=(), payment=()",
        ),
    ] {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    if framed.is_some() {
        headers.remove(X_FRAME_OPTIONS);
    }
    // Pages show personal data: no cache may keep them.
    headers
        .entry(CACHE_CONTROL)
        .or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Adds `Strict-Transport-Security` to every answer of an https server.
pub async fn add_transport_security(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(
        http::header::STRICT_TRANSPORT_SECURITY,
        HeaderValue::from_static("max-age=31536000"),
    );
    response
}
