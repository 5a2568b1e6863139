//! Each form of a recovery, ready to be sent (attack row 26).

use super::{MAIL, ask, show, trusted, wait};
use crate::attacks_web::csrf_cases::{Case, case};
use crate::factors::{add_app, give};
use crate::support::TestApp;
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{NEW_PASSWORD, sign_in, signed_in};

/// Whether a route is one of these.
pub fn is_of_recovery(route: &str) -> bool {
    [
        "/recover",
        "/account/recovery",
        "/account/trusted",
        "/account/security/trusted",
    ]
    .iter()
    .any(|part| route.starts_with(part))
}

/// The form of a route, in an app of its own.
pub async fn ready(app: &TestApp, route: &str) -> Option<Case> {
    if crate::appeals::cases::is_of_appeals(route) {
        return crate::appeals::cases::ready(app, route).await;
    }
    if route.contains("trusted") {
        return of_trust(app, route).await;
    }
    let browser = app.browser();
    let owner = signed_in(app, ANNA).await;
    let phone = match route {
        "/recover" | "/recover/code" | "/recover/resend" | "/recover/password" => None,
        _ => Some(add_app(app, &owner).await),
    };
    app.advance(3_600).await;
    Some(match route {
        "/recover" => {
            let page = browser.get(route).await;
            case(browser, &page, "recover-submit", &[("username", ANNA)])
        }
        "/recover/code" => {
            let page = ask(&browser, ANNA).await;
            let code = app.last_code(ANNA).await;
            case(browser, &page, "code-submit", &[("code", &code)])
        }
        "/recover/resend" => {
            let page = ask(&browser, ANNA).await;
            app.advance(61).await;
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

async fn of_trust(app: &TestApp, route: &str) -> Option<Case> {
    if matches!(
        route,
        "/account/security/trusted" | "/account/security/trusted/end" | "/account/trusted/agree"
    ) {
        let anna = trusted::verified(app, ANNA).await;
        let timur = trusted::verified(app, TIMUR).await;
        let page = anna.get("/account/security/trusted").await;
        if route == "/account/security/trusted" {
            let typed = [("contact", TIMUR)];
            return Some(case(anna, &page, "trusted-invite", &typed));
        }
        let page = trusted::invite(&anna, TIMUR).await;
        if route == "/account/security/trusted/end" {
            return Some(case(anna, &page, "trusted-end", &[]));
        }
        let page = timur.get("/account/trusted").await;
        return Some(case(timur, &page, "trusting-agree", &[]));
    }
    let (_, timur, _) = trusted::pair(app).await;
    let browser = app.browser();
    Some(match route {
        "/account/trusted/end" => {
            let page = timur.get("/account/trusted").await;
            case(timur, &page, "trusting-end", &[])
        }
        "/account/trusted/vouch" => {
            trusted::ask_him(app, &browser).await;
            let code = app.last_code(TIMUR).await;
            let page = timur.get("/account/trusted").await;
            case(timur, &page, "vouch-confirm", &[("code", &code)])
        }
        "/recover/trusted" => {
            let page = ask(&browser, ANNA).await;
            let page = show(app, &browser, &page, ANNA).await;
            case(browser, &page, "recover-trusted", &[])
        }
        _ => return None,
    })
}
