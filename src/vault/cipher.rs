//! AES-256-GCM with a random nonce; text form `1.` + base64url of nonce and
//! ciphertext. The leading number leaves room for another cipher.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::aead::{AES_256_GCM, Aad, Algorithm, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::hkdf;

use crate::entropy::Entropy;
use crate::error::{Internal, Result};

pub(super) struct Cipher(LessSafeKey);

impl Cipher {
    pub(super) fn new(key: &[u8]) -> Result<Self> {
        UnboundKey::new(&AES_256_GCM, key)
            .map(|key| Self(LessSafeKey::new(key)))
            .map_err(|_| Internal::new("a key must have 32 bytes"))
    }

    pub(super) fn seal(&self, entropy: &Entropy, aad: &[u8], plain: &[u8]) -> Result<String> {
        let nonce = entropy.bytes::<NONCE_LEN>();
        let mut sealed = plain.to_vec();
        self.0
            .seal_in_place_append_tag(
                Nonce::assume_unique_for_key(nonce),
                Aad::from(aad),
                &mut sealed,
            )
            .map_err(|_| Internal::new("sealing failed"))?;
        let mut out = nonce.to_vec();
        out.append(&mut sealed);
        Ok(format!("1.{}", encode(&out)))
    }

    pub(super) fn open(&self, aad: &[u8], sealed: &str) -> Result<Vec<u8>> {
        let damaged = || Internal::new("a sealed value does not open");
        let sealed = sealed.strip_prefix("1.").ok_or_else(damaged)?;
        let mut sealed = URL_SAFE_NO_PAD.decode(sealed).map_err(|_| damaged())?;
        if sealed.len() < NONCE_LEN {
            return Err(damaged());
        }
        let mut text = sealed.split_off(NONCE_LEN);
        let nonce = Nonce::try_assume_unique_for_key(&sealed).map_err(|_| damaged())?;
        let length = self
            .0
            .open_in_place(nonce, Aad::from(aad), &mut text)
            .map_err(|_| damaged())?
            .len();
        text.truncate(length);
        Ok(text)
    }
}

impl From<hkdf::Okm<'_, &'static Algorithm>> for Cipher {
    fn from(key: hkdf::Okm<'_, &'static Algorithm>) -> Self {
        Self(LessSafeKey::new(UnboundKey::from(key)))
    }
}

pub(super) fn encode(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}
