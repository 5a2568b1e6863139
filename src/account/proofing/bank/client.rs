//! The types of the OpenID Connect client, and its door to the outside: ours.

use std::future::Future;
use std::pin::Pin;

use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreClaimName, CoreClaimType, CoreClientAuthMethod,
    CoreErrorResponseType, CoreGenderClaim, CoreGrantType, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreJwsSigningAlgorithm,
    CoreResponseMode, CoreResponseType, CoreRevocableToken, CoreRevocationErrorResponse,
    CoreSubjectIdentifierType, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, AdditionalProviderMetadata, AsyncHttpClient, Client, EmptyExtraTokenFields,
    EndpointMaybeSet, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse, IdToken,
    IdTokenFields, ProviderMetadata, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::egress::{Call, Egress, EgressRefused};

/// Claims the library has no names for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct More {
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl AdditionalClaims for More {}

/// Metadata the library has no names for.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct MoreMetadata {
    /// RFC 9207 §3.
    #[serde(default)]
    pub authorization_response_iss_parameter_supported: bool,
}

impl AdditionalProviderMetadata for MoreMetadata {}

/// A bank's discovery document with its keys.
pub type Metadata = ProviderMetadata<
    MoreMetadata,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// A bank's ID token.
pub type BankIdToken =
    IdToken<More, CoreGenderClaim, CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm>;

type Tokens = StandardTokenResponse<
    IdTokenFields<
        More,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;

/// A client of a bank.
pub type BankClient = Client<
    More,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    Tokens,
    CoreTokenIntrospectionResponse,
    CoreRevocableToken,
    CoreRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

/// The library's calls, made by our own door.
pub struct Door<'a>(pub &'a Egress);

impl<'c> AsyncHttpClient<'c> for Door<'_> {
    type Error = EgressRefused;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, EgressRefused>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(async move {
            const UNREADABLE: EgressRefused = EgressRefused::Refused("not an answer of HTTP");
            let headers = request.headers().iter();
            let call = Call {
                method: match request.method().as_str() {
                    "GET" => "GET",
                    "POST" => "POST",
                    _ => return Err(EgressRefused::Refused("only GET and POST are called")),
                },
                url: request.uri().to_string(),
                headers: headers
                    .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                    .collect(),
                body: request.into_body(),
            };
            let answer = self.0.call(call).await?;
            // Whatever it says then, it is not the bank that answers.
            if answer.status >= 500 {
                return Err(EgressRefused::Unreachable(format!(
                    "status {}",
                    answer.status
                )));
            }
            let mut response = HttpResponse::new(answer.body);
            *response.status_mut() = answer.status.try_into().map_err(|_| UNREADABLE)?;
            if let Some(kind) = answer.content_type {
                let kind = kind.try_into().map_err(|_| UNREADABLE)?;
                response.headers_mut().insert("content-type", kind);
            }
            Ok(response)
        })
    }
}
