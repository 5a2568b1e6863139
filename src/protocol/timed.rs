//! Secrets that are many and short-lived: beginning with their moment, they lie
//! side by side in the database, and storing one touches no old page.

use crate::entropy::Entropy;
use crate::model::secret::{Digest, Secret};
use crate::model::timestamp::Timestamp;

/// A new one.
pub(super) fn secret(entropy: &Entropy, prefix: &str, now: Timestamp) -> Secret {
    entropy.secret(&format!("{prefix}{:012x}.", now.millis()))
}

/// What it is found by: its moment, in the clear, and its digest.
pub(super) fn key(prefix: &str, secret: &Secret) -> Digest {
    let moment = secret.expose().strip_prefix(prefix).and_then(|rest| {
        let (moment, _) = rest.split_once('.')?;
        moment
            .bytes()
            .all(|byte| byte.is_ascii_hexdigit())
            .then_some(moment)
    });
    let digest = secret.digest();
    match moment {
        Some(moment) => Digest::from_stored(format!("{moment}.{}", digest.as_str())),
        None => digest,
    }
}
