//! Everything a database holds, table by table and row by row: to see that a
//! step changed nothing, and that nothing secret lies in it.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, query_scalar};

use super::TestApp;
use super::database::TestDatabase;

/// Rows by table.
pub type Contents = BTreeMap<String, Vec<String>>;

impl TestDatabase {
    /// Everything it holds now.
    pub async fn contents(&self) -> Contents {
        if self.url.starts_with("sqlite:") {
            self.contents_of_file()
        } else {
            self.contents_of_server().await
        }
    }

    /// Changes the database behind the program's back.
    pub async fn execute(&self, sql: &str) {
        if self.url.starts_with("sqlite:") {
            self.file().execute_batch(sql).unwrap();
        } else {
            let sql = AssertSqlSafe(sql.to_owned());
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            connection.execute(sql).await.unwrap();
            connection.close().await.unwrap();
        }
    }

    /// What a query counts.
    pub async fn count(&self, sql: &str) -> i64 {
        if self.url.starts_with("sqlite:") {
            self.file().query_one(sql, [], |row| row.get(0)).unwrap()
        } else {
            let sql = AssertSqlSafe(sql.to_owned());
            let mut connection = PgConnection::connect(&self.url).await.unwrap();
            query_scalar(sql).fetch_one(&mut connection).await.unwrap()
        }
    }

    fn file(&self) -> rusqlite::Connection {
        let path = self.url.trim_start_matches("sqlite://");
        rusqlite::Connection::open(path).unwrap()
    }

    fn contents_of_file(&self) -> Contents {
        let connection = self.file();
        let column = |sql: &str| -> Vec<String> {
            let mut statement = connection.prepare(sql).unwrap();
            let rows = statement.query_map([], |row| row.get(0)).unwrap();
            rows.map(Result::unwrap).collect()
        };
        let tables = column(
            "select name from sqlite_master where type = 'table'
             and name not like '\\_sqlx%' escape '\\' and name not like 'sqlite%'",
        );
        let mut contents = Contents::new();
        for table in tables {
            let row = column(&format!("select name from pragma_table_info('{table}')"))
                .iter()
                .map(|column| format!("'{column}=' || quote({column})"))
                .collect::<Vec<_>>()
                .join(" || ' ' || ");
            let rows = column(&format!("select {row} from {table} order by 1"));
            contents.insert(table, rows);
        }
        contents
    }

    async fn contents_of_server(&self) -> Contents {
        let mut connection = PgConnection::connect(&self.url).await.unwrap();
        let tables: Vec<String> = query_scalar(
            "select table_name::text from information_schema.tables
             where table_schema = 'public' and table_name not like '\\_sqlx%'",
        )
        .fetch_all(&mut connection)
        .await
        .unwrap();
        let mut contents = Contents::new();
        for table in tables {
            let rows = query_scalar(AssertSqlSafe(format!(
                "select line::text from {table} line order by 1"
            )))
            .fetch_all(&mut connection)
            .await
            .unwrap();
            contents.insert(table, rows);
        }
        connection.close().await.unwrap();
        contents
    }
}

impl TestApp {
    /// Everything the database holds once nothing is under way.
    pub async fn contents(&self) -> Contents {
        self.upkeep().await;
        loop {
            self.deliver().await;
            let (waiting, _) = self.app.storage.outbox_waiting().await.unwrap();
            if waiting == 0 {
                break;
            }
            tokio::time::sleep(std::time::Duration::from_millis(10)).await;
        }
        self.database.contents().await
    }
}
