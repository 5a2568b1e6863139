//! How the portal calls the provider: one HTTP client for discovery, keys,
//! tokens and userinfo.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use openidconnect::{AsyncHttpClient, HttpClientError, HttpRequest, HttpResponse};

use crate::settings::Settings;

/// What calls through this client fail with.
pub type HttpError = HttpClientError<reqwest::Error>;

/// The client, in the shape that `openidconnect` asks for.
///
/// The crate would bring an HTTP client of its own; this one shares the TLS
/// library with the rest of the program and can trust a throw-away authority.
pub struct HttpClient(reqwest::Client);

impl HttpClient {
    pub fn new(settings: &Settings) -> Result<Self, Box<dyn std::error::Error>> {
        let mut builder = reqwest::Client::builder()
            // RFC 9700 §4.11: the provider's endpoints never redirect, and
            // following would carry our secret wherever the answer says.
            .redirect(reqwest::redirect::Policy::none())
            // We only ever speak to one known host, and know the way.
            .no_proxy()
            .timeout(Duration::from_secs(10));
        if let Some(file) = &settings.ca_file {
            let pem = std::fs::read(file)?;
            builder = builder.tls_certs_only(reqwest::Certificate::from_pem_bundle(&pem)?);
        }
        Ok(Self(builder.build()?))
    }

    async fn execute(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request).map_err(Box::new)?;
        let answer = self.0.execute(request).await.map_err(Box::new)?;
        let mut response = http::Response::builder().status(answer.status());
        for (name, value) in answer.headers() {
            response = response.header(name, value);
        }
        let body = answer.bytes().await.map_err(Box::new)?;
        Ok(response.body(body.to_vec())?)
    }
}

impl<'c> AsyncHttpClient<'c> for HttpClient {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.execute(request))
    }
}
