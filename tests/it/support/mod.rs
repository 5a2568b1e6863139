//! What tests are made of: the application, a browser, a relying party.

pub mod app;
pub mod authority;
pub mod bank;
pub mod browser;
pub mod client_key;
pub mod contents;
pub mod database;
pub mod dpop;
pub mod esia;
pub mod gateway;
pub mod http;
pub mod mail_server;
pub mod mutual_tls;
pub mod process;
pub mod published;
pub mod push_service;
pub mod qr;
pub mod receiver;
pub mod registry;
pub mod relying_party;
pub mod steps;

pub use app::TestApp;
pub use browser::{Browser, Page};
pub use receiver::Receiver;
pub use relying_party::{RelyingParty, Tokens};
