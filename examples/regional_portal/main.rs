//! A regional portal as a relying party: what a team that connects its site to
//! Propusk has to write, and nothing more.
//!
//! Read in this order: `sign_in` (code flow with PKCE), `claims` (what may be
//! believed), `provider` (discovery and keys), `refresh`, `sign_out`, `backchannel` with `logout_token`. The
//! rest is an ordinary small site: `visits` keeps who is signed in, `home` and
//! `page` draw, `texts` speaks Russian and English.
//!
//! ```sh
//! PORTAL_CLIENT_SECRET=… cargo run --example regional_portal -- --client-id portal-a
//! ```

mod backchannel;
mod claims;
mod home;
mod http_client;
mod logout_token;
mod page;
mod provider;
mod refresh;
mod settings;
mod sign_in;
mod sign_out;
mod texts;
mod visits;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::routing::{get, post};
use clap::Parser;

use crate::logout_token::SeenTokens;
use crate::provider::ProviderCache;
use crate::settings::Settings;
use crate::visits::Visits;

/// Everything a request may need. There are no globals.
pub struct Portal {
    settings: Settings,
    provider: ProviderCache,
    visits: Visits,
    seen_logout_tokens: SeenTokens,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    rustls::crypto::aws_lc_rs::default_provider()
        .install_default()
        .map_err(|_| "another TLS provider is installed already")?;
    let settings = Settings::parse();
    let listener = tokio::net::TcpListener::bind(settings.listen).await?;
    println!("{} — {}", settings.name_ru, settings.public_url());

    // The provider is not asked anything here: a portal must come up, and show
    // its public pages, while the provider is away.
    let portal = Portal {
        provider: ProviderCache::new(&settings)?,
        visits: Visits::default(),
        seen_logout_tokens: SeenTokens::default(),
        settings,
    };
    axum::serve(listener, routes(Arc::new(portal)))
        .with_graceful_shutdown(async {
            tokio::signal::ctrl_c().await.ok();
        })
        .await?;
    Ok(())
}

fn routes(portal: Arc<Portal>) -> Router {
    Router::new()
        .route("/", get(home::show))
        .route("/style.css", get(page::stylesheet))
        .route("/login", get(sign_in::begin))
        .route("/callback", get(sign_in::finish))
        .route("/refresh", post(refresh::refresh))
        .route("/logout", post(sign_out::begin))
        .route("/signed-out", get(sign_out::finish))
        .route("/backchannel_logout", post(backchannel::receive))
        .with_state(portal)
}

/// Seconds since 1970. Called once per request and then passed as a value, so
/// that one request never sees two times.
#[expect(
    clippy::disallowed_methods,
    reason = "the portal is a program of its own and this is its only clock"
)]
fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is after 1970")
        .as_secs()
}
