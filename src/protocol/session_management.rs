//! Whether the person at a browser is still the one that a relying party knows
//! (OpenID Connect Session Management 1.0). A page of ours in a frame compares
//! the two values made here, without asking the server; its script is
//! `static/check_session.js`.

use super::Provider;
use super::clients::Registered;
use crate::model::id::SessionId;
use crate::model::redirect::ValidRedirect;
use crate::model::secret::Digest;
use crate::vault::{Purpose, Vault};

/// What the frame finds in its browser while this session lasts. No right goes
/// with it: scripts of ours can read it.
pub fn browser_state(vault: &Vault, session: &SessionId) -> String {
    vault.digest_text(Purpose::BrowserState, session.as_str().as_bytes())
}

/// The `session_state` of an answer (§2): different for each client, page and
/// answer, so that none of them can be told from another. Programs on a device
/// have no frames, and clients under a profile get nothing that it does not
/// know.
pub(super) fn session_state(
    provider: &Provider,
    client: &Registered,
    redirect: &ValidRedirect,
    session: &SessionId,
) -> Option<String> {
    if client.is_native() || client.security_profile.is_some() {
        return None;
    }
    let origin = redirect.origin()?;
    let state = browser_state(&provider.vault, session);
    let salt = provider.entropy.secret("");
    let salt = salt.expose();
    let said = format!("{} {origin} {state} {salt}", client.client_id);
    Some(format!("{}.{salt}", Digest::of(said.as_bytes()).as_str()))
}
