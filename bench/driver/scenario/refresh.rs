//! Refresh with rotation: each connection has a family of its own and spends
//! the newest token for the next one. On our side each rotation is durable
//! before it is answered.

use super::Bench;
use crate::http::Connection;
use crate::measure::{Measured, Worker, closed_loop};
use crate::side::{FLOW_CLIENT, Side, is_signed};

struct Family {
    side: Side,
    connection: Connection,
    token: String,
}

impl Worker for Family {
    async fn once(&mut self) -> Result<(), String> {
        let body = format!("grant_type=refresh_token&refresh_token={}", self.token);
        let request = self.side.form_request("/oauth/token", FLOW_CLIENT, &body);
        let answer = self.connection.send(request.as_bytes()).await?;
        // The same signatures on both sides: a JWT access token and an id_token.
        if answer.status != 200
            || !is_signed(&answer, "access_token")
            || !is_signed(&answer, "id_token")
        {
            return Err(answer.describe());
        }
        match answer.member("refresh_token") {
            Some(next) if next != self.token => self.token = next.to_owned(),
            _ => return Err("the refresh token was not rotated".into()),
        }
        Ok(())
    }
}

/// New families for every measurement, the same number on both sides.
pub async fn run(bench: &Bench<'_>) -> Result<(Measured, Measured), String> {
    bench
        .pair(async |side| {
            let mut families = Vec::new();
            for _ in 0..bench.plan.connections {
                let (_, tokens) = side
                    .sign_in(FLOW_CLIENT, "openid profile offline_access")
                    .await?;
                families.push(Family {
                    side: side.clone(),
                    connection: Connection::open(&side.authority).await?,
                    token: tokens
                        .refresh
                        .ok_or("no refresh token for offline_access")?,
                });
            }
            let (_, families) = closed_loop(families, bench.plan.warm_span()).await?;
            Ok(closed_loop(families, bench.plan.span()).await?.0)
        })
        .await
}
