//! From registration metadata to a [`Client`]: nothing is taken from the wire
//! but what [`members`] lists and the operator's policy lets pass.

use serde_json::{Map, Value, json};

use super::dynamic::Registrations;
use super::faults::wrong;
use super::{members, names, policy, sector};
use crate::model::client::{Client, SubjectType, place_of};
use crate::model::id::ClientId;
use crate::model::scope::OPENID;
use crate::model::timestamp::Timestamp;
use crate::protocol::error::OAuthError;

/// Reads the metadata of the client of this id. Its secret, and whether the
/// whole fits together, is for the caller.
///
/// # Errors
/// The registered errors (RFC 7591 §3.2.2), naming the member.
pub(super) fn read(
    registrations: &Registrations,
    wire: &Map<String, Value>,
    id: &ClientId,
    now: Timestamp,
) -> Result<Client, OAuthError> {
    let mut wire = wire.clone();
    registrations.issuers.apply(&mut wire, now)?;
    policy::bound(&mut wire, &registrations.settings)?;
    let named = names::read(&wire)?;
    let ours = json!({
        "client_id": id,
        "name": { "ru": "", "en": "" },
        // The citizen may leave out everything else.
        "required_scope": OPENID,
        "self_registered": true,
    });
    let ours = ours.as_object().cloned().unwrap_or_default();
    let mut client = members::read(&wire, ours)?;
    // RFC 7591 §2: they must not both be there.
    if client.jwks.is_some() && client.jwks_uri.is_some() {
        return Err(wrong("jwks", "give jwks or jwks_uri, and not both"));
    }
    let allowed = &registrations.settings.subject_types;
    // Who says nothing of subjects and has several hosts has no sector to be
    // known in (Core §8.1).
    if !wire.contains_key("subject_type")
        && client.sector_identifier_uri.is_none()
        && client.hosts().len() > 1
        && allowed.contains(&SubjectType::Public)
    {
        client.subject_type = SubjectType::Public;
    }
    if !allowed.contains(&client.subject_type) {
        return Err(wrong(
            "subject_type",
            "is not open to clients that register themselves",
        ));
    }
    let sent_to = client.redirect_uris.first().and_then(|uri| place_of(uri));
    let sent_to = sent_to.unwrap_or_else(|| id.to_string());
    client.name = names::localized(&named, &sent_to);
    client.beside.extend(named);
    sector::assign(&mut client);
    Ok(client)
}
