//! What the operator lets clients register of themselves, and the defaults of
//! what they leave out.

use serde_json::{Map, Value, json};
use url::Url;

use super::faults::{wrong, wrong_redirect};
use super::members::{text, texts};
use super::settings::RegistrationSettings;
use crate::model::client::Client;
use crate::model::response_type::ResponseType;
use crate::model::scope::{OFFLINE_ACCESS, OPENID};
use crate::protocol::error::OAuthError;

const CODE_GRANT: &str = "authorization_code";
const REFRESH_GRANT: &str = "refresh_token";
/// Grants by which people sign in.
const PEOPLE: [&str; 4] = [
    CODE_GRANT,
    "implicit",
    "urn:ietf:params:oauth:grant-type:device_code",
    "urn:openid:params:grant-type:ciba",
];

/// Writes defaults into `wire` and refuses what is out of bounds.
///
/// # Errors
/// `invalid_client_metadata` naming the member.
pub(super) fn bound(
    wire: &mut Map<String, Value>,
    settings: &RegistrationSettings,
) -> Result<(), OAuthError> {
    let (grants, scope) = grants_and_scope(wire, settings)?;
    among("grant_types", &grants, &settings.grants())?;
    let by_code = grants.iter().any(|grant| grant == CODE_GRANT);
    let kinds = texts(wire, "response_types")?;
    // Spelt as here, so that their order does not matter (Registration §2).
    let kinds = kinds.map(|kinds| kinds.iter().map(|kind| in_order(kind)).collect());
    let kinds: Vec<String> = kinds.unwrap_or_else(|| match by_code {
        // RFC 7591 §2: code is the default, where there are codes.
        true => vec!["code".to_owned()],
        false => Vec::new(),
    });
    let allowed: Vec<_> = settings
        .response_types
        .iter()
        .map(|kind| kind.as_str())
        .collect();
    among("response_types", &kinds, &allowed)?;
    // RFC 7591 §2.1: grants and response types that belong together.
    let has = |word: &str| {
        kinds
            .iter()
            .any(|kind| kind.split(' ').any(|one| one == word))
    };
    let by_browser = grants.iter().any(|grant| grant == "implicit");
    if has("code") != by_code || (has("token") || has("id_token")) != by_browser {
        return Err(wrong(
            "response_types",
            "code goes with the grant authorization_code, id_token and token with implicit",
        ));
    }
    let method = text(wire, "token_endpoint_auth_method")?.unwrap_or("client_secret_basic");
    let method = method.to_owned();
    among(
        "token_endpoint_auth_method",
        std::slice::from_ref(&method),
        &settings.methods(),
    )?;
    for (name, value) in [
        ("grant_types", json!(grants)),
        ("response_types", json!(kinds)),
        ("scope", json!(scope)),
        ("token_endpoint_auth_method", json!(method)),
    ] {
        wire.insert(name.to_owned(), value);
    }
    Ok(())
}

/// A refresh token takes both the grant and the scope: whoever names one means
/// both. Without any scope everything is registered that may be.
fn grants_and_scope(
    wire: &Map<String, Value>,
    settings: &RegistrationSettings,
) -> Result<(Vec<String>, String), OAuthError> {
    let grants = texts(wire, "grant_types")?;
    let mut grants = grants.unwrap_or_else(|| vec![CODE_GRANT.to_owned()]);
    let asked = text(wire, "scope")?;
    let mut scopes: Vec<&str> = match asked {
        Some(asked) => asked.split_whitespace().collect(),
        None => settings.scopes.split_whitespace().collect(),
    };
    let allowed: Vec<&str> = settings.scopes.split_whitespace().collect();
    if let Some(foreign) = scopes.iter().find(|scope| !allowed.contains(*scope)) {
        return Err(not_open("scope", foreign, &allowed));
    }
    let by_grant = grants.iter().any(|grant| grant == REFRESH_GRANT);
    let by_scope = asked.is_some() && scopes.contains(&OFFLINE_ACCESS);
    let refreshes = by_grant || by_scope;
    if refreshes && !settings.allows_refresh() {
        return Err(wrong(
            "grant_types",
            "refresh tokens are not open to clients that register themselves",
        ));
    }
    if refreshes && !by_grant {
        grants.push(REFRESH_GRANT.to_owned());
    }
    scopes.retain(|scope| *scope != OFFLINE_ACCESS);
    if refreshes {
        scopes.push(OFFLINE_ACCESS);
    }
    let of_people = |grant: &String| PEOPLE.contains(&grant.as_str());
    let of_people = grants.iter().any(of_people);
    if refreshes && !of_people {
        return Err(wrong(
            "grant_types",
            "refresh_token needs a grant by which people sign in",
        ));
    }
    if asked.is_none() && !of_people {
        // Nobody signs in to it.
        scopes.retain(|scope| *scope != OPENID);
    }
    Ok((grants, scopes.join(" ")))
}

/// A response type with its words in the order of the standards.
fn in_order(kind: &str) -> String {
    match ResponseType::parse(kind) {
        Some(known) => known.as_str().to_owned(),
        None => kind.to_owned(),
    }
}

fn among(name: &str, asked: &[String], allowed: &[&str]) -> Result<(), OAuthError> {
    match asked.iter().find(|one| !allowed.contains(&one.as_str())) {
        Some(foreign) => Err(not_open(name, foreign, allowed)),
        None => Ok(()),
    }
}

fn not_open(name: &str, foreign: &str, allowed: &[&str]) -> OAuthError {
    let allowed = allowed.join(", ");
    wrong(
        name,
        &format!("{foreign} is not open to clients that register themselves; open are {allowed}"),
    )
}

/// Refuses addresses on hosts that people may not be sent to.
///
/// # Errors
/// `invalid_redirect_uri`, or `invalid_client_metadata` for the others.
pub(super) fn bound_hosts(
    client: &Client,
    settings: &RegistrationSettings,
) -> Result<(), OAuthError> {
    if settings.redirect_hosts.is_empty() {
        return Ok(());
    }
    let open = settings.redirect_hosts.join(", ");
    let foreign = |uris: &[String]| {
        let foreign = uris.iter().find(|uri| !is_within(uri, settings));
        foreign.map(|uri| format!("{uri} is on no host that is open here: {open}"))
    };
    if let Some(told) = foreign(&client.redirect_uris) {
        return Err(wrong_redirect(&told));
    }
    match foreign(&client.post_logout_redirect_uris) {
        Some(told) => Err(wrong("post_logout_redirect_uris", &told)),
        None => Ok(()),
    }
}

fn is_within(uri: &str, settings: &RegistrationSettings) -> bool {
    let url = Url::parse(uri).ok();
    let host = url.as_ref().and_then(Url::host_str).unwrap_or_default();
    settings.redirect_hosts.iter().any(|open| {
        let above = host.strip_suffix(open.as_str());
        above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
    })
}
