//! Each form of a recovery, ready to be sent (attack row 26).

use super::{MAIL, ask, show, wait};
use crate::attacks_web::csrf_cases::{Case, case};
use crate::factors::{add_app, give};
use crate::support::TestApp;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};

/// Whether a route is one of these.
pub fn is_of_recovery(route: &str) -> bool {
    route.starts_with("/recover") || route.starts_with("/account/recovery")
}

/// The form of a route, in an app of its own.
pub async fn ready(app: &TestApp, route: &str) -> Option<Case> {
    let browser = app.browser();
    let owner = signed_in(app, ANNA).await;
    let phone = match route {
        "/recover" | "/recover/code" | "/recover/resend" | "/recover/password" => None,
        _ => Some(add_app(app, &owner).await),
    };
    app.advance(3_600);
    Some(match route {
        "/recover" => {
            let page = browser.get(route).await;
            case(browser, &page, "recover-submit", &[("username", ANNA)])
        }
        "/recover/code" => {
            let page = ask(&browser, ANNA).await;
            let code = app.last_message(ANNA).await.code?;
            case(browser, &page, "code-submit", &[("code", &code)])
        }
        "/recover/resend" => {
            let page = ask(&browser, ANNA).await;
            app.advance(61);
            let page = browser.get(page.url.as_str()).await;
            case(browser, &page, "code-resend", &[])
        }
        "/recover/password" => {
            let page = ask(&browser, ANNA).await;
            let page = show(app, &browser, &page, ANNA).await;
            let typed = [
                ("password", NEW_PASSWORD),
                ("password_repeat", NEW_PASSWORD),
            ];
            case(browser, &page, "password-submit", &typed)
        }
        "/recover/factor" | "/recover/wait" => {
            let page = ask(&browser, ANNA).await;
            let page = show(app, &browser, &page, ANNA).await;
            let button = &route[1..].replace('/', "-");
            case(browser, &page, button, &[])
        }
        "/recover/cancel" => {
            wait(app, &browser, ANNA, ANNA).await;
            let page = app.browser();
            let link = super::link(app, MAIL, super::BEGUN).await;
            let shown = page.get(&link).await;
            case(page, &shown, "recover-cancel", &[])
        }
        "/account/recovery/cancel" => {
            let owner = app.browser();
            let page = sign_in(&owner, ANNA, PASSWORD).await;
            give(&owner, &page, &phone?.code(app)).await;
            wait(app, &browser, ANNA, ANNA).await;
            let page = owner.get("/account/recovery").await;
            case(owner, &page, "recovery-cancel", &[])
        }
        _ => return None,
    })
}
