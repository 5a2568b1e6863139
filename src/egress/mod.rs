//! The one door for outgoing HTTP: key sets and back-channel logout of
//! clients, the SMS gateway. Some of those addresses are given by strangers,
//! so every call is resolved here, refused if it would reach our own network,
//! connected to exactly the addresses that were checked, and bounded in time
//! and size. Redirects and proxies are never followed (OWASP SSRF, RFC 9700).

mod address;
mod refused;
mod resolver;

#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use ipnet::IpNet;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Certificate, Client, ClientBuilder, Identity, RequestBuilder, Url, redirect};

use crate::error::{Internal, Result};
use crate::model::secret::Secret;
use address::Policy;
pub use refused::EgressRefused;
use resolver::{Guarded, Lookup};

/// What outgoing calls may do.
#[derive(Clone, Debug)]
pub struct EgressSettings {
    /// Networks of ours that may be called although they are not public, and
    /// the only ones that may be called without TLS.
    pub allow_private: Vec<IpNet>,
    /// Authorities trusted beside those of the system, PEM.
    pub extra_ca_pem: Vec<Vec<u8>>,
    /// Our certificate, its chain and its key, PEM in one text: shown to
    /// servers that ask for one (mutual TLS).
    pub identity_pem: Option<Secret>,
    /// The time for a whole call: name, connection, request, answer.
    pub timeout: Duration,
    /// The longest answer that is read, in bytes.
    pub max_body: usize,
}

impl Default for EgressSettings {
    fn default() -> Self {
        Self {
            allow_private: Vec::new(),
            extra_ca_pem: Vec::new(),
            identity_pem: None,
            timeout: Duration::from_secs(10),
            max_body: 64 * 1024,
        }
    }
}

/// Networks that count as private.
const PRIVATE: [&str; 6] = [
    "10.0.0.0/8",
    "172.16.0.0/12",
    "192.168.0.0/16",
    "127.0.0.0/8",
    "::1/128",
    "fc00::/7",
];

impl EgressSettings {
    /// Opens private networks: for a door that leads to a gateway the operator
    /// named, never for addresses that clients give.
    pub fn open_private_networks(&mut self) {
        self.allow_private
            .extend(PRIVATE.iter().filter_map(|net| net.parse::<IpNet>().ok()));
    }
}

/// What came back, whatever its status. A redirect is an answer like any other.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// What kind of document it says it is.
    pub content_type: Option<String>,
    /// When it may be asked again, as it was said: `Retry-After`.
    pub retry_after: Option<String>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// A call in full, for protocols that make their own. It may hold secrets and
/// is never shown.
pub struct Call {
    /// `GET` or `POST`.
    pub method: &'static str,
    pub url: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// Whether the status is 2xx.
    pub const fn is_success(&self) -> bool {
        matches!(self.status, 200..=299)
    }
}

/// The door. Cheap to share by reference; holds its connections.
pub struct Egress {
    /// TLS to public addresses and to allowed private ones.
    secure: (Client, Arc<Policy>),
    /// Plain HTTP to allowed private addresses.
    plain: (Client, Arc<Policy>),
    timeout: Duration,
    max_body: usize,
}

impl Egress {
    /// Opens the door.
    ///
    /// # Errors
    /// When an extra authority is not a PEM certificate, or our own
    /// certificate or its key is not one.
    pub fn new(settings: EgressSettings) -> Result<Self> {
        Self::with_lookup(settings, &resolver::system())
    }

    fn with_lookup(settings: EgressSettings, lookup: &Lookup) -> Result<Self> {
        // reqwest takes the process-wide provider; somebody (the mail client)
        // may have installed the same one before.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
        let mut authorities = Vec::new();
        for pem in &settings.extra_ca_pem {
            let read = Certificate::from_pem_bundle(pem).map_err(reqwest::Error::without_url)?;
            if read.is_empty() {
                return Err(Internal::new("an extra authority holds no PEM certificate"));
            }
            authorities.extend(read);
        }
        let client = |policy: &Arc<Policy>| base(Guarded::new(policy.clone(), lookup.clone()));

        let secure = Arc::new(Policy::secure(settings.allow_private.clone()));
        let identity = match &settings.identity_pem {
            Some(pem) => {
                let read = Identity::from_pem(pem.expose().as_bytes());
                Some(read.map_err(reqwest::Error::without_url)?)
            }
            None => None,
        };
        let secure_client = || {
            let client = client(&secure).https_only(true);
            match &identity {
                Some(identity) => client.identity(identity.clone()),
                None => client,
            }
        };
        let secured = secure_client()
            .tls_certs_merge(authorities.clone())
            .build()
            .or_else(|error| {
                // A minimal container image has no authorities at all. Only
                // calls to the outside need them, so this is no reason not to
                // start.
                tracing::warn!(%error, "the system's certificate authorities cannot be read");
                secure_client().tls_certs_only(authorities).build()
            })?;

        let plain = Arc::new(Policy::plain(settings.allow_private));
        // Without authorities nothing is read from the system for this one.
        let plain_client = client(&plain).tls_certs_only([]).build()?;
        Ok(Self {
            secure: (secured, secure),
            plain: (plain_client, plain),
            timeout: settings.timeout,
            max_body: settings.max_body,
        })
    }

