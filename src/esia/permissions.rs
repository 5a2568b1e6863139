//! Consents of the digital profile: `permissions` names a type, a purpose and
//! the data it is about, for a time. Each is a detail of the request (RFC 9396
//! in our words), so that the consent page, the cabinet and the grant treat it
//! as they treat any other.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Esia;
use super::error::{Code, EsiaError};
use super::settings::PermissionType;
use crate::error::Result;
use crate::model::authorization_detail::{DetailField, DetailType, DetailValue, FieldKind};
use crate::model::client::Localized;
use crate::model::scope::{GrantedScopes, RequestedScopes, scope_title};
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization_details::{self, Detail, MOST};
use crate::protocol::clients::Registered;
use crate::protocol::params::Params;
use crate::storage::GrantRecord;
use crate::texts::{Lang, Texts, key};

/// What may be done with the data.
const ACTIONS: [(&str, &str); 3] = [
    ("ALL_ACTIONS_TO_DATA", key("permission-action-all")),
    ("SHARE_DATA", key("permission-action-share")),
    ("USE_DATA", key("permission-action-use")),
];

const LONGEST: usize = 8_192;

#[derive(Deserialize)]
struct Permission {
    #[serde(default, rename = "responsibleObject")]
    responsible: String,
    #[serde(default)]
    sysname: String,
    #[serde(default)]
    expire: Option<u64>,
    #[serde(default)]
    actions: Vec<Named>,
    #[serde(default)]
    purposes: Vec<Named>,
    #[serde(default)]
    scopes: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    sysname: String,
}

/// Reads `permissions`: as details of the request.
///
/// # Errors
/// 0367xx.
pub(super) fn requested(
    esia: &Esia,
    client: &Registered,
    params: &Params,
    now: Timestamp,
) -> Result<Option<String>, EsiaError> {
    let Some(text) = params.get("permissions") else {
        return Ok(None);
    };
    let unreadable = || {
        Code::WrongParameter
            .because("the parameter [permissions] is not base64url of a JSON array of permissions")
    };
    let bytes = URL_SAFE_NO_PAD
        .decode(text)
        .or_else(|_| URL_SAFE.decode(text))
        .ok()
        .filter(|bytes| bytes.len() <= LONGEST)
        .ok_or_else(unreadable)?;
    let permissions: Vec<Permission> = serde_json::from_slice(&bytes).map_err(|_| unreadable())?;
    if permissions.is_empty() {
        return Err(unreadable());
    }
    if permissions.len() > MOST {
        return Err(Code::WrongParameter.because(format!(
            "the parameter [permissions] holds more than {MOST}"
        )));
    }
    let mut details = Vec::new();
    for permission in &permissions {
        let kind = kind_of(esia, client, permission)?;
        let purpose = checked(client, permission, kind)?;
        let minutes = permission
            .expire
            .filter(|minutes| (1..=kind.longest).contains(minutes))
            .ok_or_else(|| {
                Code::WrongPermissionExpiry
                    .because(format!("expire must be 1 to {} minutes", kind.longest))
            })?;
        let names = |list: &[Named]| -> Vec<String> {
            let mut once: Vec<String> = Vec::new();
            for one in list {
                if !once.contains(&one.sysname) {
                    once.push(one.sysname.clone());
                }
            }
            once
        };
        let end = now.plus(Duration::from_secs(minutes * 60));
        let mut detail = json!({
            "type": kind.sysname,
            "purpose": purpose,
            "actions": names(&permission.actions),
            "data": names(&permission.scopes),
            "until": end.rfc3339(),
        });
        // To whom, in one line; where nobody is named it is the relying party,
        // of whom the page speaks anyway.
        let said: Vec<&str> = permission.responsible.split_whitespace().collect();
        if !said.is_empty() {
            detail["responsible"] = json!(said.join(" "));
        }
        details.push(detail);
    }
    Ok(Some(Value::from(details).to_string()))
}

fn kind_of<'a>(
    esia: &'a Esia,
    client: &Registered,
    permission: &Permission,
) -> Result<&'a PermissionType, EsiaError> {
    let name = permission.sysname.as_str();
    if name.is_empty() {
        return Err(Code::NoPermissionType.because("a permission has no sysname"));
    }
    let is_its = client
        .authorization_details_types
        .iter()
        .any(|of| of == name);
    let kind = esia.settings.permissions.iter();
    kind.filter(|_| is_its)
        .find(|kind| kind.sysname == name)
        .ok_or_else(|| {
            Code::UnknownPermissionType
                .because("a permission is of a type that this client may not ask for")
        })
}

