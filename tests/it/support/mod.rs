//! What tests are made of: the application, a browser, a relying party.

pub mod app;
pub mod browser;
pub mod database;
pub mod relying_party;

pub use app::TestApp;
pub use browser::{Browser, Page};
pub use relying_party::{RelyingParty, Tokens};
