//! Password, ways in, and the devices with their sessions.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::devices::{self, DeviceLine};
use super::overview::days_left;
use super::query::Query;
use crate::account::new_password::NewPassword;
use crate::account::password_change::ChangeRefused;
use crate::account::proofing::asserted::{Channel, Link, UnlinkRefused};
use crate::model::id::SessionId;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::password_meter::PasswordMeter;
use crate::web::posted::Posted;
use crate::web::visit::Visit;
use crate::web::{cabinet, later, password_rules};

/// `/account/security`
#[derive(Template)]
#[template(path = "account/security.html")]
pub struct SecurityPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `current_password`, `password` (every broken rule), `password_repeat`.
    pub problems: Problems,
    /// When the password was set; none where there is no password yet.
    pub password_set: Option<Moment>,
    /// Whether another may be set without it: a bank or a signature has just
    /// said who this is.
    pub vouched: bool,
    /// Days left until it must be replaced; none if passwords do not age.
    pub password_days_left: Option<u64>,
    /// The rules of the password (texts `password-rule-…`).
    pub rules: Vec<String>,
    /// How strong the password was that came back with problems.
    pub meter: Option<PasswordMeter>,
    /// The contact, so that a password keeper files the password under it.
    pub username: String,
    /// How many second factors there are.
    pub factors: u64,
    /// Banks that sign in to the account.
    pub links: Vec<LinkLine>,
    /// Devices with their open sessions, this one first.
    pub devices: Vec<DeviceLine>,
    /// Whether there are sessions beside this one.
    pub has_others: bool,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
    /// Why the last way in was not taken away.
    pub refused: Option<String>,
}

/// Somebody who signs in to the account by their word.
#[derive(Clone, Debug, Default)]
pub struct LinkLine {
    /// The value of the field `link`.
    pub id: String,
    pub name: String,
    pub since: Moment,
}

const DONE: &[(&str, &str)] = &[
    ("password", key("security-password-done")),
    ("ended", key("security-ended")),
    ("others", key("security-ended-others")),
    ("unlinked", key("security-unlinked")),
    ("rights", key("devices-done-rights")),
    ("forgotten", key("devices-done-forgotten")),
    ("device-ended", key("devices-done-ended")),
];

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let done = query.done(DONE, citizen.visit.texts);
    answer(&citizen, Problems::none(), None, done).await
}

/// Changes the password; every other session ends with it.
pub async fn change_password(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let [current, password, repeat] = ["current_password", "password", "password_repeat"]
        .map(|field| Secret::new(form.text(field)));
    let new = NewPassword {
        password: &password,
        repeat: &repeat,
    };
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let has_one = accounts.password_state(citizen.account()).await?.is_some();
    let changed = if has_one && !accounts.is_vouched(&citizen.session, visit.now).await? {
        accounts
            .change_password(&citizen.session, &current, new, &browser, visit.now)
            .await
    } else {
        accounts
            .set_password_vouched(&citizen.session, new, &browser, visit.now)
            .await
    };
    let mut problems = Problems::none();
    match changed {
        Ok(_) => {
            visit.app.outbox.wake();
            return Ok(visit.go("/account/security?done=password"));
        }
        Err(ChangeRefused::Problems(found)) => problems = Problems::found(visit.texts, &found),
        Err(ChangeRefused::Locked {
            until,
            block_number,
        }) => {
            problems.add("current_password", locked(visit, until, &block_number));
        }
        Err(ChangeRefused::Restricted) => return Ok(restricted::go(visit)),
        Err(ChangeRefused::NeedsProof) => return Ok(cabinet::prove_again(visit)),
        Err(ChangeRefused::Busy { retry_after }) => {
            return Err(PageError::Busy(later::seconds(retry_after)));
        }
        Err(ChangeRefused::Internal(error)) => return Err(error.into()),
    }
    let meter = PasswordMeter::of_citizen(visit, &password, citizen.account()).await?;
    answer(&citizen, problems, meter, None).await
}

