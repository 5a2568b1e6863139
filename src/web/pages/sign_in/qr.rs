//! Signing in by a QR code: this browser shows it, and looks from time to time
//! whether somebody has agreed elsewhere. Then it says as whom it goes in, and
//! waits for a press: who answered may be somebody else (login forgery).

use askama::Template;
use axum::response::Response;

use super::submit;
use crate::account::approval::{AskRefused, Awaited};
use crate::account::sign_in::SignInRefused;
use crate::web::asked::{Asked, arrival};
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::pages::second_step::{self, kept};
use crate::web::posted::Posted;
use crate::web::qr::picture;
use crate::web::visit::Visit;

/// `/sign-in/qr`
#[derive(Template)]
#[template(path = "sign_in_qr.html")]
pub struct SignInQrPage {
    /// The frame.
    pub page: Page,
    /// The code, as SVG.
    pub qr: String,
    /// The number that is to be named.
    pub number: String,
    pub until: Moment,
    /// This page, to look once more.
    pub again_href: String,
    /// Back to the password.
    pub back_href: String,
}

/// The same page, once somebody has agreed.
#[derive(Template)]
#[template(path = "sign_in_qr_agreed.html")]
pub struct SignInQrAgreedPage {
    /// The frame.
    pub page: Page,
    pub action: String,
    /// Who has agreed, as far as it must be told.
    pub name: String,
    /// Back to the password.
    pub back_href: String,
}

/// The parameter that carries the handle.
const BY_QR: &str = "byqr";

/// Asks for a code.
pub async fn ask(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let asked = Asked::of_flow(&visit).await?;
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let asking = visit.app.accounts.ask_approval(arrival, visit.now).await;
    match asking {
        Ok(handle) => {
            let sealed = step::seal(&visit, &handle)?;
            Ok(visit.go(&kept(&visit, "/sign-in/qr", &[(BY_QR, &sealed)])))
        }
        Err(AskRefused::TooMany { retry_after }) => {
            let refused = SignInRefused::TooMany { retry_after };
            submit::refused(&visit, asked.as_ref(), refused).await
        }
        Err(AskRefused::Internal(error)) => Err(error.into()),
    }
}

/// The code; when somebody has agreed, who.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let Some(handle) = step::named(&visit, BY_QR) else {
        return Ok(visit.go(&kept(&visit, "/sign-in", &[])));
    };
    let accounts = &visit.app.accounts;
    let awaiting = match accounts.awaited(&handle, visit.now).await? {
        Awaited::Over => return Ok(over(&visit)),
        Awaited::Agreed { name } => {
            let sealed = step::seal(&visit, &handle)?;
            return visit.show(&SignInQrAgreedPage {
                page: visit.page(None),
                action: kept(&visit, "/sign-in/qr/enter", &[(BY_QR, &sealed)]),
                name,
                back_href: kept(&visit, "/sign-in", &[]),
            });
        }
        Awaited::Asked(awaiting) => awaiting,
    };
    let sealed = step::seal(&visit, &handle)?;
    let again_href = kept(&visit, "/sign-in/qr", &[(BY_QR, &sealed)]);
    let mut page = visit.page(None);
    page.watched = Some(again_href.clone());
    visit.show_watched(&SignInQrPage {
        page,
        qr: picture(&awaiting.link)?,
        number: awaiting.number,
        until: later::until(&visit, awaiting.expires_at),
        again_href,
        back_href: kept(&visit, "/sign-in", &[]),
    })
}

/// In.
pub async fn enter(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some(handle) = step::named(&visit, BY_QR) else {
        return Ok(over(&visit));
    };
    let asked = Asked::of_flow(&visit).await?;
    let browser = visit.browser();
    let arrival = arrival(&browser, asked.as_ref());
    let accounts = &visit.app.accounts;
    let tried = accounts
        .sign_in_by_approval(&handle, arrival, visit.now)
        .await;
    visit.app.outbox.wake();
    match tried {
        Ok(admitted) => second_step::admitted(&visit, admitted),
        Err(SignInRefused::BadCredentials) => Ok(over(&visit)),
        Err(refused) => submit::refused(&visit, asked.as_ref(), refused).await,
    }
}

fn over(visit: &Visit) -> Response {
    visit.go(&kept(visit, "/sign-in", &[("by", "over")]))
}
