//! The first page of the cabinet: what is well and what wants attention.

use std::time::Duration;

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::consent_state::State;
use super::words;
use crate::account::approval::AskedHere;
use crate::account::history::{SignInLine, Status};
use crate::model::level::Level;
use crate::model::timestamp::Timestamp;
use crate::storage::HistoryFilter;
use crate::texts::key;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;

/// `/account`
#[derive(Template)]
#[template(path = "account/overview.html")]
pub struct OverviewPage {
    /// The frame.
    pub page: Page,
    /// Full name of the citizen.
    pub name: String,
    /// Level of the account, as a word (texts `level-…`).
    pub level: String,
    /// What the level opens (texts `level-…-about`).
    pub level_about: String,
    /// The sign-in before this one.
    pub last_sign_in: Option<LastSignIn>,
    /// Sessions open now, this one included.
    pub sessions: u64,
    /// Consents in force.
    pub consents: u64,
    /// Notices not read yet.
    pub unread: u64,
    /// What wants attention, most urgent first.
    pub warnings: Vec<Warning>,
    /// Registration has just been finished.
    pub welcome: bool,
}

/// When and from where.
#[derive(Clone, Debug, Default)]
pub struct LastSignIn {
    /// When.
    pub when: Moment,
    /// Device and browser.
    pub device: String,
    /// Place or network address.
    pub place: String,
}

/// A thing to mend, with the door to where it is mended.
#[derive(Clone, Debug, Default)]
pub struct Warning {
    /// What is wrong.
    pub text: String,
    /// Where it is mended.
    pub href: String,
    /// What the link says.
    pub action: String,
}

/// A password with fewer days left is warned of.
const PASSWORD_DAYS: u64 = 14;
/// A citizen who has just registered is welcomed for so long.
const WELCOME: Duration = Duration::from_secs(10 * 60);
/// More failed tries than this are not counted.
const MOST_FAILED: i64 = 100;

/// The page.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let (visit, person) = (&citizen.visit, &citizen.person);
    let (accounts, account) = (&visit.app.accounts, citizen.account());
    let texts = visit.texts;
    let before = sign_in_before(&citizen).await?;
    let states: Vec<State> = visit
        .app
        .consents
        .of(account)
        .await?
        .iter()
        .map(|consent| State::of(consent, visit.now))
        .collect();
    let count =
        |wanted: fn(State) -> bool| states.iter().filter(|state| wanted(**state)).count() as u64;
    let (level, level_about) = match person.level(visit.now) {
        Level::Simplified => (key("level-simplified"), key("level-simplified-about")),
        Level::Standard => (key("level-standard"), key("level-standard-about")),
        Level::Verified => (key("level-verified"), key("level-verified-about")),
    };
    let mut warnings = Vec::new();
    warnings.extend(asked(&citizen).await?);
    warnings.extend(super::asked::warnings(&citizen).await?);
    warnings.extend(recovery(&citizen).await?);
    warnings.extend(appeal(&citizen).await?);
    warnings.extend(restricted(&citizen));
    let since = before.as_ref().map_or(person.created_at, |line| line.at);
    warnings.extend(failed_tries(&citizen, since).await?);
    warnings.extend(password_soon(&citizen).await?);
    if person.is_out_of_reach() {
        warnings.push(Warning {
            text: texts.t(key("warning-no-contact")),
            href: "/account/contacts".to_owned(),
            action: texts.t(key("warning-no-contact-action")),
        });
    }
    let ending = count(|state| state == State::Ending);
    if ending > 0 {
        warnings.push(Warning {
            text: texts.count("warning-consents-ending", ending),
            href: "/account/consents".to_owned(),
            action: texts.t("warning-consents-ending-action"),
        });
    }
    visit.show(&OverviewPage {
        page: citizen.page("overview"),
        name: person.profile.full_name(),
        level: texts.t(level),
        level_about: texts.t(level_about),
        last_sign_in: before.map(|line| LastSignIn {
            when: citizen.zone().date_time(line.at),
            device: words::agent(texts, &line.details),
            place: line.details.address,
        }),
        sessions: accounts.open_sessions(account, visit.now).await?.len() as u64,
        consents: count(State::is_active),
        unread: accounts.unread_notices(account).await?,
        warnings,
        // The session that began with the account is the one it was made in.
        welcome: citizen.session.created_at == person.created_at
            && visit.now.since(person.created_at) < WELCOME,
    })
}

