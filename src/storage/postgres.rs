//! PostgreSQL: a pool, and a transaction for each writing operation.

use std::str::FromStr as _;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::postgres::{PgArguments, PgConnectOptions, PgPool, PgPoolOptions, PgRow};
use sqlx::query::{Query, QueryAs, QueryScalar};
use sqlx::{Connection as _, FromRow, PgConnection, Postgres};

use crate::error::Result as InternalResult;

/// The connection that the queries are compiled for, and how they fail.
pub type Conn = PgConnection;
pub type Result<T> = sqlx::Result<T>;
/// Whether transactions that write come one after the other.
const SINGLE_WRITER: bool = false;

#[path = "sql/mod.rs"]
pub mod sql;

/// No server restarts in less.
const REST: Duration = Duration::from_millis(100);

/// A statement that is run for its effect.
pub fn query(sql: &'static str) -> Query<'static, Postgres, PgArguments> {
    sqlx::query(sql)
}

/// A statement whose rows are records.
pub fn query_as<T>(sql: &'static str) -> QueryAs<'static, Postgres, T, PgArguments>
where
    T: for<'r> FromRow<'r, PgRow>,
{
    sqlx::query_as(sql)
}

/// A statement whose rows have one column.
pub fn query_scalar<T>(sql: &'static str) -> QueryScalar<'static, Postgres, T, PgArguments>
where
    (T,): for<'r> FromRow<'r, PgRow>,
{
    sqlx::query_scalar(sql)
}

/// An open PostgreSQL database.
#[derive(Clone)]
pub struct Store {
    pool: PgPool,
}

impl Store {
    /// Connects to `url`.
    ///
    /// # Errors
    /// When the server cannot be reached or refuses.
    pub async fn open(url: &str, connections: u32) -> InternalResult<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("propusk");
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(5))
            // A ping before each query would double the round trips; one after a
            // rest finds the connections that a restart of the server has cut.
            .test_before_acquire(false)
            .before_acquire(|connection, meta| {
                Box::pin(async move { Ok(meta.idle_for < REST || connection.ping().await.is_ok()) })
            })
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// A connection for reading.
    pub async fn reader(&self) -> InternalResult<sqlx::pool::PoolConnection<Postgres>> {
        Ok(self.pool.acquire().await?)
    }

    /// Runs `operation` in a transaction of its own.
    pub async fn write<T, F>(&self, operation: F) -> InternalResult<T>
    where
        F: for<'c> Fn(&'c mut Conn) -> BoxFuture<'c, Result<T>>,
    {
        let mut transaction = self.pool.begin().await?;
        let outcome = operation(&mut transaction).await?;
        transaction.commit().await?;
        Ok(outcome)
    }

    /// Closes every connection.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}
