//! The answer to an authorization request, put into ESIA's words on its way
//! out: a code is a JWT there, an error has a code of its own.

use serde_json::{Map, json};

use super::Esia;
use super::error::{Code, EsiaError, server_error};
use super::json_token::Kind;
use crate::error::{Internal, Result};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::Answer;
use crate::protocol::authorization::code::{ESIA_LIFE, code_key};
use crate::protocol::authorization::next_step::{STRENGTH_IS_CLOSED, TOO_WEAK};
use crate::protocol::error::ErrorCode;

impl Esia {
    /// The same answer as ESIA would give it.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn in_its_words(&self, mut answer: Answer, now: Timestamp) -> Result<Answer> {
        let value = |name: &str| {
            let found = answer.params.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| value.clone())
        };
        let state = value("state");
        if let Some(code) = value("code") {
            let code = self.code(&Secret::new(code), state.as_deref(), now).await?;
            answer.params = vec![("code", code)];
            answer.params.extend(state.map(|state| ("state", state)));
            return Ok(answer);
        }
        let error = value("error").unwrap_or_default();
        let error = translated(&error, &value("error_description").unwrap_or_default());
        answer.params = vec![("error_description", error.description())];
        answer.params.extend(state.map(|state| ("state", state)));
        answer.params.push(("error", error.code.error().to_owned()));
        Ok(answer)
    }

    /// A code as a token. The secret that it is worth something by is its `jti`;
    /// beside it nothing is told of the person but their number.
    async fn code(&self, code: &Secret, state: Option<&str>, now: Timestamp) -> Result<String> {
        let provider = &self.provider;
        let found = provider.find_code(&code_key(code), now).await?;
        let found = found.ok_or_else(|| Internal::new("a code vanished on its way out"))?;
        let authorized = &found.authorized;
        let client = self.client(authorized.client.as_str()).await?;
        let client = client.ok_or_else(|| Internal::new("a client vanished on its way out"))?;
        let algorithm = client.esia.as_ref().map(|esia| esia.token_alg);
        let oid = self.oid(&authorized.account).await?;
        let mut claims = Map::new();
        for (name, value) in [
            ("jti", json!(code.expose())),
            ("iss", json!(self.issuer)),
            ("client_id", json!(client.client_id)),
            ("scope", json!(with_oid(&authorized.scopes, oid))),
            ("iat", json!(now.seconds())),
            ("nbf", json!(now.seconds())),
            (
                "exp",
                json!(now.seconds() + i64::try_from(ESIA_LIFE).unwrap_or_default()),
            ),
            (
                "auth_time",
                json!(authorized.authentication.authenticated_at().seconds()),
            ),
            (
                "auth_mthd",
                json!(method(&authorized.authentication.methods())),
            ),
            (
                "urn:esia:sid",
                json!(self.sid(&authorized.session, &client)),
            ),
            ("urn:esia:client:state", json!(state)),
            (
                "urn:esia:sbj",
                json!({ "urn:esia:sbj:typ": "P", "urn:esia:sbj:oid": oid }),
            ),
        ] {
            claims.insert(name.to_owned(), value);
        }
        self.sign(Kind::Code, algorithm.unwrap_or_default(), &claims, now)
    }
}

/// How somebody signed in: by password, or by an electronic signature.
pub(super) fn method(methods: &[&str]) -> &'static str {
    if methods.contains(&"pop") {
        "DS"
    } else {
        "PWD"
    }
}

/// Scopes as tokens of ESIA tell them: each with whose data they are.
pub(super) fn with_oid(scopes: &str, oid: i64) -> String {
    let told = scopes
        .split_whitespace()
        .filter(|name| *name != crate::model::scope::OFFLINE_ACCESS)
        .map(|name| match name {
            crate::model::scope::OPENID => name.to_owned(),
            _ => format!("{name}?oid={oid}"),
        });
    told.collect::<Vec<_>>().join(" ")
}

/// What ESIA says where OAuth says this.
fn translated(error: &str, description: &str) -> EsiaError {
    let is = |code: ErrorCode| error == code.as_str();
    let said = description.to_owned();
    if is(ErrorCode::AccessDenied) {
        Code::Declined.because(format!("OAuthErrorEnum.accessDenied: {said}"))
    } else if is(ErrorCode::UnmetAuthenticationRequirements)
        && [TOO_WEAK, STRENGTH_IS_CLOSED].contains(&description)
    {
        Code::SecondFactor.because(said)
    } else if is(ErrorCode::UnmetAuthenticationRequirements) {
        Code::NotVerified.because(format!("OAuthErrorEnum.accountNotConfirmed: {said}"))
    } else if is(ErrorCode::InteractionRequired) || is(ErrorCode::LoginRequired) {
        Code::SecondFactor.because(said)
    } else if is(ErrorCode::InvalidScope) {
        Code::UnknownScope.because(said)
    } else if is(ErrorCode::UnsupportedResponseType) {
        Code::ResponseType.because(said)
    } else if is(ErrorCode::UnauthorizedClient) {
        Code::NotAuthorized.because(said)
    } else if is(ErrorCode::TemporarilyUnavailable) {
        Code::Unavailable.because(said)
    } else if is(ErrorCode::ServerError) {
        server_error()
    } else {
        Code::WrongParameter.because(said)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_error_of_oauth_has_a_code() {
        for (error, description, number) in [
            (ErrorCode::AccessDenied, "", "007004"),
            (ErrorCode::UnmetAuthenticationRequirements, "", "007055"),
            (
                ErrorCode::UnmetAuthenticationRequirements,
                TOO_WEAK,
                "007046",
            ),
            (ErrorCode::LoginRequired, "", "007046"),
            (ErrorCode::InteractionRequired, "", "007046"),
            (ErrorCode::InvalidScope, "", "007006"),
            (ErrorCode::UnsupportedResponseType, "", "007009"),
            (ErrorCode::UnauthorizedClient, "", "007005"),
            (ErrorCode::TemporarilyUnavailable, "", "007008"),
            (ErrorCode::ServerError, "", "007007"),
            (ErrorCode::InvalidRequest, "", "007003"),
        ] {
            let told = translated(error.as_str(), description);
            assert_eq!(told.code.number(), number, "{error:?}");
        }
    }

    #[test]
    fn a_fault_of_ours_is_told_without_its_words() {
        let told = translated("server_error", "disk full at /var/lib");
        assert!(!told.description().contains("/var/lib"));
    }
}
