//! Operators who want to decide alone or about themselves, and strangers.

use propusk::storage::OperatorRecord;

use super::{
    COLLEAGUE, EVERYTHING, disputed, evidence, open_proposal, proposal, propose, take_number, token,
};
use crate::levels::centre::{OPERATOR, open};
use crate::levels::standing;
use crate::support::app::{ANNA, THIRD, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, Page, TestApp};

/// Makes somebody an operator, or takes the task away.
async fn at_work(app: &TestApp, login: &str, works: bool) {
    let account = app.app.accounts.find_by_login(login).await.unwrap();
    let operator = OperatorRecord {
        account_id: account.unwrap(),
        role: "centre".to_owned(),
        centre_id: "centre-1".to_owned(),
        added_at: app.now(),
        disabled_at: (!works).then(|| app.now()),
    };
    app.app.storage.put_operator(operator).await.unwrap();
}

/// Posts a form of the console that no page gave.
async fn forge(desk: &Browser, path: &str, number: &str, more: &[(&str, &str)]) -> Page {
    let token = token(desk).await;
    let mut fields = vec![("csrf", token.as_str()), ("number", number)];
    fields.extend(EVERYTHING);
    fields.extend(more);
    desk.post(path, &fields).await
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_nobody_confirms_what_they_proposed() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    let desk = propose(&app, &number).await;
    let page = desk.get("/operator/overrides").await;
    assert!(page.has("#overrides-none") && !page.has("#desk-overrides .badge"));
    // By forms that no page gave, with what the second operator's page holds.
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    let seen = page.attribute("input[name=seen]", "value").unwrap();
    let more = [("seen", seen.as_str()), ("reason", "сам")];
    for path in ["open", "confirm", "return"] {
        let page = forge(
            &desk,
            &format!("/operator/overrides/{path}"),
            &number,
            &more,
        )
        .await;
        let text = page.text("#overrides-refused").unwrap_or_default();
        assert!(text.contains("другой сотрудник"), "{path}: {}", page.body);
        assert!(!page.body.contains("Соколова"), "{path}");
    }
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    // The proposal is still there for the other one.
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    assert_eq!(page.url.query(), Some("done=confirmed"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_one_operator_confirms_nothing_that_registries_deny() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &number).await;
    let seen = page.attribute("input[name=seen]", "value").unwrap();
    for path in ["/operator/case/confirm", "/operator/case/code"] {
        let page = forge(&desk, path, &number, &[("seen", &seen)]).await;
        let text = page.text("#compared-problem").unwrap_or_default();
        assert!(text.contains("двое сотрудников"), "{path}: {}", page.body);
    }
    // There is no proposal that could be confirmed, either.
    let second = signed_in(&app, COLLEAGUE).await;
    let confirm = "/operator/overrides/confirm";
    let page = forge(&second, confirm, &number, &[("seen", &seen)]).await;
    assert!(page.has("#overrides-refused"), "{}", page.body);
    assert!(evidence(&app, ANNA).await.is_empty());
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_an_operator_decides_nothing_about_themselves() {
    let app = TestApp::start().await;
    // The citizen is an operator, too.
    let citizen = signed_in(&app, COLLEAGUE).await;
    let number = disputed(&app, &citizen, &[]).await;
    let page = open(&citizen, &number).await;
    assert!(
        page.text("#number-problem")
            .unwrap()
            .contains("другой сотрудник")
    );
    let why = [("seen", "x"), ("why", "я"), ("reason", "я")];
    let page = forge(&citizen, "/operator/case/propose", &number, &why).await;
    assert!(page.has("#number-problem"), "{}", page.body);
    propose(&app, &number).await;
    let page = citizen.get("/operator/overrides").await;
    assert!(page.has("#overrides-none") && !page.has("#desk-overrides .badge"));
    at_work(&app, THIRD, true).await;
    let third = signed_in(&app, THIRD).await;
    let page = open_proposal(&third, &number).await;
    let seen = page.attribute("input[name=seen]", "value").unwrap();
    let more = [("seen", seen.as_str()), ("reason", "я")];
    for path in ["open", "confirm", "return"] {
        let page = forge(
            &citizen,
            &format!("/operator/overrides/{path}"),
            &number,
            &more,
        )
        .await;
        assert!(page.has("#overrides-refused"), "{path}: {}", page.body);
    }
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    let page = third.submit(&page, "override-confirm", &EVERYTHING).await;
    assert_eq!(page.url.query(), Some("done=confirmed"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_only_operators_at_work_decide_and_both_must_be() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    // A citizen has no such pages.
    let timur = signed_in(&app, TIMUR).await;
    assert_eq!(timur.get("/operator/overrides").await.status, 404);
    let page = timur.get("/account/profile/edit").await;
    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    for path in [
        "/operator/case/propose",
        "/operator/overrides/open",
        "/operator/overrides/confirm",
        "/operator/overrides/return",
    ] {
        let mut fields = vec![("csrf", csrf.as_str()), ("number", number.as_str())];
        fields.extend(EVERYTHING);
        assert_eq!(timur.post(path, &fields).await.status, 404, "{path}");
    }
    // The second was dismissed while looking at it.
    at_work(&app, THIRD, true).await;
    let third = signed_in(&app, THIRD).await;
    let page = open_proposal(&third, &number).await;
    at_work(&app, THIRD, false).await;
    let page = third.submit(&page, "override-confirm", &EVERYTHING).await;
    assert_eq!(page.status, 404);
    // And the first: their word does not count any more.
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    at_work(&app, OPERATOR, false).await;
    let page = second.submit(&page, "override-confirm", &EVERYTHING).await;
    let text = page.text("#compared-problem").unwrap_or_default();
    assert!(text.contains("больше здесь не работает"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Упрощённый"));
    let page = second
        .submit(&page, "override-return", &[("reason", "Приходите ещё раз")])
        .await;
    assert_eq!(page.url.query(), Some("done=returned"), "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_of_two_second_operators_one_decides() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    at_work(&app, THIRD, true).await;
    let (second, third) = (
        signed_in(&app, COLLEAGUE).await,
        signed_in(&app, THIRD).await,
    );
    let pages = (
        open_proposal(&second, &number).await,
        open_proposal(&third, &number).await,
    );
    let tries = (0..4).flat_map(|_| {
        [
            second.submit(&pages.0, "override-confirm", &EVERYTHING),
            third.submit(&pages.1, "override-confirm", &EVERYTHING),
        ]
    });
    let ended = futures_util::future::join_all(tries).await;
    let won = ended
        .iter()
        .filter(|page| page.url.query() == Some("done=confirmed"))
        .count();
    assert_eq!(won, 1);
    assert_eq!(evidence(&app, ANNA).await.len(), 2);
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_nobody_tries_out_numbers_of_proposals() {
    let app = TestApp::start_with(|config| {
        config["limits"] = serde_json::json!({ "desk_misses_per_hour": 3 });
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    propose(&app, &number).await;
    let second = signed_in(&app, COLLEAGUE).await;
    // Strange numbers are numbers that nobody has (attack row 54).
    for text in ["12345678", "1' or '1'='1", "../../etc/passwd"] {
        let page = forge(&second, "/operator/overrides/open", text, &[]).await;
        assert_eq!(page.status, 200);
        assert!(page.has("#overrides-refused") && !page.body.contains("etc/passwd"));
    }
    let page = forge(&second, "/operator/overrides/open", &number, &[]).await;
    assert_eq!(page.status, 429, "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_54_reasons_are_shown_as_they_are_and_do_nothing() {
    const HOSTILE: &str = "<script>alert(1)</script>'; drop table overrides; -- {{ 7 * 7 }}";
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = disputed(&app, &citizen, &[]).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &number).await;
    desk.submit(&page, "case-propose", &proposal(HOSTILE)).await;
    let second = signed_in(&app, COLLEAGUE).await;
    let page = open_proposal(&second, &number).await;
    assert_eq!(page.text("#override-why").as_deref(), Some(HOSTILE));
    assert!(!page.body.contains("<script>alert"));
    second
        .submit(&page, "override-return", &[("reason", HOSTILE)])
        .await;
    let page = citizen.get("/account/level").await;
    assert!(
        page.text("#override .notice-danger")
            .unwrap()
            .contains(HOSTILE)
    );
    assert!(!page.body.contains("<script>alert"));
    take_number(&citizen).await;
    app.end().await;
}
