//! Changing a consent and taking it back (requirements E2, E3).

use axum::extract::{FromRequestParts, Path};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;

use super::citizen::Citizen;
use super::consent_state::State;
use super::sites::Sites;
use crate::consent::term::Term;
use crate::model::client::Localized;
use crate::model::id::ConsentId;
use crate::model::scope::OPENID;
use crate::model::timestamp::Timestamp;
use crate::storage::ConsentRecord;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// The number of a consent in an address; one that cannot be read is a number
/// that nothing has.
pub struct Id(ConsentId);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, PageError> {
        let found = Path::<String>::from_request_parts(parts, state).await;
        found
            .map(|Path(id)| Self(id.into()))
            .map_err(|_| PageError::NotFound)
    }
}

/// Keeps what is ticked. A relying party gets no token for the rest from the
/// next second on.
pub async fn keep_scopes(citizen: Citizen, id: Id, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&citizen.visit)?;
    let consent = load_active(&citizen, &id).await?;
    let mut kept = form.every("optional");
    kept.push(OPENID);
    let end = consent.expires_at;
    change(&citizen, &consent, &kept, end).await?;
    Ok(citizen
        .visit
        .go(&format!("/account/consents/{}?done=scopes", consent.id)))
}

/// Lets the consent end earlier or later.
pub async fn set_term(citizen: Citizen, id: Id, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let consent = load_active(&citizen, &id).await?;
    let client = Sites::of(visit).find(&consent.client_id).await?;
    let client = client.ok_or(PageError::NotFound)?;
    let wanted = form.text("term");
    let term = Term::offered(&client)
        .into_iter()
        .find(|term| term_value(*term) == wanted)
        .ok_or(PageError::Unreadable(StatusCode::BAD_REQUEST))?;
    let kept: Vec<&str> = consent.scopes.split(' ').collect();
    change(&citizen, &consent, &kept, term.end(visit.now)).await?;
    Ok(visit.go(&format!("/account/consents/{}?done=term", consent.id)))
}

/// Takes the consent back: every token under it is dead when this returns.
pub async fn withdraw(citizen: Citizen, id: Id, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    let consent = load(&citizen, &id).await?;
    let name = match Sites::of(visit).find(&consent.client_id).await? {
        Some(client) => client.name.clone(),
        None => Localized {
            ru: consent.client_id.to_string(),
            en: consent.client_id.to_string(),
        },
    };
    let consents = &visit.app.consents;
    consents
        .withdraw(&consent, &name, Some(visit.address), visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(visit.go("/account/consents?done=withdrawn"))
}

/// A consent of this citizen; anybody else's is as unknown as one that never
/// was (attack row 45).
pub async fn load(citizen: &Citizen, id: &Id) -> Result<ConsentRecord, PageError> {
    let consents = &citizen.visit.app.consents;
    let found = consents.find(&id.0, citizen.account()).await?;
    found.ok_or(PageError::NotFound)
}

/// The same, while it is in force: what has ended cannot be revived by
/// changing it.
async fn load_active(citizen: &Citizen, id: &Id) -> Result<ConsentRecord, PageError> {
    let consent = load(citizen, id).await?;
    let active = State::of(&consent, citizen.visit.now).is_active();
    active.then_some(consent).ok_or(PageError::NotFound)
}

async fn change(
    citizen: &Citizen,
    consent: &ConsentRecord,
    kept: &[&str],
    end: Option<Timestamp>,
) -> Result<(), PageError> {
    let visit = &citizen.visit;
    let client = Sites::of(visit).find(&consent.client_id).await?;
    let client = client.ok_or(PageError::NotFound)?;
    let consents = &visit.app.consents;
    consents
        .change(consent, &client, kept, end, Some(visit.address), visit.now)
        .await?;
    visit.app.outbox.wake();
    Ok(())
}

/// How a term is named in forms.
pub fn term_value(term: Term) -> String {
    match term {
        Term::Days(days) => days.to_string(),
        Term::Endless => "endless".to_owned(),
    }
}
