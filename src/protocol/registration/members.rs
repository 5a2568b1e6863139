//! Members of registration metadata (OpenID Connect Registration §2, RFC 7591
//! §2). Adding one that [`Client`] has a field for is a row here; what is in no
//! row cannot be registered, whatever field it names.

use serde_json::{Map, Value};

use super::faults::{plain, wrong};
use crate::error::Result as Internally;
use crate::model::client::Client;
use crate::model::redirect::check_redirect_uri;
use crate::protocol::error::OAuthError;

/// A member: its name and how it is kept.
struct Member {
    name: &'static str,
    kept: Kept,
}

enum Kept {
    /// In the client's field of the same name, whose type says what may stand
    /// there.
    Field,
    /// Beside the fields: nothing here reads it, the client is told it back.
    Beside(Shape),
}

/// What may stand in a member that has no field.
#[derive(Clone, Copy)]
enum Shape {
    Text,
    Texts,
    Uri,
}

const fn field(name: &'static str) -> Member {
    let kept = Kept::Field;
    Member { name, kept }
}

const fn beside(name: &'static str, shape: Shape) -> Member {
    let kept = Kept::Beside(shape);
    Member { name, kept }
}

/// Every member; the names of the client are read by
/// [`names`](super::names).
const MEMBERS: &[Member] = &[
    field("redirect_uris"),
    field("post_logout_redirect_uris"),
    field("backchannel_logout_uri"),
    field("backchannel_logout_session_required"),
    field("application_type"),
    field("grant_types"),
    field("response_types"),
    field("scope"),
    field("token_endpoint_auth_method"),
    field("token_endpoint_auth_signing_alg"),
    field("jwks"),
    field("jwks_uri"),
    field("subject_type"),
    field("sector_identifier_uri"),
    field("id_token_signed_response_alg"),
    field("userinfo_signed_response_alg"),
    field("id_token_encrypted_response_alg"),
    field("id_token_encrypted_response_enc"),
    field("userinfo_encrypted_response_alg"),
    field("userinfo_encrypted_response_enc"),
    field("request_object_encryption_alg"),
    field("request_object_encryption_enc"),
    field("request_object_signing_alg"),
    field("request_uris"),
    field("require_signed_request_object"),
    field("require_pushed_authorization_requests"),
    field("authorization_signed_response_alg"),
    field("dpop_bound_access_tokens"),
    field("backchannel_token_delivery_mode"),
    field("backchannel_client_notification_endpoint"),
    field("backchannel_authentication_request_signing_alg"),
    field("tls_client_auth_subject_dn"),
    field("tls_client_auth_san_dns"),
    field("tls_client_auth_san_uri"),
    field("tls_client_auth_san_ip"),
    field("tls_client_auth_san_email"),
    field("tls_client_certificate_bound_access_tokens"),
    field("introspection_signed_response_alg"),
    field("frontchannel_logout_uri"),
    field("frontchannel_logout_session_required"),
    field("default_max_age"),
    field("require_auth_time"),
    field("default_acr_values"),
    field("initiate_login_uri"),
    field("logo_uri"),
    field("policy_uri"),
    field("tos_uri"),
    beside("client_uri", Shape::Uri),
    beside("contacts", Shape::Texts),
    beside("software_id", Shape::Text),
    beside("software_version", Shape::Text),
    beside("software_statement", Shape::Text),
];

/// Puts the members of `wire` into `client`. What is not known is left out
/// (RFC 7591 §2), and null is absence (RFC 7592 §2.2).
///
/// # Errors
/// `invalid_client_metadata` naming the member whose value is not one.
pub(super) fn read(
    wire: &Map<String, Value>,
    mut client: Map<String, Value>,
) -> Result<Client, OAuthError> {
    let mut kept_beside = Map::new();
    for member in MEMBERS {
        let Some(value) = wire.get(member.name).filter(|value| !value.is_null()) else {
            continue;
        };
        match member.kept {
            Kept::Field => {
                client.insert(member.name.to_owned(), value.clone());
                // Read at once, so that the error is this member's.
                parse(&client).map_err(|error| wrong(member.name, &error.to_string()))?;
            }
            Kept::Beside(shape) => {
                if let Err(mend) = shape.check(value) {
                    return Err(wrong(member.name, mend));
                }
                kept_beside.insert(member.name.to_owned(), value.clone());
            }
        }
    }
    let mut client = parse(&client).map_err(|error| wrong("metadata", &error.to_string()))?;
    client.beside = kept_beside;
    Ok(client)
}

fn parse(client: &Map<String, Value>) -> serde_json::Result<Client> {
    serde_json::from_value(Value::Object(client.clone()))
}

/// What is registered, in the words of the standard, defaults included (RFC
/// 7591 §3.2.1).
pub(super) fn write(client: &Client) -> Internally<Map<String, Value>> {
    let mut fields = match serde_json::to_value(client)? {
        Value::Object(fields) => fields,
        _ => Map::new(),
    };
    let mut told = client.beside.clone();
    for member in MEMBERS {
        if let (Kept::Field, Some(value)) = (&member.kept, fields.remove(member.name)) {
            // That there are none of these is worth telling (RFC 7591 §2).
            let is_told = member.name == "response_types";
            let is_empty =
                value.is_null() || !is_told && value.as_array().is_some_and(Vec::is_empty);
            if !is_empty {
                told.insert(member.name.to_owned(), value);
            }
        }
    }
    Ok(told)
}

/// The strings of a list; none where there is no such member.
///
/// # Errors
/// `invalid_client_metadata` when it is something else.
pub(super) fn texts(
    wire: &Map<String, Value>,
    name: &'static str,
) -> Result<Option<Vec<String>>, OAuthError> {
    let Some(value) = wire.get(name).filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    let list = value.as_array().and_then(|list| {
        list.iter()
            .map(|one| one.as_str().map(str::to_owned))
            .collect()
    });
    list.map(Some)
        .ok_or_else(|| wrong(name, Shape::Texts.mend()))
}

/// A string; none where there is no such member.
///
/// # Errors
/// `invalid_client_metadata` when it is something else.
pub(super) fn text<'a>(
    wire: &'a Map<String, Value>,
    name: &str,
) -> Result<Option<&'a str>, OAuthError> {
    match wire.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(wrong(&plain(name), Shape::Text.mend())),
    }
}

impl Shape {
    const fn mend(self) -> &'static str {
        match self {
            Self::Text => "must be a string",
            Self::Texts => "must be a list of strings",
            Self::Uri => "must be an https address",
        }
    }

    fn check(self, value: &Value) -> Result<(), &'static str> {
        let fits = match self {
            Self::Text => value.is_string(),
            Self::Texts => value
                .as_array()
                .is_some_and(|list| list.iter().all(Value::is_string)),
            Self::Uri => value
                .as_str()
                .is_some_and(|uri| check_redirect_uri(uri, false).is_ok()),
        };
        if fits { Ok(()) } else { Err(self.mend()) }
    }
}
