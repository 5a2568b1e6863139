//! Our key that others encrypt to (RFC 7516, RFC 7518 §4.6).

use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};
use josekit::jwe::alg::ecdh_es::{EcdhEsJweAlgorithm, EcdhEsJweDecrypter};
use josekit::jwe::{ECDH_ES, ECDH_ES_A128KW, ECDH_ES_A256KW, JweDecrypter};
use zeroize::Zeroizing;

use super::public_key::PublicKey;
use crate::error::{Internal, Result};

/// Another for each `alg`, as the library wants it.
const WAYS: [EcdhEsJweAlgorithm; 3] = [ECDH_ES, ECDH_ES_A128KW, ECDH_ES_A256KW];

/// A parsed key of ours.
pub(super) struct DecryptionKey {
    kid: String,
    decrypters: [EcdhEsJweDecrypter; WAYS.len()],
}

impl DecryptionKey {
    /// Parses a stored key and checks that it is the one `kid` names.
    pub(super) fn parse(kid: String, pkcs8: &[u8]) -> Result<Self> {
        if public(pkcs8)?.thumbprint() != kid {
            return Err(Internal::new(
                "a stored decryption key is not the one its kid names",
            ));
        }
        let [one, two, three] = WAYS.map(|way| way.decrypter_from_der(pkcs8));
        Ok(Self {
            kid,
            decrypters: [one?, two?, three?],
        })
    }

    /// The key's name in the JWKS.
    pub(super) fn kid(&self) -> &str {
        &self.kid
    }

    /// What opens content keys that came by `alg`.
    pub(super) fn decrypter(&self, alg: &str) -> Option<&dyn JweDecrypter> {
        let at = WAYS.iter().position(|way| way.name() == alg)?;
        Some(&self.decrypters[at])
    }
}

/// Makes one: its kid, the private part in PKCS #8, and the published JWK.
pub(super) fn generate() -> Result<(String, Zeroizing<Vec<u8>>, String)> {
    let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING)?;
    let pkcs8 = Zeroizing::new(pair.to_pkcs8v1()?.as_ref().to_vec());
    let public = public(&pkcs8)?;
    let kid = public.thumbprint();
    let jwk = public.to_encryption_jwk(&kid);
    Ok((kid, pkcs8, jwk))
}

fn public(pkcs8: &[u8]) -> Result<PublicKey> {
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, pkcs8)?;
    Ok(PublicKey::of_p256(&pair))
}
