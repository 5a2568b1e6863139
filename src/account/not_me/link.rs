//! What is done when a link is opened, or a line of the history is disowned
//! (requirement D2).

use super::told::Event as Told;
use crate::account::Accounts;
use crate::account::browser::Browser;
use crate::account::person::Owner;
use crate::account::record::WARNING_LIFE;
use crate::account::session::Session;
use crate::error::Result;
use crate::model::id::{AccountId, SessionId};
use crate::model::identifier::{ContactKind, Identifier};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::MessageKind;
use crate::storage::{Event, ExposureRecord, NotMe, Undo, Undone};
use crate::texts::{Texts, key};

/// Far away: no owner has set anything right yet.
const NEVER: Timestamp = Timestamp::from_millis(i64::MAX);

/// A link that works.
#[derive(Clone, Debug)]
pub struct FoundLink {
    pub kind: MessageKind,
    pub at: Timestamp,
    /// What would be undone; none when it was done before.
    pub undone: Option<Undone>,
}

/// How using a link ended.
#[derive(Debug)]
pub enum LinkUsed {
    Done {
        undone: Undone,
        account: AccountId,
    },
    /// It was done before, by this link or another one.
    Before,
    /// No such link, or its time is over.
    Unknown,
}

impl Accounts {
    /// What a link would do; nothing is done yet.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn find_not_me(&self, secret: &Secret, now: Timestamp) -> Result<Option<FoundLink>> {
        let Some((told, spent)) = self.event_of(secret, now).await? else {
            return Ok(None);
        };
        let exposure = self.storage.find_exposure(&told.account).await?;
        let undone = if spent || is_covered(&told, exposure.as_ref()) {
            None
        } else {
            let event = event_of(&told, exposure.as_ref());
            Some(self.storage.followed(&told.account, &event).await?)
        };
        let (kind, at) = (told.kind, told.at);
        Ok(Some(FoundLink { kind, at, undone }))
    }

    /// Ends what began with the event of a link and takes back what followed.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn use_not_me(
        &self,
        secret: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<LinkUsed> {
        let Some((told, spent)) = self.event_of(secret, now).await? else {
            return Ok(LinkUsed::Unknown);
        };
        let exposure = self.storage.find_exposure(&told.account).await?;
        if spent || is_covered(&told, exposure.as_ref()) {
            return Ok(LinkUsed::Before);
        }
        let owner = self.load_owner(&told.account).await?;
        let event = event_of(&told, exposure.as_ref());
        let undone = self.storage.followed(owner.id(), &event).await?;
        let kind = MessageKind::NotMeDone;
        let params = [
            ("time", told.at.millis().to_string()),
            ("undone", summary(Texts(owner.lang()), &undone)),
            ("link", self.link("/sign-in")),
        ];
        let mut messages = Vec::new();
        for to in self.contacts_at(&owner, &event).await? {
            let life = WARNING_LIFE;
            messages.extend(self.message(&to, kind, &params, owner.lang(), now, life)?);
        }
        let effects = self
            .lines(&owner, now)
            .journal("not_me", None, browser)?
            .notice(kind, &params)?
            .send(messages)
            .done();
        let undo = Undo {
            account: told.account,
            event,
            known_since: told.at,
            ticket: Some(secret.digest()),
            told: told.told,
            takes_back: true,
            effects,
        };
        Ok(match self.storage.undo(undo, now).await? {
            NotMe::Now(undone) => {
                let account = owner.record.id;
                LinkUsed::Done { undone, account }
            }
            NotMe::Before => LinkUsed::Before,
            NotMe::Unknown => LinkUsed::Unknown,
        })
    }

    /// Disowns a sign-in of the history: its session ends, its device is
    /// forgotten, and the password must be replaced. False when the account has
    /// no such session, or it is the one that asks.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn disown_sign_in(
        &self,
        by: &Session,
        id: &SessionId,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<bool> {
        let found = self.storage.load_session(id).await?;
        let Some(record) = found.filter(|found| found.account_id == by.account && *id != by.id)
        else {
            return Ok(false);
        };
        let owner = self.load_owner(&by.account).await?;
        let kind = MessageKind::NotMeDone;
        let texts = Texts(owner.lang());
        let one = Undone {
            sessions: u64::from(record.ended_at.is_none()),
            ..Undone::default()
        };
        let params = [
            ("time", record.created_at.millis().to_string()),
            ("undone", summary(texts, &one)),
            ("link", self.link("/sign-in")),
        ];
        let effects = self
            .lines(&owner, now)
            .journal("not_me", None, browser)?
            .warn(kind, &params)
            .await?
            .done();
        let event = Event {
            // Sessions that began later are other lines of the history.
            since: NEVER,
            until: NEVER,
            session: Some(id.clone()),
            any_session: false,
            printed: false,
        };
        let undo = Undo {
            account: by.account.clone(),
            event,
            known_since: record.created_at,
            ticket: None,
            told: String::new(),
            takes_back: false,
            effects,
        };
        Ok(matches!(self.storage.undo(undo, now).await?, NotMe::Now(_)))
    }

    /// The confirmed phone and mailbox as they were before an event.
    async fn contacts_at(&self, owner: &Owner, event: &Event) -> Result<Vec<Identifier>> {
        let mut records = self.storage.contacts_of(owner.id()).await?;
        let begun = owner.record.created_at;
        records.retain(|record| record.created_at < event.since || record.created_at == begun);
        records.extend(self.storage.contacts_before(owner.id(), event).await?);
        records.retain(|record| record.confirmed_at.is_some());
        let person = owner.person(&records, &[])?;
        let mut all = person.identifiers();
        all.retain(|contact| contact.kind() != ContactKind::Snils);
        Ok(all)
    }
}

/// Whether what a link is about was undone before, together with an earlier event.
fn is_covered(told: &Told, exposure: Option<&ExposureRecord>) -> bool {
    exposure.is_some_and(|exposure| {
        exposure.undone_since.is_some_and(|since| since <= told.at)
            && exposure.undone_at.is_some_and(|until| told.at < until)
    })
}

fn event_of(told: &Told, exposure: Option<&ExposureRecord>) -> Event {
    // An earlier event than one that was undone: what its owner has set right
    // since then stays.
    let mended = exposure
        .filter(|exposure| exposure.mended_at.is_some())
        .and_then(|exposure| exposure.undone_since);
    let begins = matches!(
        told.kind,
        MessageKind::SignInNewDevice
            | MessageKind::FirstFactorShown
            | MessageKind::SignInUnusual
            | MessageKind::SignInRestricted
    );
    Event {
        since: told.at,
        until: mended.filter(|until| told.at < *until).unwrap_or(NEVER),
        session: told.session.clone(),
        any_session: told.session.is_none() && !begins,
        printed: told.kind == MessageKind::LoginRestored,
    }
}

/// What was undone, in a few words for a message.
fn summary(texts: Texts, undone: &Undone) -> String {
    let parts = [
        (key("not-me-short-sessions"), undone.sessions),
        (
            key("not-me-short-factors"),
            undone.factors + undone.restored,
        ),
        (key("not-me-short-contacts"), undone.contacts),
        (key("not-me-short-links"), undone.links),
        (key("not-me-short-consents"), undone.consents),
    ];
    let words: Vec<String> = parts
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(name, count)| texts.count(name, count))
        .collect();
    match words.is_empty() {
        true => texts.t("not-me-short-nothing"),
        false => words.join(", "),
    }
}
