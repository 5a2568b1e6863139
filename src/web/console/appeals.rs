//! Applications of people who have lost every contact: the queue, the one in
//! hand with its photographs beside what was typed, and the decision.

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::case;
use super::clerk::Clerk;
use crate::account::appeal::{Fit, HeldAppeal, REFUSALS};
use crate::operator::{AppealLine, AppealUndecided, Holder, LOOKED_AT};
use crate::texts::key;
use crate::web::file_answer::{self, Shown};
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Choice, Page};
use crate::web::page_error::PageError;
use crate::web::pages::account::photograph_label;
use crate::web::posted::{Form, Posted};

/// `/operator/support/appeals`
#[derive(Template)]
#[template(path = "console/appeals.html")]
pub struct AppealsPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// What has just been done.
    pub done: Option<String>,
    /// Why an application cannot be taken or decided about.
    pub lost: Option<String>,
    pub appeals: Vec<QueueRow>,
}

/// An application in the queue.
#[derive(Clone, Debug, Default)]
pub struct QueueRow {
    pub number: String,
    pub since: Moment,
    /// What marks it.
    pub badges: Vec<Badge>,
    /// Whether it can be taken.
    pub free: bool,
    /// Where it is read by who holds it.
    pub href: Option<String>,
}

/// `/operator/support/appeals/{number}`
#[derive(Template)]
#[template(path = "console/appeal.html")]
pub struct AppealPage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `looked`, `reason`.
    pub problems: Problems,
    pub number: String,
    pub sent: Moment,
    /// Until when nobody else gets it.
    pub held_until: Moment,
    /// Whether a colleague proposed it.
    pub proposed: bool,
    /// How many applications about the account its owner has cancelled.
    pub cancelled: u64,
    /// Address and label of each picture.
    pub pictures: Vec<(String, String)>,
    /// What was typed: label, value, and how it stands to the account.
    pub rows: Vec<(String, String, Badge)>,
    /// The new contact, masked.
    pub contact: String,
    /// What else was written.
    pub text: String,
    /// Whether it fits, so that it can be agreed to.
    pub fits: bool,
    /// Whether the account has a second factor.
    pub has_factor: bool,
    /// What is to be looked at: name, label, whether it is ticked.
    pub looks: Vec<(&'static str, String, bool)>,
    /// Whether it is ticked that second factors are lost.
    pub lost: bool,
    pub reasons: Vec<Choice>,
    /// Words to a refusal, as typed.
    pub comment: String,
    /// Where the forms go.
    pub href: String,
}

const PATH: &str = "/operator/support/appeals";

/// The queue.
pub async fn show(clerk: Clerk) -> Result<Response, PageError> {
    let done = match clerk.visit.query("done").as_deref() {
        Some("proposed") => Some(key("appeal-done-proposed")),
        Some("confirmed") => Some(key("appeal-done-confirmed")),
        Some("refused") => Some(key("appeal-done-refused")),
        _ => None,
    };
    queue(&clerk, done, None).await
}

/// An address that takes forms only.
pub async fn again(clerk: Clerk) -> Response {
    clerk.visit.go(PATH)
}

/// Takes an application.
pub async fn take(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let number = form.text("number");
    let operators = &visit.app.operators;
    match operators
        .take_appeal(&clerk.operator, number, visit.now)
        .await
    {
        Ok(()) => Ok(visit.go(&format!("{PATH}/{number}"))),
        Err(AppealUndecided::Internal(error)) => Err(error.into()),
        Err(AppealUndecided::OwnCase) => queue(&clerk, None, Some(key("problem-own-case"))).await,
        Err(AppealUndecided::OwnProposal) => {
            queue(&clerk, None, Some(key("appeal-own-proposal"))).await
        }
        Err(_) => queue(&clerk, None, Some(key("appeal-taken"))).await,
    }
}

/// The application in hand; of any other there is none (attack row 45).
pub async fn read(clerk: Clerk, Path(number): Path<String>) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let operators = &visit.app.operators;
    let held = operators
        .appeal(&clerk.operator, &number, visit.now)
        .await?;
    match held {
        Some(held) => answer(&clerk, &held, None, Problems::none()),
        None => queue(&clerk, None, Some(key("appeal-lost"))).await,
    }
}

/// A picture of the application in hand.
pub async fn picture(
    clerk: Clerk,
    Path((number, file)): Path<(String, String)>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let operators = &visit.app.operators;
    let found = operators
        .appeal_picture(&clerk.operator, &number, &file, visit.now)
        .await?;
    let file = found.ok_or(PageError::NotFound)?;
    Ok(visit.with_cookies(file_answer::answer(file, "photograph", Shown::InPage)))
}

/// Lets the application go.
pub async fn release(
    clerk: Clerk,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    posted.checked(visit)?;
    let operators = &visit.app.operators;
    operators
        .release_appeal(&clerk.operator, &number, visit.now)
        .await?;
    Ok(visit.go(PATH))
}

/// Says that the applicant is the owner.
pub async fn agree(
    clerk: Clerk,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let agreed = visit
        .app
        .operators
        .agree_to_appeal(
            &clerk.operator,
            &number,
            &form.every("looked"),
            form.ticked("factors_lost"),
            visit.now,
        )
        .await;
    let done = agreed.map(|is_second| if is_second { "confirmed" } else { "proposed" });
    decided(&clerk, &number, &form, done).await
}

