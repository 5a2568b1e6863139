//! What a step on a consent leaves behind.

use std::net::IpAddr;
use std::time::Duration;

use super::Consents;
use crate::account::journal::Actor;
use crate::account::notice_settings::NoticeWay;
use crate::error::Result;
use crate::model::client::Localized;
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::{Channel, MessageKind, compose, notice};
use crate::storage::Effects;
use crate::texts::Lang;

const MESSAGE_LIFE: Duration = Duration::from_secs(24 * 3_600);

/// A step to be told of.
pub(super) struct Told<'a> {
    pub account: &'a AccountId,
    pub actor: Actor,
    /// The journal's action.
    pub action: &'a str,
    pub site: &'a Localized,
    pub address: Option<IpAddr>,
    /// The notice, with a moment if it names one.
    pub message: Option<(MessageKind, Option<Timestamp>)>,
    /// Whether the notice also goes out by mail.
    pub by_mail: bool,
}

impl Consents {
    pub(super) async fn lines(&self, told: Told<'_>, now: Timestamp) -> Result<Effects> {
        let mut effects = Effects::default();
        let Some(known) = self.accounts.known(told.account).await? else {
            return Ok(effects);
        };
        let (person, key) = (&known.person, &known.key);
        let site = match person.locale {
            Lang::Ru => &told.site.ru,
            Lang::En => &told.site.en,
        };
        effects.journal.push(self.accounts.journal_record(
            key,
            told.account,
            &told.actor,
            told.action,
            Some(site),
            told.address,
            now,
        )?);
        let Some((kind, moment)) = told.message else {
            return Ok(effects);
        };
        let mut params = vec![
            ("site", site.clone()),
            ("link", format!("{}/account/consents", self.issuer)),
        ];
        if let Some(moment) = moment {
            params.push(("time", moment.millis().to_string()));
        }
        effects.pushes.extend(self.accounts.push_to(
            (key, told.account, person.locale),
            &person.notices,
            &person.profile.zoneinfo,
            kind,
            &params,
            now,
        )?);
        let told_by = |way| person.notices.is_on(kind.category(), way);
        if told_by(NoticeWay::Inbox) {
            effects.notices.push(notice(
                key,
                told.account,
                &self.entropy,
                kind,
                &params,
                now,
            )?);
        }
        let email = person.email.as_ref();
        let email =
            email.filter(|email| email.confirmed && told.by_mail && told_by(NoticeWay::Email));
        if let Some(email) = email {
            if kind.can_be_undone() {
                let made = self
                    .accounts
                    .not_me(told.account, kind, None, "email", now)?;
                params.push(("not_me", made.0));
                effects.tickets.push(made.1);
            }
            let mut message = compose(
                &self.vault,
                &self.entropy,
                Channel::Email,
                email.value.as_str(),
                kind,
                &params,
                person.locale,
                now,
                MESSAGE_LIFE,
            )?;
            let zone = &person.profile.zoneinfo;
            if let Some(end) = person.notices.quiet_end(zone, now) {
                message.wait_until(end);
            }
            effects.outbox.push(message);
        }
        Ok(effects)
    }
}