/// Another browser waits for the owner's word.
async fn asked(citizen: &Citizen) -> Result<Vec<Warning>, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let accounts = &visit.app.accounts;
    let questions = accounts.asked_here(&citizen.session, visit.now).await?;
    let warning = |question: AskedHere| Warning {
        text: texts.say("warning-asked", "device", question.browser.device()),
        href: question.path,
        action: texts.t("warning-asked-action"),
    };
    Ok(questions.into_iter().map(warning).collect())
}

/// Somebody recovers access to the account, and its owner is here.
async fn recovery(citizen: &Citizen) -> Result<Option<Warning>, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let accounts = &visit.app.accounts;
    let opens_at = accounts
        .recovery_opens_at(citizen.account(), visit.now)
        .await?;
    Ok(opens_at.map(|at| {
        let time = citizen.zone().date_time(at).text;
        Warning {
            text: texts.say("warning-recovery", "time", time),
            href: "/account/recovery".to_owned(),
            action: texts.t("warning-recovery-action"),
        }
    }))
}

/// The same by a form that support decides about.
async fn appeal(citizen: &Citizen) -> Result<Option<Warning>, PageError> {
    let (visit, texts) = (&citizen.visit, citizen.visit.texts);
    let accounts = &visit.app.accounts;
    let open = accounts
        .open_appeal_of(citizen.account(), visit.now)
        .await?;
    Ok(open.map(|_| Warning {
        text: texts.t("warning-appeal"),
        href: "/account/recovery".to_owned(),
        action: texts.t("warning-recovery-action"),
    }))
}

fn restricted(citizen: &Citizen) -> Option<Warning> {
    let texts = citizen.visit.texts;
    let until = citizen.person.restriction(citizen.visit.now)?;
    let time = citizen.zone().date_time(until).text;
    Some(Warning {
        text: texts.say("warning-restricted", "time", time),
        href: crate::web::pages::restricted::PATH.to_owned(),
        action: texts.t("warning-restricted-action"),
    })
}

/// The last sign-in that did not lead to this session.
async fn sign_in_before(citizen: &Citizen) -> Result<Option<SignInLine>, PageError> {
    let filter = HistoryFilter {
        status: Some(Status::Success.as_str().to_owned()),
        until: Some(citizen.session.created_at),
        limit: 1,
        ..HistoryFilter::default()
    };
    let found = citizen
        .visit
        .app
        .accounts
        .history(citizen.account(), &filter)
        .await?;
    Ok(found.into_iter().next())
}

async fn failed_tries(citizen: &Citizen, since: Timestamp) -> Result<Option<Warning>, PageError> {
    let mut failed = 0;
    for status in [Status::Failure, Status::Blocked] {
        let filter = HistoryFilter {
            from: Some(since),
            status: Some(status.as_str().to_owned()),
            limit: MOST_FAILED,
            ..HistoryFilter::default()
        };
        failed += citizen
            .visit
            .app
            .accounts
            .history(citizen.account(), &filter)
            .await?
            .len() as u64;
    }
    let texts = citizen.visit.texts;
    Ok((failed > 0).then(|| Warning {
        text: texts.count("warning-failed-attempts", failed),
        href: "/account/history".to_owned(),
        action: texts.t("warning-failed-attempts-action"),
    }))
}

async fn password_soon(citizen: &Citizen) -> Result<Option<Warning>, PageError> {
    let visit = &citizen.visit;
    let state = visit.app.accounts.password_state(citizen.account()).await?;
    let end = state.and_then(|password| password.expires_at);
    let left = days_left(end, visit.now).filter(|days| *days <= PASSWORD_DAYS);
    Ok(left.map(|days| Warning {
        text: visit.texts.count("warning-password-soon", days),
        href: "/account/security".to_owned(),
        action: visit.texts.t("warning-password-soon-action"),
    }))
}

/// Days until then, a begun one counting whole; none if there is no end.
pub fn days_left(end: Option<Timestamp>, now: Timestamp) -> Option<u64> {
    const DAY: u64 = 24 * 3600;
    Some(end?.since(now).as_secs().div_ceil(DAY))
}
