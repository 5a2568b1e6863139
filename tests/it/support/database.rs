//! A database for one test: a file, or with PROPUSK_TEST_DATABASE (an address
//! of a PostgreSQL server whose user may create databases) one of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use propusk::storage::Storage;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};
use tokio::sync::OnceCell;

static NEXT: AtomicU64 = AtomicU64::new(0);

/// A database and a folder that nobody else uses; both go with it.
pub struct TestDatabase {
    pub url: String,
    pub folder: PathBuf,
    shared: Option<(String, String)>,
}

/// The address of the PostgreSQL server, if the suite runs on one.
pub fn server() -> Option<String> {
    std::env::var("PROPUSK_TEST_DATABASE")
        .ok()
        .filter(|url| !url.is_empty())
}

/// The database that others are copies of, once it has its schema. It stays
/// until the server goes.
static MODEL: OnceCell<String> = OnceCell::const_new();

impl TestDatabase {
    /// One with its schema; on SQLite the application brings it to that.
    pub async fn migrated() -> Self {
        if server().is_none() {
            return Self::create().await;
        }
        let model = MODEL
            .get_or_init(|| async {
                let model = Self::create().await;
                let storage = Storage::open(&model.url, 1).await.unwrap();
                storage.migrate().await.unwrap();
                storage.close().await;
                let _ = std::fs::remove_dir_all(&model.folder);
                model.shared.unwrap().1
            })
            .await;
        Self::create_as(&format!(" template {model}")).await
    }

    /// An empty one.
    pub async fn create() -> Self {
        Self::create_as("").await
    }

    async fn create_as(template: &str) -> Self {
        let name = format!(
            "propusk_test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::SeqCst)
        );
        let folder = std::env::temp_dir().join(&name);
        // Another process of this number may have ended without cleaning up.
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).unwrap();
        match server() {
            None => Self {
                url: format!("sqlite://{}/propusk.db", folder.display()),
                folder,
                shared: None,
            },
            Some(server) => {
                let mut connection = PgConnection::connect(&server).await.unwrap();
                connection
                    .execute(AssertSqlSafe(format!("create database {name}{template}")))
                    .await
                    .unwrap();
                let (base, _) = server.rsplit_once('/').unwrap();
                Self {
                    url: format!("{base}/{name}"),
                    folder,
                    shared: Some((server, name)),
                }
            }
        }
    }

    /// Deletes it.
    pub async fn delete(&self) {
        if let Some((server, name)) = &self.shared {
            let mut connection = PgConnection::connect(server).await.unwrap();
            connection
                .execute(AssertSqlSafe(format!("drop database {name} with (force)")))
                .await
                .unwrap();
        }
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}
