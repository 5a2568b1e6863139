//! Runs workers for a time and says how fast they were. Latencies are kept as
//! they are and sorted at the end: there are never more than a few millions.

use std::future::Future;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

/// Something that does one unit of work again and again.
pub trait Worker: 'static {
    /// One unit; an answer that was not expected is an     for (task, number) in running.iter_mut().zip(1..) {
        let ended = task.await.map_err(|error| error.to_string())?;
        let (worker, latencies) = match ended {
            Ok(ended) => ended,
            Err(reason) => {
                running.iter().for_each(JoinHandle::abort);
                return Err(format!("connection {number}: {reason}"));
            }
        };
.
    fn once(&mut self) -> impl Future<Output = Result<(), String>>;
}

/// What one or several measurements of one side add up to.
#[derive(Default, Clone)]
pub struct Measured {
    /// Units of work done.
    pub done: f64,
    /// Seconds spent.
    pub seconds: f64,
    /// Half of the answers were faster, milliseconds.
    pub p50_ms: f64,
    /// All but one of a hundred answers were faster, milliseconds.
    pub p99_ms: f64,
}

impl Measured {
    /// Units per second.
    pub fn rate(&self) -> f64 {
        self.done / self.seconds
    }

    /// From raw latencies in microseconds.
    pub fn of(mut latencies: Vec<u32>, seconds: f64) -> Self {
        latencies.sort_unstable();
        Self {
            done: latencies.len() as f64,
            seconds,
            p50_ms: percentile(&latencies, 50),
            p99_ms: percentile(&latencies, 99),
        }
    }

    /// Rounds put together: rates by sum, percentiles by their mean.
    pub fn joined(rounds: &[Self]) -> Self {
        let count = rounds.len() as f64;
        Self {
            done: rounds.iter().map(|round| round.done).sum(),
            seconds: rounds.iter().map(|round| round.seconds).sum(),
            p50_ms: rounds.iter().map(|round| round.p50_ms).sum::<f64>() / count,
            p99_ms: rounds.iter().map(|round| round.p99_ms).sum::<f64>() / count,
        }
    }
}

fn percentile(sorted: &[u32], percent: usize) -> f64 {
    let rank = (sorted.len() * percent).div_ceil(100).max(1) - 1;
    sorted.get(rank).map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

/// Each worker starts its next unit when the last one ended.
pub async fn closed_loop<W: Worker>(workers: Vec<W>, span: Duration) -> Result<(Measured, Vec<W>), String> {
    let start = Instant::now();
    let running: Vec<_> = workers
        .into_iter()
        .map(|mut worker| {
            tokio::task::spawn_local(async move {
                let mut latencies = Vec::with_capacity(64 * 1024);
                while start.elapsed() < span {
                    let begun = Instant::now();
                    worker.once().await?;
                    latencies.push(micros(begun.elapsed()));
                }
                Ok::<_, String>((worker, latencies))
            })
        })
        .collect();
    gather(running, start).await
}

/// Each worker starts a unit every `period`, late or not, and its latency
/// counts from the moment it should have started: a stalled server cannot hide
/// by slowing the load down.
pub async fn paced_loop<W: Worker>(
    workers: Vec<W>,
    period: Duration,
    span: Duration,
) -> Result<(Measured, Vec<W>), String> {
    let start = Instant::now();
    let count = u32::try_from(workers.len()).unwrap_or(1);
    let running: Vec<_> = (0..count)
        .zip(workers)
        .map(|(number, mut worker)| {
            tokio::task::spawn_local(async move {
                let mut latencies = Vec::new();
                let mut due = start + period * number / count;
                let mut free_since = start;
                while due < start + span {
                    tokio::time::sleep_until(due.into()).await;
                    // A late timer is the load program's fault and not counted; an
                    // answer that made this request late is the server's and is.
                    let counted_from = if free_since > due { due } else { Instant::now() };
                    worker.once().await?;
                    latencies.push(micros(counted_from.elapsed()));
                    free_since = Instant::now();
                    due += period;
                }
                Ok::<_, String>((worker, latencies))
            })
        })
        .collect();
    gather(running, start).await
}

type Running<W> = JoinHandle<Result<(W, Vec<u32>), String>>;

async fn gather<W>(mut running: Vec<Running<W>>, start: Instant) -> Result<(Measured, Vec<W>), String> {
    let mut all = Vec::new();
    let mut workers = Vec::new();
    for task in running {
        let (worker, latencies) = task.await.map_err(|error| error.to_string())??;
        workers.push(worker);
        all.extend(latencies);
    }
    Ok((Measured::of(all, start.elapsed().as_secs_f64()), workers))
}

fn micros(elapsed: Duration) -> u32 {
    u32::try_from(elapsed.as_micros()).unwrap_or(u32::MAX)
}
