//! What an account asks for beside the code: a second factor, or a waiting time.

use askama::Template;
use axum::response::Response;

use super::{handle, over};
use crate::account::recovery::{Recovering, Waiting};
use crate::account::trusted::{AskedToVouch, Vouching};
use crate::model::secret::Secret;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::pages::second_step;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/recover/more`
#[derive(Template)]
#[template(path = "recover_more.html")]
pub struct MorePage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `recover-wait`.
    pub problems: Problems,
    pub state: State,
}

/// What there is to do.
pub enum State {
    /// The account is closed to recovery.
    Closed { until: Option<Moment> },
    /// More must be shown.
    More(Box<More>),
}

/// What there is to choose from.
pub struct More {
    /// Where showing a second factor begins, if there is one.
    pub factor: Option<String>,
    /// Where asking the trusted contact begins, if there is one to be asked.
    pub trusted: Option<String>,
    /// The digits that they see as well, and until when they are asked.
    pub asked: Option<(String, Moment)>,
    /// Where the waiting time begins; none when it runs.
    pub wait: Option<String>,
    /// How many hours it lasts.
    pub hours: u64,
    /// From when on and until when a new password may be set.
    pub waits: Option<(Moment, Moment)>,
    /// Whether it was begun with another contact.
    pub by_other: bool,
}

/// The page.
pub async fn more(visit: Visit) -> Result<Response, PageError> {
    match handle(&visit) {
        Some(handle) => answer(&visit, &handle, Problems::none()).await,
        None => Ok(over(&visit)),
    }
}

/// Begins to ask for a second factor.
pub async fn factor(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = handle(&visit) else {
        return Ok(over(&visit));
    };
    let accounts = &visit.app.accounts;
    match accounts.begin_recovery_factor(&handle, visit.now).await? {
        Some(second) => second_step::go(&visit, &second),
        None => answer(&visit, &handle, Problems::none()).await,
    }
}

/// Asks the trusted contact.
pub async fn trusted(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = handle(&visit) else {
        return Ok(over(&visit));
    };
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let mut problems = Problems::none();
    match accounts.ask_to_vouch(&handle, &browser, visit.now).await? {
        AskedToVouch::Asked | AskedToVouch::Over => {
            visit.app.outbox.wake();
            return Ok(visit.go(&step::href(&visit, "/recover/more", &handle)?));
        }
        AskedToVouch::TooMany { retry_after } => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            let text = visit.texts.say("problem-recover-too-many", "time", at.text);
            problems.add("recover-trusted", text);
        }
    }
    answer(&visit, &handle, problems).await
}

/// Begins the waiting time.
pub async fn wait(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = handle(&visit) else {
        return Ok(over(&visit));
    };
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let mut problems = Problems::none();
    match accounts
        .wait_for_recovery(&handle, &browser, visit.now)
        .await?
    {
        Waiting::Begun | Waiting::Over => {
            visit.app.outbox.wake();
            return Ok(visit.go(&step::href(&visit, "/recover/more", &handle)?));
        }
        Waiting::TooMany { retry_after } => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            let text = visit.texts.say("problem-recover-too-many", "time", at.text);
            problems.add("recover-wait", text);
        }
    }
    answer(&visit, &handle, problems).await
}

async fn answer(visit: &Visit, handle: &Secret, problems: Problems) -> Result<Response, PageError> {
    let accounts = &visit.app.accounts;
    let zone = visit.zone(None);
    let state = match accounts.recovering(handle, visit.now).await? {
        None => return Ok(over(visit)),
        Some(Recovering::Password { .. }) => {
            return Ok(visit.go(&step::href(visit, "/recover/password", handle)?));
        }
        Some(Recovering::Closed { until }) => State::Closed {
            until: until.map(|until| zone.date_time(until)),
        },
        Some(Recovering::More {
            factors,
            waits,
            vouching,
        }) => {
            let trusted = step::href(visit, "/recover/trusted", handle)?;
            let is_possible = vouching == Vouching::Possible;
            let factor = step::href(visit, "/recover/factor", handle)?;
            let wait = step::href(visit, "/recover/wait", handle)?;
            State::More(Box::new(More {
                factor: factors.then_some(factor),
                wait: waits.is_none().then_some(wait),
                trusted: is_possible.then_some(trusted),
                asked: match vouching {
                    Vouching::Asked { number, expires_at } => {
                        Some((number, later::until(visit, expires_at)))
                    }
                    Vouching::Nobody | Vouching::Possible => None,
                },
                hours: accounts.settings().limits.recovery_wait_hours,
                by_other: waits.is_some_and(|waits| waits.by_other),
                waits: waits.map(|waits| {
                    let (from, until) = (waits.opens_at, waits.lapses_at);
                    (zone.date_time(from), zone.date_time(until))
                }),
            }))
        }
    };
    let mut page = visit.page(None);
    page.path = step::href(visit, "/recover/more", handle)?;
    // The browser looks by itself, and goes on when they have vouched.
    let is_asked = matches!(&state, State::More(more) if more.asked.is_some());
    page.watched = is_asked.then(|| page.path.clone());
    let page = MorePage {
        page,
        problems,
        state,
    };
    match is_asked {
        true => visit.show_watched(&page),
        false => visit.show(&page),
    }
}
