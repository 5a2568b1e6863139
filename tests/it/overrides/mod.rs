//! Data that registries have otherwise: one operator proposes, another decides,
//! in three browsers.

mod attacks;
mod endings;

use serde_json::json;

use crate::levels::centre::{OPERATOR, open};
use crate::levels::{become_standard, send, standing};
use crate::support::app::ANNA;
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// The second operator of tests.
pub const COLLEAGUE: &str = "+79005550108";

/// Every field was compared.
pub const EVERYTHING: [(&str, &str); 8] = [
    ("compared", "family_name"),
    ("compared", "given_name"),
    ("compared", "middle_name"),
    ("compared", "birth_date"),
    ("compared", "sex"),
    ("compared", "passport"),
    ("compared", "snils"),
    ("compared", "inn"),
];

/// No registry knows this passport.
const UNKNOWN: (&str, &str) = ("passport", "0001 000301");

/// Everything compared, and why the registry is wrong.
pub fn proposal(why: &str) -> Vec<(&str, &str)> {
    let mut fields = EVERYTHING.to_vec();
    fields.push(("why", why));
    fields
}

/// Sends data that registries have otherwise, with these changes.
pub async fn mismatch(app: &TestApp, citizen: &Browser, changes: &[(&str, &str)]) {
    // What was sent last is told by the time.
    app.advance(1).await;
    let page = send(citizen, &[&[UNKNOWN], changes].concat()).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    app.deliver().await;
    assert_eq!(standing(citizen).await.1, "не совпало");
}

/// The number of a visit about the data that were sent last.
pub async fn take_number(citizen: &Browser) -> String {
    let page = citizen.get("/account/level").await;
    let page = citizen.submit(&page, "override-request", &[]).await;
    page.text("#override-number")
        .unwrap_or_else(|| panic!("no number: {}", page.body))
        .replace(' ', "")
}

/// Both.
pub async fn disputed(app: &TestApp, citizen: &Browser, changes: &[(&str, &str)]) -> String {
    mismatch(app, citizen, changes).await;
    take_number(citizen).await
}

/// The first operator proposes; gives their browser.
pub async fn propose(app: &TestApp, number: &str) -> Browser {
    let desk = signed_in(app, OPERATOR).await;
    let page = open(&desk, number).await;
    let page = desk
        .submit(
            &page,
            "case-propose",
            &proposal("Паспорт получен неделю назад"),
        )
        .await;
    assert_eq!(page.url.query(), Some("done=proposed"), "{}", page.body);
    desk
}

/// Opens a proposal from the list.
pub async fn open_proposal(desk: &Browser, number: &str) -> Page {
    let page = desk.get("/operator/overrides").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, &format!("override-open-{number}"), &[])
        .await
}

/// The token of an operator's forms.
pub async fn token(desk: &Browser) -> String {
    let page = desk.get("/operator").await;
    page.attribute("input[name=csrf]", "value").unwrap()
}

