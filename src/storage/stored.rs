//! How model values stand in columns: ids and digests as TEXT, moments as
//! BIGINT. Written once for both databases.

use rusqlite::types::{FromSql, FromSqlResult, ToSql, ToSqlOutput, ValueRef};
use sqlx::encode::IsNull;
use sqlx::error::BoxDynError;
use sqlx::{Database, Decode, Encode, Type};

use crate::model::id::{AccountId, ClientId, ConsentId, GrantId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

macro_rules! stored_as {
    ($($model:ty as $column:ty: $write:expr, $read:expr;)*) => {$(
        impl<DB: Database> Type<DB> for $model
        where
            $column: Type<DB>,
        {
            fn type_info() -> DB::TypeInfo {
                <$column as Type<DB>>::type_info()
            }

            fn compatible(ty: &DB::TypeInfo) -> bool {
                <$column as Type<DB>>::compatible(ty)
            }
        }

        impl<'q, DB: Database> Encode<'q, DB> for $model
        where
            $column: Encode<'q, DB>,
        {
            fn encode_by_ref(&self, buf: &mut DB::ArgumentBuffer) -> Result<IsNull, BoxDynError> {
                let write: fn(&$model) -> $column = $write;
                write(self).encode(buf)
            }
        }

        impl<'r, DB: Database> Decode<'r, DB> for $model
        where
            $column: Decode<'r, DB>,
        {
            fn decode(value: DB::ValueRef<'r>) -> Result<Self, BoxDynError> {
                let read: fn($column) -> $model = $read;
                Ok(read(<$column as Decode<'r, DB>>::decode(value)?))
            }
        }

        impl ToSql for $model {
            fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
                let write: fn(&$model) -> $column = $write;
                Ok(write(self).into())
            }
        }

        impl FromSql for $model {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                let read: fn($column) -> $model = $read;
                Ok(read(<$column as FromSql>::column_result(value)?))
            }
        }
    )*};
}

stored_as! {
    Timestamp as i64: |at| at.millis(), Timestamp::from_millis;
    Digest as String: |digest| digest.as_str().to_owned(), Digest::from_stored;
    AccountId as String: |id| id.as_str().to_owned(), AccountId::from;
    SessionId as String: |id| id.as_str().to_owned(), SessionId::from;
    ClientId as String: |id| id.as_str().to_owned(), ClientId::from;
    ConsentId as String: |id| id.as_str().to_owned(), ConsentId::from;
    GrantId as String: |id| id.as_str().to_owned(), GrantId::from;
}