    /// Fetches a document.
    ///
    /// # Errors
    /// See [`EgressRefused`].
    pub async fn get(&self, url: &str) -> Result<Answer, EgressRefused> {
        let (client, url) = self.client_for(url)?;
        self.send(client.get(url)).await
    }

    /// Posts a form, urlencoded.
    ///
    /// # Errors
    /// See [`EgressRefused`].
    pub async fn post_form(
        &self,
        url: &str,
        fields: &[(&str, &str)],
    ) -> Result<Answer, EgressRefused> {
        let (client, url) = self.client_for(url)?;
        self.send(client.post(url).form(fields)).await
    }

    /// Posts JSON that is already written, with a bearer token and further
    /// headers if given.
    ///
    /// # Errors
    /// See [`EgressRefused`].
    pub async fn post_json(
        &self,
        url: &str,
        bearer: Option<&Secret>,
        body: String,
        headers: &[(&str, &str)],
    ) -> Result<Answer, EgressRefused> {
        const INVALID: EgressRefused = EgressRefused::Refused("a header is not valid");
        let (client, url) = self.client_for(url)?;
        let mut request = client
            .post(url)
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .body(body);
        for (name, value) in headers {
            let name = HeaderName::try_from(*name).map_err(|_| INVALID)?;
            let value = HeaderValue::try_from(*value).map_err(|_| INVALID)?;
            request = request.header(name, value);
        }
        if let Some(token) = bearer {
            let value = format!("Bearer {}", token.expose());
            let mut value = HeaderValue::try_from(value).map_err(|_| INVALID)?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        self.send(request).await
    }

    /// Makes a call that is already written.
    ///
    /// # Errors
    /// See [`EgressRefused`].
    pub async fn call(&self, call: Call) -> Result<Answer, EgressRefused> {
        const INVALID: EgressRefused = EgressRefused::Refused("a header is not valid");
        let (client, url) = self.client_for(&call.url)?;
        let mut request = match call.method {
            "GET" => client.get(url),
            "POST" => client.post(url).body(call.body),
            _ => return Err(EgressRefused::Refused("only GET and POST are called")),
        };
        for (name, value) in &call.headers {
            let name = HeaderName::try_from(name.as_str()).map_err(|_| INVALID)?;
            let mut value = HeaderValue::from_bytes(value).map_err(|_| INVALID)?;
            value.set_sensitive(name == AUTHORIZATION);
            request = request.header(name, value);
        }
        self.send(request).await
    }

    /// Whether an address that a stranger gives could be called at all; where a
    /// name leads is looked at when it is called.
    ///
    /// # Errors
    /// [`EgressRefused::Refused`] when it could not.
    pub fn would_call(&self, url: &str) -> Result<(), EgressRefused> {
        let (_, url) = self.client_for(url)?;
        let (_, plain) = &self.plain;
        match url.scheme() {
            "http" if !plain.admits_any() => Err(plain.refusal()),
            _ => Ok(()),
        }
    }

    /// Chooses the client by scheme and checks what the resolver will not see:
    /// a host that is already an address, in any spelling the URL standard
    /// knows (`127.1`, `0x7f000001`, `[::ffff:7f00:1]`).
    fn client_for(&self, url: &str) -> Result<(&Client, Url), EgressRefused> {
        let url = Url::parse(url).map_err(|_| EgressRefused::Refused("the URL is not valid"))?;
        let (client, policy) = match url.scheme() {
            "https" => &self.secure,
            "http" => &self.plain,
            _ => return Err(EgressRefused::Refused("only http and https are called")),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Err(EgressRefused::Refused("the URL holds a user name"));
        }
        let literal = match url.host() {
            None => return Err(EgressRefused::Refused("the URL has no host")),
            Some(url::Host::Domain(_)) => None,
            Some(url::Host::Ipv4(ip)) => Some(ip.into()),
            Some(url::Host::Ipv6(ip)) => Some(ip.into()),
        };
        match literal {
            Some(ip) if !policy.admits(ip) => Err(policy.refusal()),
            _ => Ok((client, url)),
        }
    }

    async fn send(&self, request: RequestBuilder) -> Result<Answer, EgressRefused> {
        tokio::time::timeout(self.timeout, self.exchange(request))
            .await
            .unwrap_or(Err(EgressRefused::TimedOut))
    }

    async fn exchange(&self, request: RequestBuilder) -> Result<Answer, EgressRefused> {
        let mut response = request.send().await.map_err(EgressRefused::from_client)?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(EgressRefused::from_client)? {
            if body.len() + chunk.len() > self.max_body {
                return Err(EgressRefused::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let header = |name| {
            let value = response.headers().get(name)?.to_str().ok()?;
            Some(value.to_owned())
        };
        Ok(Answer {
            status: response.status().as_u16(),
            content_type: header(CONTENT_TYPE),
            retry_after: header(RETRY_AFTER),
            body,
        })
    }
}

fn base(resolver: Guarded) -> ClientBuilder {
    Client::builder()
        .dns_resolver(resolver)
        .redirect(redirect::Policy::none())
        .no_proxy()
        .referer(false)
        .user_agent("Propusk")
        .pool_max_idle_per_host(4)
        .pool_idle_timeout(Duration::from_secs(30))
}

impl std::fmt::Debug for Egress {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Egress")
    }
}
