//! The writing thread: operations that wait are committed together.

use std::sync::atomic::{AtomicU64, Ordering};

use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::{Conn, Result};
use crate::error::{Internal, Result as InternalResult};

/// Operations committed together at most; bounds how long the first waits.
const BATCH: usize = 256;

/// Commits after which the log is copied back.
const CHECKPOINT_EVERY: u64 = 64;

/// An operation waiting for the writer, its type erased.
pub(super) trait Job: Send {
    /// Runs it; `false` when it failed and its transaction must not commit.
    fn run(&mut self, connection: &mut Conn) -> bool;
    /// Whether caches must notice what it did.
    fn changed(&self) -> bool;
    /// Tells the caller: the outcome, or why the commit failed.
    fn answer(self: Box<Self>, commit: Option<&str>);
}

pub(super) struct Operation<T, F> {
    operation: F,
    changed: fn(&T) -> bool,
    outcome: Option<Result<T>>,
    answer: oneshot::Sender<InternalResult<T>>,
}

impl<T, F> Operation<T, F> {
    pub(super) fn new(
        operation: F,
        changed: fn(&T) -> bool,
        answer: oneshot::Sender<InternalResult<T>>,
    ) -> Self {
        Self {
            operation,
            changed,
            outcome: None,
            answer,
        }
    }
}

impl<T, F> Job for Operation<T, F>
where
    T: Send,
    F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send,
{
    fn run(&mut self, connection: &mut Conn) -> bool {
        let outcome = (self.operation)(connection)
            .now_or_never()
            .expect("nothing on SQLite waits");
        let fine = outcome.is_ok();
        self.outcome = Some(outcome);
        fine
    }

    fn changed(&self) -> bool {
        matches!(&self.outcome, Some(Ok(outcome)) if (self.changed)(outcome))
    }

    fn answer(self: Box<Self>, commit: Option<&str>) {
        let outcome = match (self.outcome, commit) {
            (Some(Ok(_)), Some(failure)) => Err(Internal::new(format!("commit: {failure}"))),
            (Some(outcome), _) => outcome.map_err(Internal::from),
            (None, failure) => Err(Internal::new(format!(
                "not run: {}",
                failure.unwrap_or("the writer stopped")
            ))),
        };
        // A caller that has gone away needs no answer.
        drop(self.answer.send(outcome));
    }
}

/// Copies the log back into the database whenever the writer says so.
pub(super) fn checkpoint(connection: &Connection, due: &std::sync::mpsc::Receiver<()>) {
    while due.recv().is_ok() {
        let passive = connection.query_row("pragma wal_checkpoint(passive)", [], |_| Ok(()));
        if let Err(error) = passive {
            tracing::warn!(%error, "the database's log was not copied back");
        }
    }
}

/// Serves the queue until its last sender is gone.
pub(super) fn run(
    mut connection: Connection,
    mut jobs: mpsc::Receiver<Box<dyn Job>>,
    generation: &AtomicU64,
    settled: &mpsc::UnboundedSender<Settled>,
    checkpoints: &std::sync::mpsc::SyncSender<()>,
) {
    let mut batch: Vec<Box<dyn Job>> = Vec::new();
    let mut commits: u64 = 0;
    while jobs.blocking_recv_many(&mut batch, BATCH) > 0 {
        let together = commit_together(&mut connection, &mut batch, generation);
        if batch.len() > 1 && together == Committed::AnOperationFailed {
            for job in batch.drain(..) {
                let mut alone = vec![job];
                let outcome = commit_together(&mut connection, &mut alone, generation);
                let _ = settled.send((alone, outcome));
            }
        } else {
            let _ = settled.send((std::mem::take(&mut batch), together));
        }
        commits += 1;
        if commits.is_multiple_of(CHECKPOINT_EVERY) {
            // One that is under way already serves as well.
            let _ = checkpoints.try_send(());
        }
    }
    // Checkpoints the log, so that a stopped server leaves one file.
    drop(connection);
}

/// Operations of one transaction, and how it ended.
type Settled = (Vec<Box<dyn Job>>, Committed);

/// Tells callers how their operations ended: waking them is not the writer's
/// work, the next ones wait for it.
pub(super) async fn settle(mut settled: mpsc::UnboundedReceiver<Settled>) {
    while let Some((batch, outcome)) = settled.recv().await {
        for job in batch {
            match &outcome {
                Committed::Yes | Committed::AnOperationFailed => job.answer(None),
                Committed::No(why) => job.answer(Some(why)),
            }
        }
    }
}

#[derive(PartialEq, Eq)]
pub(super) enum Committed {
    Yes,
    AnOperationFailed,
    No(String),
}

fn commit_together(
    connection: &mut Connection,
    batch: &mut [Box<dyn Job>],
    generation: &AtomicU64,
) -> Committed {
    let committed = match try_together(connection, batch) {
        Ok(committed) => committed,
        Err(error) => Committed::No(error.to_string()),
    };
    // Before anybody is told, and after a commit that failed as well: it may
    // have taken effect.
    if committed != Committed::AnOperationFailed && batch.iter().any(|job| job.changed()) {
        generation.fetch_add(1, Ordering::SeqCst);
    }
    committed
}

fn try_together(connection: &mut Connection, batch: &mut [Box<dyn Job>]) -> Result<Committed> {
    connection.execute_batch("begin immediate")?;
    for job in batch {
        if !job.run(connection) {
            connection.execute_batch("rollback")?;
            return Ok(Committed::AnOperationFailed);
        }
    }
    connection.execute_batch("commit").inspect_err(|_| {
        // A full disk may have rolled back by itself.
        drop(connection.execute_batch("rollback"));
    })?;
    Ok(Committed::Yes)
}