/// Says that they are not.
pub async fn refuse(
    clerk: Clerk,
    Path(number): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let (reason, comment) = (form.text("reason"), form.text("comment"));
    let refused = visit
        .app
        .operators
        .refuse_appeal(&clerk.operator, &number, reason, comment, visit.now)
        .await;
    decided(&clerk, &number, &form, refused.map(|()| "refused")).await
}

async fn decided(
    clerk: &Clerk,
    number: &str,
    form: &Form,
    outcome: Result<&'static str, AppealUndecided>,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let (field, text) = match outcome {
        Ok(done) => {
            visit.app.outbox.wake();
            return Ok(visit.go(&format!("{PATH}?done={done}")));
        }
        Err(AppealUndecided::Internal(error)) => return Err(error.into()),
        Err(AppealUndecided::NotLookedAt) => ("looked", key("problem-appeal-looked")),
        Err(AppealUndecided::DoesNotFit) => ("looked", key("problem-appeal-fits")),
        Err(AppealUndecided::NoReason) => ("reason", key("problem-appeal-reason")),
        Err(AppealUndecided::OwnCase | AppealUndecided::OwnProposal | AppealUndecided::Lost) => {
            return queue(clerk, None, Some(key("appeal-lost"))).await;
        }
    };
    let operators = &visit.app.operators;
    let held = operators.appeal(&clerk.operator, number, visit.now).await?;
    let mut problems = Problems::none();
    problems.add(field, texts.t(text));
    match held {
        Some(held) => answer(clerk, &held, Some(form), problems),
        None => queue(clerk, None, Some(key("appeal-lost"))).await,
    }
}

async fn queue(
    clerk: &Clerk,
    done: Option<&str>,
    lost: Option<&str>,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let zone = visit.zone(None);
    let lines = visit
        .app
        .operators
        .appeals(&clerk.operator, visit.now)
        .await?;
    let badge = |is: bool, kind, text| {
        is.then(|| Badge {
            kind,
            text: texts.t(text),
        })
    };
    let row = |line: AppealLine| QueueRow {
        since: zone.date_time(line.created_at),
        badges: [
            badge(line.escalated, "danger", key("request-escalated")),
            badge(line.proposed, "info", key("appeal-proposed")),
            badge(line.holder == Holder::Oneself, "info", key("request-mine")),
            badge(
                line.holder == Holder::Another,
                "plain",
                key("request-others"),
            ),
        ]
        .into_iter()
        .flatten()
        .collect(),
        free: line.holder == Holder::Nobody && !line.proposed_by_oneself,
        href: (line.holder == Holder::Oneself).then(|| format!("{PATH}/{}", line.number)),
        number: line.number,
    };
    visit.show(&AppealsPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        done: done.map(|done| texts.t(done)),
        lost: lost.map(|lost| texts.t(lost)),
        appeals: lines.into_iter().map(row).collect(),
    })
}

fn answer(
    clerk: &Clerk,
    held: &HeldAppeal,
    typed: Option<&Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    let (visit, texts) = (&clerk.visit, clerk.visit.texts);
    let zone = visit.zone(None);
    let (record, data) = (&held.record, &held.data);
    let shown = (&data.profile, Some(&data.snils));
    let href = format!("{PATH}/{}", record.number);
    let rows = held.fields.iter().map(|(attribute, fit)| {
        let row = case::row(texts, shown, *attribute, &[]);
        let (kind, text) = match fit {
            Fit::Equal => ("success", key("appeal-equal")),
            Fit::Differs => ("danger", key("appeal-differs")),
            Fit::Unknown => ("plain", key("appeal-unknown")),
        };
        let text = texts.t(text);
        (row.label, row.value, Badge { kind, text })
    });
    let ticked = typed.map(|form| form.every("looked")).unwrap_or_default();
    let label = |name: &str| match name {
        "scan" => texts.t(key("appeal-look-scan")),
        _ => texts.t(key("appeal-look-face")),
    };
    let looks = LOOKED_AT
        .into_iter()
        .map(|name| (name, label(name), ticked.contains(&name)));
    let chosen = typed.map_or("", |form| form.text("reason"));
    let mut reasons = vec![Choice {
        value: String::new(),
        label: texts.t(key("appeal-reason-choose")),
        selected: chosen.is_empty(),
    }];
    reasons.extend(REFUSALS.iter().map(|(name, text)| Choice {
        value: (*name).to_owned(),
        label: texts.t(text),
        selected: *name == chosen,
    }));
    visit.show(&AppealPage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        sent: zone.date_time(record.created_at),
        held_until: zone.date_time(record.claimed_until.unwrap_or_default()),
        proposed: record.proposed_at.is_some(),
        cancelled: held.cancelled,
        pictures: held
            .pictures
            .iter()
            .map(|(id, kind)| (format!("{href}/file/{id}"), texts.t(photograph_label(kind))))
            .collect(),
        rows: rows.collect(),
        contact: data.contact.masked(),
        text: data.text.clone(),
        fits: held.may_propose,
        has_factor: held.has_factor,
        looks: looks.collect(),
        lost: typed.is_some_and(|form| form.ticked("factors_lost")),
        reasons,
        comment: typed.map_or_else(String::new, |form| form.text("comment").to_owned()),
        number: record.number.clone(),
        href,
    })
}
