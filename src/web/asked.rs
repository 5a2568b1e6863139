//! An authorization request together with what is known of the visitor: the
//! facts that `next_step` decides on, loaded once.

use std::sync::Arc;

use super::page_error::PageError;
use super::visit::Visit;
use crate::account::browser::Browser;
use crate::account::person::Person;
use crate::account::session::Session;
use crate::account::sign_in::{Arrival, Duty};
use crate::error::Internal;
use crate::model::authentication::Strength;
use crate::model::scope::GrantedScopes;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::authorized::Grantor;
use crate::protocol::authorization::next_step::{Consented, Visitor, next_step};
use crate::protocol::authorization::{AuthorizationRefused, AuthorizationRequest, Outcome, Step};
use crate::protocol::subject::subject;
use crate::storage::ConsentRecord;

/// A request, and the person it is put to if somebody is signed in.
pub struct Asked {
    pub request: AuthorizationRequest,
    pub person: Option<SignedIn>,
    /// The consent in force between the person and the client.
    pub consent: Option<Arc<ConsentRecord>>,
}

/// Who is signed in.
pub struct SignedIn {
    pub person: Arc<Person>,
    pub session: Session,
    duty: Option<Duty>,
    subject: String,
}

/// From where somebody comes to sign in, and where to.
pub fn arrival<'a>(browser: &'a Browser, asked: Option<&'a Asked>) -> Arrival<'a> {
    Arrival {
        browser,
        client: asked.map(|asked| &asked.request.client.client_id),
        strong: asked.is_some_and(Asked::demands_second),
    }
}

impl Asked {
    /// Whether the site asks for more than one kind of factor.
    pub fn demands_second(&self) -> bool {
        self.request.demanded.strength > Strength::Aal1
    }

    /// The request of the flow this page belongs to; none when there is no
    /// flow or it is no longer good.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn of_flow(visit: &Visit) -> Result<Option<Self>, PageError> {
        let Some(flow) = &visit.flow else {
            return Ok(None);
        };
        let provider = &visit.app.provider;
        match AuthorizationRequest::of_flow(provider, flow, visit.now).await {
            Ok(request) => Self::of(visit, request).await.map(Some),
            Err(AuthorizationRefused::Internal(error)) => Err(PageError::from(error)),
            Err(_) => Ok(None),
        }
    }

    /// Loads what is known of the visitor for `request`.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn of(visit: &Visit, request: AuthorizationRequest) -> Result<Self, PageError> {
        let app = &visit.app;
        let Some(session) = visit.session.clone() else {
            return Ok(Self {
                request,
                person: None,
                consent: None,
            });
        };
        let Some(person) = app.provider.person(&session.account).await? else {
            return Ok(Self {
                request,
                person: None,
                consent: None,
            });
        };
        let consent = app
            .consents
            .in_force(&session.account, &request.client.client_id)
            .await?;
        let duty = app.accounts.duty(&session.account, visit.now).await?;
        let subject = subject(&app.vault, &session.account, &request.client);
        Ok(Self {
            person: Some(SignedIn {
                person,
                session,
                duty,
                subject,
            }),
            request,
            consent,
        })
    }

    /// What must happen next.
    pub fn next_step(&self, now: Timestamp) -> Step {
        let visitor = self.person.as_ref().map(|signed_in| Visitor {
            authentication: &signed_in.session.authentication,
            subject: &signed_in.subject,
            level: signed_in.person.level(now),
            restricted: signed_in.person.restriction(now).is_some(),
            must_renew_password: signed_in.duty == Some(Duty::RenewPassword),
            must_accept_documents: matches!(signed_in.duty, Some(Duty::AcceptAgreements(_))),
            must_add_factor: signed_in.duty == Some(Duty::AddFactor),
        });
        let scopes = self.consent.as_ref().map(|consent| {
            (
                GrantedScopes::from_stored(&consent.scopes),
                GrantedScopes::from_stored(&consent.asked),
                serde_json::from_str::<Vec<String>>(&consent.claims).unwrap_or_default(),
            )
        });
        let consented =
            self.consent
                .as_ref()
                .zip(scopes.as_ref())
                .map(|(consent, (scopes, asked, claims))| Consented {
                    scopes,
                    asked,
                    claims,
                    decided_at: consent.decided_at,
                    expires_at: consent.expires_at,
                });
        next_step(&self.request, visitor.as_ref(), consented.as_ref(), now)
    }

    /// Answers the request, when the next step is [`Step::Done`].
    ///
    /// # Errors
    /// When it is not, when it was answered before, or the database is away.
    pub async fn answer(&self, visit: &Visit) -> Result<Outcome, AuthorizationRefused> {
        let (Some(signed_in), Some(consent), Step::Done) =
            (&self.person, &self.consent, self.next_step(visit.now))
        else {
            // `proceed` asks before it calls.
            return Err(Internal::new("a request was answered before its time").into());
        };
        let effects = visit
            .app
            .consents
            .entry_lines(
                &self.request.client,
                &signed_in.session.account,
                Some(visit.address),
                visit.now,
            )
            .await?;
        let grantor = Grantor {
            account: &signed_in.session.account,
            session: &signed_in.session.id,
            authentication: &signed_in.session.authentication,
        };
        let provider = &visit.app.provider;
        provider
            .answer(&self.request, grantor, consent, effects, visit.now)
            .await
    }
}
