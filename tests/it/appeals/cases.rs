//! Each form of an application, ready to be sent (attack row 26).

use super::*;
use crate::attacks_web::csrf_cases::{Case, case};

/// Whether a route is one of these.
pub fn is_of_appeals(route: &str) -> bool {
    [
        "/recover/form",
        "/account/recovery/appeal",
        "/operator/support/appeals",
    ]
    .iter()
    .any(|part| route.starts_with(part))
}

/// The form of a route, in an app of its own.
pub async fn ready(app: &TestApp, route: &str) -> Option<Case> {
    let browser = app.browser();
    match route {
        "/recover/form" => {
            let page = browser.get(route).await;
            return Some(case(browser, &page, "appeal-begin", &[("contact", NEW)]));
        }
        "/recover/form/code" | "/recover/form/resend" => {
            let page = browser.get("/recover/form").await;
            let page = browser
                .submit(&page, "appeal-begin", &[("contact", NEW)])
                .await;
            if route == "/recover/form/code" {
                let code = app.last_code(NEW).await;
                return Some(case(browser, &page, "code-submit", &[("code", &code)]));
            }
            app.advance(61).await;
            let page = browser.get(page.url.as_str()).await;
            return Some(case(browser, &page, "code-resend", &[]));
        }
        "/recover/form/data" => {
            let page = begin(app, &browser, NEW).await;
            // Without files; with them in tests of their own.
            return Some(Case {
                changes: false,
                ..case(browser, &page, "appeal-send", &DATA)
            });
        }
        _ => {}
    }
    let home = signed_in(app, ANNA).await;
    become_standard(app, &home, &[]).await;
    let number = apply(app, &[]).await;
    if route.starts_with("/operator") {
        return desk(app, route, &number).await;
    }
    Some(match route {
        "/recover/form/cancel" => {
            let page = browser.get(&link(app, MAIL, RECEIVED).await).await;
            case(browser, &page, "appeal-cancel", &[])
        }
        "/account/recovery/appeal" => {
            let page = home.get("/account/recovery").await;
            case(home, &page, "appeal-cancel", &[])
        }
        "/recover/form/password" => {
            decide(app, &number, [false, false]).await;
            app.advance(72 * HOUR).await;
            let page = browser.get(&opened(app, NEW).await?).await;
            let typed = [
                ("password", NEW_PASSWORD),
                ("password_repeat", NEW_PASSWORD),
            ];
            case(browser, &page, "password-submit", &typed)
        }
        _ => return None,
    })
}

async fn desk(app: &TestApp, route: &str, number: &str) -> Option<Case> {
    let desk = signed_in(app, SUPPORT).await;
    if route == "/operator/support/appeals/take" {
        let page = desk.get("/operator/support/appeals").await;
        return Some(case(desk, &page, &format!("take-{number}"), &[]));
    }
    let page = take(&desk, number).await;
    Some(match route.rsplit('/').next()? {
        "agree" => case(desk, &page, "appeal-agree", &LOOKED),
        "refuse" => case(desk, &page, "appeal-refuse", &[("reason", "data")]),
        "release" => case(desk, &page, "appeal-release", &[]),
        _ => return None,
    })
}
