//! Keys and passkeys (WebAuthn Level 3): the browser signs a challenge of ours
//! with a key that opens for this site only, after its device has checked who
//! holds it. What waits for the answer goes through the form, sealed; it is good
//! once, for a while, and for what it was made for.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use webauthn_rs::prelude::{
    AuthenticationResult, CreationChallengeResponse, CredentialID, DiscoverableAuthentication,
    Passkey, PasskeyAuthentication, PasskeyRegistration, PublicKeyCredential,
    RegisterPublicKeyCredential, Uuid, Webauthn, WebauthnBuilder,
};

use super::Factor;
use crate::account::Accounts;
use crate::error::{Internal, Result};
use crate::model::authentication::{Method, Proof};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::texts::key;
use crate::vault::Purpose;

/// A key that cannot leave its device.
pub const SECURITY_KEY: Factor = Factor {
    text: key("factor-security-key"),
    method: Method::SecurityKey,
};
/// A key that its owner's devices share.
pub const PASSKEY: Factor = Factor {
    text: key("factor-passkey"),
    method: Method::Passkey,
};

/// The longest answer of a browser that is read.
const LONGEST: usize = 16 * 1024;

/// What the browser is asked, and what comes back with its answer.
#[derive(Clone, Debug, Default)]
pub struct Challenge {
    /// Options of `navigator.credentials`, as JSON.
    pub options: String,
    /// Goes through the form.
    pub sealed: String,
}

#[derive(Serialize, Deserialize)]
struct Waiting<T> {
    /// What the challenge is for: a session, a step, a browser.
    bound: String,
    at: Timestamp,
    state: T,
}

/// Our side of the ceremonies; none where the issuer has no host name, to which
/// keys could be bound.
pub(in crate::account) struct Keys(Webauthn);

impl Keys {
    pub(in crate::account) fn new(issuer: &str) -> Option<Self> {
        let origin = Url::parse(issuer).ok()?;
        let host = origin.domain()?;
        let built = WebauthnBuilder::new(host, &origin).ok()?.rp_name(host);
        built.build().ok().map(Self)
    }
}

/// A key as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(in crate::account) struct KeptKey(Passkey);

impl KeptKey {
    pub(in crate::account) fn id(&self) -> &CredentialID {
        self.0.cred_id()
    }
}

/// What a key has shown.
pub(in crate::account) struct Shown {
    pub proof: Proof,
    /// Its counter, if it counts.
    pub counter: Option<i64>,
    /// The key with what changed.
    pub key: KeptKey,
}

impl Accounts {
    /// Whether keys can be used here.
    pub const fn has_keys(&self) -> bool {
        self.keys.is_some()
    }

    fn keys(&self) -> Result<&Webauthn> {
        let keys = self.keys.as_ref().map(|keys| &keys.0);
        keys.ok_or_else(|| Internal::new("keys need an issuer with a host name"))
    }

