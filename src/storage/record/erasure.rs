//! The end of an account.

use super::OutboxRecord;
use crate::model::id::AccountId;

/// What it takes to delete an account.
#[derive(Clone, Debug)]
pub struct Erasure {
    pub account: AccountId,
    /// `citizen` or `administrator`.
    pub by: &'static str,
    /// Whose waiting messages go: blind indexes of addresses.
    pub recipients: Vec<String>,
    /// The last messages.
    pub farewell: Vec<OutboxRecord>,
}

/// How deleting an account ended; nothing is done but for the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Erased {
    Now,
    /// There is no such account, or no longer.
    Unknown,
    /// It works at a service centre.
    Operator,
}
