//! The link from the e-mail, opened perhaps in another browser. It asks for a
//! press: mail scanners open links, and must not use them up.

use askama::Template;
use axum::response::Response;

use super::step;
use crate::model::secret::Secret;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// `/register/link`
#[derive(Template)]
#[template(path = "register_link.html")]
pub struct RegisterLinkPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// The secret of the link, sent on as the field `token`; none if the link is dead.
    pub token: Option<String>,
    /// Registration from the start.
    pub register_href: String,
}

/// The page; the link stays good.
pub async fn link(visit: Visit) -> Result<Response, PageError> {
    let token = visit.query("token").unwrap_or_default();
    let found = visit
        .app
        .accounts
        .registration_link(&Secret::new(token.as_str()), visit.now)
        .await?;
    answer(&visit, found.map(|_| token))
}

/// The press. The flow goes on if it began in this browser; in another one the
/// registration ends in the cabinet.
pub async fn open_link(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let token = Secret::new(form.text("token"));
    let Some(redeemed) = visit.app.accounts.redeem_link(&token, visit.now).await? else {
        return answer(&visit, None);
    };
    let flow = redeemed.flow.as_deref();
    Ok(visit.go(&step::href_in_flow(
        &visit,
        "/register/password",
        &redeemed.handle,
        flow,
    )?))
}

fn answer(visit: &Visit, token: Option<String>) -> Result<Response, PageError> {
    visit.show(&RegisterLinkPage {
        page: visit.page(None),
        action: "/register/link".to_owned(),
        token,
        register_href: "/register".to_owned(),
    })
}
