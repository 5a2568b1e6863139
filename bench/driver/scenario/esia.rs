//! Token requests of programs written for ESIA: the first generation with RSA
//! and CMS, the second with GOST and bare signatures. Each redeems a code of
//! somebody who is signed in and has agreed before, for an access token and an
//! ID token. The other column is the signatures of such a request alone, on both
//! cores: the ceiling.
//!
//! Codes and signatures of the requests are made beforehand, so the work is
//! counted, not the time.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use openssl::cms::{CMSOptions, CmsContentInfo};
use openssl::hash::MessageDigest;
use openssl::pkey::{PKey, Private, Public};
use openssl::sign::{Signer, Verifier};
use openssl::x509::X509;

use super::Bench;
use crate::form::encode;
use crate::http::Connection;
use crate::measure::{Measured, Worker, counted_loop, on_both_cores};
use crate::side::{CALLBACK, Side, code_of, is_signed};

const SCOPE: &str = "openid fullname";
/// As long as the tokens are.
const TEXT: [u8; 600] = [b'x'; 600];

/// A generation of the dialect, with the algorithm it is measured with.
#[derive(Clone, Copy)]
pub enum Generation {
    /// RSA of 2048 bits with SHA-256, in CMS.
    First,
    /// GOST R 34.10-2012 of 256 bits, bare.
    Second,
}

/// A relying party with its key.
struct Party {
    generation: Generation,
    client: &'static str,
    key: PKey<Private>,
    public: PKey<Public>,
    certificate: X509,
    digest: MessageDigest,
}

fn text_of(error: impl std::fmt::Display) -> String {
    error.to_string()
}

impl Party {
    /// Reads what bin/bench made.
    fn open(generation: Generation, folder: &Path) -> Result<Self, String> {
        openssl::init();
        let (client, name, digest) = match generation {
            Generation::First => ("BENCH_RSA", "rsa", "sha256"),
            Generation::Second => ("BENCH_GOST", "gost", "md_gost12_256"),
        };
        let read = |what: &str| std::fs::read(folder.join(format!("esia-{name}.{what}")));
        let key = read("key").map_err(text_of)?;
        let certificate = read("pem").map_err(text_of)?;
        let certificate = X509::from_pem(&certificate).map_err(text_of)?;
        Ok(Self {
            generation,
            client,
            key: PKey::private_key_from_pem(&key).map_err(text_of)?,
            public: certificate.public_key().map_err(text_of)?,
            certificate,
            digest: MessageDigest::from_name(digest).ok_or("OpenSSL has no GOST engine")?,
        })
    }

    fn signature(&self, text: &[u8]) -> Result<Vec<u8>, String> {
        let mut signer = Signer::new(self.digest, &self.key).map_err(text_of)?;
        signer.sign_oneshot_to_vec(text).map_err(text_of)
    }

    fn has_signed(&self, text: &[u8], signature: &[u8]) -> Result<(), String> {
        let mut verifier = Verifier::new(self.digest, &self.public).map_err(text_of)?;
        match verifier.verify_oneshot(signature, text) {
            Ok(true) => Ok(()),
            _ => Err("a signature is not good".into()),
        }
    }

    /// Parameters with their signature, form-encoded. `code` is there at the
    /// token endpoint only.
    fn signed(&self, state: &str, code: Option<&str>) -> Result<String, String> {
        let timestamp = jiff::Timestamp::now().strftime("%Y.%m.%d %H:%M:%S +0000");
        let timestamp = timestamp.to_string();
        let client = self.client;
        let mut params = vec![
            ("client_id", client),
            ("scope", SCOPE),
            ("timestamp", &timestamp),
            ("state", state),
            ("redirect_uri", CALLBACK),
        ];
        match code {
            None => params.push(("response_type", "code")),
            Some(code) => params.extend([("grant_type", "authorization_code"), ("code", code)]),
        }
        let hash = self.certificate.digest(MessageDigest::sha256());
        let hash: String = hash
            .map_err(text_of)?
            .iter()
            .map(|byte| format!("{byte:02X}"))
            .collect();
        let secret = match self.generation {
            Generation::First => {
                let text = format!("{SCOPE}{timestamp}{client}{state}");
                CmsContentInfo::sign(
                    Some(&self.certificate),
                    Some(&self.key),
                    None,
                    Some(text.as_bytes()),
                    CMSOptions::DETACHED | CMSOptions::BINARY,
                )
                .and_then(|cms| cms.to_der())
                .map_err(text_of)?
            }
            Generation::Second => {
                params.push(("client_certificate_hash", &hash));
                let code = code.unwrap_or_default();
                let text = format!("{client}{SCOPE}{timestamp}{state}{CALLBACK}{code}");
                self.signature(text.as_bytes())?
            }
        };
        let secret = URL_SAFE_NO_PAD.encode(secret);
        params.push(("client_secret", &secret));
        let pairs = params
            .iter()
            .map(|(name, value)| format!("{name}={}", encode(value)));
        Ok(pairs.collect::<Vec<_>>().join("&"))
    }

