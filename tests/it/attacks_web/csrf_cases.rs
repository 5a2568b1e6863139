//! For each address that takes a form: a browser in which the form is ready to
//! be sent, and would have its effect.

use crate::banks::{TICKS, link, through};
use crate::documents::{LICENCE, PDF, add, scan};
use crate::levels::{become_standard, centre};
use crate::overrides;
use crate::sign_in_ways::qr::shown;
use crate::support::app::{ANNA, PASSWORD, THIRD, TIMUR};
use crate::support::bank::TestBank;
use crate::support::browser::Form;
use crate::support::steps::{NEW_PASSWORD, begin_registration, confirm_code, sign_in, signed_in};
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// A form that is ready.
pub struct Case {
    pub browser: Browser,
    pub address: String,
    /// Everything it holds, the right token included.
    pub fields: Vec<(String, String)>,
    /// Whether the database is another one after it was sent.
    pub changes: bool,
}

/// The form around a button, filled in.
pub fn case(browser: Browser, page: &Page, button: &str, typed: &[(&str, &str)]) -> Case {
    let Form { action, mut fields } = page.form(button);
    // One name may come several times, as boxes do.
    fields.retain(|(known, _)| typed.iter().all(|(name, _)| known != name));
    for (name, value) in typed.iter().filter(|(_, value)| !value.is_empty()) {
        fields.push(((*name).to_owned(), (*value).to_owned()));
    }
    Case {
        browser,
        address: page.url.join(&action).unwrap().to_string(),
        fields,
        changes: true,
    }
}

