//! Single endpoints, driven by wrk. Before and after each measurement the
//! driver asks once itself and looks into the answer: wrk only sees statuses.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::Bench;
use crate::http::{Connection, Response};
use crate::measure::Measured;
use crate::side::{API_CLIENT, Side, USERINFO_CLIENT};
use crate::wrk;

/// Different people whose tokens take turns.
const TOKENS: usize = 16;

type Pair = Result<(Measured, Measured), String>;

/// A JWT access token for a machine, signed with the given algorithm.
pub async fn client_credentials(bench: &Bench<'_>, client: &str, algorithm: &str) -> Pair {
    let check = |answer: &Response<'_>| {
        let header = answer
            .member("access_token")
            .and_then(|token| token.split('.').next());
        let header = header
            .and_then(|header| URL_SAFE_NO_PAD.decode(header).ok())
            .unwrap_or_default();
        String::from_utf8_lossy(&header).contains(&format!("\"alg\":\"{algorithm}\""))
    };
    bench
        .pair(async |side| {
            let probe = side.form_request("/oauth/token", client, "grant_type=client_credentials");
            drive(
                bench,
                side,
                "client_credentials.lua",
                &[side.basic(client)],
                &probe,
                check,
            )
            .await
        })
        .await
}

/// The claims of a person, for their access token.
pub async fn userinfo(bench: &Bench<'_>) -> Pair {
    let (ours, peer) = (
        access_tokens(&bench.ours).await?,
        access_tokens(&bench.peer).await?,
    );
    let check = |answer: &Response<'_>| {
        answer.member("sub").is_some() && answer.member("family_name").is_some()
    };
    bench
        .pair(async |side| {
            let tokens = if side.name == bench.ours.name {
                &ours
            } else {
                &peer
            };
            let probe = side.get_request(
                "/oauth/userinfo",
                &format!("Authorization: Bearer {}", tokens[0]),
            );
            drive(bench, side, "userinfo.lua", tokens, &probe, check).await
        })
        .await
}

/// Whether an access token lives, asked by a resource server.
pub async fn introspection(bench: &Bench<'_>) -> Pair {
    let (ours, peer) = (
        access_tokens(&bench.ours).await?,
        access_tokens(&bench.peer).await?,
    );
    let check = |answer: &Response<'_>| {
        let body: String = String::from_utf8_lossy(answer.body)
            .split_whitespace()
            .collect();
        body.contains("\"active\":true")
    };
    bench
        .pair(async |side| {
            let tokens = if side.name == bench.ours.name {
                &ours
            } else {
                &peer
            };
            let mut arguments = vec![side.basic(API_CLIENT)];
            arguments.extend_from_slice(tokens);
            let probe = side.form_request(
                "/oauth/introspect",
                API_CLIENT,
                &format!("token={}", tokens[0]),
            );
            drive(bench, side, "introspection.lua", &arguments, &probe, check).await
        })
        .await
}

/// The discovery document.
pub async fn discovery(bench: &Bench<'_>) -> Pair {
    let check = |answer: &Response<'_>| answer.member("token_endpoint").is_some();
    bench
        .pair(async |side| {
            let probe = side.get_request(
                "/.well-known/openid-configuration",
                "Accept: application/json",
            );
            drive(bench, side, "discovery.lua", &[], &probe, check).await
        })
        .await
}

/// Access tokens of as many people.
pub async fn access_tokens(side: &Side) -> Result<Vec<String>, String> {
    let mut tokens = Vec::new();
    for _ in 0..TOKENS {
        tokens.push(
            side.sign_in(USERINFO_CLIENT, "openid profile phone")
                .await?
                .1
                .access,
        );
    }
    Ok(tokens)
}

async fn drive(
    bench: &Bench<'_>,
    side: &Side,
    script: &str,
    arguments: &[String],
    probe: &str,
    check: impl Fn(&Response<'_>) -> bool,
) -> Result<Measured, String> {
    let scripts = &bench.arguments.wrk_scripts;
    let load = async |seconds| {
        wrk::measure(
            scripts,
            script,
            &side.authority,
            bench.plan.connections,
            seconds,
            arguments,
        )
        .await
    };
    ask_once(side, probe, &check).await?;
    load(bench.plan.warm_up).await?;
    let measured = load(bench.plan.seconds).await?;
    ask_once(side, probe, &check).await?;
    Ok(measured)
}

async fn ask_once(
    side: &Side,
    probe: &str,
    check: &impl Fn(&Response<'_>) -> bool,
) -> Result<(), String> {
    let mut connection = Connection::open(&side.authority).await?;
    let answer = connection.send(probe.as_bytes()).await?;
    if answer.status == 200 && check(&answer) {
        Ok(())
    } else {
        Err(answer.describe())
    }
}
