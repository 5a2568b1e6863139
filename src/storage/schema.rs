//! Migrations: embedded, additive, the same text for both databases.

use std::borrow::Cow;

use rusqlite::{Connection, Transaction, TransactionBehavior};
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::{PgConnection, SqlSafeStr as _};

use crate::error::{Internal, Result};
use crate::model::secret::Digest;

/// Every migration: version, name, text.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "foundation",
        include_str!("../../migrations/0001_foundation.sql"),
    ),
    (
        2,
        "proofing",
        include_str!("../../migrations/0002_proofing.sql"),
    ),
    (
        3,
        "service_centres",
        include_str!("../../migrations/0003_service_centres.sql"),
    ),
    (
        5,
        "letters",
        include_str!("../../migrations/0005_letters.sql"),
    ),
    (4, "links", include_str!("../../migrations/0004_links.sql")),
    (6, "files", include_str!("../../migrations/0006_files.sql")),
    (
        7,
        "papers",
        include_str!("../../migrations/0007_papers.sql"),
    ),
    (
        8,
        "overrides",
        include_str!("../../migrations/0008_overrides.sql"),
    ),
    (
        9,
        "support",
        include_str!("../../migrations/0009_support.sql"),
    ),
    (
        10,
        "factors",
        include_str!("../../migrations/0010_factors.sql"),
    ),
    (11, "risk", include_str!("../../migrations/0011_risk.sql")),
    (
        12,
        "erasure",
        include_str!("../../migrations/0012_erasure.sql"),
    ),
    (13, "notme", include_str!("../../migrations/0013_notme.sql")),
    (
        14,
        "recovery",
        include_str!("../../migrations/0014_recovery.sql"),
    ),
    (
        15,
        "trusted",
        include_str!("../../migrations/0015_trusted.sql"),
    ),
    (
        16,
        "vouch_asker",
        include_str!("../../migrations/0016_vouch_asker.sql"),
    ),
    (
        17,
        "device_rights",
        include_str!("../../migrations/0017_device_rights.sql"),
    ),
    (
        18,
        "appeals",
        include_str!("../../migrations/0018_appeals.sql"),
    ),
    (
        19,
        "web_push",
        include_str!("../../migrations/0019_web_push.sql"),
    ),
    (
        20,
        "questions",
        include_str!("../../migrations/0020_questions.sql"),
    ),
    (
        21,
        "bound_tokens",
        include_str!("../../migrations/0021_bound_tokens.sql"),
    ),
    (
        22,
        "registrations",
        include_str!("../../migrations/0022_registrations.sql"),
    ),
    (
        23,
        "requests_of_sites",
        include_str!("../../migrations/0023_requests_of_sites.sql"),
    ),
    (
        24,
        "shared_signals",
        include_str!("../../migrations/0024_shared_signals.sql"),
    ),
    (
        25,
        "authorization_details",
        include_str!("../../migrations/0025_authorization_details.sql"),
    ),
    (26, "esia", include_str!("../../migrations/0026_esia.sql")),
];

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

/// Brings a PostgreSQL database to this program's schema.
pub(super) async fn migrate_postgres(database: &mut PgConnection) -> Result<()> {
    migrator().run(database).await.map_err(|error| match error {
        MigrateError::VersionMissing(_) => newer(),
        other => Internal::from(other),
    })
}

/// The same for SQLite, with the same record of what was applied.
pub(super) fn migrate_sqlite(database: &mut Connection) -> Result<()> {
    let transaction = Transaction::new(database, TransactionBehavior::Immediate)?;
    transaction.execute_batch(
        "create table if not exists _sqlx_migrations (
             version bigint primary key, description text not null,
             installed_on timestamp not null default current_timestamp,
             success boolean not null, checksum blob not null, execution_time bigint not null
         )",
    )?;
    let applied: Vec<(i64, Vec<u8>)> = transaction
        .prepare("select version, cast(checksum as blob) from _sqlx_migrations")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<rusqlite::Result<_>>()?;
    let (applied, sums): (Vec<i64>, Vec<Vec<u8>>) = applied.into_iter().unzip();
    if has_unknown(&applied) {
        return Err(newer());
    }
    for (version, _, sql) in MIGRATIONS {
        let at = applied.iter().position(|applied| applied == version);
        if at.is_some_and(|at| sums[at] != checksum(sql)) {
            return Err(Internal::new(format!(
                "the database was made by migration {version} of another version of this \
                 program, before its first release: begin with a new database"
            )));
        }
    }
    for (version, name, sql) in MIGRATIONS {
        if !applied.contains(version) {
            transaction.execute_batch(sql)?;
            transaction.execute(
                "insert into _sqlx_migrations
                     (version, description, success, checksum, execution_time)
                 values (?1, ?2, true, ?3, 0)",
                (version, name, checksum(sql)),
            )?;
        }
    }
    Ok(transaction.commit()?)
}

fn checksum(sql: &str) -> Vec<u8> {
    Digest::of(sql.as_bytes()).as_str().as_bytes().to_vec()
}

fn has_unknown(applied: &[i64]) -> bool {
    let is_unknown = |version| MIGRATIONS.iter().all(|(known, ..)| known != version);
    applied.iter().any(is_unknown)
}

/// Compares what the database has been through with what this program knows.
///
/// # Errors
/// When the schema is older (migrations are missing) or newer (unknown ones
/// were applied): serving either would corrupt data.
pub(super) fn check(applied: &[i64]) -> Result<()> {
    if has_unknown(applied) {
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
