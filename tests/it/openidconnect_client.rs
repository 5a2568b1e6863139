//! The whole way with the `openidconnect` crate, a relying party that others
//! wrote: discovery, code with PKCE, userinfo, refresh, introspection,
//! revocation and logout.

use futures_util::future::BoxFuture;
use openidconnect::core::{
    CoreAuthDisplay, CoreAuthenticationFlow, CoreClaimName, CoreClaimType, CoreClient,
    CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey, CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType, CoreRevocableToken,
    CoreSubjectIdentifierType, CoreUserInfoClaims,
};
use openidconnect::{
    AccessTokenHash, AdditionalProviderMetadata, AuthType, AuthorizationCode, ClientId,
    ClientSecret, CsrfToken, HttpRequest, HttpResponse, IntrospectionUrl, IssuerUrl,
    LogoutProviderMetadata, LogoutRequest, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge,
    PostLogoutRedirectUrl, ProviderMetadata, RedirectUrl, RevocationUrl, Scope,
    TokenIntrospectionResponse as _, TokenResponse as _,
};
use serde::{Deserialize, Serialize};

use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::http;
use crate::support::relying_party::ASSERTION_TYPE;
use crate::support::{RelyingParty, TestApp};

/// The crate revokes over https only.
const ISSUER: &str = "https://id.example.ru";

/// What the crate has no fields for.
#[derive(Clone, Debug, Deserialize, Serialize)]
struct MoreEndpoints {
    introspection_endpoint: IntrospectionUrl,
    revocation_endpoint: RevocationUrl,
}

impl AdditionalProviderMetadata for MoreEndpoints {}

type Metadata = ProviderMetadata<
    LogoutProviderMetadata<MoreEndpoints>,
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

type Answered = BoxFuture<'static, reqwest::Result<HttpResponse>>;

/// Brings requests for the public address to the server of the test, as a
/// proxy that speaks TLS does.
fn proxy(app: &TestApp) -> impl Fn(HttpRequest) -> Answered + use<> {
    let http = http::client();
    let inner = app.url.clone();
    move |mut request| {
        let outer = request.uri().to_string();
        let path = outer
            .strip_prefix(ISSUER)
            .expect("every address is under the issuer");
        *request.uri_mut() = format!("{inner}{path}").parse().unwrap();
        let http = http.clone();
        Box::pin(async move {
            let answer = http.execute(reqwest::Request::try_from(request)?).await?;
            let mut response = ::http::Response::builder().status(answer.status());
            *response.headers_mut().unwrap() = answer.headers().clone();
            Ok(response.body(answer.bytes().await?.to_vec()).unwrap())
        })
    }
}

/// How a client of these tests authenticates.
enum By {
    Secret(AuthType),
    /// The crate does not know this method; the parameters are added by hand.
    Key,
}

