//! Faults of what a registration says about encryption.

use super::Client;
use crate::model::encryption::{ContentEncryption, KeyManagement};

impl Client {
    /// OpenID Connect Registration §2: `enc` goes with `alg`, and `alg` with a
    /// key.
    pub(super) fn check_encryption(&self, add: &mut impl FnMut(&'static str, String)) {
        for (field, enc, alg) in [
            (
                "id_token_encrypted_response_alg",
                self.id_token_encrypted_response_enc,
                self.id_token_encrypted_response_alg,
            ),
            (
                "userinfo_encrypted_response_alg",
                self.userinfo_encrypted_response_enc,
                self.userinfo_encrypted_response_alg,
            ),
            (
                "request_object_encryption_alg",
                self.request_object_encryption_enc,
                self.request_object_encryption_alg,
            ),
        ] {
            if enc.is_some() && alg.is_none() {
                add(field, "is needed beside its _enc".to_owned());
            }
        }
        let to_client = self.id_token_encryption().or(self.userinfo_encryption());
        if to_client.is_some() && self.jwks.is_none() && self.jwks_uri.is_none() {
            add(
                "jwks",
                "encrypted answers need a key of the client: jwks or jwks_uri".to_owned(),
            );
        }
        if let Some(alg) = self.request_object_encryption_alg
            && !KeyManagement::OURS.contains(&alg)
        {
            let ours = KeyManagement::OURS.map(KeyManagement::as_str).join(", ");
            add(
                "request_object_encryption_alg",
                format!("must be one of {ours}"),
            );
        }
        if let Some(enc) = self.request_object_encryption_enc
            && !ContentEncryption::OURS.contains(&enc)
        {
            let ours = ContentEncryption::OURS.map(ContentEncryption::as_str);
            add(
                "request_object_encryption_enc",
                format!("must be one of {}", ours.join(", ")),
            );
        }
    }
}