/// Evidence of an account: source and who gave it.
async fn evidence(app: &TestApp, login: &str) -> Vec<(String, String)> {
    let account = app.app.accounts.find_by_login(login).await.unwrap();
    let records = app
        .app
        .storage
        .evidence_of(&account.unwrap())
        .await
        .unwrap();
    records
        .into_iter()
        .map(|record| (record.source, record.given_by))
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_operators_see_the_originals_and_the_account_is_verified() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    // Nothing is in dispute before a registry says so.
    assert!(!citizen.get("/account/level").await.has("#override"));
    mismatch(&app, &citizen, &[("birthplace", "гор. Саратов")]).await;
    let page = citizen.get("/account/level").await;
    let text = page.text("#override").unwrap();
    assert!(
        text.contains("свидетельством") && text.contains("14 дней"),
        "{text}"
    );
    let number = take_number(&citizen).await;
    assert!(!citizen.get("/account/level").await.has("#override-request"));

    // The first: what was sent, and who has it otherwise.
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &number).await;
    for shown in [
        "Соколова",
        "24.03.1990",
        "00 01 000301",
        "000-000-300 00",
        "500100732259",
        "гор. Саратов",
        "ул. Рабоче-Крестьянская",
    ] {
        assert!(page.body.contains(shown), "{shown}");
    }
    let marked = page.text(".compare .badge-danger").unwrap();
    assert!(marked.contains("Реестр паспортов"), "{marked}");
    assert_eq!(page.body.matches("badge badge-danger").count(), 1);
    assert!(!page.has("#case-confirm") && !page.has("#case-code"));
    // Half a comparison is none, and all that is missing is told at once.
    let page = desk.submit(&page, "case-propose", &EVERYTHING[..6]).await;
    let problem = page.text("#compared-problem").unwrap();
    assert!(
        problem.contains("СНИЛС") && problem.contains("ИНН"),
        "{problem}"
    );
    assert!(page.has("#why-problem") && page.has("#compared-sex[checked]"));
    let page = desk
        .submit(&page, "case-propose", &[("why", "Виден паспорт")])
        .await;
    assert_eq!(
        page.attribute("#why", "value").as_deref(),
        Some("Виден паспорт")
    );
    let why = "Паспорт получен неделю назад";
    let page = desk.submit(&page, "case-propose", &proposal(why)).await;
    assert_eq!(page.url.query(), Some("done=proposed"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    let page = citizen.get("/account/level").await;
    assert!(page.has("#override-waiting") && !page.has("#override-request"));
    assert!(
        page.text("#override-waiting")
            .unwrap()
            .contains("07.04.2026"),
        "{}",
        page.body
    );

    // The second: a list without the citizen, then the data.
    let second = signed_in(&app, COLLEAGUE).await;
    let page = second.get("/operator").await;
    assert_eq!(page.text("#desk-overrides .badge").as_deref(), Some("1"));
    let page = second.get("/operator/overrides").await;
    assert!(page.body.contains("Вера Орлова") && page.body.contains("Мои документы"));
    assert!(!page.body.contains("Соколова") && !page.body.contains("000-000-300"));
    let page = open_proposal(&second, &number).await;
    assert_eq!(page.text("#override-why").as_deref(), Some(why));
    assert!(page.body.contains("00 01 000301") && page.has(".compare .badge-danger"));
    // The ticks of the first do not count for the second.
    assert!(!page.has("[name=compared][checked]"));
    let page = second
        .submit(&page, "override-confirm", &EVERYTHING[1..])
        .await;
    assert!(page.text("#compared-problem").unwrap().contains("Фамилия"));
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert_eq!(page.url.query(), Some("done=confirmed"), "{}", page.body);
    assert!(!page.has("#desk-overrides .badge") && page.has("#overrides-none"));

    let (level, check) = standing(&citizen).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    assert_eq!(check, "подтверждено по оригиналам");
    let found = evidence(&app, ANNA).await;
    let sources: Vec<_> = found.iter().map(|(source, _)| source.as_str()).collect();
    assert_eq!(sources.len(), 2, "{found:?}");
    assert!(sources.contains(&"two_operators") && sources.contains(&"service_centre"));
    let (_, both) = found
        .iter()
        .find(|(source, _)| source == "two_operators")
        .unwrap();
    for login in [OPERATOR, COLLEAGUE] {
        let operator = app
            .app
            .accounts
            .find_by_login(login)
            .await
            .unwrap()
            .unwrap();
        assert!(both.contains(operator.as_str()), "{both}");
        let audit = app.app.storage.audit_of(&operator, 10).await.unwrap();
        assert!(audit.iter().all(|line| line.subject == number));
        let done = if login == OPERATOR {
            "override_proposed"
        } else {
            "override_confirmed"
        };
        assert!(audit.iter().any(|line| line.action == done), "{audit:?}");
    }
    let journal = citizen.get("/account/journal").await;
    for line in [
        "Получен номер заявки: ошибка в реестре",
        "предложил принять данные",
        "Второй сотрудник открыл предложение",
        "Второй сотрудник подтвердил данные",
        "Мои документы",
    ] {
        assert!(journal.body.contains(line), "{line}: {}", journal.body);
    }
    let notices = citizen.get("/account/notices").await;
    for notice in ["Сотрудник предложил принять ваши данные", "Данные приняты"]
    {
        assert!(notices.body.contains(notice), "{notice}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn portals_are_told_of_documents_and_of_no_registry() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    second.submit(&page, "override-confirm", &EVERYTHING).await;
    let details = json!([{ "check_method": null, "time": null }]);
    let request = json!({ "userinfo": { "verified_claims": {
        "verification": { "trust_framework": null, "assurance_level": null, "evidence": [
            { "type": { "value": "electronic_record" }, "record": { "type": null } },
            { "type": { "value": "document" }, "check_details": details },
        ] },
        "claims": { "family_name": null, "snils": null },
    } } })
    .to_string();
    let portal = RelyingParty::new(&app, "portal");
    let scope = ("scope", "openid");
    let tokens = portal
        .tokens(&citizen, ANNA, &[scope, ("claims", &request)])
        .await;
    let found = portal.userinfo(&tokens.access).await.json();
    let found = &found["verified_claims"];
    assert_eq!(found["verification"]["assurance_level"], "verified");
    assert_eq!(found["claims"]["snils"], "000-000-300 00");
    let evidence = found["verification"]["evidence"].as_array().unwrap();
    assert_eq!(evidence.len(), 2, "{found}");
    for one in evidence {
        assert_eq!(one["type"], "document", "{found}");
        assert_eq!(one["check_details"][0]["check_method"], "vpip");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_new_name_replaces_the_old_one_and_a_later_address_stays() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    // A passport of the new name; the old data stand meanwhile.
    let number = disputed(&app, &citizen, &[("family_name", "Воронцова")]).await;
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    // One number at a time: the other card leads nowhere now.
    assert!(!citizen.get("/account/level").await.has("#centre-request"));
    let page = citizen.get("/account/profile/edit").await;
    let page = citizen
        .submit(
            &page,
            "profile-save",
            &[("street_address", "ул. Новая, д. 5")],
        )
        .await;
    assert!(page.body.contains("ул. Новая"), "{}", page.body);
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    let page = citizen.get("/account/profile").await;
    assert!(page.body.contains("Воронцова") && page.body.contains("ул. Новая"));
    app.end().await;
}
