//! Migrations: embedded, additive, the same text for both databases.

use std::borrow::Cow;

use sqlx::migrate::{Migrate, MigrateError, Migration, MigrationType, Migrator};
use sqlx::{Acquire, SqlSafeStr as _};

use crate::error::{Internal, Result};

/// Every migration: version, name, text.
const MIGRATIONS: &[(i64, &str, &str)] = &[(
    1,
    "foundation",
    include_str!("../../migrations/0001_foundation.sql"),
)];

fn migrator() -> Migrator {
    Migrator::with_migrations(
        MIGRATIONS
            .iter()
            .map(|(version, name, sql)| {
                Migration::new(
                    *version,
                    Cow::Borrowed(name),
                    MigrationType::Simple,
                    (*sql).into_sql_str(),
                    false,
                )
            })
            .collect(),
    )
}

/// Brings the database to this program's schema.
pub(super) async fn migrate<'a, A>(database: A) -> Result<()>
where
    A: Acquire<'a>,
    <A::Connection as std::ops::Deref>::Target: Migrate,
{
    migrator().run(database).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => newer(),
        other => Internal::from(other),
    })
}

/// Compares what the database has been through with what this program knows.
///
/// # Errors
/// When the schema is older (migrations are missing) or newer (unknown ones
/// were applied): serving either would corrupt data.
pub(super) fn check(applied: &[i64]) -> Result<()> {
    if applied
        .iter()
        .any(|version| MIGRATIONS.iter().all(|(known, ..)| known != version))
    {
        return Err(newer());
    }
    if MIGRATIONS
        .iter()
        .any(|(known, ..)| !applied.contains(known))
    {
        return Err(Internal::new(
            "the database schema is older than this program: run `propusk migrate` first",
        ));
    }
    Ok(())
}

fn newer() -> Internal {
    Internal::new(
        "the database schema is newer than this program: install the newer version, \
         or restore a backup made by this one",
    )
}
