//! SQLite, in this process: many readers and one writer. A query runs where it
//! is asked for. It takes microseconds, and handing it to another thread and
//! waiting for the answer cost ten to a hundred times as much (see
//! docs/performance.md), so the futures of this half never wait.
//!
//! The writer is a thread of its own. It takes every operation that is
//! waiting, runs them in one transaction and commits once, so that durable
//! commits (synchronous = FULL) cost a fraction of a disk flush each.

mod query;
mod writer;

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::future::BoxFuture;
use rusqlite::Connection;
use rusqlite::config::DbConfig;
use tokio::sync::{mpsc, oneshot};

pub use query::{FromRow, query, query_as, query_scalar};
use writer::{Job, Operation};

use crate::error::{Internal, Result as InternalResult};

/// The connection that the queries are compiled for, and how they fail.
pub type Conn = Connection;
pub type Result<T> = rusqlite::Result<T>;
/// Whether transactions that write come one after the other.
const SINGLE_WRITER: bool = true;

#[path = "sql/mod.rs"]
pub mod sql;

/// Operations waiting for the writer at most; beyond, callers wait to enqueue.
const QUEUE: usize = 1024;
/// Readers kept open. A read never waits, so there are no more at once than
/// threads that ask.
const READERS: usize = 4;
/// Prepared statements kept by each connection: more than there are.
const STATEMENTS: usize = 256;

/// An open SQLite database.
#[derive(Clone)]
pub struct Store {
    pub(in crate::storage) generation: Arc<AtomicU64>,
    path: Arc<Path>,
    readers: Arc<Mutex<Vec<Connection>>>,
    writer: mpsc::Sender<Box<dyn Job>>,
}

impl Store {
    /// Opens (and creates) the database at `url` and starts its writer.
    ///
    /// # Errors
    /// When the file cannot be opened or its folder cannot be made.
    pub fn open(url: &str) -> InternalResult<Self> {
        let path = path_of(url)?;
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let (connection, copying) = (connect(&path)?, connect(&path)?);
        let (writer, jobs) = mpsc::channel(QUEUE);
        let generation = Arc::<AtomicU64>::default();
        let noted = generation.clone();
        let (checkpoints, due) = std::sync::mpsc::sync_channel(1);
        let (settled, ended) = mpsc::unbounded_channel();
        tokio::spawn(writer::settle(ended));
        thread("sqlite-writer", move || {
            writer::run(connection, jobs, &noted, &settled, &checkpoints);
        })?;
        thread("sqlite-copier", move || writer::checkpoint(&copying, &due))?;
        Ok(Self {
            generation,
            path: path.into(),
            readers: Arc::default(),
            writer,
        })
    }

    /// A connection that only reads.
    ///
    /// # Errors
    /// When the file cannot be opened any more.
    pub fn reader(&self) -> InternalResult<Reader> {
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => {
                let connection = connect(&self.path)?;
                connection.pragma_update(None, "query_only", true)?;
                connection
            }
        };
        Ok(Reader {
            connection: Some(connection),
            idle: self.readers.clone(),
        })
    }

    fn idle(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.readers.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A connection of its own for migrations, which begin and commit themselves.
    ///
    /// # Errors
    /// When the file cannot be opened any more.
    pub fn migrating(&self) -> InternalResult<Connection> {
        Ok(connect(&self.path)?)
    }

    /// Runs `operation` in the writer's next transaction and waits for its
    /// commit. The operation may run twice: when another one of the same
    /// transaction fails, each is run again on its own. When caches must notice
    /// the outcome, as `changed` says, the writer itself notes it: whoever asked
    /// may be gone by then.
    ///
    /// # Errors
    /// When the operation or the commit fails.
    pub async fn write<T, F>(&self, operation: F, changed: fn(&T) -> bool) -> InternalResult<T>
    where
        T: Send + 'static,
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>> + Send + Sync + 'static,
    {
        let (answer, answered) = oneshot::channel();
        let stopped = || Internal::new("the database writer has stopped");
        self.writer
            .send(Box::new(Operation::new(operation, changed, answer)))
            .await
            .map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// Claims the database for one serving process: what it remembers is true
    /// only while no other changes sessions and people.
    ///
    /// # Errors
    /// When another process serves it.
    pub fn claim(&self) -> InternalResult<std::fs::File> {
        let mut name = self.path.as_os_str().to_owned();
        name.push(".serving");
        let file = std::fs::File::create(&name)?;
        file.try_lock().map_err(|_| {
            Internal::new(format!(
                "{}: another process serves this database; several nodes need PostgreSQL",
                self.path.display()
            ))
        })?;
        Ok(file)
    }

    /// Lets idle readers go; the writer ends when the last handle is dropped.
    pub fn close(&self) {
        self.idle().clear();
    }
}

fn thread(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(work).map(drop)
}

fn path_of(url: &str) -> InternalResult<PathBuf> {
    let path = url.strip_prefix("sqlite:").unwrap_or(url);
    let path = path.strip_prefix("//").unwrap_or(path);
    if path.is_empty() || path.contains('?') || path.starts_with(':') {
        return Err(Internal::new(
            "database.url must name a file: sqlite://folder/propusk.db",
        ));
    }
    Ok(PathBuf::from(path))
}

fn connect(path: &Path) -> Result<Connection> {
    let connection = Connection::open(path)?;
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    // One plan for each statement: without this, binding another value plans
    // it anew, which takes longer than running it.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", "full")?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "cache_size", -4000)?;
    // The log is copied back by a thread of its own, so that no commit waits
    // for it; a commit that finds 64 MB of it copies the rest, and it starts anew.
    connection.pragma_update(None, "wal_autocheckpoint", 16_384)?;
    connection.pragma_update(None, "temp_store", "memory")?;
    Ok(connection)
}

/// A reading connection; it goes back to the others when dropped.
pub struct Reader {
    /// Empty only while it is being dropped.
    connection: Option<Connection>,
    idle: Arc<Mutex<Vec<Connection>>>,
}

impl Deref for Reader {
    type Target = Connection;

    fn deref(&self) -> &Connection {
        self.connection
            .as_ref()
            .expect("given back only at the end")
    }
}

impl DerefMut for Reader {
    fn deref_mut(&mut self) -> &mut Connection {
        self.connection
            .as_mut()
            .expect("given back only at the end")
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = self.connection.take()
            && idle.len() < READERS
        {
            idle.push(connection);
        }
    }
}
