//! Answering a request to which nothing stands in the way any more.

use super::authorized::{Authorized, Grantor};
use super::awaited;
use super::pushed;
use super::request::AuthorizationRequest;
use super::response::{Answer, AuthorizationRefused, Destination, Outcome, ReturnAddress};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::error::{ErrorCode, OAuthError, Refused};
use crate::protocol::issue::{FrontChannel, front_channel};
use crate::protocol::session_management::session_state;
use crate::storage::{ConsentRecord, Effects, Once, Redeemed};

impl Provider {
    /// Answers a request whose next step is [`Step::Done`](super::Step::Done).
    /// `effects` are written with it.
    ///
    /// # Errors
    /// For a page, when a pushed request was answered before; and when what the
    /// person allowed was taken back meanwhile.
    pub async fn answer(
        &self,
        request: &AuthorizationRequest,
        grantor: Grantor<'_>,
        consent: &ConsentRecord,
        mut effects: Effects,
        now: Timestamp,
    ) -> Result<Outcome, AuthorizationRefused> {
        let kind = request.response_type;
        let is_code = kind.code && matches!(request.to, Destination::Redirect(_));
        if !is_code {
            self.close(request, now).await?;
        }
        let mut authorized = Authorized::of(self, request, &grantor, consent, now)?;
        self.claims.note_use(&consent.id, now);
        let to = match &request.to {
            Destination::Redirect(to) => to,
            Destination::Awaited { reference, .. } => {
                awaited::decide(self, reference, Some(authorized), effects, now).await?;
                return Ok(Outcome::Given);
            }
        };
        let mut params = Vec::new();
        if kind.code {
            // A pushed request is spent with the code that answers it.
            let once = request.pushed.clone().map(|digest| Once::Spent {
                kind: ticket::PUSHED_REQUEST,
                digest,
            });
            let effects = std::mem::take(&mut effects);
            let code = self
                .put_code(request, authorized.clone(), once, effects, now)
                .await?
                .ok_or_else(|| AuthorizationRefused::Page(pushed::unusable()))?;
            params.push(("code", code.expose().to_owned()));
            authorized.becomes_another(self, request, now)?;
        }
        if kind.has_token() {
            let grant = authorized.to_grant(request.nonce.clone(), now)?;
            let stored = self.storage.put_grant(grant.clone(), now, effects).await?;
            let standing = stored.ok_or_else(|| taken_back(to))?;
            let own = [self.issuer.clone()];
            let wanted = FrontChannel {
                audience: request.resources.as_deref().unwrap_or(&own),
                details: &request.details,
                kind,
                grant: &grant,
                standing: &standing,
                code: params.first().map(|(_, code): &(_, String)| code.as_str()),
            };
            let tokens = front_channel(self, &request.client, wanted, now).await;
            let tokens = tokens.map_err(|refused| match refused {
                Refused::OAuth(_) => taken_back(to),
                Refused::Internal(error) => AuthorizationRefused::Internal(error),
            })?;
            params.extend(tokens);
        }
        let state = session_state(self, &request.client, &to.redirect, grantor.session);
        params.extend(state.map(|state| ("session_state", state)));
        Ok(Outcome::Carried(Answer::new(self, to, params, now)?))
    }

    /// Answers a request with an error of the person's making.
    ///
    /// # Errors
    /// For a page, when a pushed request was answered before.
    pub async fn refuse(
        &self,
        request: &AuthorizationRequest,
        error: &OAuthError,
        now: Timestamp,
    ) -> Result<Outcome, AuthorizationRefused> {
        self.close(request, now).await?;
        match &request.to {
            Destination::Redirect(to) => {
                Ok(Outcome::Carried(Answer::refusal(self, error, to, now)?))
            }
            Destination::Awaited { reference, .. } => {
                awaited::decide(self, reference, None, Effects::default(), now).await?;
                Ok(Outcome::Denied)
            }
        }
    }

    /// Spends what the request was pushed as: one answer (RFC 9126 §4).
    async fn close(
        &self,
        request: &AuthorizationRequest,
        now: Timestamp,
    ) -> Result<(), AuthorizationRefused> {
        let Some(reference) = &request.pushed else {
            return Ok(());
        };
        let kind = ticket::PUSHED_REQUEST;
        match self
            .storage
            .redeem_ticket(kind, reference.clone(), now)
            .await?
        {
            Redeemed::Fresh(_) => Ok(()),
            Redeemed::Replayed(_) | Redeemed::Unknown => {
                Err(AuthorizationRefused::Page(pushed::unusable()))
            }
        }
    }
}

fn taken_back(to: &ReturnAddress) -> AuthorizationRefused {
    let error =
        ErrorCode::AccessDenied.because("the person or their consent no longer allows this");
    AuthorizationRefused::Redirect(error, to.clone())
}
