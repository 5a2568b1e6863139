//! Other rights for a device, its sessions ended, or all of it forgotten.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::words;
use crate::account::devices::{Device, DeviceRefused};
use crate::model::device_rights::DeviceRights;
use crate::web::cabinet;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::restricted;
use crate::web::posted::{Form, Posted};

/// What answers `/account/security/device/rights` when no device would be left
/// with all rights.
#[derive(Template)]
#[template(path = "account/last_full.html")]
pub struct LastFullPage {
    /// The frame.
    pub page: Page,
    /// Values of the fields.
    pub device: String,
    pub rights: &'static str,
    /// What the device is called.
    pub name: String,
}

/// Addresses that take forms only.
pub async fn again(citizen: Citizen) -> Response {
    citizen.visit.go("/account/security#sessions")
}

/// Gives a device other rights.
pub async fn set_rights(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let device = match find(&citizen, &form).await {
        Ok(device) => device,
        Err(refused) => return refuse(&citizen, refused),
    };
    let rights = DeviceRights::parse(form.text("rights")).ok_or(PageError::NotFound)?;
    let accounts = &visit.app.accounts;
    let (sure, browser) = (form.ticked("sure"), visit.browser());
    let set = accounts
        .set_device_rights(&citizen.session, &device, rights, sure, &browser, visit.now)
        .await;
    match set {
        Ok(()) => done(&citizen, "rights"),
        Err(DeviceRefused::LastFull) => visit.show(&LastFullPage {
            page: citizen.page("security"),
            device: device.id().to_owned(),
            rights: rights.as_str(),
            name: words::agent(visit.texts, &device.details),
        }),
        Err(refused) => refuse(&citizen, refused),
    }
}

/// Ends every session at a device; those at this one end by signing out.
pub async fn end(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let device = match find(&citizen, &form).await {
        Ok(device) if device.current => return Ok(visit.go("/sign-out")),
        Ok(device) => device,
        Err(refused) => return refuse(&citizen, refused),
    };
    let accounts = &visit.app.accounts;
    accounts
        .end_sessions_at(&citizen.session, &device, &visit.browser(), visit.now)
        .await?;
    done(&citizen, "device-ended")
}

/// Forgets a device; this one is in use.
pub async fn forget(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let device = match find(&citizen, &form).await {
        Ok(device) if device.current => return Ok(visit.go("/sign-out")),
        Ok(device) => device,
        Err(refused) => return refuse(&citizen, refused),
    };
    let accounts = &visit.app.accounts;
    let forgotten = accounts
        .forget_device(&citizen.session, &device, &visit.browser(), visit.now)
        .await;
    match forgotten {
        Ok(()) => done(&citizen, "forgotten"),
        Err(refused) => refuse(&citizen, refused),
    }
}

async fn find(citizen: &Citizen, form: &Form) -> Result<Device, DeviceRefused> {
    let accounts = &citizen.visit.app.accounts;
    let id = form.text("device");
    accounts
        .device(&citizen.session, id, citizen.visit.now)
        .await
}

fn done(citizen: &Citizen, what: &str) -> Result<Response, PageError> {
    citizen.visit.app.outbox.wake();
    let to = format!("/account/security?done={what}#sessions");
    Ok(citizen.visit.go(&to))
}

fn refuse(citizen: &Citizen, refused: DeviceRefused) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    match refused {
        DeviceRefused::NeedsProof => Ok(cabinet::prove_again(visit)),
        DeviceRefused::Restricted => Ok(restricted::go(visit)),
        DeviceRefused::Forbidden => Err(PageError::Rights(citizen.session.rights)),
        // Only rights are asked whether one is sure.
        DeviceRefused::Unknown | DeviceRefused::LastFull => Err(PageError::NotFound),
        DeviceRefused::Internal(error) => Err(error.into()),
    }
}