/// The form of a route, or none when nobody has written down how to reach it.
pub async fn ready(app: &TestApp, bank: &TestBank, route: &str) -> Option<Case> {
    let browser = app.browser();
    app.database
        .execute("update accounts set restricted_until = null")
        .await;
    app.app.storage.note_change();
    Some(match route {
        "/sign-in" => {
            let page = browser.get(route).await;
            case(
                browser,
                &page,
                "login-submit",
                &[("username", ANNA), ("password", PASSWORD)],
            )
        }
        "/sign-in/qr" => {
            let page = browser.get("/sign-in").await;
            case(browser, &page, "sign-in-qr", &[])
        }
        "/device" => {
            let television = RelyingParty::new(app, "television");
            let asked = [("scope", "openid")];
            let answer = television.call("/oauth/device_authorization", &asked).await;
            let answer = answer.json();
            let page = browser.get(route).await;
            let code = answer["user_code"].as_str().unwrap();
            case(browser, &page, "device-continue", &[("user_code", code)])
        }
        "/sign-in/code" => {
            let page = browser.get(route).await;
            let typed = [("snils", "112-233-445 95"), ("phone", ANNA)];
            case(browser, &page, "code-begin", &typed)
        }
        "/sign-in/qr/enter" => {
            let page = browser.get("/sign-in").await;
            let waiting = browser.submit(&page, "sign-in-qr", &[]).await;
            let (link, number) = shown(&waiting);
            let phone = signed_in(app, ANNA).await;
            let page = phone.get(&link).await;
            phone.submit(&page, &format!("number-{number}"), &[]).await;
            let page = browser.get(waiting.url.as_str()).await;
            case(browser, &page, "qr-enter", &[])
        }
        "/approve" => {
            let page = browser.get("/sign-in").await;
            let page = browser.submit(&page, "sign-in-qr", &[]).await;
            let (link, number) = shown(&page);
            let phone = signed_in(app, ANNA).await;
            let page = phone.get(&link).await;
            case(phone, &page, &format!("number-{number}"), &[])
        }
        "/sign-out" => {
            let browser = signed_in(app, ANNA).await;
            let page = browser.get(route).await;
            case(browser, &page, "logout-confirm", &[])
        }
        "/register" => {
            let page = browser.get(route).await;
            let typed = [
                ("family_name", "Громова"),
                ("given_name", "Вера"),
                ("contact", "+79005550200"),
                ("terms", "yes"),
                ("privacy", "yes"),
            ];
            case(browser, &page, "register-submit", &typed)
        }
        "/register/code" => {
            let page = begin_registration(&browser, "+79005550201").await;
            let code = app.last_code("+79005550201").await;
            case(browser, &page, "code-submit", &[("code", &code)])
        }
        "/register/resend" => {
            let page = begin_registration(&browser, "+79005550202").await;
            app.advance(61).await;
            case(browser, &page, "code-resend", &[])
        }
        "/register/link" => {
            begin_registration(&browser, "vera.csrf@example.ru").await;
            let link = app.last_message("vera.csrf@example.ru").await.link.unwrap();
            let page = browser.get(&link).await;
            case(browser, &page, "link-confirm", &[])
        }
        "/register/password" => {
            let page = begin_registration(&browser, "+79005550203").await;
            let code = app.last_code("+79005550203").await;
            let page = confirm_code(&browser, &page, &code).await;
            let typed = [
                ("password", NEW_PASSWORD),
                ("password_repeat", NEW_PASSWORD),
            ];
            case(browser, &page, "password-submit", &typed)
        }
        "/agreements" => {
            let browser = newest(app, THIRD).await;
            // As if the document had been another one when it was accepted.
            app.database
                .execute(
                    "update agreements set version = '0' where document = 'terms' and account_id =
                     (select account_id from sessions order by created_at desc, id desc limit 1)",
                )
                .await;
            app.app.storage.note_change();
            let page = browser.get("/account").await;
            case(browser, &page, "accept-submit", &[("terms", "yes")])
        }
        "/password/renew" => {
            let browser = newest(app, THIRD).await;
            app.database
                .execute(
                    "update passwords set set_at = set_at - 8000000000 where account_id =
                     (select account_id from sessions order by created_at desc, id desc limit 1)",
                )
                .await;
            app.app.storage.note_change();
            let page = browser.get("/account").await;
            let typed = [
                ("password", NEW_PASSWORD),
                ("password_repeat", NEW_PASSWORD),
            ];
            case(browser, &page, "password-submit", &typed)
        }
        "/level" => {
            let portal = RelyingParty::new(app, "portal");
            sign_in(&browser, ANNA, PASSWORD).await;
            let page = browser
                .get(&portal.authorize_url(&[("acr_values", "urn:propusk:ial:verified")]))
                .await;
            Case {
                changes: false,
                ..case(browser, &page, "level-return", &[])
            }
        }
        "/restricted" => {
            let portal = RelyingParty::new(app, "portal");
            sign_in(&browser, ANNA, PASSWORD).await;
            restrict(app).await;
            let page = browser.get(&portal.authorize_url(&[])).await;
            Case {
                changes: false,
                ..case(browser, &page, "restricted-return", &[])
            }
        }
        "/consent" => {
            let portal = RelyingParty::new(app, "portal");
            sign_in(&browser, ANNA, PASSWORD).await;
            let page = browser.get(&portal.authorize_url(&[])).await;
            case(browser, &page, "consent-allow", &[])
        }
        "/signature/begin" => {
            let page = browser.get("/sign-in").await;
            case(browser, &page, "signature-begin", &[])
        }
        "/signature" => {
            let page = crate::signature::begin(&browser, "/sign-in").await;
            // No signature; that somebody tried is counted.
            case(browser, &page, "signature-send", &[("signature", "none")])
        }
        _ if VOUCHED.contains(&route) => return vouched(app, bank, route).await,
        _ if route.starts_with("/operator/support") => return support(app, route).await,
        _ if route.starts_with("/operator") => return desk(app, route).await,
        _ => return cabinet(app, route).await,
    })
}

/// What is done with the word of a bank.
const VOUCHED: [&str; 4] = [
    "/bank/{id}",
    "/assertion",
    "/assertion/prove",
    "/account/security/unlink",
];

async fn vouched(app: &TestApp, bank: &TestBank, route: &str) -> Option<Case> {
    bank.script(|script| {
        script.now = app.now();
        let sub = if route == "/assertion" { "new" } else { "anna" };
        script.client = serde_json::json!({ "sub": sub });
    });
    let browser = app.browser();
    Some(match route {
        "/bank/{id}" => {
            let page = browser.get("/sign-in").await;
            case(browser, &page, "bank-volga", &[])
        }
        "/assertion" => {
            let page = through(&browser, bank, "/register").await;
            case(browser, &page, "assertion-register", &TICKS)
        }
        "/assertion/prove" => {
            let browser = signed_in(app, ANNA).await;
            let page = through(&browser, bank, "/account/level").await;
            case(browser, &page, "assertion-prove", &[])
        }
        _ => {
            let browser = signed_in(app, ANNA).await;
            link(&browser, bank).await;
            let page = browser.get("/account/security").await;
            let button = page.attribute("button[name=link]", "id").unwrap();
            case(browser, &page, &button, &[])
        }
    })
}

