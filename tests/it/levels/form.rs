//! The form of personal data: every wrong field at once, nothing typed is lost.

use super::{DATA, send, standing, submit};
use crate::support::TestApp;
use crate::support::app::ANNA;
use crate::support::steps::signed_in;

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_field_is_named_and_nothing_typed_is_lost() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let wrong = [
        ("family_name", "Sokolova"),
        ("given_name", ""),
        ("birth_date", "31.02.1990"),
        ("birthplace", ""),
        ("snils", "112-233-445 96"),
        ("inn", "500100732258"),
        ("passport", "18 10 12345"),
        ("issued_on", "завтра"),
        ("department_code", "340"),
        ("issued_by", ""),
        ("postal_code", "4000"),
        ("region", ""),
        ("lives_there", ""),
        ("residence_locality", "a\u{202e}b"),
    ];
    let page = send(&browser, &wrong).await;
    assert_eq!(page.url.path(), "/account/level/data");
    let mut fields: Vec<_> = wrong.iter().map(|(name, _)| *name).collect();
    fields.retain(|name| *name != "lives_there");
    fields.extend([
        "residence_postal_code",
        "residence_region",
        "residence_street_address",
    ]);
    for name in fields {
        assert!(page.has(&format!("#{name}-problem")), "{name} is not named");
        assert!(
            page.has(&format!("#problems a[href='#{name}']")),
            "{name} has no line"
        );
    }
    for (name, value) in wrong.iter().filter(|(name, _)| *name != "lives_there") {
        let shown = page.attribute(&format!("#{name}"), "value").unwrap();
        assert_eq!(shown, *value, "{name}");
    }
    let summary = page.text("#problems").unwrap();
    for named in ["«Место рождения»", "«Кем выдан»", "«Улица, дом, квартира»"]
    {
        assert!(summary.contains(named), "{summary}");
    }
    // What was right stands there as well.
    assert_eq!(
        page.attribute("#locality", "value").as_deref(),
        Some("Волгоград")
    );
    assert!(page.has("#sex-female[checked]") && !page.has("#lives_there[checked]"));
    // And the same page takes the right data.
    let page = submit(&browser, &page, &[]).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_dates_must_fit_together() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    for (changes, field, says) in [
        (
            &[("passport", "02 10 123456")][..],
            "passport",
            "первые две",
        ),
        (
            &[("passport", "18 05 123456")],
            "passport",
            "не подходит к дате",
        ),
        (&[("issued_on", "20.03.2004")], "issued_on", "с 14 лет"),
        (&[("issued_on", "20.04.2004")], "issued_on", "в 20 и в 45"),
        (&[("snils", "112-233-445 9")], "snils", "11 цифр"),
        (&[("birth_date", "01.01.2030")], "birth_date", "в будущем"),
    ] {
        let page = send(&browser, changes).await;
        let problem = page.text(&format!("#{field}-problem")).unwrap_or_default();
        assert!(problem.contains(says), "{changes:?}: {problem:?}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_46_sending_more_fields_raises_nothing() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser.get("/account/level/data").await;
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let mut fields = DATA.to_vec();
    // A passport no registry knows, and every flag somebody may think of.
    fields.retain(|(name, _)| *name != "passport");
    fields.extend([
        ("csrf", token.as_str()),
        ("passport", "0001 000301"),
        ("level", "verified"),
        ("identity", "verified"),
        ("evidence", "[{\"source\":\"service_centre\"}]"),
        ("outcome", "matched"),
        ("mismatch", ""),
        ("snils_confirmed", "yes"),
        ("confirmed_at", "1"),
    ]);
    let page = browser.post("/account/level/data", &fields).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    app.deliver().await;
    let (level, check) = standing(&browser).await;
    assert!(level.starts_with("Упрощённый"), "{level}");
    assert_eq!(check, "не совпало");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_checked_is_not_changed_in_the_profile() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    super::become_standard(&app, &browser, &[]).await;
    let page = browser.get("/account/profile/edit").await;
    assert!(!page.has("#family_name") && page.has("#locality"));
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let page = browser
        .post(
            "/account/profile/edit",
            &[
                ("csrf", token.as_str()),
                ("family_name", "Волкова"),
                ("given_name", "Анна"),
                ("birth_date", "24.03.1999"),
                ("sex", "male"),
                ("snils", "112-233-445 95"),
                ("postal_code", "400131"),
                ("region", "Волгоградская область"),
                ("locality", "Волгоград"),
                ("street_address", "ул. Мира, д. 1"),
            ],
        )
        .await;
    assert_eq!(page.url.path(), "/account/profile", "{}", page.body);
    for kept in ["Соколова", "24.03.1990", "000-000-300 00", "ул. Мира, д. 1"] {
        assert!(page.body.contains(kept), "{kept}");
    }
    let (level, _) = standing(&browser).await;
    assert!(level.starts_with("Стандартный"), "{level}");
    app.end().await;
}
