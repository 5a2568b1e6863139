//! One of the two servers, and what the driver can get from it: sessions,
//! codes and tokens. Both sides have the same paths and the same clients.

use std::net::Ipv4Addr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};

use crate::browser::{Browser, Person};
use crate::form::encode;
use crate::http::{Connection, Response};

/// Where codes are sent; nobody listens there.
pub const CALLBACK: &str = "http://127.0.0.1:8093/callback";

/// The client of the flows: JWT access tokens, ES256 everywhere.
pub const FLOW_CLIENT: &str = "bench-flow";
/// The client whose access tokens are shown to userinfo and introspection.
pub const USERINFO_CLIENT: &str = "bench-userinfo";
/// The client that pushes its requests and binds its tokens to a key.
pub const DPOP_CLIENT: &str = "bench-dpop";
/// The client of the devices.
pub const DEVICE_CLIENT: &str = "bench-device";
/// The resource server that introspects.
pub const API_CLIENT: &str = "bench-api";

/// A server under measurement.
#[derive(Clone)]
pub struct Side {
    /// Column of the table.
    pub name: &'static str,
    /// host:port.
    pub authority: String,
    /// Secret of all clients.
    pub client_secret: String,
    /// People who have not signed in yet.
    pub people: People,
}

/// Hands out loaded accounts, each once: nobody is locked out or slowed down
/// because they seem to sign in a thousand times a minute.
#[derive(Clone)]
pub struct People {
    password: String,
    next: Arc<AtomicU32>,
}

impl People {
    /// The accounts `propusk load` made, from the given one on.
    pub fn from(number: u32, password: &str) -> Self {
        Self {
            password: password.into(),
            next: Arc::new(AtomicU32::new(number)),
        }
    }

    /// The next person and the loopback address they come from.
    pub fn next(&self) -> (Person, Ipv4Addr) {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let login = format!("+79{number:09}");
        let [_, b, c, d] = number.to_be_bytes();
        (
            Person {
                login,
                password: self.password.clone(),
            },
            Ipv4Addr::new(127, b + 1, c, d.clamp(1, 254)),
        )
    }
}

/// Somebody who signed in and agreed.
#[derive(Clone)]
pub struct Session {
    /// Value of the Cookie header.
    pub cookies: String,
    /// Who it is, for the peer's login_hint.
    pub person: Person,
    source: Ipv4Addr,
}

/// What the token endpoint gave for a code.
pub struct Tokens {
    /// Shown to userinfo and introspection.
    pub access: String,
    /// Only with offline_access.
    pub refresh: Option<String>,
}

/// A verifier and its challenge (RFC 7636 §4.2, S256).
pub struct Pkce {
    /// Kept by the client.
    pub verifier: String,
    /// Sent with the authorization request.
    pub challenge: String,
}

impl Pkce {
    /// Unique by its seed; the driver keeps no secrets, so it needs no chance.
    pub fn of(seed: &str) -> Self {
        let verifier = URL_SAFE_NO_PAD.encode(digest(&SHA256, seed.as_bytes()));
        let challenge = URL_SAFE_NO_PAD.encode(digest(&SHA256, verifier.as_bytes()));
        Self {
            verifier,
            challenge,
        }
    }
}

impl Side {
    /// HTTP Basic credentials of a client.
    pub fn basic(&self, client: &str) -> String {
        format!(
            "Basic {}",
            STANDARD.encode(format!("{client}:{}", self.client_secret))
        )
    }

    /// A person signs in by the server's own pages and agrees to what the given
    /// client asks; tokens come back too.
    pub async fn sign_in(&self, client: &str, scope: &str) -> Result<(Session, Tokens), String> {
        let (person, source) = self.people.next();
        let pkce = Pkce::of(&format!("{client} {}", person.login));
        let query =
            authorization_query(client, scope, &pkce.challenge, "setup", Some(&person.login));
        let path = format!("{AUTHORIZE}?{query}");
        let (session, code) = self.agree(&path, person, source).await?;
        let tokens = self.redeem(client, &code, &pkce.verifier).await?;
        Ok((session, tokens))
    }

