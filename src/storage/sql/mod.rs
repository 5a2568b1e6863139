//! The queries, in the SQL that SQLite and PostgreSQL share: `$1`, `on
//! conflict`, `returning`; no `now()`, arrays, `for update` or JSON operators.
//! A step that must happen once is one guarded `update … returning`.

pub mod accounts;
pub mod appeals;
pub mod centres;
pub mod clients;
pub mod consents;
pub mod devices;
pub mod documents;
pub mod erasure;
pub mod esia;
pub mod factors;
pub mod files;
pub mod freezes;
pub mod grants;
pub mod history;
pub mod keys;
pub mod letters;
pub mod links;
pub mod not_me;
pub mod outbox;
pub mod overrides;
pub mod papers;
pub mod passwords;
pub mod photographs;
pub mod proof_codes;
pub mod proofing;
pub mod push;
pub mod recoveries;
pub mod registrations;
pub mod risk;
pub mod sessions;
pub mod signals;
pub mod stream_events;
pub mod streams;
pub mod support;
pub mod throttles;
pub mod tickets;
pub mod trusted;
pub mod upkeep;

use super::{Conn, Result, query, query_as, query_scalar};
