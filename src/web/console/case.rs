//! A citizen at the desk: the data field by field, and the decision.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use super::clerk::Clerk;
use super::code_sheet;
use super::{desk, override_case, refused};
use crate::account::fields::birth_date;
use crate::account::person::Person;
use crate::model::evidence::Attribute;
use crate::model::level::Level;
use crate::model::profile::Profile;
use crate::model::snils::Snils;
use crate::operator::{COMPARED, Case, CaseRefused};
use crate::texts::{Texts, key};
use crate::web::attributes::attribute_name;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::level::level_key;
use crate::web::posted::{Form, Posted};

/// `/operator/case`
#[derive(Template)]
#[template(path = "console/case.html")]
pub struct CasePage {
    /// The frame.
    pub page: Page,
    /// The centre the operator works at.
    pub centre: String,
    /// Wrong fields: `compared`, `reason`.
    pub problems: Problems,
    /// Of the request.
    pub number: String,
    /// Names the data that are shown.
    pub seen: String,
    /// What is compared with the originals.
    pub rows: Vec<CaseRow>,
    /// Level of the account, as a word.
    pub level: String,
    /// Whether the data are checked, so that a confirmation counts.
    pub checked: bool,
    /// Why it is refused, as typed.
    pub reason: String,
}

/// A field to be compared.
#[derive(Clone, Debug, Default)]
pub struct CaseRow {
    /// Name of the box.
    pub name: &'static str,
    pub label: String,
    pub value: String,
    pub ticked: bool,
}

/// Opens the request of a number.
pub async fn open(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let number = form.text("number");
    match visit
        .app
        .operators
        .open_case(&clerk.operator, number, visit.now)
        .await
    {
        Ok(case) => show(&clerk, &case, None, Problems::none()),
        Err(refused) => elsewhere(&clerk, number, refused).await,
    }
}

/// Confirms.
pub async fn confirm(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let number = form.text("number");
    let confirmed = visit
        .app
        .operators
        .confirm(
            &clerk.operator,
            number,
            form.text("seen"),
            &compared(&form),
            visit.now,
        )
        .await;
    decided(&clerk, &form, "/operator?done=confirmed", confirmed).await
}

/// Prints a code that the citizen enters at home.
pub async fn print_code(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let printed = visit
        .app
        .operators
        .print_code(
            &clerk.operator,
            form.text("number"),
            form.text("seen"),
            &compared(&form),
            visit.now,
        )
        .await;
    match printed {
        Ok(printed) => code_sheet::show(&clerk, &printed),
        Err(refused) => decided(&clerk, &form, "/operator", Err(refused)).await,
    }
}

/// Refuses.
pub async fn refuse(clerk: Clerk, posted: Posted) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let form = posted.checked(visit)?;
    let refused = visit
        .app
        .operators
        .refuse(
            &clerk.operator,
            form.text("number"),
            form.text("reason"),
            visit.now,
        )
        .await;
    decided(&clerk, &form, "/operator?done=refused", refused).await
}

pub(super) async fn decided(
    clerk: &Clerk,
    form: &Form,
    then: &str,
    outcome: Result<(), CaseRefused>,
) -> Result<Response, PageError> {
    let visit = &clerk.visit;
    let refused = match outcome {
        Ok(()) => {
            visit.app.outbox.wake();
            return Ok(visit.go(then));
        }
        Err(refused) => refused,
    };
    let problems = match refused::problems(visit.texts, refused) {
        Ok(problems) => problems,
        Err(other) => return elsewhere(clerk, form.text("number"), other).await,
    };
    let number = form.text("number");
    match visit
        .app
        .operators
        .open_case(&clerk.operator, number, visit.now)
        .await
    {
        Ok(case) => show(clerk, &case, Some(form), problems),
        Err(refused) => elsewhere(clerk, number, refused).await,
    }
}

