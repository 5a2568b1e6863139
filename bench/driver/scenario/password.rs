//! Sign-ins with a password through the page: the form with its csrf field, the
//! POST, a session. Every sign-in is another person from another address. The
//! other column is Argon2id alone on both cores.

use super::Bench;
use crate::argon;
use crate::browser::{Browser, SignIn};
use crate::measure::{Measured, Worker, closed_loop};
use crate::side::Side;

/// People who sign in one after the other.
pub struct Queue {
    /// Where they sign in.
    pub side: Side,
    /// Whether "come back later" is an answer to expect.
    pub may_be_busy: bool,
}

impl Worker for Queue {
    async fn once(&mut self) -> Result<(), String> {
        let (person, source) = self.side.people.next();
        let mut browser = Browser::open(&self.side.authority, source).await?;
        match browser
            .sign_in(&person)
            .await
            .map_err(|reason| format!("{}: {reason}", person.login))?
        {
            SignIn::Busy if !self.may_be_busy => Err("refused as busy although few sign in".into()),
            SignIn::Busy => {
                tokio::time::sleep(super::flood::PATIENCE).await;
                Ok(())
            }
            SignIn::Done => Ok(()),
        }
    }
}

/// Ours and Argon2id alone, alternating.
pub async fn run(bench: &Bench<'_>) -> Result<(Measured, Measured), String> {
    let span = bench.plan.span() * 2;
    bench
        .pair(async |side| {
            if side.name == bench.peer.name {
                return argon::measure(span);
            }
            let queues = || {
                (0..bench.plan.password_connections)
                    .map(|_| Queue {
                        side: side.clone(),
                        may_be_busy: false,
                    })
                    .collect()
            };
            closed_loop::<Queue>(queues(), bench.plan.warm_span()).await?;
            Ok(closed_loop::<Queue>(queues(), span).await?.0)
        })
        .await
}
