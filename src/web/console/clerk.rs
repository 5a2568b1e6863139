//! A visit of somebody at work. The task is asked for at every request, so that
//! taking it away works at once (attack row 51).

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use crate::account::person::Person;
use crate::app::App;
use crate::operator::Operator;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::account::citizen::Citizen;
use crate::web::visit::Visit;

/// An operator who is signed in and has no duty to see to first.
pub struct Clerk {
    pub visit: Visit,
    pub operator: Operator,
    person: Arc<Person>,
    /// Proposals of colleagues that wait for them.
    overrides: u64,
}

impl FromRequestParts<Arc<App>> for Clerk {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let citizen = Citizen::from_request_parts(parts, app).await?;
        let operator = app
            .operators
            .find(citizen.account())
            .await
            .map_err(|error| PageError::from(error).into_response())?
            .ok_or_else(|| PageError::NotFound.into_response())?;
        let overrides = app
            .operators
            .overrides_count(&operator, citizen.visit.now)
            .await
            .map_err(|error| PageError::from(error).into_response())?;
        Ok(Self {
            overrides: u64::try_from(overrides).unwrap_or_default(),
            visit: citizen.visit,
            operator,
            person: citizen.person,
        })
    }
}

impl Clerk {
    /// The frame of a page.
    pub fn page(&self) -> Page {
        Page {
            overrides: self.overrides,
            ..self.visit.page(Some(&self.person))
        }
    }
}
