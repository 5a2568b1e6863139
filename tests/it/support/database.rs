//! A database for one test: a file, or with PROPUSK_TEST_DATABASE (an address
//! of a PostgreSQL server whose user may create databases) one of its own.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection};

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

impl TestDatabase {
    pub async fn create() -> Self {
        let name = format!(
            "propusk_test_{}_{}",
            std::process::id(),
            NEXT.fetch_add(1, Ordering::SeqCst)
        );
        let folder = std::env::temp_dir().join(&name);
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
                    .execute(AssertSqlSafe(format!("create database {name}")))
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
