//! A form that may carry files: multipart/form-data (RFC 7578), or urlencoded
//! when there are none. How much is read in all is the route's own
//! `DefaultBodyLimit`. What the sender calls a file and its type is not even
//! kept: nothing here can become a path, and what a file is its content says.

use axum::body::Bytes;
use axum::extract::{FromRequest, Multipart, Request};
use axum::response::IntoResponse as _;
use http::StatusCode;

use super::page_error::PageError;
use super::posted::{LONGEST_FORM, is_form, is_own_token};
use super::visit::Visit;

/// No form of ours has so many fields.
const MOST_PARTS: usize = 64;

/// Fields and files that have not been checked for forgery yet.
pub struct Uploaded(Upload);

/// The fields and files of a genuine form.
#[derive(Default)]
pub struct Upload {
    fields: Vec<(String, String)>,
    files: Vec<(String, Bytes)>,
}

impl<S: Send + Sync> FromRequest<S> for Uploaded {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        if is_form(&request) {
            let body = Bytes::from_request(request, state)
                .await
                .map_err(|error| PageError::Unreadable(error.status()))?;
            let fields = url::form_urlencoded::parse(&body).into_owned().collect();
            let files = Vec::new();
            return Ok(Self(Upload { fields, files }));
        }
        let parts = Multipart::from_request(request, state)
            .await
            .map_err(|error| PageError::Unreadable(error.into_response().status()))?;
        Upload::read(parts).await.map(Self)
    }
}

impl Uploaded {
    /// The form, if our own page gave it to this browser (attack row 26).
    ///
    /// # Errors
    /// [`PageError::Forgery`] without the right token.
    pub fn checked(self, visit: &Visit) -> Result<Upload, PageError> {
        if is_own_token(self.0.text("csrf"), visit) {
            Ok(self.0)
        } else {
            Err(PageError::Forgery)
        }
    }
}

impl Upload {
    async fn read(mut parts: Multipart) -> Result<Self, PageError> {
        let wrong = || PageError::Unreadable(StatusCode::BAD_REQUEST);
        let mut upload = Self::default();
        for _ in 0..MOST_PARTS {
            let next = parts.next_field().await;
            let next = next.map_err(|error| PageError::Unreadable(error.status()))?;
            let Some(part) = next else {
                return Ok(upload);
            };
            let name = part.name().ok_or_else(wrong)?.to_owned();
            let is_file = part.file_name().is_some();
            let bytes = part.bytes().await;
            let bytes = bytes.map_err(|error| PageError::Unreadable(error.status()))?;
            if !is_file {
                let text = String::from_utf8(bytes.into()).map_err(|_| wrong())?;
                if text.len() > LONGEST_FORM {
                    return Err(PageError::Unreadable(StatusCode::PAYLOAD_TOO_LARGE));
                }
                upload.fields.push((name, text));
            } else if !bytes.is_empty() {
                // A field in which no file was chosen comes empty.
                upload.files.push((name, bytes));
            }
        }
        Err(wrong())
    }

    /// A field as it was sent; empty when it was not.
    pub fn text(&self, name: &str) -> &str {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text)
    }

    /// The first file of a field, if one was chosen and is not empty.
    pub fn file(&self, name: &str) -> Option<&Bytes> {
        let found = self.files.iter().find(|(known, _)| known == name);
        found.map(|(_, bytes)| bytes)
    }
}
