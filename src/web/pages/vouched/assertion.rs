//! What was asserted of the citizen, and what they do with it: register, sign in
//! to the account they have and link it, or prove who they are.

use askama::Template;
use axum::response::Response;

use super::bank::refused_page;
use crate::account::fields::birth_date;
use crate::account::person::Person;
use crate::account::proofing::asserted::{Asserted, ProveRefused, RegisterRefused, Waiting};
use crate::account::session::Session;
use crate::model::evidence::Attribute;
use crate::model::passport::Passport;
use crate::model::secret::Secret;
use crate::model::snils::Snils;
use crate::texts::{Texts, key};
use crate::web::asked::{Asked, arrival};
use crate::web::attributes::attribute_name;
use crate::web::cabinet::signed_in;
use crate::web::form::Problems;
use crate::web::oauth::authorize::allow_return;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::pages::restricted;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/assertion`
#[derive(Template)]
#[template(path = "vouched/assertion.html")]
pub struct AssertionPage {
    /// The frame.
    pub page: Page,
    /// Who asserts.
    pub title: String,
    /// What: labels and values, to be read only.
    pub facts: Vec<(String, String)>,
    pub problems: Problems,
    pub face: Face,
    /// Signing in instead, for whoever has an account.
    pub have_href: Option<String>,
}

/// What may be done about it.
#[derive(Clone, Debug)]
pub enum Face {
    /// Nobody is known by it: a new account.
    Register {
        action: String,
        terms: bool,
        privacy: bool,
    },
    /// There is an account with this SNILS: it is signed in to and linked.
    Offer { href: String },
    /// Everything fits what is known.
    Confirm {
        action: String,
        /// What will be added to the account.
        adds: Vec<String>,
        /// Or only linked.
        proves: bool,
    },
    /// These fields do not.
    Mismatch { fields: Vec<String>, href: String },
}

/// The page.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let Some((handle, waiting)) = waiting(&visit).await? else {
        return over(&visit).await;
    };
    if visit.session.is_some() {
        return match signed_in(&visit).await {
            Ok((session, person)) => compared(&visit, &session, &person, &handle, &waiting).await,
            Err(response) => Ok(response),
        };
    }
    if !waiting.may_register() {
        return Ok(visit.go(&step::href(&visit, "/sign-in", &handle)?));
    }
    let face = if visit.app.accounts.has_account(&waiting.asserted).await? {
        Face::Offer {
            href: step::href(&visit, "/sign-in", &handle)?,
        }
    } else {
        Face::Register {
            action: step::href(&visit, "/assertion", &handle)?,
            terms: false,
            privacy: false,
        }
    };
    answer(&visit, None, &waiting.asserted, face, Problems::none()).await
}

/// A new account.
pub async fn register(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    // Pressed twice: the first press has done it.
    if visit.session.is_some() && !posted.is_genuine(&visit) {
        return Ok(visit.onward());
    }
    let form = posted.checked(&visit)?;
    let Some((handle, waiting)) = waiting(&visit).await? else {
        return over(&visit).await;
    };
    let href = step::href(&visit, "/assertion", &handle)?;
    if visit.session.is_some() {
        return Ok(visit.go(&href));
    }
    let ticks = [form.ticked("terms"), form.ticked("privacy")];
    let asked = Asked::of_flow(&visit).await?;
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let (accounts, lang) = (&visit.app.accounts, visit.texts.lang());
    let made = accounts
        .register_asserted(&handle, ticks, lang, arrival, visit.now)
        .await;
    match made {
        Ok(signed_in) => {
            visit.app.outbox.wake();
            let mut response = visit.onward();
            visit.sign_in(&mut response, &signed_in.session, &signed_in.device);
            Ok(response)
        }
        Err(RegisterRefused::Problems(found)) => {
            let [terms, privacy] = ticks;
            let face = Face::Register {
                action: href,
                terms,
                privacy,
            };
            let problems = Problems::found(visit.texts, &found);
            answer(&visit, None, &waiting.asserted, face, problems).await
        }
        Err(RegisterRefused::HasAccount) => Ok(visit.go(&href)),
        Err(RegisterRefused::Unknown) => over(&visit).await,
        Err(RegisterRefused::Internal(error)) => Err(error.into()),
    }
}

/// Links the account of whoever is signed in, and proves who they are.
pub async fn prove(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let (session, person) = match signed_in(&visit).await {
        Ok(found) => found,
        Err(response) => return Ok(response),
    };
    let Some((handle, waiting)) = waiting(&visit).await? else {
        return over(&visit).await;
    };
    let accounts = &visit.app.accounts;
    let proven = accounts
        .prove_asserted(&session, &handle, &visit.browser(), visit.now)
        .await;
    // Whoever holds a SNILS that was claimed is told, too.
    visit.app.outbox.wake();
    match proven {
        Ok(()) => Ok(visit.go(&visit.with_flow_and("/account/level", &[("done", "linked")]))),
        Err(ProveRefused::Mismatch(_)) => {
            compared(&visit, &session, &person, &handle, &waiting).await
        }
        Err(refused) => refuse(&visit, &handle, refused).await,
    }
}

async fn compared(
    visit: &Visit,
    session: &Session,
    person: &Person,
    handle: &Secret,
    waiting: &Waiting,
) -> Result<Response, PageError> {
    let accounts = &visit.app.accounts;
    if !accounts.is_proven(session, visit.now).await? {
        return refuse(visit, handle, ProveRefused::NeedsProof).await;
    }
    if person.restriction(visit.now).is_some() {
        return refuse(visit, handle, ProveRefused::Restricted).await;
    }
    let comparison = match accounts.compare_asserted(session, waiting, visit.now).await {
        Ok(comparison) => comparison,
        Err(refused) => return refuse(visit, handle, refused).await,
    };
    let names = |attributes: &[Attribute]| {
        let name = |attribute: &Attribute| attribute_name(visit.texts, *attribute);
        attributes.iter().map(name).collect()
    };
    let face = if comparison.mismatches.is_empty() {
        Face::Confirm {
            action: step::href(visit, "/assertion/prove", handle)?,
            adds: names(&comparison.adds),
            proves: comparison.proves,
        }
    } else {
        Face::Mismatch {
            fields: names(&comparison.mismatches),
            href: visit.with_flow("/account/level"),
        }
    };
    answer(
        visit,
        Some(person),
        &waiting.asserted,
        face,
        Problems::none(),
    )
    .await
}

async fn refuse(
    visit: &Visit,
    handle: &Secret,
    refused: ProveRefused,
) -> Result<Response, PageError> {
    let (title, text) = match refused {
        ProveRefused::NeedsProof => {
            let sign_in = step::href(visit, "/sign-in", handle)?;
            return Ok(visit.go(&format!("{sign_in}&again=yes")));
        }
        ProveRefused::Restricted => return Ok(restricted::go(visit)),
        ProveRefused::Internal(error) => return Err(error.into()),
        ProveRefused::Unknown | ProveRefused::Mismatch(_) => return over(visit).await,
        ProveRefused::SnilsTaken => (key("assertion-taken-title"), key("assertion-snils-taken")),
        ProveRefused::LinkedElsewhere => (
            key("assertion-taken-title"),
            key("assertion-linked-elsewhere"),
        ),
        ProveRefused::OtherSubject => {
            (key("assertion-taken-title"), key("assertion-other-subject"))
        }
    };
    refused_page(visit, visit.texts.t(title), visit.texts.t(text)).await
}

/// Used before, too old, or of another browser.
async fn over(visit: &Visit) -> Result<Response, PageError> {
    let (title, text) = (key("assertion-over-title"), key("assertion-over-text"));
    refused_page(visit, visit.texts.t(title), visit.texts.t(text)).await
}

async fn waiting(visit: &Visit) -> Result<Option<(Secret, Waiting)>, PageError> {
    let Some(handle) = step::handle(visit) else {
        return Ok(None);
    };
    let found = visit.app.accounts.assertion(&handle, visit.now).await?;
    Ok(found.map(|waiting| (handle, waiting)))
}

async fn answer(
    visit: &Visit,
    person: Option<&Person>,
    asserted: &Asserted,
    face: Face,
    problems: Problems,
) -> Result<Response, PageError> {
    let have_href = match (&face, step::handle(visit)) {
        (Face::Register { .. }, Some(handle)) => Some(step::href(visit, "/sign-in", &handle)?),
        _ => None,
    };
    let mut response = visit.show(&AssertionPage {
        have_href,
        page: visit.page(person),
        title: asserted.by.title.clone(),
        facts: facts(visit.texts, asserted),
        problems,
        face,
    })?;
    if let Some(asked) = Asked::of_flow(visit).await? {
        allow_return(&mut response, &asked.request);
    }
    Ok(response)
}

fn facts(texts: Texts, asserted: &Asserted) -> Vec<(String, String)> {
    let profile = &asserted.profile;
    let value = |attribute| match attribute {
        Attribute::FamilyName => profile.family_name.clone(),
        Attribute::GivenName => profile.given_name.clone(),
        Attribute::MiddleName => profile.middle_name.clone(),
        Attribute::BirthDate => birth_date(&profile.birthdate),
        Attribute::Sex => match profile.gender.as_str() {
            "female" => texts.t("sex-female"),
            _ => texts.t("sex-male"),
        },
        Attribute::Snils => asserted
            .snils
            .as_ref()
            .map(Snils::formatted)
            .unwrap_or_default(),
        Attribute::Passport => profile
            .passport
            .as_ref()
            .map(Passport::formatted)
            .unwrap_or_default(),
        Attribute::Inn => profile
            .inn
            .as_ref()
            .map(|inn| inn.as_str().to_owned())
            .unwrap_or_default(),
    };
    asserted
        .attributes()
        .into_iter()
        .map(|attribute| (attribute_name(texts, attribute), value(attribute)))
        .filter(|(_, value)| !value.is_empty())
        .collect()
}
