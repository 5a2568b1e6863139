//! The whole code flow of somebody who is signed in and has agreed before:
//! authorization request, redirect with a code, redemption with PKCE.

use super::Bench;
use crate::http::Connection;
use crate::measure::{Measured, Worker, closed_loop};
use crate::side::{
    CALLBACK, FLOW_CLIENT, Pkce, Session, Side, authorization_path, is_signed, parameter,
    redemption,
};

const SCOPE: &str = "openid profile";

struct Portal {
    side: Side,
    session: Session,
    /// The person's browser.
    front: Connection,
    /// The portal's own server.
    back: Connection,
    flows: u64,
}

impl Worker for Portal {
    async fn once(&mut self) -> Result<(), String> {
        self.flows += 1;
        let state = format!(
            "s{}-{}",
            self.session.person.login.trim_start_matches('+'),
            self.flows
        );
        let pkce = Pkce::of(&state);
        let path = authorization_path(FLOW_CLIENT, SCOPE, &pkce.challenge, &state);
        let request = self
            .side
            .get_request(&path, &format!("Cookie: {}", self.session.cookies));
        let answer = self.front.send(request.as_bytes()).await?;
        let back = answer
            .header("location")
            .filter(|to| to.starts_with(CALLBACK))
            .ok_or_else(|| answer.describe())?;
        if parameter(back, "state") != Some(&state) {
            return Err(format!("another state in {back}"));
        }
        let code = parameter(back, "code").ok_or_else(|| format!("no code in {back}"))?;
        let request = self.side.form_request(
            "/oauth/token",
            FLOW_CLIENT,
            &redemption(code, &pkce.verifier),
        );
        let answer = self.back.send(request.as_bytes()).await?;
        if answer.status == 200
            && is_signed(&answer, "access_token")
            && is_signed(&answer, "id_token")
        {
            Ok(())
        } else {
            Err(answer.describe())
        }
    }
}

/// One person and one portal server for each connection.
pub async fn run(bench: &Bench<'_>) -> Result<(Measured, Measured), String> {
    let (ours, peer) = (
        sessions(bench, &bench.ours).await?,
        sessions(bench, &bench.peer).await?,
    );
    bench
        .pair(async |side| {
            let sessions = if side.name == bench.ours.name {
                &ours
            } else {
                &peer
            };
            let mut portals = Vec::new();
            for session in sessions {
                portals.push(Portal {
                    side: side.clone(),
                    session: session.clone(),
                    front: session.connect(side).await?,
                    back: Connection::open(&side.authority).await?,
                    flows: 0,
                });
            }
            let (_, portals) = closed_loop(portals, bench.plan.warm_span()).await?;
            Ok(closed_loop(portals, bench.plan.span()).await?.0)
        })
        .await
}

async fn sessions(bench: &Bench<'_>, side: &Side) -> Result<Vec<Session>, String> {
    let mut sessions = Vec::new();
    for _ in 0..bench.plan.connections {
        sessions.push(side.sign_in(FLOW_CLIENT, SCOPE).await?.0);
    }
    Ok(sessions)
}
