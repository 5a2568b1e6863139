//! PostgreSQL: a pool, and a transaction for each writing operation.

use std::str::FromStr as _;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::PgConnection;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};

use crate::error::Result;

/// The database this module is compiled for.
pub type Db = sqlx::Postgres;

#[path = "sql/mod.rs"]
pub mod sql;

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
    pub async fn open(url: &str, connections: u32) -> Result<Self> {
        let options = PgConnectOptions::from_str(url)?.application_name("propusk");
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(5))
            // A lost server is noticed by the query itself, which then says so;
            // a ping before each would double the round trips.
            .test_before_acquire(false)
            .connect_with(options)
            .await?;
        Ok(Self { pool })
    }

    /// A connection for reading.
    pub async fn reader(&self) -> Result<sqlx::pool::PoolConnection<Db>> {
        Ok(self.pool.acquire().await?)
    }

    /// Runs `operation` in a transaction of its own.
    pub async fn write<T, F>(&self, operation: F) -> Result<T>
    where
        F: for<'c> Fn(&'c mut PgConnection) -> BoxFuture<'c, sqlx::Result<T>>,
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
