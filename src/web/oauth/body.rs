//! The body of a request to an endpoint for programs: a small form.

use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

use super::answer::oauth_error;
use crate::protocol::error::ErrorCode;
use crate::protocol::params::Params;
use crate::web::posted::is_form;

/// The form parameters of a program's request.
pub struct FormBody(pub Params);

impl<S: Send + Sync> FromRequest<S> for FormBody {
    type Rejection = axum::response::Response;

    async fn from_request(request: Request, state: &S) -> Result<Self, Self::Rejection> {
        if !is_form(&request) {
            return Err(oauth_error(
                &ErrorCode::InvalidRequest
                    .because("Content-Type must be application/x-www-form-urlencoded"),
            ));
        }
        let body = Bytes::from_request(request, state).await.map_err(|_| {
            oauth_error(&ErrorCode::InvalidRequest.because("the body is too large"))
        })?;
        Ok(Self(Params::parse(&body)))
    }
}
