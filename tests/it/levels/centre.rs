//! A visit to a service centre, in two browsers.

use propusk::storage::OperatorRecord;

use super::{become_standard, standing, strict_portal};
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, RelyingParty, TestApp};

/// Who works at the centre of tests.
pub const OPERATOR: &str = "+79005550109";

/// Her own data, as the registries know her.
pub const OWN: [(&str, &str); 6] = [
    ("family_name", "Орлова"),
    ("given_name", "Вера"),
    ("middle_name", "Ильинична"),
    ("birth_date", "09.09.1985"),
    ("snils", "000-000-303 00"),
    ("issued_on", "10.10.2005"),
];

/// Every field was compared.
pub const EVERYTHING: [(&str, &str); 7] = [
    ("compared", "family_name"),
    ("compared", "given_name"),
    ("compared", "middle_name"),
    ("compared", "birth_date"),
    ("compared", "sex"),
    ("compared", "passport"),
    ("compared", "snils"),
];

/// The number of a request of somebody whose data are checked.
pub async fn number(browser: &Browser) -> String {
    let mut page = browser.get("/account/level").await;
    if !page.has("#centre-number") {
        page = browser.submit(&page, "centre-request", &[]).await;
    }
    page.text("#centre-number")
        .unwrap_or_else(|| panic!("no number: {}", page.body))
}

