//! A program's call of an endpoint where clients authenticate: all that may
//! prove who sends it, and what it asks.

use std::sync::Arc;

use axum::RequestExt as _;
use axum::extract::{FromRequest, MatchedPath, Request as HttpRequest};
use axum::response::Response;
use http::HeaderMap;
use http::header::AUTHORIZATION;

use super::answer::proofs;
use super::body::FormBody;
use super::shown_certificate::ShownCertificate;
use crate::app::App;
use crate::protocol::client_authentication::Request;
use crate::protocol::dpop;

/// A `POST` with a form.
pub struct Call {
    pub headers: HeaderMap,
    certificate: ShownCertificate,
    body: FormBody,
    /// The route, which is the path: these endpoints have no parameters in it.
    path: String,
}

impl FromRequest<Arc<App>> for Call {
    type Rejection = Response;

    async fn from_request(mut request: HttpRequest, app: &Arc<App>) -> Result<Self, Response> {
        let certificate = request
            .extract_parts_with_state::<ShownCertificate, _>(app)
            .await?;
        let path = request.extensions().get::<MatchedPath>();
        let path = path.map_or_else(String::new, |path| path.as_str().to_owned());
        let headers = request.headers().clone();
        let body = FormBody::from_request(request, app).await?;
        Ok(Self {
            headers,
            certificate,
            body,
            path,
        })
    }
}

impl Call {
    /// The request as the protocol looks at it.
    pub fn request(&self, app: &App) -> Request<'_> {
        let ShownCertificate(certificate) = &self.certificate;
        Request {
            authorization: self
                .headers
                .get(AUTHORIZATION)
                .and_then(|value| value.to_str().ok()),
            params: &self.body.0,
            dpop: dpop::Shown {
                headers: proofs(&self.headers),
                method: "POST",
                path: &self.path,
            },
            certificate: certificate.as_deref(),
            now: app.clock.now(),
        }
    }
}
