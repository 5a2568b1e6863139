//! Signing out, asked for by the citizen or by a site.

use askama::Template;
use axum::response::Response;

use crate::model::client::Client;
use crate::web::cabinet::citizen;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
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
    let accounts = &visit.app.accounts;
    accounts
        .sign_out(session, &visit.browser(), visit.now)
        .await?;
    visit.app.outbox.wake();
    let mut response = signed_out(&visit, sites, None)?;
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
pub fn done(visit: &Visit, client: Option<&Client>) -> Result<Response, PageError> {
    signed_out(visit, Vec::new(), client)
}

fn signed_out(
    visit: &Visit,
    sites: Vec<Site>,
    client: Option<&Client>,
) -> Result<Response, PageError> {
    // An app's own scheme is no link for a page of the browser.
    let registered = client.and_then(|client| client.post_logout_redirect_uris.first());
    visit.show(&SignedOutPage {
        page: visit.page(None),
        sites,
        return_href: registered.filter(|uri| uri.starts_with("http")).cloned(),
    })
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
            && client.backchannel_logout_uri.is_some()
        {
            sites.push(visit.site(&client));
        }
    }
    Ok(sites)
}