/// The citizen has a code that an operator printed.
async fn print_code(app: &TestApp, citizen: &Browser) {
    let number = centre::number(citizen).await;
    let desk = signed_in(app, centre::OPERATOR).await;
    let page = centre::open(&desk, &number).await;
    desk.submit(&page, "case-code", &centre::EVERYTHING).await;
}

/// The citizen's letter is on its way, unless one is; gives its batch.
async fn print_letter(app: &TestApp, citizen: &Browser) -> (Browser, Page) {
    let page = citizen.get("/account/level").await;
    if page.has("#letter-order") {
        citizen.submit(&page, "letter-order", &[]).await;
    }
    let desk = signed_in(app, centre::OPERATOR).await;
    let page = desk.get("/operator/letters").await;
    let page = match page.has("#letters-print") {
        true => desk.submit(&page, "letters-print", &[]).await,
        false => {
            let batch = page.attribute(".plain-list a", "href").unwrap();
            desk.get(&batch).await
        }
    };
    (desk, page)
}

async fn post_letter(app: &TestApp, citizen: &Browser) {
    let (desk, page) = print_letter(app, citizen).await;
    let number = page.text(".letter-number").unwrap();
    let track = [("track", "80108312345676")];
    desk.submit(&page, &format!("letter-post-{number}"), &track)
        .await;
}

/// What support does.
async fn support(app: &TestApp, route: &str) -> Option<Case> {
    use crate::support_desk::{SUPPORT, ask, lock, number, open, take};
    if crate::appeals::cases::is_of_appeals(route) {
        return crate::appeals::cases::ready(app, route).await;
    }
    if route.starts_with("/operator/support/lock") {
        let number = lock(app, ANNA).await;
        let browser = signed_in(app, SUPPORT).await;
        if route == "/operator/support/lock" {
            let page = browser.get("/operator/support").await;
            return Some(case(browser, &page, "lock-open", &[("number", &number)]));
        }
        let page = open(&browser, &number).await;
        let typed = [("identified", "yes"), ("reason", "верно")];
        return Some(case(browser, &page, "lock-lift", &typed));
    }
    let number = number(&ask(&signed_in(app, ANNA).await, "Вопрос").await);
    let browser = signed_in(app, SUPPORT).await;
    if route == "/operator/support/requests/take" {
        let page = browser.get("/operator/support/requests").await;
        return Some(case(browser, &page, &format!("take-{number}"), &[]));
    }
    let page = take(&browser, &number).await;
    Some(match route {
        "/operator/support/requests/{number}/answer" => {
            case(browser, &page, "request-answer", &[("message", "Ответ")])
        }
        "/operator/support/requests/{number}/release" => {
            case(browser, &page, "request-release", &[])
        }
        _ => return None,
    })
}

/// What somebody at a service centre does.
async fn desk(app: &TestApp, route: &str) -> Option<Case> {
    if route.starts_with("/operator/papers") {
        return papers(app, route).await;
    }
    let citizen = signed_in(app, ANNA).await;
    become_standard(app, &citizen, &[]).await;
    if route.starts_with("/operator/overrides") || route == "/operator/case/propose" {
        return two_operators(app, &citizen, route).await;
    }
    if route.starts_with("/operator/letters") {
        return letters(app, &citizen, route).await;
    }
    let number = centre::number(&citizen).await;
    let browser = signed_in(app, centre::OPERATOR).await;
    let page = browser.get("/operator").await;
    let number = [("number", number.as_str())];
    if route == "/operator/case" {
        return Some(case(browser, &page, "desk-open", &number));
    }
    let page = browser.submit(&page, "desk-open", &number).await;
    Some(match route {
        "/operator/case/confirm" => case(browser, &page, "case-confirm", &centre::EVERYTHING),
        "/operator/case/code" => case(browser, &page, "case-code", &centre::EVERYTHING),
        "/operator/case/refuse" => case(browser, &page, "case-refuse", &[("reason", "нет")]),
        _ => return None,
    })
}

