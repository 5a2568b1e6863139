//! What storage takes and gives: one struct per row, and what a step takes and
//! how it ended. Sealed fields are opaque here.

/// A struct that is read from a row of either database.
macro_rules! record {
    ($(#[$meta:meta])* pub struct $name:ident { $($(#[$doc:meta])* pub $field:ident: $kind:ty,)* }) => {
        $(#[$meta])*
        #[derive(sqlx::FromRow)]
        pub struct $name {$(
            $(#[$doc])*
            pub $field: $kind,
        )*}

        impl crate::storage::compiled::sqlite::FromRow for $name {
            fn from_row(row: &rusqlite::Row<'_>) -> rusqlite::Result<Self> {
                Ok(Self {$($field: row.get(stringify!($field))?,)*})
            }
        }
    };
}

mod appeals;
mod centres;
mod devices;
mod documents;
mod erasure;
mod factors;
mod files;
mod grants;
mod history;
mod letters;
mod links;
mod not_me;
mod overrides;
mod papers;
mod people;
mod photographs;
mod proof_codes;
mod proofing;
mod push;
mod recovery;
mod registrations;
mod risk;
mod ruling;
mod signals;
mod step;
mod support;
mod system;
mod trusted;

pub use appeals::*;
pub use centres::*;
pub use devices::*;
pub use documents::*;
pub use erasure::*;
pub use factors::*;
pub use files::*;
pub use grants::*;
pub use history::*;
pub use letters::*;
pub use links::*;
pub use not_me::*;
pub use overrides::*;
pub use papers::*;
pub use people::*;
pub use photographs::*;
pub use proof_codes::*;
pub use proofing::*;
pub use push::*;
pub use recovery::*;
pub use registrations::*;
pub use risk::*;
pub use ruling::*;
pub use signals::*;
pub use step::*;
pub use support::*;
pub use system::*;
pub use trusted::*;
