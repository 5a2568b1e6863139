//! The provider as the portal knows it: its metadata and keys, read when first
//! needed and read again when it signs with a key we have not seen.

use std::sync::Arc;

use jsonwebtoken::jwk::JwkSet;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthPrompt, CoreErrorResponseType, CoreGenderClaim, CoreJsonWebKey,
    CoreJweContentEncryptionAlgorithm, CoreJwsSigningAlgorithm, CoreRevocableToken,
    CoreRevocationErrorResponse, CoreTokenIntrospectionResponse, CoreTokenType,
};
use openidconnect::{
    AdditionalClaims, Client, ClientId, ClientSecret, EmptyExtraTokenFields, EndpointMaybeSet,
    EndpointNotSet, EndpointSet, IdTokenFields, ProviderMetadataWithLogout, RedirectUrl,
    RequestTokenError, StandardErrorResponse, StandardTokenResponse,
};
use serde::{Deserialize, Serialize};
use tokio::sync::Mutex;

use crate::http_client::{HttpClient, HttpError};
use crate::settings::Settings;

/// A stranger can make us look for an unknown key; not more often than this.
const SECONDS_BETWEEN_READINGS: u64 = 10;

/// Claims that the standard does not name, such as `snils`, `assurance`, `sid`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct OtherClaims(pub serde_json::Map<String, serde_json::Value>);
impl AdditionalClaims for OtherClaims {}

/// ID token with our additional claims.
pub type IdToken = openidconnect::IdToken<
    OtherClaims,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJwsSigningAlgorithm,
>;
/// Answer of the token endpoint.
pub type TokenResponse = StandardTokenResponse<
    IdTokenFields<
        OtherClaims,
        EmptyExtraTokenFields,
        CoreGenderClaim,
        CoreJweContentEncryptionAlgorithm,
        CoreJwsSigningAlgorithm,
    >,
    CoreTokenType,
>;
/// Why the token endpoint gave nothing.
pub type TokenError = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;
/// This portal as a client of the provider.
pub type PortalClient = Client<
    OtherClaims,
    CoreAuthDisplay,
    CoreGenderClaim,
    CoreJweContentEncryptionAlgorithm,
    CoreJsonWebKey,
    CoreAuthPrompt,
    StandardErrorResponse<CoreErrorResponseType>,
    TokenResponse,
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

/// One reading of the provider's metadata and keys.
pub struct Provider {
    pub client: PortalClient,
    pub metadata: ProviderMetadataWithLogout,
    /// The same keys as in `client`, for tokens that are not ID tokens.
    pub keys: JwkSet,
    read_at: u64,
}

/// Reads the provider once and keeps it; a failed reading is tried again by the
/// next request that needs it.
pub struct ProviderCache {
    pub http: HttpClient,
    issuer: openidconnect::IssuerUrl,
    client_id: ClientId,
    client_secret: ClientSecret,
    redirect_uri: RedirectUrl,
    current: Mutex<Option<Arc<Provider>>>,
}

impl ProviderCache {
    pub fn new(settings: &Settings) -> Result<Self, Box<dyn std::error::Error>> {
        Ok(Self {
            http: HttpClient::new(settings)?,
            issuer: settings.issuer.clone(),
            client_id: ClientId::new(settings.client_id.clone()),
            client_secret: ClientSecret::new(settings.client_secret.clone()),
            redirect_uri: RedirectUrl::new(settings.own("/callback"))?,
            current: Mutex::new(None),
        })
    }

    /// The provider as last read.
    pub async fn load(&self, now: u64) -> Result<Arc<Provider>, String> {
        let mut current = self.current.lock().await;
        if let Some(provider) = &*current {
            return Ok(Arc::clone(provider));
        }
        let provider = Arc::new(self.read(now).await?);
        *current = Some(Arc::clone(&provider));
        Ok(provider)
    }

    /// The provider read anew, because it signed with a key unknown to us
    /// (OpenID Connect Core §10.1.1). If that fails, the old reading stays.
    pub async fn reload(&self, now: u64) -> Result<Arc<Provider>, String> {
        let mut current = self.current.lock().await;
        if let Some(provider) = &*current
            && now < provider.read_at + SECONDS_BETWEEN_READINGS
        {
            return Ok(Arc::clone(provider));
        }
        let provider = Arc::new(self.read(now).await?);
        *current = Some(Arc::clone(&provider));
        Ok(provider)
    }

    async fn read(&self, now: u64) -> Result<Provider, String> {
        // Discovery §4.3: `discover_async` refuses metadata of another issuer.
        let metadata = ProviderMetadataWithLogout::discover_async(self.issuer.clone(), &self.http)
            .await
            .map_err(|error| explain(&error))?;
        let keys = serde_json::to_value(metadata.jwks())
            .and_then(serde_json::from_value)
            .map_err(|error| explain(&error))?;
        let client = Client::from_provider_metadata(
            metadata.clone(),
            self.client_id.clone(),
            Some(self.client_secret.clone()),
        )
        .set_redirect_uri(self.redirect_uri.clone());
        Ok(Provider {
            client,
            metadata,
            keys,
            read_at: now,
        })
    }
}

/// An error with its causes, on one line.
pub fn explain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