/// Ends one session. One of somebody else is as unknown as one that never was
/// (attack row 45).
pub async fn end(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let id = SessionId::from(form.text("session"));
    if id == citizen.session.id {
        return Ok(visit.go("/sign-out"));
    }
    let accounts = &visit.app.accounts;
    let ended = accounts
        .end_session(&citizen.session, &id, &visit.browser(), visit.now)
        .await?;
    if ended.is_none() {
        return Err(PageError::NotFound);
    }
    visit.app.outbox.wake();
    Ok(visit.go("/account/security?done=ended#sessions"))
}

/// Ends every session but this one.
pub async fn end_others(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let accounts = &visit.app.accounts;
    accounts
        .end_other_sessions(&citizen.session, &visit.browser(), visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(visit.go("/account/security?done=others#sessions"))
}

/// Why the current password is not even looked at.
pub fn locked(visit: &Visit, until: Timestamp, number: &str) -> String {
    let values = [
        ("time", later::from(visit, until).text),
        ("number", number.to_owned()),
    ];
    visit.texts.with("problem-password-locked", &values)
}

async fn answer(
    citizen: &Citizen,
    problems: Problems,
    meter: Option<PasswordMeter>,
    done: Option<String>,
) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let accounts = &visit.app.accounts;
    let zone = citizen.zone();
    let password = accounts.password_state(citizen.account()).await?;
    let vouched = accounts.is_vouched(&citizen.session, visit.now).await?;
    let links = accounts.links(citizen.account()).await?;
    let links = links
        .into_iter()
        .map(|link| LinkLine {
            name: link_name(visit, &link),
            id: link.id,
            since: zone.date(link.linked_at),
        })
        .collect();
    let devices = devices::lines(citizen).await?;
    let others = devices.iter().flat_map(|device| &device.sessions);
    let has_others = others.filter(|session| !session.current).count() > 0;
    let factors = visit.app.accounts.factors(citizen.account()).await?;
    visit.show(&SecurityPage {
        page: citizen.page("security"),
        problems,
        vouched,
        password_set: password.map(|password| zone.date(password.set_at)),
        password_days_left: days_left(password.and_then(|password| password.expires_at), visit.now),
        rules: password_rules::of_next(visit.texts),
        meter,
        username: citizen.person.username(),
        factors: u64::try_from(factors.len()).unwrap_or_default(),
        links,
        devices,
        has_others,
        done,
        refused: visit
            .query("refused")
            .map(|_| visit.texts.t("security-last-way")),
    })
}

/// What somebody who vouches is called; one that is configured no more, by its
/// address.
fn link_name(visit: &Visit, link: &Link) -> String {
    let banks = visit.app.banks.all();
    let bank = banks.iter().find(|bank| bank.issuer() == link.issuer);
    match (link.channel, bank) {
        (Channel::Bank, Some(bank)) => visit.localized(bank.name()).to_owned(),
        (Channel::Bank, None) => link.issuer.clone(),
        (Channel::Signature, _) => visit.texts.t("signature-title"),
    }
}

/// Takes a link away. One of somebody else is as unknown as one that never was.
pub async fn unlink(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let id = form.text("link");
    let accounts = &visit.app.accounts;
    let links = accounts.links(citizen.account()).await?;
    let Some(link) = links.iter().find(|link| link.id == id) else {
        return Err(PageError::NotFound);
    };
    let (name, browser) = (link_name(visit, link), visit.browser());
    let unlinked = accounts
        .unlink(&citizen.session, id, &name, &browser, visit.now)
        .await;
    match unlinked {
        Ok(_) => {
            visit.app.outbox.wake();
            Ok(visit.go("/account/security?done=unlinked"))
        }
        Err(UnlinkRefused::LastWay) => Ok(visit.go("/account/security?refused=last-way")),
        Err(UnlinkRefused::Restricted) => Ok(restricted::go(visit)),
        Err(UnlinkRefused::NeedsProof) => Ok(cabinet::prove_again(visit)),
        Err(UnlinkRefused::Unknown) => Err(PageError::NotFound),
        Err(UnlinkRefused::Internal(error)) => Err(error.into()),
    }
}
