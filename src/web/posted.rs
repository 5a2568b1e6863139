//! A form that a person sent: urlencoded, not too large, and carrying the
//! token that only our own page could give this browser.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};
use http::StatusCode;
use http::header::CONTENT_TYPE;
use subtle::ConstantTimeEq as _;

use super::device_rights;
use super::page_error::PageError;
use super::visit::Visit;
use crate::protocol::params::Params;

/// The fields of a form that has not been checked for forgery yet.
pub struct Posted {
    params: Params,
    all: Vec<(String, String)>,
    encoded: String,
}

/// A form is small; the longest field is a password or an address.
pub const LONGEST_FORM: usize = 64 * 1024;

impl<S: Send + Sync> FromRequest<S> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        if !is_form(&request) {
            return Err(PageError::Unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let body = Bytes::from_request(request, state)
            .await
            .map_err(|error| PageError::Unreadable(error.status()))?;
        // Fields in a foreign encoding would be stored as garbage.
        let all: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
        if all.iter().any(|(_, value)| value.contains('\u{fffd}')) {
            return Err(PageError::Unreadable(StatusCode::BAD_REQUEST));
        }
        Ok(Self {
            params: Params::parse(&body),
            all,
            encoded: String::from_utf8_lossy(&body).into_owned(),
        })
    }
}

/// Whether the body is `application/x-www-form-urlencoded`.
pub fn is_form(request: &Request) -> bool {
    request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| {
            value
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

impl Posted {
    /// The form, if our own page gave it to this browser (attack row 26), and
    /// the device may send it.
    ///
    /// # Errors
    /// [`PageError::Forgery`] without the right token, [`PageError::Rights`] from
    /// a device that may not.
    pub fn checked(self, visit: &Visit) -> Result<Form, PageError> {
        if !self.is_genuine(visit) {
            return Err(PageError::Forgery);
        }
        let form = Form {
            params: self.params,
            all: self.all,
        };
        device_rights::check(visit, |name| form.text(name))?;
        Ok(form)
    }

    /// Whether a field was sent.
    pub fn has(&self, name: &str) -> bool {
        self.params.get(name).is_some()
    }

    /// The body as it came.
    pub fn encoded(&self) -> &str {
        &self.encoded
    }

    /// Whether the form carries the token of this browser and session.
    pub fn is_genuine(&self, visit: &Visit) -> bool {
        is_own_token(self.params.get("csrf").unwrap_or_default(), visit)
    }
}

/// Whether this is the token of this browser and session.
pub fn is_own_token(sent: &str, visit: &Visit) -> bool {
    sent.as_bytes().ct_eq(visit.csrf().as_bytes()).into()
}

/// The fields of a genuine form.
pub struct Form {
    params: Params,
    all: Vec<(String, String)>,
}

impl Form {
    /// A field as it was sent; empty when it was not.
    pub fn text(&self, name: &str) -> &str {
        self.params.get(name).unwrap_or_default()
    }

    /// Whether a box was ticked.
    pub fn ticked(&self, name: &str) -> bool {
        self.params.get(name).is_some()
    }

    /// Every value of a field that may come several times.
    pub fn every(&self, name: &str) -> Vec<&str> {
        self.all
            .iter()
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
            .collect()
    }
}
