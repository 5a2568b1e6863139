//! A way to a bank and back: code flow with PKCE, state and nonce, each bound to
//! the browser it began in (RFC 9700 §4.7). What comes back is checked in
//! [`super::checks`].

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use openidconnect::core::CoreGenderClaim;
use openidconnect::core::{CoreAuthPrompt, CoreAuthenticationFlow, CoreClientAuthMethod};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, CsrfToken, Nonce,
    OAuth2TokenResponse as _, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, TokenResponse as _, UserInfoClaims, UserInfoError,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use subtle::ConstantTimeEq as _;

use super::checks::{UNSAID, check_issuer, proven_at, verify};
use super::client::{BankClient, Door, Metadata, More};
use super::{Bank, BankRefused, Banks, claims};
use crate::account::proofing::asserted::{Asserted, Asserter, Channel};
use crate::account::throttle::network;
use crate::error::Internal;
use crate::model::id::AccountId;
use crate::model::secret::{Digest, Secret};
use crate::model::ticket;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, Redeemed};
use crate::texts::Lang;

/// The prefix of the secret in `state`.
const STATE_PREFIX: &str = "pbs_";
/// The prefixes of the other secrets of a round.
const NONCE_PREFIX: &str = "pbn_";
const VERIFIER_PREFIX: &str = "pbv_";
/// Signing in at the bank may take so long.
const LIFE: Duration = Duration::from_mins(15);
/// How a round begins.
#[derive(Clone, Copy, Debug)]
pub struct Start<'a> {
    /// The browser, by the secret of its cookie.
    pub browser: &'a str,
    pub address: IpAddr,
    /// The authorization it belongs to, handed back at the end.
    pub flow: Option<&'a str>,
    /// Who asks for a proof of who they are; none to sign in.
    pub asked_by: Option<&'a AccountId>,
    /// Whether the bank must ask for its password anew.
    pub anew: bool,
    /// Whether a second factor is asked for whatever device it is, handed back at
    /// the end.
    pub strong: bool,
    pub lang: Lang,
}

/// What came back in the address.
#[derive(Clone, Debug, Default)]
pub struct Returned {
    pub state: String,
    pub code: Option<String>,
    pub iss: Option<String>,
    pub error: Option<String>,
}

/// A round that is over.
#[derive(Debug)]
pub struct Finished {
    pub flow: Option<String>,
    /// Who asked for a proof.
    pub asked_by: Option<AccountId>,
    pub strong: bool,
    pub result: Result<Asserted, BankRefused>,
}

/// What is kept of a round under way.
#[derive(Serialize, Deserialize)]
struct Round {
    bank: String,
    browser: Digest,
    nonce: String,
    verifier: String,
    flow: Option<String>,
    asked_by: Option<AccountId>,
    anew: bool,
    #[serde(default)]
    strong: bool,
    begun_at: Timestamp,
}

