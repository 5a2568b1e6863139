//! Propusk: an identity provider for a state or a region. One account per
//! person, consents the citizen controls, OpenID Connect for portals.
//!
//! One package; its walls are modules, and arrows lead only downward
//! (`tests/it/architecture.rs` holds them):
//!
//! ```text
//! cli, web ──► esia ──► protocol, operator ──► consent ──► account ──► notify, jose, signature, vault, egress, storage ──► model
//! ```
//!
//! SQLite is spoken to by rusqlite, in the thread that asks, and PostgreSQL by
//! sqlx: one SQL, two drivers ([`storage`]). sqlx gives each SQLite connection a
//! thread, and the way there and back cost ten to a hundred times the query.
//!
//! [`esia`] is a second wire over the same protocol: it makes a flow of ESIA's
//! requests and asks [`protocol::issue`] before it makes tokens of its own form.
//! Its tokens are read there, all others in [`jose`]. [`signature`] holds what
//! certificates sign: citizens' qualified signatures and ESIA's requests.
//!
//! [`app`] opens every room and connects them; [`clock`], [`entropy`],
//! [`error`] and [`texts`] may be used by all. Protocol and consent stand on
//! accounts, never the other way round; only `web` knows HTTP and HTML, only
//! `storage` knows SQL, only `egress` calls out.

pub mod account;
pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod consent;
pub mod egress;
pub mod entropy;
pub mod error;
pub mod esia;
pub mod jose;
pub mod model;
pub mod notify;
pub mod operator;
pub mod protocol;
pub mod signature;
pub mod storage;
pub mod texts;
pub mod vault;
pub mod web;
