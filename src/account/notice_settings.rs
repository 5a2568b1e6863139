//! How a person wants to be told of what (requirement D5): ways by category, and
//! quiet hours. Codes always go; of dangers to the account, some way stays.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

use super::Accounts;
use super::browser::Browser;
use super::person::{Owner, Person};
use super::session::Session;
use crate::error::Result;
use crate::model::identifier::ContactKind;
use crate::model::timestamp::Timestamp;
use crate::notify::{Category, MessageKind};

/// A way to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeWay {
    Email,
    Sms,
    /// Browsers that were subscribed, where there are such notices.
    Push,
    /// The list of notices in the cabinet.
    Inbox,
}

impl NoticeWay {
    /// Every way, in the order of the page.
    pub const ALL: [Self; 4] = [Self::Email, Self::Sms, Self::Push, Self::Inbox];

    /// Its name in settings and forms.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Email => "email",
            Self::Sms => "sms",
            Self::Push => "push",
            Self::Inbox => "inbox",
        }
    }

    /// The way that reaches this kind of contact.
    pub(super) const fn of_contact(kind: ContactKind) -> Self {
        match kind {
            ContactKind::Email => Self::Email,
            ContactKind::Phone | ContactKind::Snils => Self::Sms,
        }
    }
}

/// Hours in which what can wait waits; over midnight when they end earlier than
/// they begin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quiet {
    /// The hour it begins, 0 to 23.
    pub from: i8,
    /// The hour it ends.
    pub until: i8,
}

/// What was chosen; at first, every way and no quiet hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeSettings {
    /// Ways that are turned off, by category.
    off: BTreeMap<String, BTreeSet<String>>,
    pub quiet: Option<Quiet>,
}

/// Why settings were not saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SettingsRefused {
    /// Nothing would tell of dangers any more.
    SecuritySilent,
    /// Quiet hours that end when they begin.
    QuietEmpty,
}

impl NoticeSettings {
    /// Whether somebody is told of this in this way.
    pub fn is_on(&self, category: Category, way: NoticeWay) -> bool {
        let off = self.off.get(category.as_str());
        off.is_none_or(|ways| !ways.contains(way.as_str()))
    }

    /// Turns a way on or off.
    pub fn set(&mut self, category: Category, way: NoticeWay, on: bool) {
        let ways = self.off.entry(category.as_str().to_owned()).or_default();
        if on {
            ways.remove(way.as_str());
        } else {
            ways.insert(way.as_str().to_owned());
        }
    }

    /// When the quiet hours are over that it is now, in the person's zone.
    pub fn quiet_end(&self, zone: &str, now: Timestamp) -> Option<Timestamp> {
        let quiet = self.quiet?;
        // Moscow has kept +3 since 2014.
        let zone = TimeZone::get(zone).unwrap_or_else(|_| TimeZone::fixed(Offset::constant(3)));
        let local = jiff::Timestamp::from_millisecond(now.millis())
            .ok()?
            .to_zoned(zone.clone());
        let hour = local.hour();
        let (is_quiet, ends_today) = if quiet.from < quiet.until {
            ((quiet.from..quiet.until).contains(&hour), true)
        } else {
            (hour >= quiet.from || hour < quiet.until, hour < quiet.until)
        };
        if !is_quiet {
            return None;
        }
        let day = match ends_today {
            true => local.date(),
            false => local.date().tomorrow().ok()?,
        };
        let end = day.at(quiet.until, 0, 0, 0).to_zoned(zone).ok()?;
        Some(Timestamp::from_millis(end.timestamp().as_millisecond()))
    }

    /// Whether a person with these contacts would still be told of dangers.
    fn warns(&self, person: &Person) -> bool {
        let email = person.email.as_ref().is_some_and(|email| email.confirmed);
        let phone = person.phone.as_ref().is_some_and(|phone| phone.confirmed);
        let is_on = |way| self.is_on(Category::Security, way);
        // Nobody looks into the cabinet who does not suspect anything: a thief
        // must not be able to leave that alone.
        match (email, phone) {
            (false, false) => is_on(NoticeWay::Inbox),
            _ => email && is_on(NoticeWay::Email) || phone && is_on(NoticeWay::Sms),
        }
    }
}

impl Owner {
    /// How they want to be told.
    pub(super) fn notice_settings(&self) -> Result<NoticeSettings> {
        match &self.record.notices_sealed {
            Some(sealed) => self.key.open_json("notices", sealed),
            None => Ok(NoticeSettings::default()),
        }
    }
}

impl Accounts {
    /// Saves how the citizen wants to be told. Of other ways of being warned,
    /// every contact is told.
    ///
    /// # Errors
    /// When the database is away; the refusal inside.
    pub async fn save_notice_settings(
        &self,
        session: &Session,
        settings: &NoticeSettings,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<std::result::Result<(), SettingsRefused>> {
        let owner = self.load_owner(&session.account).await?;
        let person = self.person_of(&owner).await?;
        if !settings.warns(&person) {
            return Ok(Err(SettingsRefused::SecuritySilent));
        }
        if settings
            .quiet
            .is_some_and(|quiet| quiet.from == quiet.until)
        {
            return Ok(Err(SettingsRefused::QuietEmpty));
        }
        let before = owner.notice_settings()?;
        let is_changed = |way: &NoticeWay| {
            before.is_on(Category::Security, *way) != settings.is_on(Category::Security, *way)
        };
        let mut lines = self
            .lines(&owner, now)
            .journal("notices_changed", None, browser)?;
        if NoticeWay::ALL.iter().any(is_changed) {
            let kind = MessageKind::NoticesChanged;
            let params = [
                ("time", now.millis().to_string()),
                ("link", self.link("/account/notices/settings")),
            ];
            let happening = (kind, &session.id);
            lines = lines.warn_everywhere(happening, &params).await?;
        }
        let sealed = owner.key.seal_json("notices", settings)?;
        self.storage
            .put_notice_settings(owner.id().clone(), sealed, lines.done())
            .await?;
        Ok(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quiet_hours_end_in_the_persons_own_morning() {
        let settings = |from, until| NoticeSettings {
            quiet: Some(Quiet { from, until }),
            ..NoticeSettings::default()
        };
        // 24 March 2026, 12:00 in Moscow.
        let noon = 1_774_342_800;
        let at = |hours: i64| Timestamp::from_seconds(noon + hours * 3600);
        let night = settings(22, 7);
        assert_eq!(night.quiet_end("Europe/Moscow", at(0)), None);
        assert_eq!(night.quiet_end("Europe/Moscow", at(11)), Some(at(19)));
        assert_eq!(night.quiet_end("Europe/Moscow", at(18)), Some(at(19)));
        assert_eq!(night.quiet_end("Europe/Moscow", at(19)), None);
        // Eight hours ahead of Moscow it is morning when it is night there.
        assert_eq!(night.quiet_end("Asia/Kamchatka", at(11)), None);
        assert_eq!(night.quiet_end("Asia/Kamchatka", at(2)), Some(at(10)));
        let day = settings(9, 18);
        assert_eq!(day.quiet_end("Europe/Moscow", at(0)), Some(at(6)));
        assert_eq!(day.quiet_end("Europe/Moscow", at(6)), None);
        assert_eq!(NoticeSettings::default().quiet_end("", at(11)), None);
    }
}
