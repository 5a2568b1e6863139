//! Accounts that operators make from papers (requirement A5), in two browsers.

mod attacks;
mod lifted;
mod restored;
mod taken;

use propusk::model::id::AccountId;

use crate::levels::centre::{EVERYTHING, OPERATOR};
use crate::levels::{DATA, standing, strict_portal};
use crate::support::relying_party::Tokens;
use crate::support::steps::{NEW_PASSWORD, choose_password, sign_in, signed_in};
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// As the operator types it.
pub const SNILS: &str = "000-000-300 00";

/// The whole form of the desk with some fields changed.
pub fn fields<'a>(changes: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = DATA.to_vec();
    for (name, value) in changes {
        fields.retain(|(known, _)| known != name);
        fields.push((name, value));
    }
    fields.extend(EVERYTHING);
    fields.push(("agreed", "yes"));
    fields
}

/// Sends it from an empty form.
pub async fn register(desk: &Browser, changes: &[(&str, &str)]) -> Page {
    let page = desk.get("/operator/papers").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, "papers-register", &fields(changes))
        .await
}

/// What is printed: login and temporary password.
pub fn printed(page: &Page) -> (String, String) {
    let text = |id: &str| {
        page.text(id)
            .unwrap_or_else(|| panic!("no {id}: {}", page.body))
    };
    let (login, password) = (text("#login-sheet-login"), text("#login-sheet-password"));
    // A capital, then fourteen of 27 signs that look like no others: 70 bits.
    let signs: Vec<char> = password.chars().filter(|sign| *sign != '-').collect();
    let plain = |sign: &char| "bcdfghjkmnpqrstvwxz23456789".contains(*sign);
    assert_eq!((signs.len(), password.len()), (15, 17), "{password}");
    assert!(signs[0].is_ascii_uppercase() && signs[1..].iter().all(plain));
    (login, password)
}

/// The visitor signs in with what was printed and makes the account their own.
pub async fn take_over(app: &TestApp, login: &str, password: &str) -> Browser {
    let browser = app.browser();
    let page = sign_in(&browser, login, password).await;
    assert_eq!(page.url.path(), "/password/renew", "{}", page.body);
    let new = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(&page, "password-submit", &new).await;
    assert_eq!(page.url.path(), "/agreements", "{}", page.body);
    let ticks = [("terms", "yes"), ("privacy", "yes")];
    let page = browser.submit(&page, "accept-submit", &ticks).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    browser
}

