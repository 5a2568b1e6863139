//! Devices of an account.

use super::Effects;
use crate::model::device_rights::DeviceRights;
use crate::model::id::{AccountId, SessionId};
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;

record! {
    /// A browser that has signed in to an account, with its newest session.
    #[derive(Clone, Debug)]
    pub struct DeviceRecord {
        pub digest: Digest,
        pub created_at: Timestamp,
        /// The last sign-in.
        pub last_used_at: Timestamp,
        /// Until when it is not asked for a second factor.
        pub trusted_until: Option<Timestamp>,
        pub rights: String,
        /// Since when it is unknown, but keeps its rights.
        pub forgotten_at: Option<Timestamp>,
        pub session: Option<SessionId>,
        pub device_kind: Option<String>,
        pub details_sealed: Option<String>,
        pub last_seen_at: Option<Timestamp>,
    }
}

/// Other rights for a device.
#[derive(Clone, Debug)]
pub struct RightsChange {
    pub account: AccountId,
    pub device: Digest,
    pub rights: DeviceRights,
    /// The session that asks: what its device may, it may.
    pub by: SessionId,
    /// Whether no device need remain with all rights.
    pub sure: bool,
    pub effects: Effects,
}

/// How a change of rights ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RightsSet {
    Changed,
    /// They were so before.
    Same,
    /// No device would be left with all rights.
    LastFull,
    /// The device that asks may not.
    Forbidden,
    /// The account has no such device.
    Unknown,
}
