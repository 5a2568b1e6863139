//! A form that may carry files: multipart/form-data (RFC 7578), or urlencoded
//! when there are none. How much is read in all is the route's own
//! `DefaultBodyLimit`; how much of one file is kept, [`LARGEST_FILE`]. What the
//! sender calls a file and its type is not even kept: nothing here can become a
//! path, and what a file is its content says.

use std::sync::Arc;
use std::time::Duration;

use axum::body::{Bytes, to_bytes};
use axum::extract::multipart::Field;
use axum::extract::{FromRequest, Multipart, Request};
use axum::response::IntoResponse as _;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use tokio::sync::Semaphore;

use super::device_rights;
use super::page_error::PageError;
use super::posted::{LONGEST_FORM, is_form, is_own_token};
use super::visit::Visit;
use crate::account::files::LARGEST_FILE;
use crate::error::Internal;

/// No form of ours has so many fields.
const MOST_PARTS: usize = 64;
/// A route that takes files reads so much: what is larger than a file may be is
/// read and dropped, so that the form comes back with a word beside the field
/// and not as a broken connection.
pub const LARGEST_UPLOAD: usize = 64 * 1024 * 1024;
/// Forms with files that are read at once, for they lie in memory (attack row
/// 53), and the time for one of them.
struct Places {
    free: Semaphore,
    time: Duration,
}

/// The places of a server, handed to its routes as an extension.
pub struct UploadPlaces {
    /// Of people who are signed in.
    citizens: Places,
    /// Of those who recover access by a form and have shown a contact: not known
    /// well enough to share with citizens.
    applicants: Places,
    /// Of whoever comes: whatever strangers hold, citizens keep theirs.
    anyone: Places,
}

impl Default for UploadPlaces {
    fn default() -> Self {
        Self {
            citizens: Places {
                free: Semaphore::new(16),
                time: Duration::from_secs(120),
            },
            applicants: Places {
                free: Semaphore::new(8),
                time: Duration::from_secs(120),
            },
            anyone: Places {
                free: Semaphore::new(32),
                time: Duration::from_secs(15),
            },
        }
    }
}

/// Fields and files that have not been checked for forgery yet. A handler takes
/// them after its citizen, so that nothing is read of strangers.
pub struct Uploaded(Upload);

/// The same where strangers send as well: small forms, read quickly or not at
/// all.
pub struct UploadedByAnyone(Uploaded);

/// The same of somebody who has shown a contact: taken after that was looked at.
pub struct UploadedByApplicant(Uploaded);

/// The fields and files of a genuine form.
#[derive(Default)]
pub struct Upload {
    fields: Vec<(String, String)>,
    /// None for one of more than [`LARGEST_FILE`]: nothing of it was kept.
    files: Vec<(String, Option<Bytes>)>,
}

impl<S: Send + Sync> FromRequest<S> for Uploaded {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        Self::within(|places| &places.citizens, request, state).await
    }
}

impl<S: Send + Sync> FromRequest<S> for UploadedByAnyone {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let uploaded = Uploaded::within(|places| &places.anyone, request, state).await?;
        Ok(Self(uploaded))
    }
}

impl<S: Send + Sync> FromRequest<S> for UploadedByApplicant {
    type Rejection = PageError;

    async fn from_request(request: Request, state: &S) -> Result<Self, PageError> {
        let uploaded = Uploaded::within(|places| &places.applicants, request, state).await?;
        Ok(Self(uploaded))
    }
}

impl UploadedByApplicant {
    /// See [`Uploaded::checked`].
    ///
    /// # Errors
    /// [`PageError::Forgery`] without the right token.
    pub fn checked(self, visit: &Visit) -> Result<Upload, PageError> {
        self.0.checked(visit)
    }
}

impl UploadedByAnyone {
    /// See [`Uploaded::checked`].
    ///
    /// # Errors
    /// [`PageError::Forgery`] without the right token.
    pub fn checked(self, visit: &Visit) -> Result<Upload, PageError> {
        self.0.checked(visit)
    }
}