impl Banks {
    /// The address at the bank where a round begins.
    ///
    /// # Errors
    /// The refusal.
    pub async fn begin(
        &self,
        id: &str,
        start: Start<'_>,
        now: Timestamp,
    ) -> Result<String, BankRefused> {
        let bank = self.find(id).ok_or(BankRefused::UnknownBank)?;
        let accounts = &self.accounts;
        let network = network(start.address);
        let counter = accounts.bank_rounds();
        if let Some(retry_after) = accounts.allow(counter, &network, now).await? {
            return Err(BankRefused::TooMany { retry_after });
        }
        let provider = &bank.provider;
        let metadata = provider.metadata(bank.issuer(), &self.egress, now).await?;
        let [state, nonce, verifier] = [STATE_PREFIX, NONCE_PREFIX, VERIFIER_PREFIX]
            .map(|prefix| accounts.entropy.secret(prefix));
        let round = Round {
            bank: id.to_owned(),
            browser: Digest::of(start.browser.as_bytes()),
            nonce: nonce.expose().to_owned(),
            verifier: verifier.expose().to_owned(),
            flow: start.flow.map(str::to_owned),
            asked_by: start.asked_by.cloned(),
            anew: start.anew,
            strong: start.strong,
            begun_at: now,
        };
        let digest = state.digest();
        let payload = accounts.seal_ticket(ticket::BANK_ROUND, &digest, &round)?;
        let end = now.plus(LIFE);
        accounts
            .storage
            .put_ticket_of(
                round.asked_by,
                (ticket::BANK_ROUND, digest),
                payload,
                now,
                end,
                Effects::default(),
            )
            .await?;
        let client = self.client(bank, &metadata)?;
        let verifier = PkceCodeVerifier::new(round.verifier);
        let mut request = client
            .authorize_url(
                CoreAuthenticationFlow::AuthorizationCode,
                move || CsrfToken::new(state.expose().to_owned()),
                move || Nonce::new(round.nonce),
            )
            .add_scopes(bank.settings.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
            .add_extra_param("ui_locales", start.lang.as_str());
        if start.anew {
            request = request.add_prompt(CoreAuthPrompt::Login);
        }
        // With a bound the bank must say when it was (OpenID Connect Core
        // §3.1.2.1).
        let oldest = match start.anew {
            true => Duration::ZERO,
            false => UNSAID,
        };
        let (url, ..) = request.set_max_age(oldest).url();
        Ok(url.into())
    }

    /// Ends a round, once: what the bank says of its client, or why it does not
    /// count. None when the round did not begin in this browser with this bank.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn finish(
        &self,
        id: &str,
        browser: &str,
        returned: &Returned,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Option<Finished>, Internal> {
        let (Some(bank), Some(round)) = (
            self.find(id),
            self.take_round(id, browser, &returned.state, now).await?,
        ) else {
            return Ok(None);
        };
        let result = self.assertion(bank, &round, returned, lang, now).await;
        Ok(Some(Finished {
            flow: round.flow,
            asked_by: round.asked_by,
            strong: round.strong,
            result,
        }))
    }

    /// The round of a `state`, spent by this call; one of another browser or
    /// bank stays as it is.
    async fn take_round(
        &self,
        id: &str,
        browser: &str,
        state: &str,
        now: Timestamp,
    ) -> Result<Option<Round>, Internal> {
        let (accounts, kind) = (&self.accounts, ticket::BANK_ROUND);
        let digest = Secret::new(state).digest();
        let Some(record) = accounts.storage.find_ticket(kind, &digest, now).await? else {
            return Ok(None);
        };
        let round: Round = accounts.open_ticket(kind, &digest, &record.payload)?;
        let here = Digest::of(browser.as_bytes());
        let same: bool = here
            .as_str()
            .as_bytes()
            .ct_eq(round.browser.as_str().as_bytes())
            .into();
        if !same || round.bank != id {
            return Ok(None);
        }
        let redeemed = accounts.storage.redeem_ticket(kind, digest, now).await?;
        Ok(matches!(redeemed, Redeemed::Fresh(_)).then_some(round))
    }

    async fn assertion(
        &self,
        bank: &Bank,
        round: &Round,
        returned: &Returned,
        lang: Lang,
        now: Timestamp,
    ) -> Result<Asserted, BankRefused> {
        let provider = &bank.provider;
        let mut metadata = provider.metadata(bank.issuer(), &self.egress, now).await?;
        check_issuer(bank, &metadata, returned)?;
        if let Some(error) = &returned.error {
            return Err(match error.as_str() {
                "access_denied" => BankRefused::Denied,
                "server_error" | "temporarily_unavailable" => BankRefused::Away,
                _ => BankRefused::Check("authorization_error"),
            });
        }
        let code = returned.code.clone().ok_or(BankRefused::Check("code"))?;
        let mut client = self.client(bank, &metadata)?;
        let tokens = client
            .exchange_code(AuthorizationCode::new(code))
            .map_err(|_| BankRefused::Check("discovery_document"))?
            .set_pkce_verifier(PkceCodeVerifier::new(round.verifier.clone()))
            .request_async(&Door(&self.egress))
            .await
            .map_err(|error| match error {
                RequestTokenError::Request(_) => BankRefused::Away,
                RequestTokenError::ServerResponse(_) => BankRefused::Check("token_error"),
                _ => BankRefused::Check("token_answer"),
            })?;
        let id_token = tokens.id_token().ok_or(BankRefused::Check("no_id_token"))?;
        let nonce = Nonce::new(round.nonce.clone());
        let mut checked = verify(bank, &client, id_token, &nonce, now);
        // The bank may have turned its keys since we asked for them.
        if matches!(checked, Err(BankRefused::Check("no_such_key")))
            && let Some(newer) = provider.newer(bank.issuer(), &self.egress, now).await?
        {
            metadata = newer;
            client = self.client(bank, &metadata)?;
            checked = verify(bank, &client, id_token, &nonce, now);
        }
        let id_claims = checked?;
        let mut said = object(&id_claims.said);
        if metadata.userinfo_endpoint().is_some() {
            let subject = Some(id_claims.subject.clone());
            let userinfo: UserInfoClaims<More, CoreGenderClaim> = client
                .user_info(tokens.access_token().clone(), subject)
                .map_err(|_| BankRefused::Check("discovery_document"))?
                .request_async(&Door(&self.egress))
                .await
                .map_err(|error| match error {
                    UserInfoError::Request(_) => BankRefused::Away,
                    UserInfoError::ClaimsVerification(ClaimsVerificationError::InvalidSubject(
                        _,
                    )) => BankRefused::Check("userinfo_sub"),
                    _ => BankRefused::Check("userinfo"),
                })?;
            said.extend(object(
                &serde_json::to_value(&userinfo).map_err(Internal::from)?,
            ));
        }
        let read = claims::read(&said, &bank.settings.claims, now)?;
        let proven_at = proven_at((round.begun_at, round.anew), id_claims.auth_time, now)?;
        Ok(Asserted {
            by: Asserter {
                channel: Channel::Bank,
                issuer: bank.issuer().to_owned(),
                subject: id_claims.subject.to_string(),
                given_by: bank.id().to_owned(),
                title: match lang {
                    Lang::Ru => bank.name().ru.clone(),
                    Lang::En => bank.name().en.clone(),
                },
            },
            attests: bank.attests(),
            asserted_at: round.begun_at,
            proven_at,
            profile: read.profile,
            snils: read.snils,
            phone: read.phone,
            email: read.email,
            expires_at: None,
        })
    }

    fn client(&self, bank: &Bank, metadata: &Arc<Metadata>) -> Result<BankClient, BankRefused> {
        let redirect = RedirectUrl::new(self.redirect_uri(bank)).map_err(Internal::from)?;
        let methods = metadata.token_endpoint_auth_methods_supported();
        let basic = methods
            .is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
        let client = BankClient::from_provider_metadata(
            (**metadata).clone(),
            ClientId::new(bank.settings.client_id.clone()),
            Some(ClientSecret::new(bank.secret.expose().to_owned())),
        );
        Ok(client.set_redirect_uri(redirect).set_auth_type(if basic {
            AuthType::BasicAuth
        } else {
            AuthType::RequestBody
        }))
    }
}

fn object(value: &Value) -> Map<String, Value> {
    value.as_object().cloned().unwrap_or_default()
}