    /// A person signs in by the server's own pages and agrees to an
    /// authorization request. Returns the code.
    pub async fn agree(
        &self,
        path: &str,
        person: Person,
        source: Ipv4Addr,
    ) -> Result<(Session, String), String> {
        let mut browser = Browser::open(&self.authority, source).await?;
        let back = browser
            .authorize(path, CALLBACK, &person)
            .await
            .map_err(|reason| {
                format!("{}: {} cannot sign in: {reason}", self.name, person.login)
            })?;
        let code = code_of(&back).ok_or_else(|| format!("{}: no code in {back}", self.name))?;
        let cookies = browser.session_cookies();
        if cookies.is_empty() {
            return Err(format!("{}: no session cookie after sign-in", self.name));
        }
        let code = code.to_owned();
        Ok((
            Session {
                cookies,
                person,
                source,
            },
            code,
        ))
    }

    async fn redeem(&self, client: &str, code: &str, verifier: &str) -> Result<Tokens, String> {
        let mut connection = Connection::open(&self.authority).await?;
        let request = self.form_request("/oauth/token", client, &redemption(code, verifier));
        let answer = connection.send(request.as_bytes()).await?;
        let access = answer
            .member("access_token")
            .ok_or_else(|| format!("{}: {}", self.name, answer.describe()))?;
        Ok(Tokens {
            access: access.to_owned(),
            refresh: answer.member("refresh_token").map(str::to_owned),
        })
    }

    /// A whole POST by a confidential client.
    pub fn form_request(&self, path: &str, client: &str, body: &str) -> String {
        self.form_request_with(path, client, "", body)
    }

    /// The same with more headers, each with the end of its line.
    pub fn form_request_with(&self, path: &str, client: &str, headers: &str, body: &str) -> String {
        format!(
            "POST {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: {}\r\n{headers}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n{body}",
            self.authority,
            self.basic(client),
            body.len(),
        )
    }

    /// A whole GET, with one more header.
    pub fn get_request(&self, path: &str, header: &str) -> String {
        format!(
            "GET {path} HTTP/1.1\r\nHost: {}\r\n{header}\r\n\r\n",
            self.authority
        )
    }
}

impl Session {
    /// A connection from this person's own address.
    pub async fn connect(&self, side: &Side) -> Result<Connection, String> {
        Connection::open_from(&side.authority, self.source).await
    }
}

const AUTHORIZE: &str = "/oauth/authorize";

/// The parameters of an authorization request. `consent` names the person who
/// will be asked for consent; without it nothing may be asked.
pub fn authorization_query(
    client: &str,
    scope: &str,
    challenge: &str,
    state: &str,
    consent: Option<&str>,
) -> String {
    let mut query = format!(
        "response_type=code&client_id={client}&redirect_uri={}&scope={}&state={state}\
         &nonce={state}&code_challenge={challenge}&code_challenge_method=S256",
        encode(CALLBACK),
        encode(scope),
    );
    if let Some(login) = consent {
        query.push_str("&prompt=consent&login_hint=");
        query.push_str(&encode(login));
    }
    query
}

/// Path and query of an authorization request.
pub fn authorization_path(client: &str, scope: &str, challenge: &str, state: &str) -> String {
    let query = authorization_query(client, scope, challenge, state, None);
    format!("{AUTHORIZE}?{query}")
}

/// The same of a request that was pushed before (RFC 9126 §4).
pub fn pushed_path(client: &str, request_uri: &str) -> String {
    let pushed = encode(request_uri);
    format!("{AUTHORIZE}?client_id={client}&request_uri={pushed}")
}

/// Whether an answer holds a JWT under this name.
pub fn is_signed(answer: &Response<'_>, name: &str) -> bool {
    answer
        .member(name)
        .is_some_and(|token| token.starts_with("eyJ"))
}

/// Body of a code redemption.
pub fn redemption(code: &str, verifier: &str) -> String {
    format!(
        "grant_type=authorization_code&code={code}&redirect_uri={}&code_verifier={verifier}",
        encode(CALLBACK)
    )
}

/// The code in a redirect to the portal.
pub fn code_of(redirect: &str) -> Option<&str> {
    parameter(redirect, "code")
}

/// A query parameter that needs no decoding.
pub fn parameter<'a>(address: &'a str, name: &str) -> Option<&'a str> {
    let query = address.split_once('?')?.1;
    query
        .split('&')
        .find_map(|pair| pair.strip_prefix(name)?.strip_prefix('='))
}
