//! Errors that end on a page: what to do, a number to quote, never a cause.
//! The cause goes to the log, once, here.

use std::sync::Arc;

use askama::Template as _;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::StatusCode;
use http::header::{ACCEPT_LANGUAGE, RETRY_AFTER};

use super::cookies::{Cookies, Name};
use super::page::Page;
use super::pages::error::ErrorPage;
use super::request_log::RequestNumber;
use crate::account::person::NoAccount;
use crate::app::App;
use crate::error::Internal;
use crate::model::device_rights::DeviceRights;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::texts::{Lang, Texts, key};

/// What went wrong, as far as a person is told.
#[derive(Clone, Debug)]
pub enum PageError {
    /// No such page, or nothing there for this person.
    NotFound,
    /// The form is old or comes from a foreign page.
    Forgery,
    /// The device may do no more than this (requirement D3).
    Rights(DeviceRights),
    /// The request cannot be read: wrong encoding, too large.
    Unreadable(StatusCode),
    /// The relying party's request is wrong; the person cannot mend it.
    Client(OAuthError),
    /// Too much at once: come back after so many seconds.
    Busy(u64),
    /// The account was deleted while this page was being made, and its sessions
    /// with it: whoever asked is at the entrance again.
    Gone,
    /// Ours. The cause has been logged.
    Internal,
}

impl<E> From<E> for PageError
where
    Internal: From<E>,
{
    fn from(error: E) -> Self {
        let error = Internal::from(error);
        if error.is::<NoAccount>() {
            return Self::Gone;
        }
        tracing::error!(%error, "a page failed");
        Self::Internal
    }
}

impl From<Refused> for PageError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::OAuth(error) => Self::Client(error),
            Refused::Internal(error) => Self::from(error),
        }
    }
}

impl PageError {
    const fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Forgery | Self::Rights(_) => StatusCode::FORBIDDEN,
            Self::Unreadable(status) => *status,
            Self::Client(_) => StatusCode::BAD_REQUEST,
            Self::Busy(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Gone => StatusCode::SEE_OTHER,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// Text keys of title and explanation.
    const fn keys(&self) -> (&'static str, &'static str) {
        match self {
            Self::NotFound | Self::Gone => {
                (key("error-not-found-title"), key("error-not-found-text"))
            }
            Self::Forgery => (key("error-form-title"), key("error-form-text")),
            Self::Rights(DeviceRights::View) => (key("error-view-title"), key("error-view-text")),
            Self::Rights(_) => (key("error-confirm-title"), key("error-confirm-text")),
            Self::Unreadable(_) => (
                key("error-bad-request-title"),
                key("error-bad-request-text"),
            ),
            Self::Client(error) => match error.code {
                // Used, too old, or not this site's: "back" leads here.
                ErrorCode::InvalidRequestUri => (key("error-flow-title"), key("error-flow-text")),
                ErrorCode::InvalidClient => (key("error-client-title"), key("error-client-text")),
                _ => (
                    key("error-authorization-title"),
                    key("error-authorization-text"),
                ),
            },
            Self::Busy(_) => (key("error-busy-title"), key("error-busy-text")),
            Self::Internal => (key("error-internal-title"), key("error-internal-text")),
        }
    }
}

impl IntoResponse for PageError {
    /// The status only; [`render`] writes the page, in the visitor's language.
    fn into_response(self) -> Response {
        if matches!(self, Self::Gone) {
            return Redirect::to("/").into_response();
        }
        let mut response = self.status().into_response();
        if let Self::Busy(seconds) = self {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes the page of an error, and of the router's own refusals.
pub async fn render(State(app): State<Arc<App>>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    let cookies = Cookies {
        https: app.config.is_https(),
    };
    let lang = cookies
        .get(headers, Name::Lang)
        .and_then(|lang| Lang::from_tag(lang.expose()))
        .or_else(|| Lang::from_accept_language(headers.get(ACCEPT_LANGUAGE)?.to_str().ok()?))
        .unwrap_or_default();
    let number = request
        .extensions()
        .get::<RequestNumber>()
        .map(|number| number.0.clone())
        .unwrap_or_default();
    let mut response = next.run(request).await;
    let error = match response.extensions_mut().remove::<PageError>() {
        Some(error) => error,
        None => match response.status() {
            StatusCode::NOT_FOUND => PageError::NotFound,
            status @ (StatusCode::METHOD_NOT_ALLOWED
            | StatusCode::PAYLOAD_TOO_LARGE
            | StatusCode::UNSUPPORTED_MEDIA_TYPE) => PageError::Unreadable(status),
            _ => return response,
        },
    };
    let texts = Texts(lang);
    let (title, text) = error.keys();
    let mut text = texts.t(text);
    if let PageError::Client(error) = &error {
        // For the developer who stands behind the person: the protocol's words.
        text = format!("{text} ({}: {})", error.code.as_str(), error.description);
    }
    let page = ErrorPage {
        page: Page {
            texts,
            path: "/".to_owned(),
            demo: app.config.demo,
            ..Page::default()
        },
        title: texts.t(title),
        text,
        request: number,
        next: matches!(error, PageError::Rights(_)).then(|| {
            let title = texts.t(key("error-rights-open"));
            ("/account/security#sessions", title)
        }),
    };
    match page.render() {
        Ok(html) => {
            let (mut parts, _) = response.into_parts();
            parts.headers.remove(http::header::CONTENT_TYPE);
            parts.headers.remove(http::header::CONTENT_LENGTH);
            let mut page = Html(html).into_response();
            *page.status_mut() = parts.status;
            for (name, value) in &parts.headers {
                page.headers_mut().append(name, value.clone());
            }
            page
        }
        Err(_) => response,
    }
}
