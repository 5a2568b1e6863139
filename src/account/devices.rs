//! The devices of a citizen, and what may be done from each (requirement D3).
//! Rights belong to a browser that has signed in: whoever signs in at a new one
//! has shown who they are and begins with all of them. So they guard a tablet
//! that others use or a phone that is lent, and not the sign-in itself.
//!
//! A new password or a recovery changes no rights. A device that was let in by
//! another one (by QR code) begins with the rights of that.

use super::Accounts;
use super::browser::{Browser, Details};
use super::history::session_field;
use super::locks::Gate;
use super::session::Session;
use crate::error::{Internal, Result};
use crate::model::device_rights::DeviceRights;
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{DeviceRecord, RightsChange, RightsSet};

/// So many devices are listed, the last used first.
const MOST: i64 = 50;

/// A browser that has signed in to the account.
#[derive(Clone, Debug)]
pub struct Device {
    pub(super) digest: Digest,
    /// `desktop`, `phone`, `tablet` or `other`.
    pub kind: String,
    /// What its newest session said of it.
    pub details: Details,
    pub known_since: Timestamp,
    pub last_use: Timestamp,
    /// Until when no second factor is asked for there.
    pub trusted_until: Option<Timestamp>,
    /// Until when no password is looked at there, after wrong ones.
    pub locked_until: Option<Timestamp>,
    pub rights: DeviceRights,
    /// Whether it is asked as an unknown one at its next sign-in.
    pub forgotten: bool,
    /// Whether the session that looks is at it.
    pub current: bool,
}

impl Device {
    /// Its name in forms: no secret, for no cookie comes of it.
    pub fn id(&self) -> &str {
        self.digest.as_str()
    }

    /// Whether a session began here.
    pub fn is_at(&self, device: Option<&Digest>) -> bool {
        device == Some(&self.digest)
    }
}

/// Why a device stays as it is.
#[derive(Debug)]
pub enum DeviceRefused {
    /// The account has no such device.
    Unknown,
    /// The device that asks has not all rights itself.
    Forbidden,
    /// No device would be left with all rights, and the citizen has not said
    /// that they know.
    LastFull,
    /// The last proof is too old (C10).
    NeedsProof,
    /// Sensitive actions are closed after an unusual sign-in.
    Restricted,
    Internal(Internal),
}

impl From<Internal> for DeviceRefused {
    fn from(error: Internal) -> Self {
        Self::Internal(error)
    }
}

