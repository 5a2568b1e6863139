//! The level of the account: what it opens, what is missing, and how every
//! attempt to raise it stands (requirement B9).

use std::cmp::Ordering;
use std::time::Duration;

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::level_centre::{self, Centre};
use super::level_letter::{self, Letter};
use super::level_override::{self, Disputed};
use super::photographs::{self, PhotographCard};
use super::query::Query;
use crate::account::proofing::{CheckState, Outcome, Progress};
use crate::model::evidence::Identity;
use crate::model::level::Level;
use crate::protocol::authorization::Step as FlowStep;
use crate::texts::{Texts, key};
use crate::web::asked::Asked;
use crate::web::attributes::attribute_name;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Page, Site};
use crate::web::page_error::PageError;
use crate::web::pages::level::level_key;
use crate::web::pages::vouched::{BankButton, Wish, buttons, signature_action};

/// `/account/level`
#[derive(Template)]
#[template(path = "account/level.html")]
pub struct LevelPage {
    /// The frame.
    pub page: Page,
    /// The site the citizen came from, if it demands a level.
    pub waiting: Option<Waiting>,
    /// The levels, lowest first.
    pub steps: Vec<Step>,
    /// Until when the level holds, if it ends by itself.
    pub ends: Option<Moment>,
    /// How the newest check stands.
    pub check: Option<Check>,
    /// Where data are filled in; none while there is nobody to check them.
    pub data_href: Option<String>,
    /// What the link there says.
    pub data_action: String,
    /// Proving at a service centre; none before the data are checked.
    pub centre: Option<Centre>,
    /// The registry is wrong: coming to a centre with the originals.
    pub disputed: Option<Disputed>,
    /// Proving by letter.
    pub letter: Option<Letter>,
    /// What is wrong: `letter`, `letter-code`, `centre-code`.
    pub problems: Problems,
    /// Banks that may confirm who the citizen is.
    pub banks: Vec<BankButton>,
    /// Where proving by a certificate begins, once the data are checked.
    pub signature: Option<String>,
    /// Proving by photographs; none before the data are checked.
    pub photographs: Option<PhotographCard>,
    /// What has just been done.
    pub done: Option<String>,
}

/// A site that waits for a higher level.
#[derive(Clone, Debug, Default)]
pub struct Waiting {
    pub site: Site,
    /// What it demands, or that it is met.
    pub text: String,
    /// Back to it, once the level is met.
    pub href: Option<String>,
}

/// A level.
#[derive(Clone, Debug, Default)]
pub struct Step {
    pub title: String,
    pub about: String,
    /// Reached, or not yet.
    pub state: Badge,
    /// `rung-passed`, `rung-current` or `rung-ahead`.
    pub class: &'static str,
    pub current: bool,
}

/// A check of registries.
#[derive(Clone, Debug, Default)]
pub struct Check {
    pub sent: Moment,
    pub state: Badge,
    /// What it means and what to do.
    pub text: String,
    pub lines: Vec<CheckLine>,
    /// Whether the page shows the next state by itself.
    pub live: bool,
}

/// One registry's part.
#[derive(Clone, Debug, Default)]
pub struct CheckLine {
    pub title: String,
    pub state: Badge,
    /// The fields that do not match.
    pub fields: Vec<String>,
}

const DONE: &[(&str, &str)] = &[
    ("sent", key("level-data-sent")),
    ("proven", key("code-right")),
    ("linked", key("assertion-linked")),
];

/// A check under way is watched no longer than this: a page left open must not
/// keep a session alive.
const WATCHED: Duration = Duration::from_secs(120);

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let done = query.done(DONE, citizen.visit.texts);
    answer(&citizen, Problems::none(), done).await
}

/// Forms of the page have no address of their own: whoever reloads what came
/// back, or changes the language there, is back here.
pub async fn again(citizen: Citizen) -> Response {
    citizen.visit.go(&citizen.visit.with_flow("/account/level"))
}

/// The page with what is wrong with a form of it.
pub(super) async fn answer(
    citizen: &Citizen,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    let (visit, person) = (&citizen.visit, &citizen.person);
    let texts = visit.texts;
    let progress = visit.app.accounts.progress(citizen.account()).await?;
    let now = person.level(visit.now);
    let check = progress.as_ref().map(|progress| check(citizen, progress));
    let live = check.as_ref().is_some_and(|check| check.live);
    let wrong = progress
        .as_ref()
        .is_some_and(|progress| match progress.outcome {
            Some(outcome) => !matches!(outcome, Outcome::Matched | Outcome::Overridden),
            None => true,
        });
    let data_action = match (now, wrong) {
        (_, true) => key("level-data-correct"),
        (Level::Simplified, false) => key("level-data-fill"),
        _ => key("level-data-renew"),
    };
    let places = visit.app.operators.centres().await?;
    let disputed = level_override::card(citizen, progress.as_ref(), &places).await?;
    let mut page = citizen.page("level");
    page.watched = live.then(|| visit.with_flow("/account/level"));
    let page = LevelPage {
        page,
        waiting: waiting(citizen).await?,
        steps: Level::ALL
            .into_iter()
            .map(|level| step(texts, level, now))
            .collect(),
        ends: match person.identity(visit.now) {
            Identity::Declared => None,
            Identity::Checked { check } | Identity::Verified { check, .. } => check.expires_at,
        }
        .map(|end| citizen.zone().date(end)),
        check,
        letter: level_letter::card(citizen, now, !places.is_empty()).await?,
        centre: level_centre::card(citizen, now, places, disputed.as_ref()).await?,
        disputed,
        photographs: photographs::card(citizen, now).await?,
        data_href: visit
            .app
            .registry
            .is_there()
            .then(|| visit.with_flow("/account/level/data")),
        data_action: texts.t(data_action),
        problems,
        done,
        signature: (now >= Level::Standard)
            .then(|| signature_action(visit, Wish::Prove))
            .flatten(),
        banks: if now == Level::Verified {
            Vec::new()
        } else {
            buttons(visit, Wish::Prove)
        },
    };
    match live {
        true => visit.show_watched(&page),
        false => visit.show(&page),
    }
}

