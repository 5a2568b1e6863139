//! The desk is closed to whoever did not sign in with a key: how to come in.

use askama::Template;
use axum::response::Response;
use http::StatusCode;

use crate::account::factor::enrolled::Kind;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::citizen::Citizen;

/// Any page of the console.
#[derive(Template)]
#[template(path = "console/no_key.html")]
pub struct NoKeyPage {
    /// The frame.
    pub page: Page,
    /// Whether the operator has a key and only did not use it.
    pub has_one: bool,
}

/// The page (403).
pub async fn show(citizen: &Citizen) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let factors = visit.app.accounts.factors(citizen.account()).await?;
    let mut response = visit.show(&NoKeyPage {
        page: visit.page(Some(&citizen.person)),
        has_one: factors.iter().any(|factor| factor.kind == Kind::Key),
    })?;
    *response.status_mut() = StatusCode::FORBIDDEN;
    Ok(response)
}