    const fn paths(&self) -> (&'static str, &'static str) {
        match self.generation {
            Generation::First => ("/aas/oauth2/ac", "/aas/oauth2/te"),
            Generation::Second => ("/aas/oauth2/v2/ac", "/aas/oauth2/v3/te"),
        }
    }
}

/// Token requests ready to be sent by one connection.
struct Portal {
    connection: Connection,
    ready: Vec<String>,
}

impl Portal {
    /// Somebody signs in and agrees; then codes are had, one for each request.
    async fn open(side: &Side, party: &Party, count: usize) -> Result<Self, String> {
        let (ac, te) = party.paths();
        let (person, source) = side.people.next();
        let login = person.login.clone();
        let first = format!("{ac}?{}", party.signed(&format!("setup{login}"), None)?);
        let (session, _) = side.agree(&first, person, source).await?;
        let mut front = session.connect(side).await?;
        let mut ready = Vec::with_capacity(count);
        for number in 0..count {
            let state = format!("{login}-{number}-{}", jiff::Timestamp::now());
            let path = format!("{ac}?{}", party.signed(&state, None)?);
            let request = side.get_request(&path, &format!("Cookie: {}", session.cookies));
            let answer = front.send(request.as_bytes()).await?;
            let code = answer
                .header("location")
                .and_then(code_of)
                .ok_or_else(|| answer.describe())?;
            let body = party.signed(&state, Some(code))?;
            ready.push(format!(
                "POST {te} HTTP/1.1\r\nHost: {}\r\n\
                 Content-Type: application/x-www-form-urlencoded\r\n\
                 Content-Length: {}\r\n\r\n{body}",
                side.authority,
                body.len(),
            ));
        }
        Ok(Self {
            connection: Connection::open(&side.authority).await?,
            ready,
        })
    }
}

impl Worker for Portal {
    async fn once(&mut self) -> Result<(), String> {
        let request = self.ready.pop().ok_or("every code was redeemed")?;
        let answer = self.connection.send(request.as_bytes()).await?;
        let signed = |name| is_signed(&answer, name);
        match answer.status == 200 && signed("access_token") && signed("id_token") {
            true => Ok(()),
            false => Err(answer.describe()),
        }
    }
}

/// Ours and OpenSSL alone, alternating.
pub async fn run(
    bench: &Bench<'_>,
    generation: Generation,
) -> Result<(Measured, Measured), String> {
    let party = &Party::open(generation, &bench.arguments.esia_keys)?;
    let (warm, counted) = (bench.plan.warm_redemptions, bench.plan.redemptions);
    bench
        .pair(async |side| {
            if side.name == bench.peer.name {
                return on_both_cores(bench.plan.span(), || signatures_of_one(party));
            }
            let open = |_| Portal::open(side, party, warm + counted);
            let portals = (0..bench.plan.connections).map(open);
            let portals = futures_util::future::try_join_all(portals).await?;
            let (_, portals) = counted_loop(portals, warm).await?;
            Ok(counted_loop(portals, counted).await?.0)
        })
        .await
}

/// What one token request costs whoever keeps nothing: the signature of the
/// request and that of the code are checked, two tokens are signed.
fn signatures_of_one(party: &Party) -> Result<impl FnMut() -> Result<(), String>, String> {
    let of_request = party.signature(&TEXT)?;
    Ok(move || {
        for _ in 0..2 {
            party.has_signed(&TEXT, &of_request)?;
            party.signature(&TEXT)?;
        }
        Ok(())
    })
}
