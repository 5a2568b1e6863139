//! The citizen's cabinet.

pub mod consents;
pub mod history;
pub mod journal;
pub mod notices;
pub mod overview;
pub mod profile;
pub mod security;
