//! `client_secret_basic`: id and secret, each form-encoded, in the
//! Authorization header (RFC 6749 §2.3.1).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Credentials, Method, Request, Shown, Way, always, failed, prove_secret};
use crate::model::client::AuthenticationMethod;
use crate::model::id::ClientId;
use crate::model::secret::Secret;
use crate::protocol::error::OAuthError;

pub(super) const METHOD: Method = Method {
    method: AuthenticationMethod::ClientSecretBasic,
    name: "client_secret_basic",
    way: Way::Header,
    offered: always,
    prove: prove_secret,
};

pub(super) fn find(request: &Request<'_>) -> Result<Option<Credentials>, OAuthError> {
    let Some(header) = request.authorization else {
        return Ok(None);
    };
    let Some((scheme, encoded)) = header.split_once(' ') else {
        return Ok(None);
    };
    if !scheme.eq_ignore_ascii_case("basic") {
        return Ok(None);
    }
    let (id, secret) = decode(encoded.trim()).ok_or_else(failed)?;
    // A client_id in the body must not name another client.
    if request
        .params
        .get("client_id")
        .is_some_and(|named| named != id)
    {
        return Err(failed());
    }
    Ok(Some(Credentials {
        client_id: ClientId::from(id),
        shown: Shown::Secret(Secret::new(secret)),
    }))
}

fn decode(encoded: &str) -> Option<(String, String)> {
    let plain = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
    let (id, secret) = plain.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    let spaced = text.replace('+', " ");
    percent_encoding::percent_decode_str(&spaced)
        .decode_utf8_lossy()
        .into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_parts_are_form_decoded() {
        let header = STANDARD.encode("my%3Aclient:a%2Bb+c%25");
        let (id, secret) = decode(&header).unwrap();
        assert_eq!((id.as_str(), secret.as_str()), ("my:client", "a+b c%"));
        assert!(decode("not base64!").is_none());
        assert!(decode(&STANDARD.encode("no-colon")).is_none());
    }
}
