//! A public key as numbers: its JWK members, its thumbprint, and the parsed
//! form that checks signatures. Ours and the clients' keys are alike here.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, EcdsaKeyPair, KeyPair as _, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PSS_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::model::algorithm::Algorithm;

/// A public key of one of the kinds we work with.
pub(super) enum PublicKey {
    /// RSA: modulus and exponent, big-endian without leading zeros.
    Rsa { n: Vec<u8>, e: Vec<u8> },
    /// P-256: the point's coordinates, 32 bytes each.
    P256 { x: Vec<u8>, y: Vec<u8> },
    /// Ed25519: the encoded point, 32 bytes.
    Ed25519 { x: Vec<u8> },
}

impl PublicKey {
    /// The members a thumbprint is taken over, in the order and form of
    /// RFC 7638 §3.2 (RFC 8037 §2 for OKP). Nothing in them needs escaping.
    fn required_members(&self) -> String {
        let b64 = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        match self {
            Self::Rsa { n, e } => {
                format!(r#""e":"{}","kty":"RSA","n":"{}""#, b64(e), b64(n))
            }
            Self::P256 { x, y } => {
                format!(
                    r#""crv":"P-256","kty":"EC","x":"{}","y":"{}""#,
                    b64(x),
                    b64(y)
                )
            }
            Self::Ed25519 { x } => {
                format!(r#""crv":"Ed25519","kty":"OKP","x":"{}""#, b64(x))
            }
        }
    }

    /// The RFC 7638 thumbprint with SHA-256, base64url: our `kid`.
    pub(super) fn thumbprint(&self) -> String {
        let json = format!("{{{}}}", self.required_members());
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, json.as_bytes());
        URL_SAFE_NO_PAD.encode(hash)
    }

    /// The JWK that is published for a signing key: public members only.
    pub(super) fn to_jwk(&self, kid: &str, alg: Algorithm) -> String {
        format!(
            r#"{{{},"use":"sig","alg":"{}","kid":"{kid}"}}"#,
            self.required_members(),
            alg.as_str()
        )
    }

    /// The JWK that is published for a key that others encrypt to, by whichever
    /// algorithm it takes.
    pub(super) fn to_encryption_jwk(&self, kid: &str) -> String {
        let members = self.required_members();
        format!(r#"{{{members},"use":"enc","kid":"{kid}"}}"#)
    }

    /// The public half of a pair on P-256.
    pub(super) fn of_p256(pair: &EcdsaKeyPair) -> Self {
        // 04 ‖ x ‖ y (SEC 1 §2.3.3).
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let (x, y) = (x.to_vec(), y.to_vec());
        Self::P256 { x, y }
    }

    /// The algorithms a key of this kind can check.
    pub(super) const fn algorithms(&self) -> &'static [Algorithm] {
        match self {
            Self::Rsa { .. } => &[Algorithm::Rs256, Algorithm::Ps256],
            Self::P256 { .. } => &[Algorithm::Es256],
            Self::Ed25519 { .. } => &[Algorithm::EdDsa],
        }
    }

    /// Parses the key for one algorithm, once: checking a signature later
    /// costs the arithmetic alone. None if the numbers are no such key (a
    /// point off the curve, an even modulus) or the algorithm is not its own.
    pub(super) fn verifier(&self, alg: Algorithm) -> Option<ParsedPublicKey> {
        match (self, alg) {
            (Self::Rsa { n, e }, Algorithm::Rs256) => RsaPublicKeyComponents { n, e }
                .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
                .ok(),
            (Self::Rsa { n, e }, Algorithm::Ps256) => RsaPublicKeyComponents { n, e }
                .to_parsed_public_key(&RSA_PSS_2048_8192_SHA256)
                .ok(),
            (Self::P256 { x, y }, Algorithm::Es256) => {
                // SEC 1 §2.3.3: an uncompressed point is 04 ‖ x ‖ y.
                let point = [&[4], x.as_slice(), y.as_slice()].concat();
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).ok()
            }
            (Self::Ed25519 { x }, Algorithm::EdDsa) => ParsedPublicKey::new(&ED25519, x).ok(),
            _ => None,
        }
    }
}
