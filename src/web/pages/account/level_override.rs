//! The registry is wrong: coming to a service centre with the originals, which
//! two employees look at.

use axum::response::Response;

use super::citizen::Citizen;
use crate::account::proofing::{Outcome, Progress, ProposalState, VisitState};
use crate::storage::CentreRecord;
use crate::web::moments::Moment;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// The card of the page.
#[derive(Clone, Debug, Default)]
pub struct Disputed {
    /// The number to take along, while it is good.
    pub number: Option<String>,
    /// Until when.
    pub until: Moment,
    /// Since when, and until when, a second employee decides.
    pub waiting: Option<(Moment, Moment)>,
    /// Why the last try did not help, in the words of an employee.
    pub refused: Option<String>,
    /// Whether nobody decided in time.
    pub lapsed: bool,
    /// Where a number is asked for; none while there is one.
    pub action: Option<String>,
    /// Name, address, hours of each centre.
    pub places: Vec<(String, String, String)>,
}

impl Disputed {
    /// Whether there is a number, or employees are at it.
    pub(super) const fn is_under_way(&self) -> bool {
        self.number.is_some() || self.waiting.is_some()
    }
}

/// Takes a number for a visit with the originals.
pub async fn request(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    posted.checked(visit)?;
    visit
        .app
        .accounts
        .request_override(&citizen.session, &visit.browser(), visit.now)
        .await?;
    Ok(visit.go(&format!("{}#override", visit.with_flow("/account/level"))))
}

/// The card, when registries have the newest data otherwise and there is
/// somewhere to go.
pub(super) async fn card(
    citizen: &Citizen,
    sent: Option<&Progress>,
    places: &[CentreRecord],
) -> Result<Option<Disputed>, PageError> {
    let (visit, zone) = (&citizen.visit, citizen.zone());
    let sent = sent.filter(|sent| sent.outcome == Some(Outcome::Mismatch));
    let Some(sent) = sent.filter(|_| !places.is_empty()) else {
        return Ok(None);
    };
    let accounts = &visit.app.accounts;
    let last = accounts.visit(citizen.account(), visit.now).await?;
    let last = last.filter(|last| last.submission.as_ref() == Some(&sent.id));
    let proposal = accounts.proposal(citizen.account(), visit.now).await?;
    let proposal = proposal.filter(|proposal| proposal.submission == sent.id);
    let mut card = Disputed {
        places: places
            .iter()
            .map(|place| {
                (
                    place.name.clone(),
                    place.address.clone(),
                    place.hours.clone(),
                )
            })
            .collect(),
        ..Disputed::default()
    };
    match last.map(|last| (last.state.clone(), last)) {
        Some((VisitState::Open, last)) => {
            card.number = Some(format!("{} {}", &last.number[..4], &last.number[4..]));
            card.until = zone.date(last.expires_at);
        }
        Some((VisitState::Refused(reason), _)) => card.refused = Some(reason),
        // A proposal is the last word only of the last visit.
        Some((VisitState::Proposed, _)) => {
            if let Some(proposal) = proposal {
                match proposal.state {
                    ProposalState::Waiting => {
                        let since = zone.date(proposal.proposed_at);
                        card.waiting = Some((since, zone.date(proposal.expires_at)));
                    }
                    ProposalState::Lapsed => card.lapsed = true,
                    ProposalState::Returned(reason) => card.refused = Some(reason),
                    ProposalState::Closed => {}
                }
            }
        }
        _ => {}
    }
    if !card.is_under_way() {
        card.action = Some(visit.with_flow("/account/level/override"));
    }
    Ok(Some(card))
}
