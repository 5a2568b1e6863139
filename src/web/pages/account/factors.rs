//! Second factors: which there are, which comes first, and the list of backup
//! codes (requirement C4).

use askama::Template;
use axum::extract::Path;
use axum::response::Response;

use super::citizen::Citizen;
use super::query::Query;
use crate::account::factor::change::FactorRefused;
use crate::account::factor::enrolled::{Enrolled, Kind, LONGEST_NAME};
use crate::account::sign_in::Duty;
use crate::texts::{Texts, key};
use crate::web::cabinet;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::Posted;

/// `/account/factors`
#[derive(Template)]
#[template(path = "account/factors.html")]
pub struct FactorsPage {
    /// The frame.
    pub page: Page,
    /// Those there are, the preferred one first.
    pub factors: Vec<FactorLine>,
    /// Those that may be added: kind, words, address.
    pub additions: Vec<Addition>,
    /// Backup codes that are left.
    pub backups: u64,
    pub longest_name: usize,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
    /// Whether one must be added before anything else.
    pub required: bool,
    /// Back to the site that asked for a second factor.
    pub onward_href: Option<String>,
}

/// A factor.
pub struct FactorLine {
    pub id: String,
    pub title: String,
    pub name: String,
    pub can_rename: bool,
    pub first: bool,
    pub added: Moment,
    pub used: Option<Moment>,
}

/// A factor that may be added.
pub struct Addition {
    /// Names its button.
    pub id: &'static str,
    pub title: String,
    pub about: String,
    pub href: String,
}

const DONE: &[(&str, &str)] = &[
    ("added", key("factors-added")),
    ("renamed", key("factors-renamed")),
    ("preferred", key("factors-preferred")),
    ("removed", key("factors-removed")),
];

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let (texts, zone) = (visit.texts, citizen.zone());
    let duty = accounts.duty(citizen.account(), visit.now).await?;
    let required = duty == Some(Duty::AddFactor);
    let factors = accounts.factors(citizen.account()).await?;
    let person = &citizen.person;
    let missing = |kind: Kind| {
        let there = factors.iter().any(|factor| factor.kind == kind);
        let reachable = match kind {
            Kind::Key => accounts.has_keys(),
            Kind::Totp => true,
            Kind::Sms => person.phone.as_ref().is_some_and(|phone| phone.confirmed),
            Kind::Email => person.email.as_ref().is_some_and(|email| email.confirmed),
        };
        reachable && (matches!(kind, Kind::Key | Kind::Totp) || !there)
    };
    let addition = |kind: Kind| Addition {
        id: kind.as_str(),
        title: kind_title(texts, kind),
        about: match kind {
            Kind::Key => texts.t(key("factors-key-about")),
            Kind::Totp => texts.t(key("factors-totp-about")),
            Kind::Sms => texts.t(key("factors-sms-about")),
            Kind::Email => texts.t(key("factors-email-about")),
        },
        href: visit.with_flow(&format!("/account/factors/{}", kind.as_str())),
    };
    let line = |(at, factor): (usize, &Enrolled)| FactorLine {
        id: factor.id.clone(),
        title: match &factor.contact {
            Some(contact) => format!("{}: {contact}", kind_title(texts, factor.kind)),
            None => kind_title(texts, factor.kind),
        },
        name: factor.name.clone(),
        can_rename: factor.contact.is_none(),
        first: at == 0,
        added: zone.date_time(factor.added_at),
        used: factor.last_used_at.map(|at| zone.date_time(at)),
    };
    visit.show(&FactorsPage {
        page: citizen.page("security"),
        additions: Kind::ALL
            .into_iter()
            .filter(|kind| missing(*kind))
            .map(addition)
            .collect(),
        factors: factors.iter().enumerate().map(line).collect(),
        backups: accounts.backup_codes_left(citizen.account()).await?,
        longest_name: LONGEST_NAME,
        done: query.done(DONE, texts),
        required,
        onward_href: (visit.flow.is_some() && !required)
            .then(|| visit.with_flow("/oauth/authorize")),
    })
}

/// What a kind is called.
pub fn kind_title(texts: Texts, kind: Kind) -> String {
    texts.t(match kind {
        Kind::Key => key("factors-key"),
        Kind::Totp => key("factors-totp"),
        Kind::Sms => key("factors-sms"),
        Kind::Email => key("factors-email"),
    })
}

/// Another name.
pub async fn rename(
    citizen: Citizen,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    accounts
        .rename_factor(&citizen.session, &id, form.text("name"))
        .await?;
    Ok(visit.go("/account/factors?done=renamed"))
}

/// The one to be asked for first.
pub async fn prefer(
    citizen: Citizen,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    accounts
        .prefer_factor(&citizen.session, &id, visit.now)
        .await?;
    Ok(visit.go("/account/factors?done=preferred"))
}

/// Takes one away.
pub async fn remove(
    citizen: Citizen,
    Path(id): Path<String>,
    posted: Posted,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    let removed = accounts
        .remove_factor(&citizen.session, &id, &visit.browser(), visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(match removed {
        Ok(()) => visit.go("/account/factors?done=removed"),
        Err(FactorRefused::NeedsProof) => cabinet::prove_again(visit),
        Err(FactorRefused::Restricted) => restricted::go(visit),
        Err(FactorRefused::Unknown) => visit.go("/account/factors"),
    })
}

/// The list that is shown once.
#[derive(Template)]
#[template(path = "account/backup_codes.html")]
pub struct BackupCodesPage {
    /// The frame.
    pub page: Page,
    /// In groups of five.
    pub codes: Vec<String>,
}

/// A new list of backup codes.
pub async fn backup_codes(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    let made = accounts
        .new_backup_codes(&citizen.session, &visit.browser(), visit.now)
        .await?;
    visit.app.outbox.wake();
    match made {
        Ok(codes) => visit.show(&BackupCodesPage {
            page: citizen.page("security"),
            codes: codes
                .iter()
                .map(|code| {
                    let (left, right) = code.expose().split_at(5);
                    format!("{left} {right}")
                })
                .collect(),
        }),
        Err(FactorRefused::NeedsProof) => Ok(cabinet::prove_again(visit)),
        Err(FactorRefused::Restricted) => Ok(restricted::go(visit)),
        Err(FactorRefused::Unknown) => Ok(visit.go("/account/factors")),
    }
}

/// A form that has no page of its own: whoever reloads it is at the list.
pub async fn again(citizen: Citizen) -> Response {
    citizen.visit.go("/account/factors")
}
