//! JWE in compact form (RFC 7516 §7.1): what we encrypt to clients, and what
//! they encrypt to us.

use std::sync::LazyLock;

use josekit::jwe::{
    ECDH_ES, ECDH_ES_A128KW, ECDH_ES_A256KW, JweContext, JweDecrypter, JweEncrypter, JweHeader,
    RSA_OAEP, RSA_OAEP_256,
};
use josekit::jwk::Jwk;
use serde_json::{Map, Value};

use super::compact::{decode, header_of};
use super::{JwtRefused, MAX_TOKEN, jwk};
use crate::error::Result as Internally;
use crate::model::encryption::{ContentEncryption, Encryption, KeyManagement, WrappingKey};

/// Without compression: a few bytes that unfold into megabytes are nobody's
/// request.
static CONTEXT: LazyLock<JweContext> = LazyLock::new(|| {
    let mut context = JweContext::new();
    context.remove_compression("DEF");
    context
});

/// A public key of a client that tokens can be encrypted to.
pub(super) struct RecipientKey {
    kid: Option<String>,
    /// Whether its JWK says that it is for encryption.
    pub(super) is_dedicated: bool,
    ways: Vec<KeyManagement>,
    jwk: Jwk,
}

impl RecipientKey {
    /// Reads a sound public JWK; none where it is not for encryption or of a
    /// kind we do not work with.
    pub(super) fn read(jwk: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| jwk.get(name).and_then(Value::as_str);
        if text("use").is_some_and(|usage| usage != "enc") {
            return None;
        }
        let kind = match (text("kty")?, text("crv")) {
            // Held to the same as keys for signatures.
            ("RSA", _) if jwk::rsa(jwk).is_ok() => WrappingKey::Rsa,
            ("EC", Some("P-256" | "P-384" | "P-521")) | ("OKP", Some("X25519")) => {
                WrappingKey::EllipticCurve
            }
            _ => return None,
        };
        let operations = jwk.get("key_ops").and_then(Value::as_array);
        let fitting = match kind {
            WrappingKey::Rsa => ["wrapKey", "encrypt"],
            WrappingKey::EllipticCurve => ["deriveKey", "deriveBits"],
        };
        let is_for_it =
            |list: &Vec<Value>| list.iter().any(|op| fitting.iter().any(|fit| op == fit));
        // A public key for agreement needs no operation of its own (RFC 7517
        // §4.3): an empty list is common.
        let may = operations.is_none_or(|list| list.is_empty() || is_for_it(list));
        if !may {
            return None;
        }
        // Only what is needed: the library minds members that do not concern it.
        let needed = ["kty", "n", "e", "crv", "x", "y"];
        let mut members = jwk.clone();
        members.retain(|name, _| needed.contains(&name.as_str()));
        let key = Jwk::from_map(members).ok()?;
        let ways = KeyManagement::ALL.into_iter().filter(|way| {
            let named = text("alg").is_none_or(|alg| alg == way.as_str());
            way.key() == kind && named && encrypter(*way, &key).is_some()
        });
        let ways: Vec<_> = ways.collect();
        (!ways.is_empty()).then(|| Self {
            kid: text("kid").map(str::to_owned),
            is_dedicated: text("use").is_some(),
            ways,
            jwk: key,
        })
    }

    /// Whether content keys may come to it by `alg`.
    pub(super) fn takes(&self, alg: KeyManagement) -> bool {
        self.ways.contains(&alg)
    }

    /// Encrypts `content`. `cty` is `JWT` where a signed token is inside
    /// (RFC 7519 §5.2).
    pub(super) fn encrypt(
        &self,
        how: Encryption,
        cty: Option<&str>,
        content: &[u8],
    ) -> Internally<Option<String>> {
        let Some(encrypter) = encrypter(how.alg, &self.jwk) else {
            return Ok(None);
        };
        let mut header = JweHeader::new();
        header.set_token_type("JWT");
        header.set_content_encryption(how.enc.as_str());
        if let Some(cty) = cty {
            header.set_content_type(cty);
        }
        if let Some(kid) = &self.kid {
            header.set_key_id(kid);
        }
        let token = CONTEXT.serialize_compact(content, &header, encrypter.as_ref())?;
        Ok(Some(token))
    }
}

fn encrypter(way: KeyManagement, key: &Jwk) -> Option<Box<dyn JweEncrypter>> {
    use KeyManagement as Way;
    let curve = |alg: josekit::jwe::alg::ecdh_es::EcdhEsJweAlgorithm| {
        let encrypter = alg.encrypter_from_jwk(key).ok()?;
        Some(Box::new(encrypter) as Box<dyn JweEncrypter>)
    };
    let rsa = |alg: josekit::jwe::alg::rsaes::RsaesJweAlgorithm| {
        let encrypter = alg.encrypter_from_jwk(key).ok()?;
        Some(Box::new(encrypter) as Box<dyn JweEncrypter>)
    };
    match way {
        Way::RsaOaep256 => rsa(RSA_OAEP_256),
        Way::RsaOaep => rsa(RSA_OAEP),
        Way::EcdhEs => curve(ECDH_ES),
        Way::EcdhEsA128Kw => curve(ECDH_ES_A128KW),
        Way::EcdhEsA256Kw => curve(ECDH_ES_A256KW),
    }
}

/// Whether a token is an encrypted one: five parts.
pub fn is_encrypted(token: &str) -> bool {
    token.bytes().filter(|byte| *byte == b'.').count() == 4
}

/// Whether the parts have the lengths of their algorithms (RFC 7518 §4.6, §4.4,
/// §5.3): a library that takes shorter tags would take guessed ones, and counts
/// on the others.
fn is_measured(token: &str, alg: &str, enc: ContentEncryption) -> bool {
    const NONCE: usize = 12;
    const TAG: usize = 16;
    // Beside the wrapped key stands what it is checked by (RFC 3394).
    const CHECK: usize = 8;
    let lengths: Option<Vec<_>> = token
        .split('.')
        .map(|part| decode(part).map(|part| part.len()))
        .collect();
    let wrapped = match alg {
        "ECDH-ES" => 0,
        _ => enc.key_length() + CHECK,
    };
    lengths.is_some_and(|lengths| match lengths[..] {
        [_, key, nonce, content, tag] => (key, nonce, tag) == (wrapped, NONCE, TAG) && content > 0,
        _ => false,
    })
}

/// Opens a token with the key that `find` has for its `kid` and `alg`.
pub(super) fn open<'a>(
    token: &str,
    find: impl Fn(Option<&str>, &str) -> Option<&'a dyn JweDecrypter>,
) -> Result<String, JwtRefused> {
    if token.len() > MAX_TOKEN {
        return Err(JwtRefused::TooLarge);
    }
    let header = header_of(token)?;
    if header.contains_key("crit") || header.contains_key("zip") {
        return Err(JwtRefused::Critical);
    }
    let text = |name: &str| header.get(name).and_then(Value::as_str);
    let alg = text("alg").ok_or(JwtRefused::Malformed)?;
    let enc = ContentEncryption::OURS
        .into_iter()
        .find(|enc| Some(enc.as_str()) == text("enc"))
        .ok_or(JwtRefused::Algorithm)?;
    if !is_measured(token, alg, enc) {
        return Err(JwtRefused::Malformed);
    }
    let decrypter = find(text("kid"), alg).ok_or(JwtRefused::UnknownKey)?;
    let (content, _) = CONTEXT
        .deserialize_compact(token, decrypter)
        .map_err(|_| JwtRefused::Decryption)?;
    String::from_utf8(content).map_err(|_| JwtRefused::Malformed)
}
