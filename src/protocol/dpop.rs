//! Demonstrating Proof of Possession (RFC 9449): a proof that whoever sends
//! this request holds a key, made for this request and no other.

use std::time::Duration;

use serde_json::{Map, Value};
use url::Url;

use super::Provider;
use super::clients::Registered;
use super::error::{ErrorCode, OAuthError, Refused};
use crate::jose::proof;
use crate::model::algorithm::Algorithm;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::Once;
use crate::vault::Purpose;

/// The algorithms of proofs, as discovery lists them. RS256 is none of them
/// (FAPI 2.0 Security Profile §5.4).
pub const ALGORITHMS: [Algorithm; 3] = [Algorithm::Es256, Algorithm::Ps256, Algorithm::EdDsa];

/// The same as the challenge of a resource lists them (§7.1).
pub fn algorithms() -> String {
    ALGORITHMS.map(Algorithm::as_str).join(" ")
}

/// How old a proof may be, and how far ahead its clock (§11.1).
const AGE: Duration = Duration::from_secs(60);
/// How long one nonce is given out; it is good for as long again.
const NONCE_WINDOW: Duration = Duration::from_secs(300);
/// The longest `jti` that is remembered.
const LONGEST_ID: usize = 512;

/// What a request shows: its `DPoP` headers, and what they must be about.
#[derive(Clone, Debug, Default)]
pub struct Shown<'a> {
    pub headers: Vec<&'a [u8]>,
    pub method: &'a str,
    /// The path under the issuer.
    pub path: &'a str,
}

/// A proof that fits its request.
#[derive(Clone, Debug)]
pub struct Proof {
    /// Thumbprint of the key.
    pub jkt: String,
    /// What it is remembered by, and until when.
    mark: Digest,
    until: Timestamp,
}

impl Proof {
    /// That it was not shown before (§11.1: each once, on every node).
    pub(super) fn once(&self) -> Once {
        Once::Seen {
            kind: ticket::DPOP_PROOF,
            digest: self.mark.clone(),
            until: self.until,
        }
    }
}

/// The proof a client sends along, if any; one whose tokens must be bound has
/// to.
///
/// # Errors
/// `invalid_dpop_proof`, or `use_dpop_nonce` with a nonce to use.
pub(super) async fn proof(
    provider: &Provider,
    client: &Registered,
    shown: &Shown<'_>,
    access_token: Option<&str>,
    now: Timestamp,
) -> Result<Option<Proof>, Refused> {
    let Some(proof) = unnoted(provider, client, shown, access_token, now)? else {
        return Ok(None);
    };
    let (kind, mark) = (ticket::DPOP_PROOF, proof.mark.clone());
    let storage = &provider.storage;
    match storage
        .put_ticket_once(kind, mark, now, proof.until)
        .await?
    {
        true => Ok(Some(proof)),
        false => Err(used_before().into()),
    }
}

/// The same, not noted yet: the caller does so together with what the proof is
/// for ([`Proof::once`]).
///
/// # Errors
/// As [`proof`], but [`used_before`].
pub(super) fn unnoted(
    provider: &Provider,
    client: &Registered,
    shown: &Shown<'_>,
    access_token: Option<&str>,
    now: Timestamp,
) -> Result<Option<Proof>, OAuthError> {
    let header = match shown.headers.as_slice() {
        [] if access_token.is_some() => return Err(wrong("the DPoP proof is missing")),
        [] => return Ok(None),
        [one] => std::str::from_utf8(one).map_err(|_| wrong("the DPoP proof is no JWT"))?,
        _ => return Err(wrong("the DPoP header came more than once")),
    };
    let proof = proof::verify(header, &ALGORITHMS)
        .map_err(|_| wrong("the DPoP proof is not a dpop+jwt signed by the key in its header"))?;
    let id = check(provider, client, &proof.claims, shown, access_token, now)?;
    let jkt = proof.thumbprint;
    Ok(Some(Proof {
        mark: Digest::of(format!("{jkt}\n{}\n{id}", shown.path).as_bytes()),
        until: now.plus(AGE * 2).plus(NONCE_WINDOW * 2),
        jkt,
    }))
}