/// The last steps of the operator, by name.
pub async fn audit(app: &TestApp) -> Vec<(String, Option<AccountId>)> {
    let operator = app.app.accounts.find_by_login(OPERATOR).await.unwrap();
    let lines = app.app.storage.audit_of(&operator.unwrap(), 20).await;
    lines
        .unwrap()
        .into_iter()
        .map(|line| (line.action, line.account_id))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_comes_with_papers_goes_home_with_an_account_and_is_verified() {
    let app = TestApp::start_with(|config| strict_portal(config, "verified")).await;
    // Nobody answers yet: the login works before the registries do.
    app.registry.fail_next(3);
    let desk = signed_in(&app, OPERATOR).await;
    let sheet = register(&desk, &[]).await;
    assert_eq!(sheet.status, 200, "{}", sheet.body);
    assert_eq!(sheet.headers["cache-control"], "no-store");
    assert_eq!(sheet.url.query(), None);
    let (login, temporary) = printed(&sheet);
    assert_eq!(login, SNILS);
    let until = sheet.text("#login-sheet time").unwrap();
    assert!(until.starts_with("31.03.2026 12:00"), "{until}");
    assert!(!sheet.body.contains("Соколова"));
    let steps = audit(&app).await;
    assert_eq!(steps[0].0, "papers_registered");
    let words = desk.get("/operator").await;
    assert!(words.body.contains("Запись заведена в центре"));

    // At home.
    let citizen = app.browser();
    let page = sign_in(&citizen, "00000030000", &temporary).await;
    assert_eq!(page.url.path(), "/password/renew");
    assert!(page.body.contains("временным паролем из центра"));
    assert_eq!(
        page.attribute("input[name=username]", "value"),
        Some(login.clone())
    );
    // Nothing else opens before, and no site gets anything.
    assert_eq!(citizen.get("/account").await.url.path(), "/password/renew");
    let portal = RelyingParty::new(&app, "strict");
    let address = portal.authorize_url(&[("prompt", "none")]);
    let refused = citizen.get(&address).await;
    assert!(refused.sent("error").is_some() && refused.sent("code").is_none());
    // The temporary one is no new password.
    let page = citizen.get("/password/renew").await;
    let same = [
        ("password", temporary.as_str()),
        ("password_repeat", &temporary),
    ];
    let page = citizen.submit(&page, "password-submit", &same).await;
    assert!(page.has("#password-problem"), "{}", page.body);
    let page = choose(&citizen, &page).await;
    let ticks = [("terms", "yes"), ("privacy", "yes")];
    let page = citizen.submit(&page, "accept-submit", &ticks).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(page.body.contains("Соколова"));
    assert!(page.has("a[href='/account/contacts']"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));

    // Every page is well without a phone and an e-mail address.
    for path in [
        "/account/profile",
        "/account/profile/edit",
        "/account/contacts",
        "/account/security",
        "/account/history",
        "/account/consents",
        "/account/journal",
        "/account/notices",
        "/account/documents",
    ] {
        assert_eq!(citizen.get(path).await.status, 200, "{path}");
    }
    // The SNILS is neither given up nor changed while it is being checked.
    for other in ["", "112-233-445 95"] {
        let page = citizen.get("/account/profile/edit").await;
        let page = citizen
            .submit(&page, "profile-save", &[("snils", other)])
            .await;
        assert!(page.has("#snils-problem"), "{other}: {}", page.body);
    }

    // The registries answer, and that is all there was left to do.
    app.advance(3600).await;
    app.deliver().await;
    let citizen = app.browser();
    let page = sign_in(&citizen, &login, NEW_PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let (level, check) = standing(&citizen).await;
    assert!(level.starts_with("Подтверждённый"), "{level}, {check}");
    let journal = citizen.get("/account/journal").await;
    for line in ["Запись заведена в центре", "Центр «Мои документы» № 1"]
    {
        assert!(journal.body.contains(line), "{line}: {}", journal.body);
    }
    let code = portal.code(&citizen, &login, &[]).await;
    let tokens = Tokens::of(&portal.redeem(&code).await.json());
    assert_eq!(tokens.id_claims()["ial"], "urn:propusk:ial:verified");
    app.end().await;
}

async fn choose(browser: &Browser, page: &Page) -> Page {
    let new = [
        ("password", NEW_PASSWORD),
        ("password_repeat", NEW_PASSWORD),
    ];
    let page = browser.submit(page, "password-submit", &new).await;
    assert_eq!(page.url.path(), "/agreements", "{}", page.body);
    page
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_of_the_papers_is_named_at_once_and_nothing_is_lost() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = desk.get("/operator/papers").await;
    let empty = desk
        .submit(&page, "papers-register", &[("lives_there", "")])
        .await;
    for field in [
        "family_name",
        "given_name",
        "sex",
        "birth_date",
        "birthplace",
        "snils",
        "passport",
        "issued_on",
        "department_code",
        "issued_by",
        "postal_code",
        "region",
        "locality",
        "street_address",
        "residence_postal_code",
        "compared",
        "agreed",
    ] {
        assert!(empty.has(&format!("#{field}-problem")), "{field}");
    }
    let mut wrong = fields(&[
        ("snils", "112-233-445 96"),
        ("inn", "500100732258"),
        ("family_name", "Sokolova"),
    ]);
    wrong.retain(|field| !["sex", "passport"].contains(&field.1) && field.0 != "agreed");
    let page = desk.submit(&page, "papers-register", &wrong).await;
    for field in ["snils", "inn", "family_name", "compared", "agreed"] {
        assert!(page.has(&format!("#{field}-problem")), "{field}");
    }
    assert!(!page.has("#given_name-problem"));
    let left = page.text("#compared-problem").unwrap();
    assert!(left.contains("Пол") && left.contains("паспорта"), "{left}");
    assert!(page.has("#compared-snils[checked]") && !page.has("#compared-sex[checked]"));
    for typed in ["112-233-445 96", "Sokolova", "Рабоче-Крестьянская"] {
        assert!(page.body.contains(typed), "{typed}");
    }
    assert!(audit(&app).await.is_empty());
    // And all is mended from there.
    let page = desk.submit(&page, "papers-register", &fields(&[])).await;
    printed(&page);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mismatch_leaves_the_account_simplified_and_the_citizen_mends_it() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    // A slip of the pen: no registry knows this passport.
    let sheet = register(&desk, &[("passport", "0001 000301")]).await;
    let (login, temporary) = printed(&sheet);
    app.deliver().await;
    let citizen = take_over(&app, &login, &temporary).await;
    let (level, check) = standing(&citizen).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    assert!(check.contains("не совпало"), "{check}");
    let page = citizen.get("/account/level").await;
    assert!(page.body.contains("Серия и номер паспорта"));
    // The operator has seen the person: right data are enough.
    crate::levels::send(&citizen, &[]).await;
    app.deliver().await;
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_temporary_password_ends_after_a_week_and_another_one_is_printed() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, first) = printed(&register(&desk, &[]).await);
    app.advance(7 * 24 * 3600).await;
    let late = sign_in(&app.browser(), &login, &first).await;
    let wrong = sign_in(&app.browser(), &login, "Wrong-Password-1").await;
    assert!(late.has("#sign-in-bad") && wrong.has("#sign-in-bad"));
    assert_eq!(late.status, wrong.status);

    // Back at the centre: the same papers, the same form.
    let desk = signed_in(&app, OPERATOR).await;
    let page = register(&desk, &[]).await;
    let refused = page.text("#papers-refused").unwrap();
    assert!(refused.contains("ещё не заменён"), "{refused}");
    assert!(page.body.contains("Соколова"), "nothing typed is lost");
    // Ticks are no formality here either.
    let some = [("compared", "snils"), ("agreed", "yes")];
    let half = desk.submit(&page, "papers-reprint", &some).await;
    assert!(half.has("#compared-problem"), "{}", half.body);
    app.advance(1).await;
    let (again, second) = printed(&desk.submit(&page, "papers-reprint", &fields(&[])).await);
    assert_eq!(again, login);
    assert_ne!(first, second);
    let steps = audit(&app).await;
    let names: Vec<_> = steps.iter().map(|step| step.0.as_str()).collect();
    assert_eq!(
        names,
        ["login_printed", "papers_refused", "papers_registered"]
    );
    assert!(steps.iter().all(|step| step.1 == steps[0].1));

    assert!(
        sign_in(&app.browser(), &login, &first)
            .await
            .has("#sign-in-bad")
    );
    let citizen = take_over(&app, &login, &second).await;
    let journal = citizen.get("/account/journal").await;
    for line in ["Напечатан временный пароль", "документы с вашим СНИЛС"]
    {
        assert!(journal.body.contains(line), "{line}");
    }
    // Once it is the citizen's own, it is for a forgotten password only.
    let page = register(&desk, &[]).await;
    assert!(!page.has("#papers-reprint") && page.has("#papers-restore"));
    let refused = page.text("#papers-refused").unwrap();
    assert!(refused.contains("есть учётная запись"), "{refused}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_added_to_an_account_from_papers() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    let (login, temporary) = printed(&register(&desk, &[]).await);
    app.deliver().await;
    let citizen = take_over(&app, &login, &temporary).await;
    let page = citizen.get("/account/contacts").await;
    let phone = "+79005550444";
    let page = citizen
        .submit(&page, "contact-submit", &[("contact", phone)])
        .await;
    let code = app.last_code(phone).await;
    citizen
        .submit(&page, "code-submit", &[("code", &code)])
        .await;
    let page = citizen.get("/account").await;
    assert!(!page.body.contains("предупредить о входе"), "{}", page.body);
    for login in [phone, SNILS] {
        let page = sign_in(&app.browser(), login, NEW_PASSWORD).await;
        assert_eq!(page.url.path(), "/account", "{login}");
    }
    app.end().await;
}

/// The account of whoever registers by phone in the usual way.
pub async fn newcomer(app: &TestApp, phone: &str) -> Browser {
    use crate::support::steps::{begin_registration, confirm_code};
    let browser = app.browser();
    let page = begin_registration(&browser, phone).await;
    let code = app.last_code(phone).await;
    let page = confirm_code(&browser, &page, &code).await;
    choose_password(&browser, &page, NEW_PASSWORD).await;
    browser
}
