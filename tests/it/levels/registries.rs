//! Checks of registries: matched, mismatched, away, interrupted, sent twice.

use serde_json::json;

use super::{become_standard, send, standing, submit};
use crate::support::app::{ANNA, TIMUR};
use crate::support::mutual_tls::MutualTls;
use crate::support::registry::{Asked, RegistryServer};
use crate::support::steps::signed_in;
use crate::support::{RelyingParty, TestApp};

/// The script of a page that waits.
const WATCH: &str = "script[src='/static/watch.js']";

#[tokio::test(flavor = "multi_thread")]
async fn a_match_makes_the_account_standard_and_tokens_say_so() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let portal = RelyingParty::new(&app, "portal");
    let scope = ("scope", "openid profile snils assurance");
    let before = portal.tokens(&browser, ANNA, &[scope]).await;
    let claims = portal.userinfo(&before.access).await.json();
    assert_eq!(claims["assurance_level"], "simplified");
    // A declared SNILS is anybody's.
    assert_eq!(claims.get("snils"), None, "{claims}");
    assert_eq!(before.id_claims()["acr"], "urn:propusk:ial:simplified");

    become_standard(&app, &browser, &[]).await;
    let claims = portal.userinfo(&before.access).await.json();
    assert_eq!(claims["assurance_level"], "standard");
    assert_eq!(claims["snils"], "000-000-300 00");
    let after = portal.tokens(&browser, ANNA, &[scope]).await;
    assert_eq!(after.id_claims()["acr"], "urn:propusk:ial:standard");
    let page = browser.get("/account/notices").await;
    assert!(
        page.body.contains("Данные совпали с реестрами"),
        "{}",
        page.body
    );
    let page = browser.get("/account/journal").await;
    assert!(page.body.contains("Данные отправлены на проверку"));
    assert!(page.body.contains("Данные совпали с реестрами"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mismatch_names_the_registry_and_the_field_and_changes_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let changes = [("passport", "0001 000301"), ("birthplace", "гор. Саратов")];
    send(&browser, &changes).await;
    app.deliver().await;
    let page = browser.get("/account/level").await;
    assert_eq!(page.text("#check-state").as_deref(), Some("не совпало"));
    assert_eq!(
        page.text(".mismatch").as_deref(),
        Some("Не совпадает: Серия и номер паспорта")
    );
    assert!(!page.has(WATCH));
    // The form holds what was sent, ready to be corrected.
    let page = browser.get("/account/level/data").await;
    assert_eq!(
        page.attribute("#birthplace", "value").as_deref(),
        Some("гор. Саратов")
    );
    assert_eq!(
        page.attribute("#passport", "value").as_deref(),
        Some("00 01 000301")
    );
    let page = submit(&browser, &page, &[]).await;
    assert_eq!(page.url.path(), "/account/level");
    app.deliver().await;
    assert!(standing(&browser).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_is_away_is_asked_again_until_it_answers() {
    let app = TestApp::start().await;
    app.registry.fail_next(6);
    let browser = signed_in(&app, ANNA).await;
    send(&browser, &[]).await;
    app.deliver().await;
    let page = browser.get("/account/level").await;
    assert_eq!(
        page.text("#check-state").as_deref(),
        Some("реестр не отвечает")
    );
    let watched = page.attribute(WATCH, "data-url");
    assert_eq!(watched.as_deref(), Some("/account/level"));
    // Without scripts the browser does the same; an idle page is not left first.
    let by_itself = r#"<noscript><meta http-equiv="refresh" content="3; url=/account/level">"#;
    assert!(page.body.contains(by_itself), "{}", page.body);
    assert_eq!(page.headers.get("refresh"), None);
    for _ in 0..6 {
        app.advance(120).await;
        app.deliver().await;
    }
    // Fifteen minutes have passed.
    let browser = signed_in(&app, ANNA).await;
    let (level, check) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}");
    assert_eq!(check, "совпало");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_twice_is_sent_once_and_a_corrected_one_takes_its_place() {
    let app = TestApp::start().await;
    app.registry.fail_next(3);
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/level/data").await;
    for _ in 0..2 {
        let sent = submit(&browser, &page, &[("passport", "0001 000301")]).await;
        assert_eq!(sent.url.path(), "/account/level", "{}", sent.body);
    }
    app.deliver().await;
    let journal = browser.get("/account/journal?kind=data_sent").await;
    assert_eq!(
        journal
            .body
            .matches("Данные отправлены на проверку")
            .count()
            - 1,
        1
    );
    // The first one is still waiting when the corrected one is sent: only that
    // one counts, whichever is answered first.
    submit(&browser, &page, &[]).await;
    for _ in 0..3 {
        app.advance(60).await;
        app.deliver().await;
    }
    let (level, check) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}, {check}");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_check_that_a_restart_interrupts_is_finished_after_it() {
    let app = TestApp::start().await;
    app.registry.fail_next(2);
    let browser = signed_in(&app, ANNA).await;
    send(&browser, &[]).await;
    app.deliver().await;
    let (_, check) = standing(&browser).await;
    assert_eq!(check, "реестр не отвечает");
    let again = app.another_node().await;
    app.stop().await;
    again.advance(60).await;
    again.deliver().await;
    let browser = signed_in(&again, ANNA).await;
    let (level, check) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}, {check}");
    again.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_question_that_a_death_interrupts_is_asked_again_with_the_same_id() {
    let server = RegistryServer::start().await;
    let settings = server.settings();
    let app = TestApp::start_with(|config| config["registry"] = settings).await;
    let browser = signed_in(&app, ANNA).await;
    let real = [("passport", "18 10 123456"), ("snils", "112-233-445 95")];
    server.keep_waiting(true);
    send(&browser, &real).await;
    let again = app.another_node().await;
    server.interrupt(app).await;
    let first = server.asked().remove(0);
    again.advance(600).await;
    again.deliver().await;
    let browser = signed_in(&again, ANNA).await;
    assert_eq!(standing(&browser).await.1, "совпало");
    let same = |asked: &&Asked| asked.registry == first.registry && asked.key == first.key;
    assert!(server.asked().iter().filter(same).count() > 1);
    again.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_one_snils_is_one_account() {
    let app = TestApp::start().await;
    let anna = signed_in(&app, ANNA).await;
    become_standard(&app, &anna, &[]).await;
    let timur = signed_in(&app, TIMUR).await;
    send(&timur, &[]).await;
    app.deliver().await;
    let (level, check) = standing(&timur).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    assert_eq!(check, "СНИЛС занят");
    // Nothing of the other's data came over, and both were told.
    let page = timur.get("/account/profile").await;
    assert!(page.body.contains("Ахметов") && !page.body.contains("000-000-300 00"));
    let page = timur.get("/account/notices").await;
    assert!(
        page.body
            .contains("СНИЛС уже подтверждён в другой учётной записи")
    );
    let page = anna.get("/account/notices").await;
    assert!(
        page.body
            .contains("Ваш СНИЛС указали в другой учётной записи")
    );
    assert!(standing(&anna).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn sending_data_has_a_daily_limit() {
    let app = TestApp::start_with(|config| {
        config["limits"] = json!({ "submissions_per_day": 2 });
    })
    .await;
    let browser = signed_in(&app, ANNA).await;
    for number in ["0001 000301", "0001 000302"] {
        send(&browser, &[("passport", number)]).await;
        app.deliver().await;
    }
    let page = send(&browser, &[]).await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.headers.contains_key("retry-after"));
    assert!(
        page.text(".notice-danger")
            .unwrap()
            .contains("слишком много раз")
    );
    assert_eq!(
        page.attribute("#locality", "value").as_deref(),
        Some("Волгоград")
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_real_registry_is_asked_for_what_it_compares_and_no_more() {
    let server = RegistryServer::start().await;
    let settings = server.settings();
    let app = TestApp::start_with(|config| config["registry"] = settings).await;
    let browser = signed_in(&app, ANNA).await;
    // No real registry knows the people of a test environment.
    let page = send(&browser, &[]).await;
    assert!(page.has("#passport-problem"), "{}", page.body);
    let real = [("passport", "18 10 123456"), ("snils", "112-233-445 95")];

    server.answer_with(503, json!({}));
    submit(&browser, &page, &real).await;
    app.deliver().await;
    assert_eq!(standing(&browser).await.1, "реестр не отвечает");
    let first = server.asked();
    assert_eq!(first.len(), 3);

    server.answer_with(200, json!({ "mismatch": [] }));
    app.advance(60).await;
    app.deliver().await;
    let (level, check) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}, {check}");

    let all = server.asked();
    assert!(
        all.iter()
            .all(|asked| asked.token == "Bearer registry-token")
    );
    for asked in &first {
        let repeat = all
            .iter()
            .rfind(|other| other.registry == asked.registry)
            .unwrap();
        assert_eq!(repeat.key, asked.key);
        assert_eq!(repeat.body, asked.body);
        let has = |name: &str| asked.body.get(name).is_some();
        assert_eq!(has("snils"), asked.registry == "pension_fund");
        assert_eq!(has("passport"), asked.registry == "passports");
        assert_eq!(has("inn"), asked.registry == "tax_service");
        assert!(!has("address") && !has("birthplace"));
    }
    let passports = all
        .iter()
        .find(|asked| asked.registry == "passports")
        .unwrap();
    assert_eq!(
        passports.body["passport"],
        json!({
            "series": "1810", "number": "123456", "issued_on": "2010-04-20",
            "department_code": "340-001",
        })
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_behind_mutual_tls_takes_our_certificate_and_no_other() {
    let (authority, stranger) = (MutualTls::new(), MutualTls::new());
    let server = RegistryServer::start_at(authority.listen().await);
    let mut settings = server.settings();
    settings["url"] = json!(settings["url"].as_str().unwrap().replace("http:", "https:"));
    let files = stranger.client();
    settings["client_certificate_file"] = json!(files[0]);
    settings["client_key_file"] = json!(files[1]);
    let app = TestApp::start_with(|config| {
        config["registry"] = settings;
        config["egress"]["ca_files"] = json!([authority.authority()]);
    })
    .await;
    let browser = signed_in(&app, ANNA).await;
    let real = [("passport", "18 10 123456"), ("snils", "112-233-445 95")];
    send(&browser, &real).await;
    app.deliver().await;
    assert_eq!(standing(&browser).await.1, "реестр не отвечает");
    assert!(server.asked().is_empty());

    // The right one is in its place after a restart.
    for (own, file) in authority.client().iter().zip(&files) {
        std::fs::copy(own, file).unwrap();
    }
    let again = app.another_node().await;
    app.stop().await;
    again.advance(60).await;
    again.deliver().await;
    let browser = signed_in(&again, ANNA).await;
    assert_eq!(standing(&browser).await.1, "совпало");
    assert_eq!(server.asked().len(), 3);
    again.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registry_that_fails_again_and_again_is_left_alone_for_a_while() {
    let server = RegistryServer::start().await;
    server.answer_with(200, json!({ "mismatch": ["rank"] }));
    let settings = server.settings();
    let app = TestApp::start_with(|config| config["registry"] = settings).await;
    let browser = signed_in(&app, ANNA).await;
    let real = [("passport", "18 10 123456"), ("snils", "112-233-445 95")];
    send(&browser, &real).await;
    // An answer beyond the contract is none. Five of them, as the waits grow.
    for wait in [0, 7, 20, 80, 380] {
        app.advance(wait).await;
        app.deliver().await;
    }
    let asked = server.asked().len();
    assert_eq!(asked, 3 * 5);
    // Nobody else's question goes out while the registry is left alone.
    server.answer_with(200, json!({ "mismatch": [] }));
    let timur = signed_in(&app, TIMUR).await;
    send(&timur, &[real[0], ("snils", "087-654-303 00")]).await;
    app.deliver().await;
    assert_eq!(server.asked().len(), asked);
    assert_eq!(standing(&timur).await.1, "реестр не отвечает");
    app.advance(31).await;
    app.deliver().await;
    assert_eq!(standing(&timur).await.1, "совпало");
    app.advance(1_100).await;
    app.deliver().await;
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_14_what_a_registry_takes_back_counts_no_more() {
    let server = RegistryServer::start().await;
    let settings = server.settings();
    let app = TestApp::start_with(|config| config["registry"] = settings).await;
    let browser = signed_in(&app, ANNA).await;
    let real = [("passport", "18 10 123456"), ("snils", "112-233-445 95")];
    become_standard(&app, &browser, &real).await;
    // The same data, which the registries know otherwise by now.
    server.answer_with(200, json!({ "mismatch": ["family_name"] }));
    app.advance(1).await;
    send(&browser, &real).await;
    app.deliver().await;
    let (level, check) = standing(&browser).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    assert_eq!(check, "не совпало");
    let page = browser.get("/account/notices").await;
    assert!(page.body.contains("Уровень учётной записи снижен"));
    // Other data that do not match take nothing back.
    server.answer_with(200, json!({ "mismatch": [] }));
    app.advance(1).await;
    become_standard(&app, &browser, &[real[0], real[1], ("issued_by", "ОВД")]).await;
    server.answer_with(200, json!({ "mismatch": ["family_name"] }));
    app.advance(1).await;
    send(&browser, &[real[0], real[1], ("family_name", "Петрова")]).await;
    app.deliver().await;
    assert!(standing(&browser).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_changed_while_registries_think_is_kept() {
    let app = TestApp::start().await;
    app.registry.fail_next(2);
    let browser = signed_in(&app, ANNA).await;
    send(&browser, &[("locality", "Камышин")]).await;
    app.deliver().await;
    // A confirmed contact is no address.
    app.advance(1).await;
    let page = browser.get("/account/profile/edit").await;
    let page = browser
        .submit(
            &page,
            "profile-save",
            &[("street_address", "ул. Мира, д. 1")],
        )
        .await;
    assert_eq!(page.url.path(), "/account/profile", "{}", page.body);
    app.advance(60).await;
    app.deliver().await;
    let page = browser.get("/account/profile").await;
    assert!(page.body.contains("ул. Мира, д. 1"), "{}", page.body);
    assert!(standing(&browser).await.0.starts_with("Стандартный"));
    app.end().await;
}