async fn papers(app: &TestApp, route: &str) -> Option<Case> {
    let browser = signed_in(app, centre::OPERATOR).await;
    let agreed = [("agreed", "yes")];
    if route == "/operator/papers" {
        // Everything but one tick, which the form comes back with.
        let page = browser.get(route).await;
        let mut fields = crate::papers::fields(&[]);
        fields.retain(|field| *field != agreed[0]);
        let page = browser.submit(&page, "papers-register", &fields).await;
        return Some(case(browser, &page, "papers-register", &agreed));
    }
    if route == "/operator/papers/restore" {
        let anna = signed_in(app, ANNA).await;
        crate::levels::become_standard(app, &anna, &[]).await;
        let page = crate::papers::register(&browser, &[]).await;
        return Some(case(browser, &page, "papers-restore", &agreed));
    }
    if route == "/operator/papers/lift" {
        let anna = signed_in(app, ANNA).await;
        crate::levels::become_standard(app, &anna, &[]).await;
        restrict(app).await;
        let page = crate::papers::register(&browser, &[]).await;
        let typed = [agreed[0], ("reason", "пришла сама")];
        return Some(case(browser, &page, "papers-lift", &typed));
    }
    crate::papers::register(&browser, &[]).await;
    let page = crate::papers::register(&browser, &[]).await;
    Some(case(browser, &page, "papers-reprint", &agreed))
}

/// What one operator proposes and another decides.
async fn two_operators(app: &TestApp, citizen: &Browser, route: &str) -> Option<Case> {
    let number = overrides::disputed(app, citizen, &[]).await;
    let browser = signed_in(app, centre::OPERATOR).await;
    let page = centre::open(&browser, &number).await;
    let fields = overrides::proposal("паспорт заменён");
    if route == "/operator/case/propose" {
        return Some(case(browser, &page, "case-propose", &fields));
    }
    browser.submit(&page, "case-propose", &fields).await;
    let browser = signed_in(app, overrides::COLLEAGUE).await;
    let page = browser.get("/operator/overrides").await;
    let number = number.replace(' ', "");
    let open = format!("override-open-{number}");
    if route == "/operator/overrides/open" {
        return Some(case(browser, &page, &open, &[]));
    }
    let page = browser.submit(&page, &open, &[]).await;
    Some(match route {
        "/operator/overrides/confirm" => {
            case(browser, &page, "override-confirm", &overrides::EVERYTHING)
        }
        "/operator/overrides/return" => {
            case(browser, &page, "override-return", &[("reason", "нет")])
        }
        _ => return None,
    })
}

async fn letters(app: &TestApp, citizen: &Browser, route: &str) -> Option<Case> {
    if route == "/operator/letters/print" {
        let page = citizen.get("/account/level").await;
        citizen.submit(&page, "letter-order", &[]).await;
        let browser = signed_in(app, centre::OPERATOR).await;
        let page = browser.get("/operator/letters").await;
        return Some(case(browser, &page, "letters-print", &[]));
    }
    let (browser, page) = print_letter(app, citizen).await;
    let number = page.text(".letter-number").unwrap();
    let post = format!("letter-post-{number}");
    let track = [("track", "80108312345676")];
    if route == "/operator/letters/{batch}/post" {
        return Some(case(browser, &page, &post, &track));
    }
    let page = browser.submit(&page, &post, &track).await;
    Some(case(
        browser,
        &page,
        &format!("letter-return-{number}"),
        &[],
    ))
}

/// Signed in later than everybody else: the database knows them by that.
async fn newest(app: &TestApp, person: &str) -> Browser {
    app.advance(1).await;
    signed_in(app, person).await
}

