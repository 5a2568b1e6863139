//! Queries with the words of sqlx, so that `sql/` reads the same for both
//! databases: bind values to `$1`, `$2`, …, run, read rows.

use rusqlite::types::{FromSql, ToSql, Value};
use rusqlite::{CachedStatement, Error, Row, Rows};

use super::{Conn, Result};

/// A row that can be read into a value.
pub trait FromRow: Sized {
    /// Reads columns by their names.
    ///
    /// # Errors
    /// When a column is missing or of another kind.
    fn from_row(row: &Row<'_>) -> Result<Self>;
}

impl<A: FromSql, B: FromSql> FromRow for (A, B) {
    fn from_row(row: &Row<'_>) -> Result<Self> {
        Ok((row.get(0)?, row.get(1)?))
    }
}

/// A statement, its values, and how a row of its answer is read.
pub struct Query<T> {
    sql: &'static str,
    values: Result<Vec<Value>>,
    read: fn(&Row<'_>) -> Result<T>,
}

/// What a statement without rows did.
pub struct Done {
    rows_affected: u64,
}

impl Done {
    /// How many rows were inserted, changed or deleted.
    pub const fn rows_affected(&self) -> u64 {
        self.rows_affected
    }
}

/// A statement that is run for its effect.
pub fn query(sql: &'static str) -> Query<()> {
    Query::new(sql, |_| Ok(()))
}

/// A statement whose rows are records.
pub fn query_as<T: FromRow>(sql: &'static str) -> Query<T> {
    Query::new(sql, T::from_row)
}

/// A statement whose rows have one column.
pub fn query_scalar<T: FromSql>(sql: &'static str) -> Query<T> {
    Query::new(sql, |row| row.get(0))
}

impl<T> Query<T> {
    fn new(sql: &'static str, read: fn(&Row<'_>) -> Result<T>) -> Self {
        Self {
            sql,
            values: Ok(Vec::new()),
            read,
        }
    }

    /// Gives the next of `$1`, `$2`, … its value.
    #[must_use]
    pub fn bind(mut self, value: impl ToSql) -> Self {
        self.values = self.values.and_then(|mut values| {
            values.push(match value.to_sql()? {
                rusqlite::types::ToSqlOutput::Owned(value) => value,
                rusqlite::types::ToSqlOutput::Borrowed(value) => value.try_into()?,
                _ => return Err(Error::InvalidQuery),
            });
            Ok(values)
        });
        self
    }

    /// Runs it for its effect.
    pub async fn execute(self, conn: &mut Conn) -> Result<Done> {
        let (mut statement, values) = (conn.prepare_cached(self.sql)?, self.values?);
        bind_all(&mut statement, &values)?;
        let rows_affected = statement.raw_execute()? as u64;
        Ok(Done { rows_affected })
    }

    /// Its first row, if there is one.
    pub async fn fetch_optional(self, conn: &mut Conn) -> Result<Option<T>> {
        self.rows(conn, |rows, read| rows.next()?.map(read).transpose())
    }

    /// Its first row.
    pub async fn fetch_one(self, conn: &mut Conn) -> Result<T> {
        let first = self.fetch_optional(conn).await?;
        first.ok_or(Error::QueryReturnedNoRows)
    }

    /// All its rows.
    pub async fn fetch_all(self, conn: &mut Conn) -> Result<Vec<T>> {
        self.rows(conn, |rows, read| {
            let mut all = Vec::new();
            while let Some(row) = rows.next()? {
                all.push(read(row)?);
            }
            Ok(all)
        })
    }

    fn rows<O>(
        self,
        conn: &mut Conn,
        take: impl FnOnce(&mut Rows<'_>, fn(&Row<'_>) -> Result<T>) -> Result<O>,
    ) -> Result<O> {
        let (mut statement, values) = (conn.prepare_cached(self.sql)?, self.values?);
        bind_all(&mut statement, &values)?;
        take(&mut statement.raw_query(), self.read)
    }
}

/// To SQLite `$2` is a name, numbered by where it first stands.
fn bind_all(statement: &mut CachedStatement<'_>, values: &[Value]) -> Result<()> {
    for index in 1..=statement.parameter_count() {
        let name = statement.parameter_name(index).unwrap_or_default();
        let value = name
            .strip_prefix('$')
            .and_then(|number| number.parse::<usize>().ok())
            .and_then(|number| values.get(number.checked_sub(1)?))
            .ok_or_else(|| Error::InvalidParameterName(name.to_owned()))?;
        statement.raw_bind_parameter(index, value)?;
    }
    Ok(())
}
