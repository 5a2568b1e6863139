//! Private keys: making them, parsing them once, signing with them.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer as _, Pkcs8V1Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, KeyPair as _, ParsedPublicKey,
    RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaKeyPair,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use zeroize::Zeroizing;

use super::decryption;
use super::public_key::PublicKey;
use crate::error::{Internal, Result};
use crate::model::algorithm::Algorithm;
use crate::model::key_purpose::KeyPurpose;

/// A key just made, ready to be stored. The private part is wiped when dropped.
pub struct NewKey {
    /// RFC 7638 thumbprint.
    pub kid: String,
    /// What it is for.
    pub purpose: KeyPurpose,
    /// The private key, PKCS #8 DER, to be encrypted before it is stored.
    pub pkcs8: Zeroizing<Vec<u8>>,
    /// The published JWK.
    pub public_jwk: String,
}

/// Makes a key: RSA of 2048 bits, P-256 or Ed25519. The library draws from its
/// own generator, which takes no source of ours.
///
/// # Errors
/// When the library cannot make a key.
pub fn generate(purpose: impl Into<KeyPurpose>) -> Result<NewKey> {
    let purpose = purpose.into();
    let KeyPurpose::Signing(alg) = purpose else {
        let (kid, pkcs8, public_jwk) = decryption::generate()?;
        return Ok(NewKey {
            kid,
            purpose,
            pkcs8,
            public_jwk,
        });
    };
    let made = match alg {
        Algorithm::Rs256 | Algorithm::Ps256 => {
            let pair = RsaKeyPair::generate(KeySize::Rsa2048)?;
            let der: Pkcs8V1Der<'_> = pair.as_der()?;
            Zeroizing::new(der.as_ref().to_vec())
        }
        Algorithm::Es256 => {
            let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
            Zeroizing::new(pair.to_pkcs8v1()?.as_ref().to_vec())
        }
        Algorithm::EdDsa => {
            Zeroizing::new(Ed25519KeyPair::generate()?.to_pkcs8()?.as_ref().to_vec())
        }
    };
    let public = Private::parse(alg, &made)?.public();
    let kid = public.thumbprint();
    Ok(NewKey {
        public_jwk: public.to_jwk(&kid, alg),
        kid,
        purpose,
        pkcs8: made,
    })
}

enum Private {
    RsaPkcs1(RsaKeyPair),
    RsaPss(RsaKeyPair),
    P256(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

impl Private {
    fn parse(alg: Algorithm, pkcs8: &[u8]) -> Result<Self> {
        Ok(match alg {
            Algorithm::Rs256 => Self::RsaPkcs1(RsaKeyPair::from_pkcs8(pkcs8)?),
            Algorithm::Ps256 => Self::RsaPss(RsaKeyPair::from_pkcs8(pkcs8)?),
            Algorithm::Es256 => Self::P256(EcdsaKeyPair::from_pkcs8(
                &ECDSA_P256_SHA256_FIXED_SIGNING,
                pkcs8,
            )?),
            Algorithm::EdDsa => Self::Ed25519(Ed25519KeyPair::from_pkcs8(pkcs8)?),
        })
    }

    fn public(&self) -> PublicKey {
        match self {
            Self::RsaPkcs1(pair) | Self::RsaPss(pair) => {
                let key = pair.public_key();
                PublicKey::Rsa {
                    n: key.modulus().big_endian_without_leading_zero().to_vec(),
                    e: key.exponent().big_endian_without_leading_zero().to_vec(),
                }
            }
            Self::P256(pair) => PublicKey::of_p256(pair),
            Self::Ed25519(pair) => PublicKey::Ed25519 {
                x: pair.public_key().as_ref().to_vec(),
            },
        }
    }

    fn sign(&self, message: &[u8]) -> Result<Vec<u8>> {
        let rsa = |pair: &RsaKeyPair, padding| {
            let mut out = vec![0; pair.public_modulus_len()];
            pair.sign_digest(padding, &digest(&SHA256, message), &mut out)?;
            Ok(out)
        };
        match self {
            Self::RsaPkcs1(pair) => rsa(pair, &RSA_PKCS1_SHA256),
            Self::RsaPss(pair) => rsa(pair, &RSA_PSS_SHA256),
            Self::P256(pair) => Ok(pair
                .sign_digest(&digest(&SHA256, message))?
                .as_ref()
                .to_vec()),
            Self::Ed25519(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
        }
    }
}

/// The `typ` values whose header is made once per key.
const USUAL_TYPES: [&str; 3] = ["JWT", "at+jwt", "logout+jwt"];

/// A parsed key of ours. Parsing an RSA key costs more than a signature, so it
/// happens once, when the key set is loaded.
pub struct SigningKey {
    kid: String,
    alg: Algorithm,
    private: Private,
    pub(super) verifier: ParsedPublicKey,
    headers: [String; USUAL_TYPES.len()],
}

impl SigningKey {
    /// Parses a stored key and checks that it is the one `kid` names, so that
    /// rows mixed up in the database cannot put a key under a foreign name.
    pub(super) fn parse(kid: String, alg: Algorithm, pkcs8: &[u8]) -> Result<Self> {
        let private = Private::parse(alg, pkcs8)?;
        let public = private.public();
        if public.thumbprint() != kid {
            return Err(Internal::new(
                "a stored signing key is not the one its kid names",
            ));
        }
        let verifier = public
            .verifier(alg)
            .ok_or_else(|| Internal::new("a stored signing key has no usable public part"))?;
        let headers = USUAL_TYPES.map(|typ| header(alg, typ, &kid));
        Ok(Self {
            kid,
            alg,
            private,
            verifier,
            headers,
        })
    }

    /// The key's name in the JWKS.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The algorithm it signs with.
    pub const fn alg(&self) -> Algorithm {
        self.alg
    }

    /// A compact JWS over `claims`, with `{alg, typ, kid}` as its header.
    ///
    /// # Errors
    /// When the claims cannot be written as JSON or the library cannot sign.
    pub fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String> {
        let payload = serde_json::to_vec(claims)?;
        let usual = USUAL_TYPES.iter().position(|usual| *usual == typ);
        let made;
        let header = if let Some(at) = usual {
            &self.headers[at]
        } else {
            made = header(self.alg, typ, &self.kid);
            &made
        };
        // Room for the longest signature (RSA 2048: 342 characters).
        let mut token = String::with_capacity(header.len() + payload.len() * 4 / 3 + 350);
        token.push_str(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&payload, &mut token);
        let signature = self.private.sign(token.as_bytes())?;
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(&signature, &mut token);
        Ok(token)
    }
}

fn header(alg: Algorithm, typ: &str, kid: &str) -> String {
    let json = serde_json::json!({ "alg": alg.as_str(), "typ": typ, "kid": kid });
    URL_SAFE_NO_PAD.encode(json.to_string())
}

impl std::fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SigningKey({} {})", self.alg.as_str(), self.kid)
    }
}