/// Back at the desk: there is no such case for this operator.
async fn elsewhere(
    clerk: &Clerk,
    number: &str,
    refused: CaseRefused,
) -> Result<Response, PageError> {
    let text = match refused {
        CaseRefused::Internal(error) => return Err(error.into()),
        CaseRefused::TooMany { retry_after } => {
            let at = later::from(&clerk.visit, clerk.visit.now.plus(retry_after));
            let text = clerk
                .visit
                .texts
                .say("problem-desk-too-many", "time", at.text);
            let mut problems = Problems::none();
            problems.add("number", text);
            let response = desk::answer(clerk, number, problems, None).await?;
            return Ok(later::refusal(
                response,
                StatusCode::TOO_MANY_REQUESTS,
                retry_after,
            ));
        }
        CaseRefused::OwnCase => key("problem-own-case"),
        _ => key("problem-case-unknown"),
    };
    let mut problems = Problems::none();
    problems.add("number", clerk.visit.texts.t(text));
    desk::answer(clerk, number, problems, None).await
}

pub(super) fn compared(form: &Form) -> Vec<Attribute> {
    form.every("compared")
        .into_iter()
        .filter_map(Attribute::parse)
        .collect()
}

fn show(
    clerk: &Clerk,
    case: &Case,
    typed: Option<&Form>,
    problems: Problems,
) -> Result<Response, PageError> {
    if let Some(submitted) = &case.submitted {
        return override_case::show(clerk, case, submitted, typed, problems);
    }
    let visit = &clerk.visit;
    let texts = visit.texts;
    let ticked = typed.map(compared).unwrap_or_default();
    let level = case.person.level(visit.now);
    visit.show(&CasePage {
        page: clerk.page(),
        centre: clerk.operator.centre.name.clone(),
        problems,
        number: case.number().to_owned(),
        seen: case.seen.clone(),
        rows: rows(texts, &case.person, &COMPARED, &ticked),
        level: texts.t(level_key(level)),
        checked: level > Level::Simplified,
        reason: typed
            .map(|form| form.text("reason").to_owned())
            .unwrap_or_default(),
    })
}

/// What is compared, with what was ticked already.
pub(super) fn rows(
    texts: Texts,
    person: &Person,
    attributes: &[Attribute],
    ticked: &[Attribute],
) -> Vec<CaseRow> {
    let snils = person.snils.as_ref().map(|snils| &snils.value);
    attributes
        .iter()
        .map(|name| row(texts, (&person.profile, snils), *name, ticked))
        .collect()
}

/// One of them, of these data.
pub(super) fn row(
    texts: Texts,
    (profile, snils): (&Profile, Option<&Snils>),
    attribute: Attribute,
    ticked: &[Attribute],
) -> CaseRow {
    CaseRow {
        name: attribute.as_str(),
        label: attribute_name(texts, attribute),
        value: match attribute {
            Attribute::Sex if profile.gender == "female" => texts.t(key("sex-female")),
            Attribute::Sex if profile.gender == "male" => texts.t(key("sex-male")),
            _ => value(profile, snils, attribute),
        },
        ticked: ticked.contains(&attribute),
    }
}

/// The value as the original has it, in full: it is to be compared.
fn value(profile: &Profile, snils: Option<&Snils>, attribute: Attribute) -> String {
    match attribute {
        Attribute::FamilyName => profile.family_name.clone(),
        Attribute::GivenName => profile.given_name.clone(),
        Attribute::MiddleName => profile.middle_name.clone(),
        Attribute::BirthDate => birth_date(&profile.birthdate),
        Attribute::Sex => profile.gender.clone(),
        Attribute::Snils => snils.map(Snils::formatted).unwrap_or_default(),
        Attribute::Passport => profile
            .passport
            .as_ref()
            .map(|passport| {
                // An application for access gives its number alone.
                let mut parts = vec![
                    passport.formatted(),
                    birth_date(&passport.issued_on),
                    passport.department_code.clone(),
                    passport.issued_by.clone(),
                ];
                parts.retain(|part| !part.is_empty());
                parts.join(", ")
            })
            .unwrap_or_default(),
        Attribute::Inn => profile
            .inn
            .as_ref()
            .map(|inn| inn.as_str().to_owned())
            .unwrap_or_default(),
    }
}
