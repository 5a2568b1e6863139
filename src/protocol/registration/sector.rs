//! The sector whose clients see the same pairwise subjects (OpenID Connect Core
//! §8.1), and whether a client belongs there.

use std::collections::BTreeSet;

use url::Url;

use super::faults::{wrong, wrong_redirect};
use crate::model::client::{Client, GrantType, host_of};
use crate::protocol::Provider;
use crate::protocol::error::OAuthError;

const MEMBER: &str = "sector_identifier_uri";

/// Sets the sector, before anything is fetched.
pub(super) fn assign(client: &mut Client) {
    client.sector_identifier = match &client.sector_identifier_uri {
        Some(uri) => host_of(uri),
        // Programs on people's devices have no host of their own: what is called
        // 127.0.0.1 is somebody else for each of them.
        // Nor does it show that a host is its own who fetches tokens without
        // ever being sent anything there.
        None if client.redirect_uris.iter().any(|uri| !is_of_a_host(uri))
            || fetches_by_itself(client) =>
        {
            Some(client.client_id.to_string())
        }
        None => None,
    };
}

/// Whether it gets tokens that no browser brings to its redirect URIs.
fn fetches_by_itself(client: &Client) -> bool {
    client.may_use(GrantType::DeviceCode) || client.may_use(GrantType::Ciba)
}

/// Whether the address is on a host that belongs to somebody.
fn is_of_a_host(uri: &str) -> bool {
    Url::parse(uri).is_ok_and(|uri| uri.scheme() == "https")
}

/// Fetches the list of the sector and finds every redirect URI in it (OpenID
/// Connect Registration §5).
///
/// # Errors
/// `invalid_client_metadata`. Why there was no list stands in the log only: it
/// would tell strangers what our network reaches (attack row 31).
pub(super) async fn check(provider: &Provider, client: &Client) -> Result<(), OAuthError> {
    let Some(uri) = &client.sector_identifier_uri else {
        return Ok(());
    };
    // What is not compared is not proven.
    if client.redirect_uris.is_empty() || fetches_by_itself(client) {
        return Err(wrong(
            MEMBER,
            "is for clients whose tokens come to redirect_uris of that list alone",
        ));
    }
    let listed = listed(provider, uri).await.map_err(|why| {
        tracing::info!(%why, "a sector_identifier_uri gave no list");
        wrong(MEMBER, "did not give a JSON array of redirect URIs")
    })?;
    let missing = client
        .redirect_uris
        .iter()
        .find(|uri| !listed.contains(uri));
    match missing {
        Some(uri) => Err(wrong(MEMBER, &format!("{uri} is not in its list"))),
        None => Ok(()),
    }
}

async fn listed(provider: &Provider, uri: &str) -> Result<Vec<String>, String> {
    let answer = provider
        .egress
        .get(uri)
        .await
        .map_err(|error| error.to_string())?;
    // A redirect is an answer like any other, and not this one.
    if answer.status != 200 {
        return Err(format!("status {}", answer.status));
    }
    serde_json::from_slice(&answer.body).map_err(|error| error.to_string())
}

/// Refuses a change that makes another client of this one: citizens agreed to
/// send their data to these hosts, and know this sector's number for them
/// (attack row 43).
///
/// # Errors
/// `invalid_redirect_uri` or `invalid_client_metadata`.
pub(super) fn stays(client: &Client, before: &Client) -> Result<(), OAuthError> {
    if client.subject_type != before.subject_type {
        return Err(wrong(
            "subject_type",
            "cannot be changed: register another client",
        ));
    }
    let places = places(before);
    let elsewhere = client
        .redirect_uris
        .iter()
        .find(|uri| client.sector_identifier_uri.is_none() && !places.contains(&place(uri)));
    if client.sector() != before.sector() || elsewhere.is_some() {
        return Err(wrong_redirect(
            "must stay on the hosts they were registered for: register another client",
        ));
    }
    Ok(())
}

fn places(client: &Client) -> BTreeSet<String> {
    client.redirect_uris.iter().map(|uri| place(uri)).collect()
}

/// Scheme and host; ports of loopback addresses come and go.
fn place(uri: &str) -> String {
    Url::parse(uri).map_or_else(
        |_| uri.to_owned(),
        |url| format!("{}://{}", url.scheme(), url.host_str().unwrap_or_default()),
    )
}