async fn cabinet(app: &TestApp, route: &str) -> Option<Case> {
    let person = if route == "/account/security" {
        TIMUR
    } else {
        ANNA
    };
    let browser = signed_in(app, person).await;
    Some(match route {
        "/account/profile/edit" => {
            let page = browser.get(route).await;
            case(browser, &page, "profile-save", &[("given_name", "Инна")])
        }
        "/account/level/visit" => {
            become_standard(app, &browser, &[]).await;
            let page = browser.get("/account/level").await;
            case(browser, &page, "centre-request", &[])
        }
        "/account/level/override" => {
            overrides::mismatch(app, &browser, &[]).await;
            let page = browser.get("/account/level").await;
            case(browser, &page, "override-request", &[])
        }
        "/account/level/visit/code" => {
            become_standard(app, &browser, &[]).await;
            print_code(app, &browser).await;
            let page = browser.get("/account/level").await;
            // A wrong one is counted.
            case(browser, &page, "centre-code-send", &[("code", "00000000")])
        }
        "/account/level/letter" => {
            become_standard(app, &browser, &[]).await;
            let page = browser.get("/account/level").await;
            case(browser, &page, "letter-order", &[])
        }
        "/account/level/letter/code" => {
            become_standard(app, &browser, &[]).await;
            post_letter(app, &browser).await;
            let page = browser.get("/account/level").await;
            case(browser, &page, "letter-code-send", &[("code", "00000000")])
        }
        "/account/level/data" => {
            let page = browser.get(route).await;
            case(browser, &page, "level-data-send", &crate::levels::DATA)
        }
        "/account/level/photographs" => {
            become_standard(app, &browser, &[]).await;
            let page = browser.get(route).await;
            // Without files; with them in tests of their own.
            Case {
                changes: false,
                ..case(browser, &page, "photographs-send", &[])
            }
        }
        "/account/level/photographs/withdraw" => {
            become_standard(app, &browser, &[]).await;
            let page = crate::photographs::send(&browser).await;
            case(browser, &page, "photographs-withdraw", &[])
        }
        "/account/documents/new/{kind}" => {
            let page = browser.get("/account/documents/new/driving_licence").await;
            case(browser, &page, "document-save", &LICENCE)
        }
        "/account/documents/{id}/edit" | "/account/documents/{id}/replace" => {
            let card = add(&browser, "driving_licence", &LICENCE).await;
            let step = route.rsplit('/').next().unwrap_or_default();
            let page = browser.get(&format!("{}/{step}", card.url.path())).await;
            let mut fields = LICENCE;
            fields[0].1 = "9936 111111";
            case(browser, &page, "document-save", &fields)
        }
        "/account/documents/{id}/delete" => {
            let card = add(&browser, "driving_licence", &LICENCE).await;
            let page = browser.get(&format!("{}/delete", card.url.path())).await;
            case(browser, &page, "document-delete-confirm", &[])
        }
        "/account/documents/{id}/scans" => {
            let card = add(&browser, "driving_licence", &LICENCE).await;
            Case {
                changes: false,
                ..case(browser, &card, "scan-add", &[])
            }
        }
        "/account/documents/{id}/scans/{file}/delete" => {
            let card = add(&browser, "driving_licence", &LICENCE).await;
            let card = scan(&browser, &card, "a.pdf", PDF).await;
            let button = card.attribute("#scans button", "id").unwrap();
            case(browser, &card, &button, &[])
        }
        "/account/contacts" => {
            let page = browser.get(route).await;
            case(
                browser,
                &page,
                "contact-submit",
                &[("contact", "+79005550204")],
            )
        }
        "/account/contacts/code" => {
            let page = begin_contact(&browser, "inna.csrf@example.ru").await;
            let code = app.last_code("inna.csrf@example.ru").await;
            case(browser, &page, "code-submit", &[("code", &code)])
        }
        "/account/contacts/resend" => {
            let page = begin_contact(&browser, "+79005550205").await;
            app.advance(61).await;
            let page = browser.get(page.url.as_str()).await;
            case(browser, &page, "code-resend", &[])
        }
        "/account/security" => {
            let page = browser.get(route).await;
            let typed = [
                ("current_password", PASSWORD),
                ("password", NEW_PASSWORD),
                ("password_repeat", NEW_PASSWORD),
            ];
            case(browser, &page, "password-submit", &typed)
        }
        "/account/delete" => {
            let page = browser.get(route).await;
            case(browser, &page, "deletion-begin", &[])
        }
        // Somebody whom no other case needs.
        "/account/delete/code" | "/account/delete/resend" | "/account/delete/word" => {
            return Some(deletion(app, route).await);
        }
        "/account/export/json" | "/account/export/pdf" => {
            let page = browser.get("/account/export").await;
            let button = format!("export-{}", route.rsplit('/').next().unwrap());
            case(browser, &page, &button, &[])
        }
        "/account/security/end" => {
            let _other = signed_in(app, person).await;
            let page = browser.get("/account/security").await;
            let button = page.attribute("button[name=session]", "id").unwrap();
            case(browser, &page, &button, &[])
        }
        _ if route.starts_with("/account/security/device/") => {
            let _other = signed_in(app, person).await;
            let page = browser.get("/account/security").await;
            match route.rsplit('/').next() {
                Some("rights") => {
                    let typed = [("rights", "view")];
                    case(browser, &page, "rights-save-2", &typed)
                }
                Some("end") => {
                    let button = page.attribute("button[id^=device-end-]", "id").unwrap();
                    case(browser, &page, &button, &[])
                }
                _ => case(browser, &page, "device-forget-2", &[]),
            }
        }
        "/account/security/end-others" => {
            let _other = signed_in(app, person).await;
            let page = browser.get("/account/security").await;
            case(browser, &page, "end-others", &[])
        }
        "/account/consents/{id}/scopes" => {
            let page = consent_card(app, &browser).await;
            case(browser, &page, "scopes-save", &[("optional", "")])
        }
        "/account/consents/{id}/term" => {
            let page = consent_card(app, &browser).await;
            case(browser, &page, "term-save", &[("term", "30")])
        }
        "/account/consents/{id}/withdraw" => {
            let page = consent_card(app, &browser).await;
            case(browser, &page, "withdraw-confirm", &[])
        }
        "/account/support" => {
            let page = browser.get(route).await;
            let typed = [("topic", "other"), ("message", "Вопрос")];
            case(browser, &page, "support-send", &typed)
        }
        "/account/support/{number}" => {
            let page = crate::support_desk::ask(&browser, "Вопрос").await;
            case(browser, &page, "support-write", &[("message", "Ещё")])
        }
        "/account/support/{number}/close" => {
            let page = crate::support_desk::ask(&browser, "Вопрос").await;
            case(browser, &page, "support-close", &[])
        }
        "/account/notices/settings" => {
            let page = browser.get(route).await;
            case(browser, &page, "notices-save", &[("quiet", "yes")])
        }
        "/account/notices/browsers" => {
            let page = browser.get(route).await;
            let made = crate::push::made(app);
            let made = made.each_ref().map(|(name, value)| (*name, value.as_str()));
            case(browser, &page, "push-on", &made)
        }
        "/account/notices/browsers/remove" => {
            let page = browser.get("/account/notices/browsers").await;
            let made = crate::push::made(app);
            let made = made.each_ref().map(|(name, value)| (*name, value.as_str()));
            let page = browser.submit(&page, "push-on", &made).await;
            case(browser, &page, "browser-remove-1", &[])
        }
        "/account/notices/read" => {
            let page = browser.get("/account/notices").await;
            case(browser, &page, "read-all", &[])
        }
        _ => return None,
    })
}

