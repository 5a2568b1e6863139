//! Personal data at rest. Each account has a key of its own, wrapped by the
//! master key, so that destroying one key forgets one person. What must be
//! found by value (phone, e-mail, SNILS) is found by a keyed blind index.
//!
//! The master key wraps a root secret; every other key is derived from that
//! root, so that a new master key re-wraps and re-encrypts nothing else.

mod cipher;
mod master_key;

use ring::{hkdf, hmac};

pub use master_key::MasterKey;

use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use cipher::Cipher;

/// What a keyed digest is for; each purpose has a key of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Look-up of contacts.
    BlindIndex,
    /// Tokens against cross-site request forgery.
    Csrf,
    /// Pairwise subject identifiers (OpenID Connect Core §8.1).
    Subject,
    /// Proof that a refresh token is ours.
    RefreshToken,
    /// Session identifiers told to relying parties (`sid`).
    SessionId,
    /// One-time codes: too short for a bare digest.
    OneTimeCode,
    /// What tells a frame whether its browser's session is the same.
    BrowserState,
    /// Nonces for DPoP proofs (RFC 9449 §8).
    DpopNonce,
}

const PURPOSES: [(Purpose, &[u8]); 8] = [
    (Purpose::BlindIndex, b"blind-index"),
    (Purpose::Csrf, b"csrf"),
    (Purpose::Subject, b"subject"),
    (Purpose::RefreshToken, b"refresh-token"),
    (Purpose::SessionId, b"session-id"),
    (Purpose::OneTimeCode, b"one-time-code"),
    (Purpose::BrowserState, b"browser-state"),
    (Purpose::DpopNonce, b"dpop-nonce"),
];

/// The keys of a running server.
pub struct Vault {
    entropy: Entropy,
    accounts: Cipher,
    system: Cipher,
    digests: Vec<(Purpose, hmac::Key)>,
}

impl Vault {
    /// A fresh root secret, sealed by the master key, to be stored once.
    pub fn new_root(master: &MasterKey, entropy: &Entropy) -> Result<String> {
        master
            .cipher()
            .seal(entropy, b"root", &entropy.bytes::<32>())
    }

    /// Opens the vault with the stored root secret.
    ///
    /// # Errors
    /// When the root was sealed by another master key.
    pub fn open(master: &MasterKey, sealed_root: &str, entropy: Entropy) -> Result<Self> {
        let root = master.cipher().open(b"root", sealed_root).map_err(|_| {
            Internal::new(
                "the master key does not open this database: \
                 keys.master_key_file names another key than the one it was made with",
            )
        })?;
        let root = hkdf::Salt::new(hkdf::HKDF_SHA256, b"propusk").extract(&root);
        let digests = PURPOSES
            .into_iter()
            .map(|(purpose, label)| (purpose, expand(&root, label, hmac::HMAC_SHA256)))
            .collect();
        Ok(Self {
            accounts: expand(&root, b"account-keys", &ring::aead::AES_256_GCM),
            system: expand(&root, b"system", &ring::aead::AES_256_GCM),
            digests,
            entropy,
        })
    }

    /// A key for a new account, and its wrapped form for storage.
    pub fn new_account_key(&self, account: &AccountId) -> Result<(AccountKey, String)> {
        let key = self.entropy.bytes::<32>();
        let wrapped = self
            .accounts
            .seal(&self.entropy, account.as_str().as_bytes(), &key)?;
        Ok((self.account_key(account, &wrapped)?, wrapped))
    }

    /// The key of an account from its wrapped form.
    pub fn account_key(&self, account: &AccountId, wrapped: &str) -> Result<AccountKey> {
        let key = self.accounts.open(account.as_str().as_bytes(), wrapped)?;
        Ok(AccountKey {
            account: account.clone(),
            cipher: Cipher::new(&key)?,
            entropy: self.entropy.clone(),
        })
    }

    /// Seals data that belong to no account; `context` binds the ciphertext to
    /// its place.
    pub fn seal(&self, context: &str, plain: &[u8]) -> Result<String> {
        self.system.seal(&self.entropy, context.as_bytes(), plain)
    }

    /// Opens what [`Self::seal`] sealed for the same context.
    ///
    /// # Errors
    /// When the text was altered or sealed for another context.
    pub fn unseal(&self, context: &str, sealed: &str) -> Result<Vec<u8>> {
        self.system.open(context.as_bytes(), sealed)
    }

