//! What thieves and operators try: a scan of the passport, a stolen phone, a
//! colleague's screen. None gets an account, and the owner is told each time.

use super::*;
use crate::levels::centre::OPERATOR;
use crate::support::app::THIRD;

/// No account has it.
const UNKNOWN: (&str, &str) = ("snils", "112-233-445 95");

#[tokio::test(flavor = "multi_thread")]
async fn attack_23_a_form_about_nobody_is_answered_as_any_other() {
    let (app, _) = start().await;
    // That SNILS is Anna's old, declared one: nobody's by more than a word.
    let mut answers = Vec::new();
    for changes in [&[][..], &[UNKNOWN], &[("passport", "4510 111111")]] {
        let browser = app.browser();
        let number = apply_from(&app, &browser, NEW, changes).await;
        let page = browser
            .get(&format!("/recover/form/sent?number={number}"))
            .await;
        let same = page.body.replace(&number, "N");
        let same = same.replace(
            &page
                .attribute("input[name=csrf]", "value")
                .unwrap_or_default(),
            "",
        );
        answers.push((page.status, same));
        app.advance(120).await;
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(answers[0], answers[2]);
    // The same goes to the new contact; whoever is not meant hears nothing.
    assert_eq!(told(&app, NEW, "принято").await.len(), 3);
    assert_eq!(told(&app, MAIL, RECEIVED).await.len(), 2);
    // As many as that a day with one SNILS, whoever has it.
    for snils in ["000-000-300 00", "112-233-445 95"] {
        let mut statuses = Vec::new();
        for n in 0..3 {
            let browser = app.browser();
            let contact = format!("limit{n}.{}@example.ru", &snils[0..3]);
            let page = begin(&app, &browser, &contact).await;
            statuses.push(fill(&browser, &page, &[("snils", snils)]).await.status);
        }
        assert_eq!(statuses.last(), Some(&429), "{snils} {statuses:?}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_what_does_not_fit_is_not_given_away_whatever_an_operator_presses() {
    let (app, _) = start().await;
    let (desk, _) = desks(&app).await;
    for changes in [
        UNKNOWN,
        ("passport", "00 01 000301"),
        ("birth_date", "25.03.1990"),
        ("family_name", "Соколов"),
    ] {
        app.advance(8 * HOUR).await;
        let desk = signed_in(&app, SUPPORT).await;
        let number = apply(&app, &[changes]).await;
        let page = take(&desk, &number).await;
        assert!(
            page.has("#appeal-unfit") && !page.has("#appeal-agree"),
            "{}",
            page.body
        );
        let csrf = page.attribute("input[name=csrf]", "value").unwrap();
        let mut fields = LOOKED.to_vec();
        fields.push(("csrf", &csrf));
        let address = format!("/operator/support/appeals/{number}/agree");
        desk.post(&address, &fields).await;
        let proposed = "select count(*) from appeals where proposed_at is not null";
        assert_eq!(app.database.count(proposed).await, 0, "{changes:?}");
    }
    drop(desk);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_data_that_no_registry_confirmed_open_nothing() {
    // Anna typed everything, and nobody checked it.
    let app = TestApp::start().await;
    app.advance(60).await;
    let number = apply(&app, &[UNKNOWN]).await;
    let (desk, _) = desks(&app).await;
    let page = take(&desk, &number).await;
    assert!(page.has("#appeal-unfit"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_19_a_second_factor_goes_only_if_both_say_so_and_waits_longer() {
    for (lost, stays) in [
        ([false, true], true),
        ([true, false], true),
        ([true, true], false),
    ] {
        let (app, home) = start().await;
        let phone = add_app(&app, &home).await;
        let number = apply(&app, &[]).await;
        decide(&app, &number, lost).await;
        app.advance(167 * HOUR).await;
        assert_eq!(opened(&app, NEW).await, None);
        app.advance(HOUR).await;
        let open = opened(&app, NEW).await.unwrap();
        let page = set(&app.browser(), &open, NEW_PASSWORD).await;
        assert!(page.has("#sign-in-recovered"), "{}", page.body);
        let browser = app.browser();
        let page = sign_in(&browser, NEW, NEW_PASSWORD).await;
        let expected = if stays { "/sign-in/second" } else { "/account" };
        assert_eq!(page.url.path(), expected, "{lost:?} {}", page.body);
        if stays {
            let page = give(&browser, &page, &phone.code(&app)).await;
            assert_eq!(page.url.path(), "/account", "{}", page.body);
        }
        // It was not the owner: everything comes back.
        let anywhere = app.browser();
        let page = anywhere.get(&link(&app, MAIL, DONE).await).await;
        let page = anywhere.submit(&page, "not-me-confirm", &[]).await;
        assert!(page.has("#not-me-did"), "{}", page.body);
        assert_eq!(browser.get("/account").await.url.path(), "/sign-in");
        app.advance(60).await;
        let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
        assert_eq!(page.url.path(), "/sign-in/second", "{}", page.body);
        assert!(!gets_in(&app, NEW, NEW_PASSWORD).await);
        app.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_47_a_contact_of_another_account_is_nobodys_new_one() {
    let (app, _) = start().await;
    // Told to who holds it, and to nobody else.
    let browser = app.browser();
    let page = begin(&app, &browser, THIRD).await;
    assert!(page.has("#appeal-notice"), "{}", page.body);
    // Confirmed for another while the time runs: it stays theirs.
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    app.advance(72 * HOUR).await;
    let open = opened(&app, NEW).await.unwrap();
    let third = signed_in(&app, THIRD).await;
    let page = third.get("/account/contacts").await;
    let page = third
        .submit(&page, "contact-submit", &[("contact", NEW)])
        .await;
    let code = app.last_code(NEW).await;
    third.submit(&page, "code-submit", &[("code", &code)]).await;
    let page = set(&app.browser(), &open, NEW_PASSWORD).await;
    assert!(page.has("#password-problem"), "{}", page.body);
    assert!(gets_in(&app, ANNA, PASSWORD).await);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_48_the_link_sets_one_password_and_is_none_of_another_kind() {
    let (app, _) = start().await;
    let number = apply(&app, &[]).await;
    decide(&app, &number, [false, false]).await;
    app.advance(72 * HOUR).await;
    let open = opened(&app, NEW).await.unwrap();
    let cancel = link(&app, MAIL, CONFIRMED).await;
    let secret = |link: &str| link.split("ticket=").nth(1).unwrap().to_owned();
    let anywhere = app.browser();
    for (path, ticket) in [
        ("/recover/form/password", secret(&cancel)),
        ("/recover/form/password", "ppm_abc".to_owned()),
    ] {
        let page = anywhere.get(&format!("{path}?ticket={ticket}")).await;
        assert!(page.has("#appeal-notice"), "{}", page.body);
    }
    let page = anywhere
        .get(&format!("/recover/form/cancel?ticket={}", secret(&open)))
        .await;
    assert!(page.has("#appeal-cancel-dead"), "{}", page.body);
    let page = anywhere
        .get(&format!("/recover/cancel?ticket={}", secret(&cancel)))
        .await;
    assert!(page.has("#recover-cancel-dead"), "{}", page.body);
    // Opened by a mail scanner, then used several times at once.
    anywhere.get(&open).await;
    let mut pages = Vec::new();
    for n in 0..4 {
        let browser = app.browser();
        pages.push((
            browser.get(&open).await,
            browser,
            format!("Korabl-Plyvet-4{n}!"),
        ));
    }
    let tries = pages.iter().map(async |(page, browser, password)| {
        let typed = [
            ("password", password.as_str()),
            ("password_repeat", password),
        ];
        browser.submit(page, "password-submit", &typed).await
    });
    let ended = futures_util::future::join_all(tries).await;
    let won = ended.iter().filter(|page| page.has("#sign-in-recovered"));
    assert_eq!(won.count(), 1);
    let page = anywhere.get(&open).await;
    assert!(page.has("#appeal-notice"), "{}", page.body);
    let page = anywhere.get(&cancel).await;
    assert!(page.has("#appeal-cancel-done"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_it_takes_two_and_nobody_decides_about_themselves() {
    let (app, home) = start().await;
    let number = apply(&app, &[]).await;
    let (one, other) = desks(&app).await;
    let csrf = async |desk: &Browser| {
        let page = desk.get("/operator/support").await;
        page.attribute("input[name=csrf]", "value").unwrap()
    };
    // Nobody decides who does not hold it.
    let token = csrf(&other).await;
    let mut forged = LOOKED.to_vec();
    forged.push(("csrf", &token));
    let agree_to = format!("/operator/support/appeals/{number}/agree");
    let page = other.post(&agree_to, &forged).await;
    assert!(page.has("#appeals-lost"), "{}", page.body);
    // Held by one, it is not the other's; pressed six times it is proposed once.
    let page = take(&one, &number).await;
    let shown = pictures(&page);
    let token = csrf(&other).await;
    let taken = other
        .post(
            "/operator/support/appeals/take",
            &[("csrf", &*token), ("number", &*number)],
        )
        .await;
    assert!(taken.has("#appeals-lost"), "{}", taken.body);
    assert_eq!(other.get_once(&shown[0]).await.status, 404);
    let tries = (0..6).map(|_| agree(&one, &page, false));
    let ended = futures_util::future::join_all(tries).await;
    let won = ended
        .iter()
        .filter(|page| page.url.query() == Some("done=proposed"));
    assert_eq!(won.count(), 1);
    // The same operator is not the second.
    let token = csrf(&one).await;
    let fields = [("csrf", &*token), ("number", &*number)];
    let page = one.post("/operator/support/appeals/take", &fields).await;
    assert!(
        page.text("#appeals-lost").unwrap().contains("другой"),
        "{}",
        page.body
    );
    let mut forged = LOOKED.to_vec();
    forged.push(("csrf", &token));
    let page = one.post(&agree_to, &forged).await;
    assert!(page.has("#appeals-lost"), "{}", page.body);
    assert_eq!(one.get_once(&shown[0]).await.status, 404);
    // Nor does it count when the first has no task any more.
    let case = take(&other, &number).await;
    employ(&app, SUPPORT, "support", true).await;
    let page = agree(&other, &case, false).await;
    assert!(page.has("#appeals-lost"), "{}", page.body);
    let confirmed = "select count(*) from appeals where confirmed_at is not null";
    assert_eq!(app.database.count(confirmed).await, 0);
    // Its own subject, given a task, is no judge; nor is it given away any more.
    employ(&app, ANNA, "support", false).await;
    let queue = home.get("/operator/support/appeals").await;
    assert_eq!(queue.status, 200, "{}", queue.body);
    assert!(!queue.body.contains(&number), "{}", queue.body);
    let token = csrf(&home).await;
    let fields = [("csrf", &*token), ("number", &*number)];
    let page = home.post("/operator/support/appeals/take", &fields).await;
    assert!(
        page.has("#appeals-lost") && !page.has("#appeal-agree"),
        "{}",
        page.body
    );
    employ(&app, SUPPORT, "support", false).await;
    let case = other
        .get(&format!("/operator/support/appeals/{number}"))
        .await;
    assert!(case.has("#appeal-unfit"), "{}", case.body);
    // Other roles and citizens have no such pages.
    for who in [OPERATOR, THIRD] {
        let browser = signed_in(&app, who).await;
        for path in ["", &format!("/{number}")] {
            let address = format!("/operator/support/appeals{path}");
            assert_eq!(browser.get(&address).await.status, 404, "{who} {address}");
        }
        assert_eq!(browser.get_once(&shown[0]).await.status, 404);
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_the_code_of_a_new_contact_is_not_guessed_and_steps_are_not_skipped() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let page = browser.get("/recover/form").await;
    let mut page = browser
        .submit(&page, "appeal-begin", &[("contact", NEW)])
        .await;
    let asked = page.url.clone();
    for n in 0..5 {
        let code = format!("00000{n}");
        page = browser
            .submit(&page, "code-submit", &[("code", &code)])
            .await;
    }
    let code = app.last_code(NEW).await;
    let page = browser
        .submit(&page, "code-submit", &[("code", &code)])
        .await;
    assert!(page.has("#code-problem"), "{}", page.body);
    // The code's step is none of the form; no other browser has it.
    let jump = asked.as_str().replace("/form/code", "/form/data");
    assert!(browser.get(&jump).await.has("#appeal-notice"));
    assert!(
        browser
            .get("/recover/form/data")
            .await
            .has("#appeal-notice")
    );
    assert!(
        app.browser()
            .get(asked.as_str())
            .await
            .has("#appeal-notice")
    );
    app.end().await;
}