/// The purpose of a permission that fits its type.
fn checked<'a>(
    client: &Registered,
    permission: &'a Permission,
    kind: &PermissionType,
) -> Result<&'a str, EsiaError> {
    let asked = |name: &str| permission.scopes.iter().any(|scope| scope.sysname == name);
    if let Some(missing) = kind.required_scopes.iter().find(|name| !asked(name)) {
        return Err(Code::PermissionScopeMissing
            .because(format!("the type {} demands {missing}", kind.sysname)));
    }
    for scope in &permission.scopes {
        let name = &scope.sysname;
        if !kind.required_scopes.contains(name) && !kind.scopes.contains(name) {
            return Err(Code::PermissionScopeOutside
                .because(format!("a scope is outside the type {}", kind.sysname)));
        }
        if !RequestedScopes::parse(&client.scope).contains(name) {
            return Err(Code::PermissionScopeForbidden
                .because(format!("the client may not ask for {name}")));
        }
    }
    if permission.actions.is_empty() {
        return Err(Code::NoPermissionAction.because("a permission has no action"));
    }
    let is_known = |action: &Named| ACTIONS.iter().any(|(name, _)| *name == action.sysname);
    if !permission.actions.iter().all(is_known) {
        return Err(Code::UnknownPermissionAction.because("an action is unknown"));
    }
    match permission.purposes.as_slice() {
        [] => Err(Code::NoPermissionPurpose.because("a permission has no purpose")),
        [purpose]
            if kind
                .purposes
                .iter()
                .any(|known| known.sysname == purpose.sysname) =>
        {
            Ok(&purpose.sysname)
        }
        [_] => Err(Code::UnknownPermissionPurpose.because("a purpose is not one of the type")),
        _ => Err(Code::OnePermissionPurpose.because("a permission has exactly one purpose")),
    }
}

/// When a granted permission ends.
fn end_of(detail: &Detail) -> Option<Timestamp> {
    Timestamp::from_rfc3339(detail.get("until")?.as_str()?)
}

/// The permissions of a grant that live, of types that its client may have
/// today.
///
/// # Errors
/// When they are damaged.
pub(super) fn of_grant(
    esia: &Esia,
    client: &Registered,
    grant: &GrantRecord,
    now: Timestamp,
) -> Result<Vec<Detail>> {
    let provider = &esia.provider;
    let sealed = grant.authorization_details.as_deref();
    let details = authorization_details::open(&provider.vault, &grant.id, sealed)?;
    let details = authorization_details::current(provider, client, details);
    Ok(living(esia, details, now))
}

/// The scopes of a grant, with the data of its permissions that live.
pub(super) fn scopes_with(
    granted: &str,
    permissions: &[Detail],
    client: &Registered,
) -> GrantedScopes {
    let data = scopes_of(permissions).join(" ");
    GrantedScopes::from_stored(&format!("{granted} {data}")).within(&client.scope)
}

fn living(esia: &Esia, details: Vec<Detail>, now: Timestamp) -> Vec<Detail> {
    let is_permission = |detail: &Detail| {
        let name = detail.get("type").and_then(Value::as_str);
        esia.settings
            .permissions
            .iter()
            .any(|kind| Some(kind.sysname.as_str()) == name)
    };
    details
        .into_iter()
        .filter(|detail| is_permission(detail) && end_of(detail).is_some_and(|end| now < end))
        .collect()
}

/// The scopes of the data that permissions are about.
pub(super) fn scopes_of(details: &[Detail]) -> Vec<String> {
    let data = details
        .iter()
        .filter_map(|detail| detail.get("data")?.as_array());
    let mut names: Vec<String> = Vec::new();
    for name in data.flatten().filter_map(Value::as_str) {
        if !names.iter().any(|one| one == name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// When the first of them ends.
pub(super) fn first_end(details: &[Detail]) -> Option<Timestamp> {
    details.iter().filter_map(end_of).min()
}

/// A granted permission as tokens tell it.
pub(super) fn told(detail: &Detail, client: &Registered) -> Value {
    let text = |name: &str| detail.get(name).cloned();
    let named = |value: Value| json!({ "sysname": value });
    let all_named = |name: &str| -> Vec<Value> {
        let list = detail.get(name).and_then(Value::as_array);
        list.into_iter().flatten().cloned().map(named).collect()
    };
    json!({
        "sysname": text("type"),
        "responsibleObject": text("responsible").unwrap_or_else(|| json!(client.name.ru)),
        "purposes": [named(text("purpose").unwrap_or_default())],
        "actions": all_named("actions"),
        "scopes": all_named("data"),
        "expire": end_of(detail).map(Timestamp::seconds),
    })
}

/// A type in the form in which the rest of the program knows details.
pub(super) fn detail_type(kind: &PermissionType) -> DetailType {
    let field = |name: &str, label, kind, values| DetailField {
        name: name.to_owned(),
        label: both(label),
        kind,
        required: true,
        values,
    };
    let value = |value: &str, label| DetailValue {
        value: value.to_owned(),
        label,
    };
    let purposes = kind
        .purposes
        .iter()
        .map(|purpose| value(&purpose.sysname, purpose.title.clone()));
    let actions = ACTIONS.iter().map(|(name, label)| value(name, both(label)));
    let data = kind
        .required_scopes
        .iter()
        .chain(&kind.scopes)
        .map(|name| value(name, both(scope_title(name))));
    DetailType {
        name: kind.sysname.clone(),
        title: kind.title.clone(),
        fields: vec![
            DetailField {
                required: false,
                ..field(
                    "responsible",
                    key("permission-responsible"),
                    FieldKind::Text,
                    Vec::new(),
                )
            },
            field(
                "purpose",
                key("permission-purpose"),
                FieldKind::Text,
                purposes.collect(),
            ),
            field(
                "actions",
                key("permission-action"),
                FieldKind::Texts,
                actions.collect(),
            ),
            field(
                "data",
                key("permission-data"),
                FieldKind::Texts,
                data.collect(),
            ),
            field(
                "until",
                key("permission-until"),
                FieldKind::Moment,
                Vec::new(),
            ),
        ],
    }
}

fn both(text: &'static str) -> Localized {
    Localized {
        ru: Texts(Lang::Ru).t(text),
        en: Texts(Lang::En).t(text),
    }
}