async fn goes_the_whole_way(id: &str, by: By) {
    let app = TestApp::start_with(|config| config["issuer"] = ISSUER.into()).await;
    let portal = RelyingParty::new(&app, id);
    let http = proxy(&app);
    let issuer = IssuerUrl::new(ISSUER.to_owned()).unwrap();
    let metadata = Metadata::discover_async(issuer, &http).await.unwrap();
    let more = metadata.additional_metadata();
    let endpoints = &more.additional_metadata;
    let secret = portal.secret.clone().map(ClientSecret::new);
    let client_id = ClientId::new(id.to_owned());
    let mut client = CoreClient::from_provider_metadata(metadata.clone(), client_id, secret)
        .set_redirect_uri(RedirectUrl::new(portal.redirect_uri.clone()).unwrap())
        .set_introspection_url(endpoints.introspection_endpoint.clone())
        .set_revocation_url(endpoints.revocation_endpoint.clone());
    if let By::Secret(way) = &by {
        client = client.set_auth_type(way.clone());
    }
    let proof = || match by {
        By::Secret(_) => Vec::new(),
        By::Key => vec![
            ("client_assertion_type", ASSERTION_TYPE.to_owned()),
            ("client_assertion", KEYED.sign(&portal.assertion(ISSUER))),
        ],
    };

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state, nonce) = client
        .authorize_url(
            CoreAuthenticationFlow::AuthorizationCode,
            CsrfToken::new_random,
            Nonce::new_random,
        )
        .add_scope(Scope::new("profile".to_owned()))
        .add_scope(Scope::new("offline_access".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let browser = app.browser();
    let page = browser
        .get(address.as_str().strip_prefix(ISSUER).unwrap())
        .await;
    let page = portal.go_on(&browser, page, ANNA).await;
    assert_eq!(page.sent("state").as_ref(), Some(state.secret()));

    let code = AuthorizationCode::new(page.sent("code").unwrap());
    let mut request = client
        .exchange_code(code)
        .unwrap()
        .set_pkce_verifier(verifier);
    for (name, value) in proof() {
        request = request.add_extra_param(name, value);
    }
    let tokens = request.request_async(&http).await.unwrap();
    let now = jiff::Timestamp::from_second(app.now().seconds())
        .unwrap()
        .to_string();
    let checks = client
        .id_token_verifier()
        .set_time_fn(move || now.parse().unwrap());
    let id_token = tokens.id_token().unwrap();
    let claims = id_token.claims(&checks, &nonce).unwrap();
    let algorithm = id_token.signing_alg().unwrap();
    let key = id_token.signing_key(&checks).unwrap();
    let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).unwrap();
    assert_eq!(claims.access_token_hash(), Some(&hash));

    let about: CoreUserInfoClaims = client
        .user_info(
            tokens.access_token().clone(),
            Some(claims.subject().clone()),
        )
        .unwrap()
        .request_async(&http)
        .await
        .unwrap();
    assert_eq!(
        about.given_name().unwrap().get(None).unwrap().as_str(),
        "Анна"
    );

    let refresh = tokens.refresh_token().unwrap();
    let mut request = client.exchange_refresh_token(refresh).unwrap();
    for (name, value) in proof() {
        request = request.add_extra_param(name, value);
    }
    let fresh = request.request_async(&http).await.unwrap();
    let of_fresh = fresh
        .id_token()
        .unwrap()
        .claims(&checks, |_: Option<&Nonce>| Ok(()))
        .unwrap();
    assert_eq!(of_fresh.subject(), claims.subject());

    let introspect = async || {
        let mut request = client.introspect(fresh.access_token());
        for (name, value) in proof() {
            request = request.add_extra_param(name, value);
        }
        request.request_async(&http).await.unwrap()
    };
    let alive = introspect().await;
    assert!(alive.active());
    assert_eq!(alive.sub(), Some(claims.subject().as_str()));
    let token = CoreRevocableToken::from(fresh.refresh_token().unwrap().clone());
    let mut request = client.revoke_token(token).unwrap();
    for (name, value) in proof() {
        request = request.add_extra_param(name, value);
    }
    request.request_async(&http).await.unwrap();
    assert!(!introspect().await.active());

    let back = format!("https://{id}.example/signed-out");
    let address = LogoutRequest::from(more.end_session_endpoint.clone().unwrap())
        .set_id_token_hint(id_token)
        .set_post_logout_redirect_uri(PostLogoutRedirectUrl::new(back.clone()).unwrap())
        .set_state(CsrfToken::new("out".to_owned()))
        .http_get_url();
    let page = browser
        .get(address.as_str().strip_prefix(ISSUER).unwrap())
        .await;
    assert_eq!(
        page.location().unwrap().as_str(),
        format!("{back}?state=out")
    );
    app.end().await;
}

#[tokio::test]
async fn openidconnect_with_client_secret_basic() {
    goes_the_whole_way("portal", By::Secret(AuthType::BasicAuth)).await;
}

#[tokio::test]
async fn openidconnect_with_client_secret_post() {
    goes_the_whole_way("post", By::Secret(AuthType::RequestBody)).await;
}

#[tokio::test]
async fn openidconnect_with_private_key_jwt() {
    goes_the_whole_way("keyed", By::Key).await;
}
