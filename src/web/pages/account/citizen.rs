//! A visit to the cabinet. Handlers take [`Citizen`] instead of a bare visit,
//! so none of them can forget to ask who is there.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::request::Parts;

use crate::account::person::Person;
use crate::account::session::Session;
use crate::app::App;
use crate::model::id::AccountId;
use crate::web::cabinet::signed_in;
use crate::web::moments::Zone;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// Somebody who is signed in and has no duty to see to first.
pub struct Citizen {
    pub visit: Visit,
    pub session: Session,
    pub person: Arc<Person>,
}

impl FromRequestParts<Arc<App>> for Citizen {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Response> {
        let visit = Visit::from_request_parts(parts, app)
            .await
            .map_err(PageError::into_response)?;
        let (session, person) = signed_in(&visit).await?;
        Ok(Self {
            visit,
            session,
            person,
        })
    }
}

impl Citizen {
    /// Whose cabinet it is: every look-up is for this account only.
    pub const fn account(&self) -> &AccountId {
        &self.session.account
    }

    /// The frame of a page in this part of the cabinet.
    pub fn page(&self, section: &'static str) -> Page {
        Page {
            section: Some(section),
            ..self.visit.page(Some(&self.person))
        }
    }

    /// Times as this citizen reads them.
    pub fn zone(&self) -> Zone {
        self.visit.zone(Some(&self.person))
    }
}