/// The site of the flow the citizen is in.
async fn waiting(citizen: &Citizen) -> Result<Option<Waiting>, PageError> {
    let visit = &citizen.visit;
    let Some(asked) = Asked::of_flow(visit).await? else {
        return Ok(None);
    };
    let site = visit.site(&asked.request.client);
    let missing = asked.next_step(visit.now) == FlowStep::RaiseLevel;
    let values = [
        ("site", site.name.clone()),
        (
            "level",
            visit.texts.t(level_key(asked.request.demanded.level)),
        ),
    ];
    let text = if missing {
        key("level-site-waits")
    } else {
        key("level-site-met")
    };
    Ok(Some(Waiting {
        text: visit.texts.with(text, &values),
        site,
        href: (!missing).then(|| visit.with_flow("/oauth/authorize")),
    }))
}

fn step(texts: Texts, level: Level, now: Level) -> Step {
    let about = match level {
        Level::Simplified => key("level-simplified-about"),
        Level::Standard => key("level-standard-about"),
        Level::Verified => key("level-verified-about"),
    };
    let (class, kind, state) = match level.cmp(&now) {
        Ordering::Less => ("rung-passed", "plain", key("level-passed")),
        Ordering::Equal => ("rung-current", "success", key("level-current")),
        Ordering::Greater => ("rung-ahead", "plain", key("level-ahead")),
    };
    Step {
        title: texts.t(level_key(level)),
        about: texts.t(about),
        state: Badge {
            kind,
            text: texts.t(state),
        },
        class,
        current: level == now,
    }
}

fn check(citizen: &Citizen, progress: &Progress) -> Check {
    let texts = citizen.visit.texts;
    let unavailable = progress
        .checks
        .iter()
        .any(|(_, state)| *state == CheckState::Unavailable);
    let (kind, state, text) = match progress.outcome {
        Some(Outcome::Matched) => ("success", key("check-matched"), key("check-matched-about")),
        Some(Outcome::Mismatch) => ("danger", key("check-mismatch"), key("check-mismatch-about")),
        Some(Outcome::Overridden) => (
            "success",
            key("check-overridden"),
            key("check-overridden-about"),
        ),
        Some(Outcome::SnilsTaken) => (
            "danger",
            key("check-snils-taken"),
            key("check-snils-taken-about"),
        ),
        None if unavailable => (
            "warning",
            key("check-unavailable"),
            key("check-unavailable-about"),
        ),
        None => (
            "info",
            key("check-in-progress"),
            key("check-in-progress-about"),
        ),
    };
    Check {
        sent: citizen.zone().date_time(progress.sent_at),
        state: badge(texts, kind, state),
        text: texts.t(text),
        lines: progress
            .checks
            .iter()
            .map(|(registry, state)| line(texts, registry, state))
            .collect(),
        live: progress.outcome.is_none() && citizen.visit.now.since(progress.sent_at) < WATCHED,
    }
}

fn line(texts: Texts, registry: &str, state: &CheckState) -> CheckLine {
    let (kind, text) = match state {
        CheckState::Waiting => ("plain", key("check-waiting")),
        CheckState::InProgress => ("info", key("check-in-progress")),
        CheckState::Matched => ("success", key("check-matched")),
        CheckState::Mismatch(_) => ("danger", key("check-mismatch")),
        CheckState::Unavailable => ("warning", key("check-unavailable")),
    };
    let fields = match state {
        CheckState::Mismatch(fields) => fields.as_slice(),
        _ => &[],
    };
    CheckLine {
        title: registry_title(texts, registry),
        state: badge(texts, kind, text),
        fields: fields
            .iter()
            .map(|field| attribute_name(texts, *field))
            .collect(),
    }
}

/// What a registry is called.
pub fn registry_title(texts: Texts, registry: &str) -> String {
    texts.t(match registry {
        "passports" => key("registry-passports"),
        "pension_fund" => key("registry-pension-fund"),
        _ => key("registry-tax-service"),
    })
}

fn badge(texts: Texts, kind: &'static str, text: &str) -> Badge {
    Badge {
        kind,
        text: texts.t(text),
    }
}
