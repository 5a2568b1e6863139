//! Signing out, asked for by the citizen or by a site.

use askama::Template;
use axum::response::Response;

use crate::model::client::Client;
use crate::protocol::frontchannel::{self, Frame};
use crate::web::cabinet::citizen;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::security_headers::{FrameSources, WithScript};
use crate::web::visit::Visit;

/// `/sign-out` and `/oauth/end_session`: the question.
#[derive(Template)]
#[template(path = "sign_out.html")]
pub struct SignOutPage {
    /// The frame.
    pub page: Page,
    /// Where the answer goes; field `decision` is `sign-out` or `stay`.
    pub action: String,
    /// The site that asks to sign out.
    pub asker: Option<Site>,
    /// Sites this session has signed in to.
    pub sites: Vec<Site>,
}

/// It is done, and there is no site to return to by itself.
#[derive(Template)]
#[template(path = "signed_out.html")]
pub struct SignedOutPage {
    /// The frame.
    pub page: Page,
    /// Sites that are being told.
    pub sites: Vec<Site>,
    /// A registered address of the site that asked.
    pub return_href: Option<String>,
    /// Pages of sites, loaded out of sight.
    pub frames: Vec<String>,
}

/// It is done; the browser returns to the site that asked once the others have
/// been told.
#[derive(Template)]
#[template(path = "signing_out.html")]
pub struct SigningOutPage {
    /// The frame.
    pub page: Page,
    /// Where it returns to, already matched with the registered addresses.
    pub onward: String,
    /// Pages of sites, loaded out of sight.
    pub frames: Vec<String>,
}

/// `GET /sign-out`: the question.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    if visit.session.is_none() {
        return Ok(visit.go("/"));
    }
    ask(&visit, "/sign-out", None).await
}

/// `POST /sign-out`: the answer.
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let Some(session) = &visit.session else {
        return Ok(visit.go("/"));
    };
    let form = posted.checked(&visit)?;
    if form.text("decision") != "sign-out" {
        return Ok(visit.go("/account"));
    }
    let sites = told(&visit, None).await?;
    let frames = frontchannel::frames(&visit.app.provider, &session.id).await?;
    let accounts = &visit.app.accounts;
    accounts
        .sign_out(session, &visit.browser(), visit.now)
        .await?;
    visit.app.outbox.wake();
    let mut response = signed_out(&visit, sites, &frames, None)?;
    visit.sign_out(&mut response);
    Ok(response)
}

/// The question whether to sign out, asked by the citizen or by a site.
///
/// # Errors
/// When the database is away.
pub async fn ask(
    visit: &Visit,
    action: &str,
    client: Option<&Client>,
) -> Result<Response, PageError> {
    let person = citizen(visit).await?;
    visit.show(&SignOutPage {
        page: visit.page(person.as_deref()),
        action: action.to_owned(),
        asker: client.map(|client| visit.site(client)),
        sites: told(visit, client).await?,
    })
}

/// It is done, at the wish of a site that gave no address to return to.
///
/// # Errors
/// When the template fails.
pub fn done(
    visit: &Visit,
    frames: &[Frame],
    client: Option<&Client>,
) -> Result<Response, PageError> {
    signed_out(visit, Vec::new(), frames, client)
}

/// It is done, and the browser returns to the site that asked after the sites
/// in the frames have been told (OpenID Connect Front-Channel Logout §3).
///
/// # Errors
/// When the template fails.
pub fn go_on(visit: &Visit, frames: &[Frame], onward: String) -> Result<Response, PageError> {
    let mut response = visit.show(&SigningOutPage {
        page: visit.page(None),
        onward,
        frames: addresses(frames),
    })?;
    response.extensions_mut().insert(WithScript);
    let_in(frames, &mut response);
    Ok(response)
}

fn addresses(frames: &[Frame]) -> Vec<String> {
    frames.iter().map(|frame| frame.address.clone()).collect()
}

/// Lets the page show these frames and no others.
fn let_in(frames: &[Frame], response: &mut Response) {
    if !frames.is_empty() {
        let origins: Vec<_> = frames.iter().map(|frame| frame.origin.as_str()).collect();
        let sources = FrameSources(origins.join(" "));
        response.extensions_mut().insert(sources);
    }
}

fn signed_out(
    visit: &Visit,
    sites: Vec<Site>,
    frames: &[Frame],
    client: Option<&Client>,
) -> Result<Response, PageError> {
    // An app's own scheme is no link for a page of the browser.
    let registered = client.and_then(|client| client.post_logout_redirect_uris.first());
    let mut response = visit.show(&SignedOutPage {
        page: visit.page(None),
        sites,
        return_href: registered.filter(|uri| uri.starts_with("http")).cloned(),
        frames: addresses(frames),
    })?;
    let_in(frames, &mut response);
    Ok(response)
}

/// Sites this session has signed in to that are told of its end, but for the
/// one that asks.
async fn told(visit: &Visit, asker: Option<&Client>) -> Result<Vec<Site>, PageError> {
    let Some(session) = &visit.session else {
        return Ok(Vec::new());
    };
    let mut sites = Vec::new();
    for id in visit.app.storage.clients_of_session(&session.id).await? {
        if asker.is_some_and(|asker| asker.client_id == id) {
            continue;
        }
        if let Some(client) = visit.app.provider.clients.find(&id).await?
            && (client.backchannel_logout_uri.is_some() || client.frontchannel_logout_uri.is_some())
        {
            sites.push(visit.site(&client));
        }
    }
    Ok(sites)
}