    /// A keyed digest, 32 bytes.
    ///
    /// # Panics
    /// Never: every purpose has a key.
    pub fn digest(&self, purpose: Purpose, data: &[u8]) -> [u8; 32] {
        let (_, key) = self
            .digests
            .iter()
            .find(|(of, _)| *of == purpose)
            .expect("every purpose has a key");
        let mut out = [0; 32];
        out.copy_from_slice(hmac::sign(key, data).as_ref());
        out
    }

    /// A keyed digest as base64url text.
    pub fn digest_text(&self, purpose: Purpose, data: &[u8]) -> String {
        cipher::encode(&self.digest(purpose, data))
    }

    /// The blind index of a contact in its normal form.
    pub fn blind_index(&self, kind: &str, value: &str) -> String {
        self.digest_text(Purpose::BlindIndex, format!("{kind}:{value}").as_bytes())
    }
}

fn expand<K, T>(root: &hkdf::Prk, label: &[u8], kind: K) -> T
where
    K: hkdf::KeyType,
    T: for<'a> From<hkdf::Okm<'a, K>>,
{
    root.expand(&[label], kind)
        .map(T::from)
        .expect("HKDF-SHA-256 gives 32 bytes")
}

/// The key of one account. A ciphertext made with it opens only for the same
/// account and field.
pub struct AccountKey {
    account: AccountId,
    cipher: Cipher,
    entropy: Entropy,
}

impl AccountKey {
    /// Seals `plain` for a field of this account.
    pub fn seal(&self, field: &str, plain: &[u8]) -> Result<String> {
        self.cipher.seal(&self.entropy, &self.aad(field), plain)
    }

    /// Opens what was sealed for this field of this account.
    ///
    /// # Errors
    /// When the text was altered or moved from elsewhere.
    pub fn open(&self, field: &str, sealed: &str) -> Result<Vec<u8>> {
        self.cipher.open(&self.aad(field), sealed)
    }

    /// Seals a value as JSON.
    pub fn seal_json<T: serde::Serialize>(&self, field: &str, value: &T) -> Result<String> {
        self.seal(field, &serde_json::to_vec(value)?)
    }

    /// Opens a value sealed as JSON.
    ///
    /// # Errors
    /// As [`Self::open`], or when the value has another shape.
    pub fn open_json<T: serde::de::DeserializeOwned>(
        &self,
        field: &str,
        sealed: &str,
    ) -> Result<T> {
        Ok(serde_json::from_slice(&self.open(field, sealed)?)?)
    }

    fn aad(&self, field: &str) -> Vec<u8> {
        format!("{}:{field}", self.account).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vault() -> Vault {
        let entropy = Entropy::seeded(b"vault");
        let master = MasterKey::from_bytes([7; 32]);
        let root = Vault::new_root(&master, &entropy).unwrap();
        Vault::open(&master, &root, entropy).unwrap()
    }

    #[test]
    fn a_ciphertext_opens_only_in_its_place() {
        let vault = vault();
        let (ivan, wrapped) = vault.new_account_key(&"ivan".into()).unwrap();
        let (anna, _) = vault.new_account_key(&"anna".into()).unwrap();
        let sealed = ivan.seal("phone", b"+79001234567").unwrap();
        assert_eq!(ivan.open("phone", &sealed).unwrap(), b"+79001234567");
        assert!(ivan.open("email", &sealed).is_err());
        assert!(anna.open("phone", &sealed).is_err());
        assert!(vault.account_key(&"anna".into(), &wrapped).is_err());
        let again = vault.account_key(&"ivan".into(), &wrapped).unwrap();
        assert_eq!(again.open("phone", &sealed).unwrap(), b"+79001234567");
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let vault = vault();
        let sealed = vault.seal("flow", b"a request").unwrap();
        for at in 0..sealed.len() {
            let mut forged = sealed.clone().into_bytes();
            forged[at] = if forged[at] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8(forged).unwrap();
            assert!(vault.unseal("flow", &forged).is_err(), "byte {at}");
        }
        assert!(vault.unseal("csrf", &sealed).is_err());
    }

    #[test]
    fn another_master_key_says_so() {
        let entropy = Entropy::seeded(b"root");
        let root = Vault::new_root(&MasterKey::from_bytes([1; 32]), &entropy).unwrap();
        let refused = Vault::open(&MasterKey::from_bytes([2; 32]), &root, entropy)
            .err()
            .unwrap();
        assert!(refused.to_string().contains("master_key_file"));
    }

    #[test]
    fn blind_indexes_tell_kinds_apart() {
        let vault = vault();
        assert_eq!(
            vault.blind_index("phone", "1"),
            vault.blind_index("phone", "1")
        );
        assert_ne!(
            vault.blind_index("phone", "1"),
            vault.blind_index("snils", "1")
        );
    }
}
