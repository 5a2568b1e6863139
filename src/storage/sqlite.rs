//! SQLite: many readers and one writer. The writer takes every operation that
//! is waiting, runs them in one transaction and commits once, so that durable
//! commits (synchronous = FULL) cost a fraction of a disk flush each.

use std::str::FromStr as _;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{Connection as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::error::{Internal, Result};

/// The database this module is compiled for.
pub type Db = sqlx::Sqlite;

#[path = "sql/mod.rs"]
pub mod sql;

/// Operations committed together at most; bounds how long the first waits.
const BATCH: usize = 256;
/// Operations waiting for the writer at most; beyond, callers wait to enqueue.
const QUEUE: usize = 1024;
const READERS: u32 = 4;

/// An open SQLite database.
#[derive(Clone)]
pub struct Store {
    pub(in crate::storage) generation: Arc<AtomicU64>,
    options: SqliteConnectOptions,
    readers: SqlitePool,
    writer: mpsc::Sender<Box<dyn Job>>,
}

impl Store {
    /// Opens (and creates) the database at `url` and starts its writer.
    ///
    /// # Errors
    /// When the file cannot be opened or its folder cannot be made.
    pub async fn open(url: &str) -> Result<Self> {
        let options = SqliteConnectOptions::from_str(url)?
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(10))
            .pragma("cache_size", "-4000")
            .pragma("temp_store", "memory");
        if let Some(folder) = options.get_filename().parent() {
            std::fs::create_dir_all(folder)?;
        }
        let connection = SqliteConnection::connect_with(&options).await?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .min_connections(1)
            .test_before_acquire(false)
            .idle_timeout(None)
            .max_lifetime(None)
            .connect_with(options.clone().pragma("query_only", "on"))
            .await?;
        let (writer, jobs) = mpsc::channel(QUEUE);
        tokio::spawn(write(connection, jobs));
        Ok(Self {
            generation: Arc::default(),
            options,
            readers,
            writer,
        })
    }

    /// A connection that only reads.
    pub async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Db>> {
        Ok(self.readers.acquire().await?)
    }

    /// A connection of its own for migrations, which begin and commit themselves.
    pub async fn migrating(&self) -> Result<SqliteConnection> {
        Ok(SqliteConnection::connect_with(&self.options).await?)
    }

    /// Runs `operation` in the writer's next transaction and waits for its
    /// commit. The operation may run twice: when another one of the same
    /// transaction fails, each is run again on its own.
    pub async fn write<T, F>(&self, operation: F) -> Result<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, sqlx::Result<T>>
            + Send
            + Sync
            + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let job = Operation {
            operation,
            outcome: None,
            answer,
        };
        self.writer
            .send(Box::new(job))
            .await
            .map_err(|_| Internal::new("the database writer has stopped"))?;
        answered
            .await
            .map_err(|_| Internal::new("the database writer has stopped"))?
    }

    /// Lets readers go; the writer ends when the last handle is dropped.
    pub async fn close(&self) {
        self.readers.close().await;
    }
}

/// An operation waiting for the writer, its type erased.
trait Job: Send {
    /// Runs it; `false` when it failed and its transaction must not commit.
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool>;
    /// Tells the caller: the outcome, or why the commit failed.
    fn answer(self: Box<Self>, commit: Option<&str>);
}

struct Operation<T, F> {
    operation: F,
    outcome: Option<sqlx::Result<T>>,
    answer: oneshot::Sender<Result<T>>,
}

impl<T, F> Job for Operation<T, F>
where
    T: Send,
    F: for<'c> Fn(&'c mut SqliteConnection) -> BoxFuture<'c, sqlx::Result<T>> + Send,
{
    fn run<'c>(&'c mut self, connection: &'c mut SqliteConnection) -> BoxFuture<'c, bool> {
        Box::pin(async move {
            let outcome = (self.operation)(connection).await;
            let fine = outcome.is_ok();
            self.outcome = Some(outcome);
            fine
        })
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

async fn write(mut connection: SqliteConnection, mut jobs: mpsc::Receiver<Box<dyn Job>>) {
    let mut batch: Vec<Box<dyn Job>> = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        let together = commit_together(&mut connection, &mut batch).await;
        if batch.len() > 1 && together == Committed::AnOperationFailed {
            for job in batch.drain(..) {
                let mut alone = vec![job];
                let outcome = commit_together(&mut connection, &mut alone).await;
                settle(alone, &outcome);
            }
        } else {
            settle(std::mem::take(&mut batch), &together);
        }
    }
    // Checkpoints the log, so that a stopped server leaves one file.
    drop(connection.close().await);
}

fn settle(batch: Vec<Box<dyn Job>>, outcome: &Committed) {
    for job in batch {
        match outcome {
            Committed::Yes | Committed::AnOperationFailed => job.answer(None),
            Committed::No(why) => job.answer(Some(why)),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Committed {
    Yes,
    AnOperationFailed,
    No(String),
}

async fn commit_together(
    connection: &mut SqliteConnection,
    batch: &mut [Box<dyn Job>],
) -> Committed {
    let mut transaction = match connection.begin_with("BEGIN IMMEDIATE").await {
        Ok(transaction) => transaction,
        Err(error) => return Committed::No(error.to_string()),
    };
    for job in batch {
        if !job.run(&mut transaction).await {
            return match transaction.rollback().await {
                Ok(()) => Committed::AnOperationFailed,
                Err(error) => Committed::No(error.to_string()),
            };
        }
    }
    match transaction.commit().await {
        Ok(()) => Committed::Yes,
        Err(error) => Committed::No(error.to_string()),
    }
}
