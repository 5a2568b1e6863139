//! userinfo while far more people sign in than Argon2 can serve: a light,
//! steady load on userinfo, first alone, then beside the flood. What counts is
//! how much its p99 grows; the peer plays no part.
//!
//! The flood runs on a thread of its own that gives way to all others: people at
//! their own machines take no core from the server or from the measurement.

use std::thread::JoinHandle;
use std::time::Duration;

use super::Bench;
use super::endpoint::access_tokens;
use super::password::Queue;
use crate::http::Connection;
use crate::measure::{Measured, Worker, closed_loop, paced_loop};

/// What somebody waits who was told that the server is busy.
pub const PATIENCE: Duration = Duration::from_millis(200);

/// 8 connections with 25 requests/s each: 200/s.
const CONNECTIONS: usize = 8;
const PERIOD: Duration = Duration::from_millis(40);

/// Time the flood needs to fill the queue.
const RISE: Duration = Duration::from_millis(700);

/// The flood outlasts the measurement by this.
const MARGIN: Duration = Duration::from_millis(500);

struct Asker {
    connection: Connection,
    request: String,
}

impl Worker for Asker {
    async fn once(&mut self) -> Result<(), String> {
        let answer = self.connection.send(self.request.as_bytes()).await?;
        if answer.status == 200 {
            Ok(())
        } else {
            Err(answer.describe())
        }
    }
}

/// First under the flood, second alone.
pub async fn run(bench: &Bench<'_>) -> Result<(Measured, Measured), String> {
    let side = &bench.ours;
    let tokens = access_tokens(side).await?;
    let (mut flooded, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..bench.plan.rounds {
        alone.push(ask(bench, &tokens).await?);
        let flood = Flood::start(bench);
        tokio::time::sleep(RISE).await;
        let measured = ask(bench, &tokens).await;
        flood.end()?;
        flooded.push(measured?);
        tokio::time::sleep(RISE).await;
    }
    Ok((Measured::joined(&flooded), Measured::joined(&alone)))
}

async fn ask(bench: &Bench<'_>, tokens: &[String]) -> Result<Measured, String> {
    let mut askers = Vec::new();
    for token in tokens.iter().take(CONNECTIONS) {
        askers.push(Asker {
            connection: Connection::open(&bench.ours.authority).await?,
            request: bench
                .ours
                .get_request("/oauth/userinfo", &format!("Authorization: Bearer {token}")),
        });
    }
    Ok(paced_loop(askers, PERIOD, bench.plan.flood).await?.0)
}

/// People signing in on a thread of their own, for as long as a measurement takes.
struct Flood(JoinHandle<Result<(), String>>);

impl Flood {
    fn start(bench: &Bench<'_>) -> Self {
        let side = bench.ours.clone();
        let connections = bench.plan.flood_connections;
        let span = RISE + bench.plan.flood + MARGIN;
        Self(std::thread::spawn(move || {
            thread_priority::ThreadPriority::Min
                .set_for_current()
                .map_err(|error| format!("the flood cannot give way: {error:?}"))?;
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| error.to_string())?;
            let queue = || Queue {
                side: side.clone(),
                may_be_busy: true,
            };
            let queues: Vec<Queue> = (0..connections).map(|_| queue()).collect();
            let flood = closed_loop(queues, span);
            tokio::task::LocalSet::new().block_on(&runtime, flood)?;
            Ok(())
        }))
    }

    fn end(self) -> Result<(), String> {
        let ended = self.0.join();
        ended.map_err(|_| "the flood's thread panicked".to_owned())?
    }
}
