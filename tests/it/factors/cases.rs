//! Each form about second factors, ready to be sent (attack row 26).

use super::{add_app, first_step};
use crate::attacks_web::csrf_cases::{Case, case};
use crate::levels::become_standard;
use crate::sign_in_ways::code::{SNILS, numbers};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

/// The form of a route, in an app of its own: there is a factor afterwards.
pub async fn ready(app: &TestApp, route: &str) -> Option<Case> {
    let browser = signed_in(app, ANNA).await;
    let portal = RelyingParty::new(app, "portal");
    let asks = portal.authorize_url(&[("acr_values", "urn:propusk:aal:2")]);
    let sms = |action: &str| format!("/account/factors/sms{action}");
    Some(match route {
        "/account/factors/totp" => {
            let page = browser.get(route).await;
            let key: String = page.text("#app-secret")?.split(' ').collect();
            let code = super::App::with(&key).code(app);
            case(browser, &page, "app-confirm", &[("code", &code)])
        }
        // No browser makes keys here: what is sent is no key, and adds none.
        "/account/factors/key" => {
            let page = browser.get(route).await;
            Case {
                changes: false,
                ..case(browser, &page, "key", &[("answer", "{}")])
            }
        }
        "/sign-in/key" => {
            let browser = app.browser();
            let page = browser.get("/sign-in").await;
            Case {
                changes: false,
                ..case(browser, &page, "key-sign-in", &[("answer", "{}")])
            }
        }
        "/account/factors/{kind}/send" => {
            let page = browser.get(&sms("")).await;
            case(browser, &page, "factor-send", &[])
        }
        "/account/factors/{kind}/confirm" => {
            let page = browser.get(&sms("")).await;
            let page = browser.submit(&page, "factor-send", &[]).await;
            let code = app.last_code(ANNA).await;
            case(browser, &page, "factor-confirm", &[("code", &code)])
        }
        "/sign-in/code/enter" | "/sign-in/code/resend" => {
            become_standard(app, &browser, &[]).await;
            let browser = app.browser();
            let page = numbers(&browser, SNILS, ANNA).await;
            if route == "/sign-in/code/resend" {
                app.advance(61).await;
                let page = browser.get(page.url.as_str()).await;
                return Some(case(browser, &page, "code-resend", &[]));
            }
            let code = app.last_code(ANNA).await;
            case(browser, &page, "code-enter", &[("code", &code)])
        }
        "/not-me" => {
            let link = app.last_message("anna.sokolova@example.ru").await.not_me?;
            let browser = app.browser();
            let page = browser.get(&link).await;
            case(browser, &page, "not-me-confirm", &[])
        }
        "/account/freeze" => {
            let page = browser.get(route).await;
            case(browser, &page, "freeze-confirm", &[])
        }
        "/account/history/not-me" => {
            let browser = signed_in(app, ANNA).await;
            let page = browser.get("/account/history").await;
            let button = page.attribute("button[id^=not-me-]", "id")?;
            case(browser, &page, &button, &[])
        }
        "/step-up/decline" => {
            let page = browser.get(&asks).await;
            Case {
                changes: false,
                ..case(browser, &page, "step-up-return", &[])
            }
        }
        "/step-up" => {
            // Two sessions: one that has the factor, one that began before.
            let other = signed_in(app, ANNA).await;
            add_app(app, &other).await;
            let page = browser.get(&asks).await;
            case(browser, &page, "step-up-begin", &[])
        }
        _ => {
            let phone = add_app(app, &browser).await;
            match route {
                "/sign-in/second" => {
                    let browser = app.browser();
                    let page = first_step(&browser).await;
                    let code = phone.code(app);
                    case(browser, &page, "second-submit", &[("code", &code)])
                }
                "/sign-in/second/code" => {
                    let page = browser.get(&sms("")).await;
                    let page = browser.submit(&page, "factor-send", &[]).await;
                    let code = app.last_code(ANNA).await;
                    browser
                        .submit(&page, "factor-confirm", &[("code", &code)])
                        .await;
                    let browser = app.browser();
                    let page = first_step(&browser).await;
                    let page = super::other_way(&browser, &page, "sms").await;
                    case(browser, &page, "second-send", &[])
                }
                "/account/factors/backup" => {
                    let page = browser.get("/account/factors").await;
                    case(browser, &page, "backups-make", &[])
                }
                "/account/factors/{kind}/prefer" => {
                    let page = browser.get(&sms("")).await;
                    let page = browser.submit(&page, "factor-send", &[]).await;
                    let code = app.last_code(ANNA).await;
                    browser
                        .submit(&page, "factor-confirm", &[("code", &code)])
                        .await;
                    let page = browser.get("/account/factors").await;
                    let button = page.attribute("button[id^=prefer-]", "id")?;
                    case(browser, &page, &button, &[])
                }
                "/account/factors/{kind}/rename" => {
                    let page = browser.get("/account/factors").await;
                    let button = page.attribute("button[id^=rename-]", "id")?;
                    case(browser, &page, &button, &[("name", "Другое")])
                }
                "/account/factors/{kind}/remove" => {
                    let page = browser.get("/account/factors").await;
                    let button = page.attribute("button[id^=remove-]", "id")?;
                    case(browser, &page, &button, &[])
                }
                _ => return None,
            }
        }
    })
}