    /// The options for a new key of a person.
    pub(in crate::account) fn challenge_new_key(
        &self,
        account: &AccountId,
        (user, name): (&str, &str),
        known: Vec<CredentialID>,
        bound: &str,
        now: Timestamp,
    ) -> Result<Challenge> {
        let (options, state): (CreationChallengeResponse, PasskeyRegistration) = self
            .keys()?
            .start_passkey_registration(self.user_handle(account), user, name, Some(known))
            .map_err(failed)?;
        let mut options = serde_json::to_value(options)?;
        // So that it is found without a name (requirement C3), where it can be.
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
            selection["residentKey"] = json!("preferred");
        }
        self.key_challenge("new key", &options, bound, state, now)
    }

    /// The key that the browser made, with the proof that it works.
    pub(in crate::account) async fn accept_new_key(
        &self,
        answer: &str,
        sealed: &str,
        bound: &str,
        now: Timestamp,
    ) -> Result<Option<(KeptKey, Proof)>> {
        let Some(state) = self
            .answered::<PasskeyRegistration>("new key", sealed, bound, now)
            .await?
        else {
            return Ok(None);
        };
        let Some(answer) = read::<RegisterPublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let made = self.keys()?.finish_passkey_registration(&answer, &state);
        let Ok(key) = made else { return Ok(None) };
        // Read off the key itself: the library shows it at authentications only.
        let synced = serde_json::to_value(&key)?.pointer("/cred/backup_eligible")
            == Some(&Value::Bool(true));
        Ok(Some((KeptKey(key), proof(synced, now))))
    }

    /// The options for the keys an account has.
    pub(in crate::account) fn challenge_keys(
        &self,
        keys: &[KeptKey],
        bound: &str,
        now: Timestamp,
    ) -> Result<Challenge> {
        let keys: Vec<_> = keys.iter().map(|key| key.0.clone()).collect();
        let (options, state): (_, PasskeyAuthentication) = self
            .keys()?
            .start_passkey_authentication(&keys)
            .map_err(failed)?;
        self.key_challenge("key", &serde_json::to_value(options)?, bound, state, now)
    }

    /// Which of these keys answered.
    pub(in crate::account) async fn check_keys(
        &self,
        keys: &[KeptKey],
        answer: &str,
        sealed: &str,
        bound: &str,
        now: Timestamp,
    ) -> Result<Option<Shown>> {
        let Some(state) = self
            .answered::<PasskeyAuthentication>("key", sealed, bound, now)
            .await?
        else {
            return Ok(None);
        };
        let Some(answer) = read::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let Ok(result) = self.keys()?.finish_passkey_authentication(&answer, &state) else {
            return Ok(None);
        };
        let key = keys.iter().find(|key| key.id() == result.cred_id());
        Ok(key.cloned().map(|key| shown(key, &result, now)))
    }

    /// The options for a key of whoever is there.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn challenge_anybody(&self, browser: &str, now: Timestamp) -> Result<Challenge> {
        let (options, state): (_, DiscoverableAuthentication) = self
            .keys()?
            .start_discoverable_authentication()
            .map_err(failed)?;
        let mut options = serde_json::to_value(options)?;
        // The page decides whether it asks at once or offers it in a field.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        self.key_challenge("anybody", &options, browser, state, now)
    }

    /// The credential and the person that a browser's answer names.
    pub(in crate::account) fn named_by(&self, answer: &str) -> Option<(String, Uuid)> {
        let answer = read::<PublicKeyCredential>(answer)?;
        let keys = self.keys().ok()?;
        let (user, credential) = keys.identify_discoverable_authentication(&answer).ok()?;
        Some((self.credential_index(credential), user))
    }

    /// Whether this key answered as the one of whoever is there.
    pub(in crate::account) async fn check_anybody(
        &self,
        key: &KeptKey,
        answer: &str,
        sealed: &str,
        browser: &str,
        now: Timestamp,
    ) -> Result<Option<Shown>> {
        let Some(state) = self
            .answered::<DiscoverableAuthentication>("anybody", sealed, browser, now)
            .await?
        else {
            return Ok(None);
        };
        let Some(answer) = read::<PublicKeyCredential>(answer) else {
            return Ok(None);
        };
        let result = self
            .keys()?
            .finish_discoverable_authentication_v2(&answer, state, &key.0);
        Ok(result.ok().map(|result| shown(key.clone(), &result, now)))
    }

    /// What a credential is found by.
    pub(in crate::account) fn credential_index(&self, credential: &[u8]) -> String {
        self.vault.digest_text(Purpose::BlindIndex, credential)
    }

    /// How a person is called to their keys: nothing that a site could know.
    pub(in crate::account) fn user_handle(&self, account: &AccountId) -> Uuid {
        let text = format!("key user:{account}");
        let digest = self.vault.digest_text(Purpose::BlindIndex, text.as_bytes());
        let mut bytes = [0; 16];
        for (byte, from) in bytes.iter_mut().zip(digest.bytes()) {
            *byte = from;
        }
        Uuid::from_bytes(bytes)
    }

    fn key_challenge<T: Serialize>(
        &self,
        purpose: &str,
        options: &Value,
        bound: &str,
        state: T,
        now: Timestamp,
    ) -> Result<Challenge> {
        let waiting = Waiting {
            bound: bound.to_owned(),
            at: now,
            state,
        };
        let plain = serde_json::to_vec(&waiting)?;
        Ok(Challenge {
            options: options.to_string(),
            sealed: self.vault.seal(purpose, &plain)?,
        })
    }

    /// What waited for an answer, once: it is marked as answered before the
    /// answer is looked at (attack row 36).
    async fn answered<T: DeserializeOwned>(
        &self,
        purpose: &str,
        sealed: &str,
        bound: &str,
        now: Timestamp,
    ) -> Result<Option<T>> {
        let Ok(plain) = self.vault.unseal(purpose, sealed) else {
            return Ok(None);
        };
        let Ok(waiting) = serde_json::from_slice::<Waiting<T>>(&plain) else {
            return Ok(None);
        };
        let end = waiting.at.plus(self.settings.limits.code_life());
        if waiting.bound != bound || now >= end {
            return Ok(None);
        }
        let digest = Digest::of(sealed.as_bytes());
        let first = self
            .storage
            .put_ticket_once(ticket::KEY_CHALLENGE, digest, now, end)
            .await?;
        Ok(first.then_some(waiting.state))
    }
}

fn read<T: DeserializeOwned>(answer: &str) -> Option<T> {
    (answer.len() <= LONGEST)
        .then(|| serde_json::from_str(answer).ok())
        .flatten()
}

fn shown(mut key: KeptKey, result: &AuthenticationResult, now: Timestamp) -> Shown {
    key.0.update_credential(result);
    let counter = Some(i64::from(result.counter())).filter(|counter| *counter > 0);
    Shown {
        proof: proof(result.backup_eligible(), now),
        counter,
        key,
    }
}

/// Every ceremony of ours demands that the device checks its holder.
fn proof(synced: bool, now: Timestamp) -> Proof {
    let method = if synced {
        Method::Passkey
    } else {
        Method::SecurityKey
    };
    Proof::given(method, now).user_verified()
}

fn failed(error: webauthn_rs::prelude::WebauthnError) -> Internal {
    Internal::new(format!("WebAuthn: {error:?}"))
}
