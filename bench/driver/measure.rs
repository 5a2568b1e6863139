//! Runs workers for a time and says how fast they were. Latencies are kept as
//! they are and sorted at the end: there are never more than a few millions.

use std::future::Future;
use std::time::{Duration, Instant};

use tokio::task::JoinHandle;

/// Something that does one unit of work again and again.
pub trait Worker: 'static {
    /// One unit; an answer that was not expected is an error.
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
    sorted
        .get(rank)
        .map_or(0.0, |micros| f64::from(*micros) / 1000.0)
}

/// Each worker starts its next unit when the last one ended, for this time.
pub async fn closed_loop<W: Worker>(
    workers: Vec<W>,
    span: Duration,
) -> Result<(Measured, Vec<W>), String> {
    repeat(workers, move |_, elapsed| elapsed < span).await
}

/// Each worker starts its next unit when the last one ended, this often.
pub async fn counted_loop<W: Worker>(
    workers: Vec<W>,
    units: usize,
) -> Result<(Measured, Vec<W>), String> {
    repeat(workers, move |done, _| done < units).await
}

/// While it goes on, seen the units a worker has done and the time spent.
async fn repeat<W: Worker>(
    workers: Vec<W>,
    goes_on: impl Fn(usize, Duration) -> bool + Copy + 'static,
) -> Result<(Measured, Vec<W>), String> {
    let start = Instant::now();
    let running = workers
        .into_iter()
        .map(|mut worker| {
            tokio::task::spawn_local(async move {
                let mut latencies = Vec::with_capacity(64 * 1024);
                while goes_on(latencies.len(), start.elapsed()) {
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

/// Each worker starts a unit every `period`, late or not. A unit that could not
/// start in time because the last answer was late counts from the time it was
/// due: a stalled server cannot hide by slowing the load down.
pub async fn paced_loop<W: Worker>(
    workers: Vec<W>,
    period: Duration,
    span: Duration,
) -> Result<(Measured, Vec<W>), String> {
    let start = Instant::now();
    let count = u32::try_from(workers.len()).unwrap_or(1);
    let running = (0..count)
        .zip(workers)
        .map(|(number, mut worker)| {
            tokio::task::spawn_local(async move {
                let mut latencies = Vec::new();
                let mut due = start + period * number / count;
                let mut free_since = start;
                while due < start + span {
                    tokio::time::sleep_until(due.into()).await;
                    // A late timer is the load program's own fault and not counted.
                    let counted_from = if free_since > due {
                        due
                    } else {
                        Instant::now()
                    };
                    worker.once().await?;
                    free_since = Instant::now();
                    latencies.push(micros(free_since - counted_from));
                    due += period;
                }
                Ok::<_, String>((worker, latencies))
            })
        })
        .collect();
    gather(running, start).await
}

type Running<W> = JoinHandle<Result<(W, Vec<u32>), String>>;

async fn gather<W>(running: Vec<Running<W>>, start: Instant) -> Result<(Measured, Vec<W>), String> {
    let stop: Vec<_> = running.iter().map(JoinHandle::abort_handle).collect();
    let (mut latencies, mut workers) = (Vec::new(), Vec::new());
    for task in running {
        match task.await.map_err(|error| error.to_string())? {
            Ok((worker, seen)) => {
                workers.push(worker);
                latencies.extend(seen);
            }
            Err(reason) => {
                stop.iter().for_each(tokio::task::AbortHandle::abort);
                return Err(reason);
            }
        }
    }
    Ok((
        Measured::of(latencies, start.elapsed().as_secs_f64()),
        workers,
    ))
}

/// Two threads do units one after the other for this time, and nothing else:
/// what a computation alone allows on this machine.
pub fn on_both_cores<U, F>(span: Duration, begin: F) -> Result<Measured, String>
where
    U: FnMut() -> Result<(), String>,
    F: Fn() -> Result<U, String> + Sync,
{
    let start = Instant::now();
    let until_over = || {
        let mut once = begin()?;
        let mut latencies = Vec::new();
        while start.elapsed() < span {
            let begun = Instant::now();
            once()?;
            latencies.push(micros(begun.elapsed()));
        }
        Ok::<_, String>(latencies)
    };
    let latencies = std::thread::scope(|scope| {
        let threads = [scope.spawn(until_over), scope.spawn(until_over)];
        let mut latencies = Vec::new();
        for thread in threads {
            latencies.extend(thread.join().map_err(|_| "a thread panicked")??);
        }
        Ok::<_, String>(latencies)
    })?;
    Ok(Measured::of(latencies, start.elapsed().as_secs_f64()))
}

fn micros(elapsed: Duration) -> u32 {
    u32::try_from(elapsed.as_micros()).unwrap_or(u32::MAX)
}