async fn deletion(app: &TestApp, route: &str) -> Case {
    let phone = match route {
        "/account/delete/code" => "+79005550206",
        "/account/delete/resend" => "+79005550207",
        _ => "+79005550208",
    };
    app.advance(1).await;
    let browser = crate::erasure::newcomer(app, phone).await;
    if route == "/account/delete/word" {
        crate::erasure::without_contacts(app).await;
        let page = browser.get("/account/delete").await;
        return case(browser, &page, "deletion-final", &[("word", "удалить")]);
    }
    let page = crate::erasure::begin(&browser).await;
    if route == "/account/delete/resend" {
        app.advance(61).await;
        let page = browser.get(page.url.as_str()).await;
        return case(browser, &page, "code-resend", &[]);
    }
    let code = app.last_code(phone).await;
    let typed = [("code", code.as_str()), ("sure", "yes")];
    case(browser, &page, "deletion-final", &typed)
}

async fn begin_contact(browser: &Browser, contact: &str) -> Page {
    let page = browser.get("/account/contacts").await;
    let page = browser
        .submit(&page, "contact-submit", &[("contact", contact)])
        .await;
    assert_eq!(
        (page.status, page.url.path()),
        (200, "/account/contacts/code"),
        "{}",
        page.body
    );
    page
}

async fn consent_card(app: &TestApp, browser: &Browser) -> Page {
    let other = RelyingParty::new(app, "other");
    other
        .code(browser, ANNA, &[("scope", "openid profile phone email")])
        .await;
    let list = browser.get("/account/consents").await;
    for rest in list.body.split("href=\"/account/consents/").skip(1) {
        let id = rest.split('"').next().unwrap();
        let card = browser.get(&format!("/account/consents/{id}")).await;
        if card.has("#scopes-save") && card.body.contains("Портал other") {
            return card;
        }
    }
    panic!("no consent that can be changed in {}", list.body);
}

/// Closes Anna's account to other sites, until the next form.
async fn restrict(app: &TestApp) {
    let account = app.app.accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let decision = propusk::storage::RiskDecisionRecord {
        id: "restricted".to_owned(),
        account_id: account,
        at: app.now(),
        outcome: "restrict".to_owned(),
        rules: String::new(),
    };
    let until = app.now().plus(std::time::Duration::from_hours(1));
    let storage = &app.app.storage;
    storage
        .restrict_account(decision, until, propusk::storage::Effects::default())
        .await
        .unwrap();
}
