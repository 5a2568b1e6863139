//! Front-Channel Logout: which pages of relying parties the browser loads in
//! hidden frames when its session ends. The browser may keep their cookies from
//! them there, so nothing rests on it: tokens have ended anyway, and who wants
//! to be sure has a `backchannel_logout_uri`.

use url::Url;

use super::Provider;
use super::subject::session_id;
use crate::error::Result;
use crate::model::id::SessionId;

/// A page to load.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its address, with `iss` and `sid`.
    pub address: String,
    /// Where frames of it may come from.
    pub origin: String,
}

/// The pages of every relying party of a session; asked for before it ends.
///
/// # Errors
/// When the database is away.
pub async fn frames(provider: &Provider, session: &SessionId) -> Result<Vec<Frame>> {
    let mut frames = Vec::new();
    for id in provider.storage.clients_of_session(session).await? {
        let Some(client) = provider.clients.find(&id).await? else {
            continue;
        };
        let uri = client.frontchannel_logout_uri.as_deref();
        let Some(mut address) = uri.and_then(|uri| Url::parse(uri).ok()) else {
            continue;
        };
        // §3: both or none; they are told to those, too, who do not insist on
        // them, for without them any page could sign a person out there.
        address
            .query_pairs_mut()
            .append_pair("iss", &provider.issuer)
            .append_pair("sid", &session_id(&provider.vault, session, &client));
        frames.push(Frame {
            origin: address.origin().ascii_serialization(),
            address: address.into(),
        });
    }
    Ok(frames)
}