/// Opens a request at the desk.
pub async fn open(desk: &Browser, number: &str) -> Page {
    let page = desk.get("/operator").await;
    assert_eq!(page.status, 200, "{}", page.body);
    desk.submit(&page, "desk-open", &[("number", number)]).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_operator_confirms_and_the_account_is_verified() {
    let app = TestApp::start_with(|config| {
        strict_portal(config, "verified");
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    let portal = RelyingParty::new(&app, "strict");
    let waiting = portal.enter(&citizen, ANNA, &[]).await;
    assert_eq!(waiting.url.path(), "/level");
    // Nobody is seen before the data are checked.
    assert!(!citizen.get("/account/level").await.has("#centre"));
    become_standard(&app, &citizen, &[]).await;
    let number = number(&citizen).await;

    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &number).await;
    for shown in ["Соколова", "24.03.1990", "00 01 000300", "000-000-300 00"] {
        assert!(page.body.contains(shown), "{shown}");
    }
    for login in ["000-000-300 00", "8 900 555 01 01", &number] {
        assert!(open(&desk, login).await.has("#case-confirm"), "{login}");
    }
    // Who asked for no visit is not found.
    assert!(open(&desk, TIMUR).await.has("#number-problem"));
    // Half a comparison is none.
    let page = desk.submit(&page, "case-confirm", &EVERYTHING[..5]).await;
    let problem = page.text("#compared-problem").unwrap();
    assert!(
        problem.contains("СНИЛС") && problem.contains("паспорта"),
        "{problem}"
    );
    assert!(page.has("#compared-sex[checked]") && !page.has("#compared-snils[checked]"));
    let page = desk.submit(&page, "case-confirm", &EVERYTHING).await;
    assert_eq!(page.url.path(), "/operator", "{}", page.body);
    assert!(
        page.text(".notice-success")
            .unwrap()
            .contains("подтверждена")
    );

    let (level, _) = standing(&citizen).await;
    assert!(level.starts_with("Подтверждённый"), "{level}");
    let journal = citizen.get("/account/journal").await;
    for line in [
        "Сотрудник центра открыл заявку",
        "Личность подтверждена",
        "Мои документы",
    ] {
        assert!(journal.body.contains(line), "{line}: {}", journal.body);
    }
    // Decided, it is not found by whose it was either.
    for login in ["000-000-300 00", "8 900 555 01 01"] {
        assert!(open(&desk, login).await.has("#number-problem"), "{login}");
    }
    // And the portal lets them in where they were left.
    let page = citizen.get(waiting.url.as_str()).await;
    let page = portal.go_on(&citizen, page, ANNA).await;
    let code = page
        .sent("code")
        .unwrap_or_else(|| panic!("no code: {}", page.body));
    let tokens = crate::support::Tokens::of(&portal.redeem(&code).await.json());
    assert_eq!(tokens.id_claims()["acr"], "urn:propusk:ial:verified");
    // The number is spent.
    let page = open(&desk, &number).await;
    assert!(page.has("#number-problem"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_tells_the_citizen_why_and_another_number_may_be_taken() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let first = number(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &first).await;
    let page = desk.submit(&page, "case-refuse", &[("reason", " ")]).await;
    assert!(page.has("#reason-problem"), "{}", page.body);
    let reason = "Фотография в паспорте не похожа <b>";
    let page = desk
        .submit(&page, "case-refuse", &[("reason", reason)])
        .await;
    assert_eq!(page.url.path(), "/operator", "{}", page.body);
    let page = citizen.get("/account/level").await;
    assert!(
        page.text("#centre .notice-danger")
            .unwrap()
            .contains(reason)
    );
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    assert_ne!(number(&citizen).await, first);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_is_good_for_thirty_days_and_asking_twice_gives_the_same() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let page = citizen.get("/account/level").await;
    let first = citizen.submit(&page, "centre-request", &[]).await;
    let again = citizen.submit(&page, "centre-request", &[]).await;
    let number = first.text("#centre-number");
    assert!(number.is_some());
    assert_eq!(again.text("#centre-number"), number);
    app.advance(30 * 24 * 3600 + 1).await;
    let desk = signed_in(&app, OPERATOR).await;
    assert!(open(&desk, &number.unwrap()).await.has("#number-problem"));
    let citizen = signed_in(&app, ANNA).await;
    assert!(citizen.get("/account/level").await.has("#centre-request"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_only_operators_at_work_see_requests_and_never_their_own() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let number = number(&citizen).await;
    // A citizen has no desk, by no door.
    let timur = signed_in(&app, TIMUR).await;
    assert_eq!(timur.get("/operator").await.status, 404);
    let token = timur
        .get("/account/profile/edit")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    for path in [
        "/operator/case",
        "/operator/case/confirm",
        "/operator/case/refuse",
    ] {
        let mut fields = vec![("csrf", token.as_str()), ("number", number.as_str())];
        fields.extend(EVERYTHING);
        assert_eq!(timur.post(path, &fields).await.status, 404, "{path}");
    }
    assert_eq!(app.browser().get("/operator").await.url.path(), "/sign-in");

    // Nobody vouches for themselves.
    let desk = signed_in(&app, OPERATOR).await;
    become_standard(&app, &desk, &OWN).await;
    let mine = self::number(&desk).await;
    let page = open(&desk, &mine).await;
    assert!(
        page.text("#number-problem")
            .unwrap()
            .contains("другой сотрудник"),
        "{}",
        page.body
    );

    // Whoever sees a case has opened it, by whatever form.
    let lines = async |kind: &str| {
        let journal = citizen.get(&format!("/account/journal?kind={kind}")).await;
        journal
            .body
            .matches("Сотрудник центра открыл заявку")
            .count()
            - 1
    };
    let before = lines("visit_opened").await;
    let token = desk
        .get("/operator")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let fields = [("csrf", token.as_str()), ("number", number.as_str())];
    let page = desk.post("/operator/case/refuse", &fields).await;
    assert!(page.body.contains("Соколова"));
    assert_eq!(lines("visit_opened").await, before + 1);
    let page = desk.post("/operator/case/confirm", &fields).await;
    assert!(page.body.contains("Соколова"));
    assert_eq!(lines("visit_opened").await, before + 2);

    // Data that changed after they were shown are not confirmed.
    let page = open(&desk, &number).await;
    super::send(&citizen, &[("passport", "0001 000303")]).await;
    app.deliver().await;
    let page = desk.submit(&page, "case-confirm", &EVERYTHING).await;
    assert!(
        page.text("#compared-problem")
            .unwrap()
            .contains("изменились"),
        "{}",
        page.body
    );
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));

    // Taking the task away works at once.
    let account = app
        .app
        .accounts
        .find_by_login(OPERATOR)
        .await
        .unwrap()
        .unwrap();
    let record = app
        .app
        .storage
        .find_operator(&account)
        .await
        .unwrap()
        .unwrap();
    let ended = OperatorRecord {
        disabled_at: Some(app.now()),
        ..record
    };
    app.app.storage.put_operator(ended).await.unwrap();
    let page = desk.submit(&page, "case-confirm", &EVERYTHING).await;
    assert_eq!(page.status, 404);
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_a_request_is_decided_once() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let number = number(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &number).await;
    let tries = (0..8).map(|_| desk.submit(&page, "case-confirm", &EVERYTHING));
    let ended = futures_util::future::join_all(tries).await;
    let won = ended
        .iter()
        .filter(|page| page.url.query() == Some("done=confirmed"))
        .count();
    assert_eq!(won, 1);
    let journal = citizen.get("/account/journal?kind=visit_confirmed").await;
    let lines = journal
        .body
        .matches("Личность подтверждена в центре")
        .count();
    assert_eq!(lines - 1, 1, "{}", journal.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_an_operator_who_tries_out_numbers_is_stopped_and_seen() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({ "desk_misses_per_hour": 3 });
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let number = number(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    // Neither who has no account nor who asked for no visit, nor an address.
    for text in ["+79001112233", TIMUR, "anna.sokolova@example.ru"] {
        assert!(open(&desk, text).await.has("#number-problem"), "{text}");
    }
    let page = open(&desk, &number).await;
    assert_eq!(page.status, 429, "{}", page.body);
    assert!(page.headers.contains_key("retry-after"));
    let account = app.app.accounts.find_by_login(OPERATOR).await.unwrap();
    let audit = app
        .app
        .storage
        .audit_of(&account.unwrap(), 10)
        .await
        .unwrap();
    assert_eq!(audit.len(), 3);
    assert!(audit.iter().all(|line| line.action == "visit_not_found"));
    app.advance(3601).await;
    let desk = signed_in(&app, OPERATOR).await;
    assert!(open(&desk, &number).await.has("#case-confirm"));
    app.end().await;
}