impl Uploaded {
    async fn within<S: Send + Sync>(
        whose: impl Fn(&UploadPlaces) -> &Places,
        request: Request,
        state: &S,
    ) -> Result<Self, PageError> {
        if is_form(&request) {
            // The limit of the route is that of files.
            let body = to_bytes(request.into_body(), LONGEST_FORM)
                .await
                .map_err(|_| PageError::Unreadable(StatusCode::PAYLOAD_TOO_LARGE))?;
            let fields: Vec<(String, String)> =
                url::form_urlencoded::parse(&body).into_owned().collect();
            // As in forms without files: garbage is not stored.
            if fields.iter().any(|(_, value)| value.contains('\u{fffd}')) {
                return Err(PageError::Unreadable(StatusCode::BAD_REQUEST));
            }
            let files = Vec::new();
            return Ok(Self(Upload { fields, files }));
        }
        if !is_multipart(&request) {
            return Err(PageError::Unreadable(StatusCode::UNSUPPORTED_MEDIA_TYPE));
        }
        let places = request.extensions().get::<Arc<UploadPlaces>>().cloned();
        let places = places.ok_or_else(|| Internal::new("a router without places for uploads"))?;
        let places = whose(&places);
        let parts = Multipart::from_request(request, state)
            .await
            .map_err(|error| PageError::Unreadable(error.into_response().status()))?;
        let _place = places.free.try_acquire().map_err(|_| PageError::Busy(10))?;
        tokio::time::timeout(places.time, Upload::read(parts))
            .await
            .map_err(|_| PageError::Unreadable(StatusCode::REQUEST_TIMEOUT))?
            .map(Self)
    }

    /// The form, if our own page gave it to this browser (attack row 26).
    ///
    /// # Errors
    /// [`PageError::Forgery`] without the right token, [`PageError::Rights`] from
    /// a device that may not.
    pub fn checked(self, visit: &Visit) -> Result<Upload, PageError> {
        if !is_own_token(self.0.text("csrf"), visit) {
            return Err(PageError::Forgery);
        }
        device_rights::check(visit, |name| self.0.text(name))?;
        Ok(self.0)
    }
}

/// Whether the body is `multipart/form-data`.
fn is_multipart(request: &Request) -> bool {
    let kind = request.headers().get(CONTENT_TYPE);
    kind.and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case("multipart/form-data"))
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
            let most = if is_file { LARGEST_FILE } else { LONGEST_FORM };
            let content = content(part, most).await?;
            match (is_file, content) {
                (false, Some(bytes)) => {
                    let text = String::from_utf8(bytes).map_err(|_| wrong())?;
                    upload.fields.push((name, text));
                }
                (false, None) => {
                    return Err(PageError::Unreadable(StatusCode::PAYLOAD_TOO_LARGE));
                }
                // A field in which no file was chosen comes empty.
                (true, Some(bytes)) if bytes.is_empty() => {}
                (true, content) => upload.files.push((name, content.map(Bytes::from))),
            }
            // Files that no form of ours sends together need not be kept together.
            if upload.files.len() > MOST_FILES {
                return Err(wrong());
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
        self.first(name)?.as_ref()
    }

    /// Whether a file was chosen that is larger than [`LARGEST_FILE`].
    pub fn is_too_large(&self, name: &str) -> bool {
        self.first(name).is_some_and(Option::is_none)
    }

    fn first(&self, name: &str) -> Option<&Option<Bytes>> {
        let found = self.files.iter().find(|(known, _)| known == name);
        found.map(|(_, content)| content)
    }
}

/// No form of ours carries more files.
const MOST_FILES: usize = 4;

/// What a part holds, or nothing when that is more than `most`: then the rest
/// is read past.
async fn content(mut part: Field<'_>, most: usize) -> Result<Option<Vec<u8>>, PageError> {
    let mut kept = Some(Vec::new());
    while let Some(chunk) = part
        .chunk()
        .await
        .map_err(|error| PageError::Unreadable(error.status()))?
    {
        kept = kept.filter(|bytes| bytes.len() + chunk.len() <= most);
        if let Some(bytes) = &mut kept {
            bytes.extend_from_slice(&chunk);
        }
    }
    Ok(kept)
}