/// A proof that was shown before.
pub(super) fn used_before() -> OAuthError {
    wrong("the DPoP proof was used before")
}

/// The `jti` of a proof whose claims are right.
fn check<'a>(
    provider: &Provider,
    client: &Registered,
    claims: &'a Map<String, Value>,
    shown: &Shown<'_>,
    access_token: Option<&str>,
    now: Timestamp,
) -> Result<&'a str, OAuthError> {
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    let id = text("jti").filter(|id| !id.is_empty() && id.len() <= LONGEST_ID);
    let id = id.ok_or_else(|| wrong("the DPoP proof has no jti"))?;
    if text("htm") != Some(shown.method) {
        return Err(wrong(
            "htm of the DPoP proof is not the method of the request",
        ));
    }
    let named = text("htu").and_then(address);
    let is_here = provider
        .addresses(shown.path)
        .any(|here| named.is_some() && named == address(&here));
    if !is_here {
        return Err(wrong(
            "htu of the DPoP proof is not the address of the request",
        ));
    }
    if let Some(token) = access_token {
        let hash = Digest::of(token.as_bytes());
        if text("ath") != Some(hash.as_str()) {
            return Err(wrong(
                "ath of the DPoP proof is not the hash of the access token",
            ));
        }
    }
    let made_at = claims.get("iat").and_then(Value::as_f64);
    let made_at = made_at.ok_or_else(|| wrong("the DPoP proof has no iat"))?;
    match claims.get("nonce") {
        Some(nonce)
            if nonce
                .as_str()
                .is_some_and(|nonce| is_good(provider, nonce, now)) =>
        {
            // A nonce tells its age better than the client's clock.
        }
        Some(_) => return Err(use_nonce(provider, now)),
        None if client.dpop_nonce_required => return Err(use_nonce(provider, now)),
        None => {
            let age = AGE.as_secs_f64();
            let ahead = made_at - now.seconds() as f64;
            if !(-age..=age).contains(&ahead) {
                return Err(wrong("iat of the DPoP proof is not within a minute of now"));
            }
        }
    }
    let moment = |name: &str| claims.get(name).and_then(Value::as_f64);
    let seconds = now.seconds() as f64;
    let slack = AGE.as_secs_f64();
    if moment("exp").is_some_and(|at| at + slack <= seconds)
        || moment("nbf").is_some_and(|at| at > seconds + slack)
    {
        return Err(wrong("the DPoP proof is expired or not valid yet"));
    }
    Ok(id)
}

/// An address without query and fragment, in the normal form of RFC 3986 §6.2.
fn address(text: &str) -> Option<Url> {
    let mut url = Url::parse(text).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    Some(url)
}

/// The nonce to use now. Every node makes the same one.
pub fn nonce(provider: &Provider, now: Timestamp) -> String {
    nonce_of(provider, window(now))
}

fn is_good(provider: &Provider, shown: &str, now: Timestamp) -> bool {
    let is =
        |window| Digest::of(nonce_of(provider, window).as_bytes()) == Digest::of(shown.as_bytes());
    is(window(now)) || is(window(now) - 1)
}

fn nonce_of(provider: &Provider, window: i64) -> String {
    let window = window.to_string();
    provider
        .vault
        .digest_text(Purpose::DpopNonce, window.as_bytes())
}

fn window(now: Timestamp) -> i64 {
    now.seconds() / i64::try_from(NONCE_WINDOW.as_secs()).unwrap_or(1)
}

fn use_nonce(provider: &Provider, now: Timestamp) -> OAuthError {
    let mut error = ErrorCode::UseDpopNonce.because("use the nonce in the header DPoP-Nonce");
    error.dpop_nonce = Some(nonce(provider, now));
    error
}

fn wrong(why: &'static str) -> OAuthError {
    ErrorCode::InvalidDpopProof.because(why)
}