impl Accounts {
    /// The devices of the citizen who looks, the last used first.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn devices(&self, session: &Session, now: Timestamp) -> Result<Vec<Device>> {
        let mut devices = Vec::new();
        for mut device in self.all_devices(&session.account, MOST, now).await? {
            device.current = device.is_at(session.device.as_ref());
            let gate = Gate::of_device(&device.digest, &session.account);
            let lock = self.standing_at(&gate, now).await?.shown;
            device.locked_until = lock.map(|lock| lock.until);
            devices.push(device);
        }
        Ok(devices)
    }

    /// The same for nobody in particular; locks are not looked at.
    pub(super) async fn all_devices(
        &self,
        account: &AccountId,
        limit: i64,
        now: Timestamp,
    ) -> Result<Vec<Device>> {
        let key = self.account_key(account).await?;
        let device = |record: DeviceRecord| {
            let details = match (&record.session, &record.details_sealed) {
                (Some(id), Some(sealed)) => key.open_json(&session_field(id), sealed)?,
                _ => Details::default(),
            };
            Ok(Device {
                kind: record.device_kind.unwrap_or_default(),
                details,
                known_since: record.created_at,
                last_use: record
                    .last_seen_at
                    .max(Some(record.last_used_at))
                    .unwrap_or(now),
                trusted_until: record.trusted_until.filter(|until| now < *until),
                locked_until: None,
                rights: DeviceRights::parse(&record.rights).unwrap_or(DeviceRights::View),
                forgotten: record.forgotten_at.is_some(),
                current: false,
                digest: record.digest,
            })
        };
        let records = self.storage.devices_of(account, limit).await?;
        records.into_iter().map(device).collect()
    }

    /// The device of this name.
    ///
    /// # Errors
    /// [`DeviceRefused::Unknown`], also for one of somebody else.
    pub async fn device(
        &self,
        session: &Session,
        id: &str,
        now: Timestamp,
    ) -> Result<Device, DeviceRefused> {
        let devices = self.devices(session, now).await?;
        let found = devices.into_iter().find(|device| device.id() == id);
        found.ok_or(DeviceRefused::Unknown)
    }

    /// Gives a device other rights. Only a full device gives any, after a fresh
    /// proof; each may give up its own.
    ///
    /// # Errors
    /// The refusal.
    pub async fn set_device_rights(
        &self,
        session: &Session,
        device: &Device,
        rights: DeviceRights,
        sure: bool,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), DeviceRefused> {
        if !session
            .rights
            .may_set(device.current, device.rights, rights)
        {
            return match device.current && device.rights == rights {
                true => Ok(()),
                false => Err(DeviceRefused::Forbidden),
            };
        }
        let gives_up = device.current && rights <= device.rights;
        if !gives_up {
            self.may_change_devices(session, now).await?;
        }
        let owner = self.load_owner(&session.account).await?;
        let name = device.details.device();
        let subject = format!("{} {name}", rights.as_str());
        let mut lines =
            self.lines(&owner, now)
                .journal("device_rights_changed", Some(&subject), browser)?;
        if !device.current {
            let happening = (MessageKind::DeviceRightsChanged, &session.id);
            let params = self.of_device(name, now);
            lines = lines.warn(happening, &params).await?;
        }
        let change = RightsChange {
            account: session.account.clone(),
            device: device.digest.clone(),
            rights,
            by: session.id.clone(),
            sure,
            effects: lines.done(),
        };
        match self.storage.set_device_rights(change, now).await? {
            RightsSet::Changed | RightsSet::Same => Ok(()),
            RightsSet::LastFull => Err(DeviceRefused::LastFull),
            RightsSet::Forbidden => Err(DeviceRefused::Forbidden),
            RightsSet::Unknown => Err(DeviceRefused::Unknown),
        }
    }

    /// Forgets another device and ends its sessions: the next sign-in there is
    /// that of a new one, with all rights. So it takes what raising them takes.
    ///
    /// # Errors
    /// The refusal.
    pub async fn forget_device(
        &self,
        session: &Session,
        device: &Device,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<(), DeviceRefused> {
        if session.rights != DeviceRights::Full {
            return Err(DeviceRefused::Forbidden);
        }
        self.may_change_devices(session, now).await?;
        let owner = self.load_owner(&session.account).await?;
        let name = device.details.device();
        let happening = (MessageKind::DeviceForgotten, &session.id);
        let effects = self
            .lines(&owner, now)
            .journal("device_forgotten", Some(&name), browser)?
            .warn(happening, &self.of_device(name, now))
            .await?
            .done();
        let (account, digest) = (session.account.clone(), device.digest.clone());
        match self
            .storage
            .forget_device(account, digest, now, effects)
            .await?
        {
            true => Ok(()),
            false => Err(DeviceRefused::Unknown),
        }
    }

    async fn may_change_devices(
        &self,
        session: &Session,
        now: Timestamp,
    ) -> Result<(), DeviceRefused> {
        if self.restriction(&session.account, now).await?.is_some() {
            return Err(DeviceRefused::Restricted);
        }
        match self.is_proven(session, now).await? {
            true => Ok(()),
            false => Err(DeviceRefused::NeedsProof),
        }
    }

    fn of_device(&self, name: String, now: Timestamp) -> [(&'static str, String); 3] {
        [
            ("time", now.millis().to_string()),
            ("device", name),
            ("link", self.link("/account/security")),
        ]
    }
}
