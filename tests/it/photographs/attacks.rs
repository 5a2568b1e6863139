//! Who must not see photographs or decide about them.

use propusk::model::id::AccountId;
use propusk::storage::{CentreRecord, OperatorRecord};

use super::{EVERYTHING, picture, pictures, send, take};
use crate::levels::centre::{OPERATOR, OWN};
use crate::levels::{become_standard, standing};
use crate::support::app::{ANNA, THIRD, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

/// Makes Timur an operator of another centre.
async fn second_operator(app: &TestApp) -> Browser {
    let storage = &app.app.storage;
    let centre = CentreRecord {
        id: "centre-2".to_owned(),
        name: "Центр № 2".to_owned(),
        address: "г. Казань".to_owned(),
        hours: "9–18".to_owned(),
        created_at: app.now(),
        closed_at: None,
    };
    storage.put_centre(centre).await.unwrap();
    let account = app
        .app
        .accounts
        .find_by_login(TIMUR)
        .await
        .unwrap()
        .unwrap();
    let operator = OperatorRecord {
        account_id: account,
        centre_id: "centre-2".to_owned(),
        role: "centre".to_owned(),
        added_at: app.now(),
        disabled_at: None,
    };
    storage.put_operator(operator).await.unwrap();
    signed_in(app, TIMUR).await
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_45_photographs_are_seen_by_who_holds_their_case_only() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    send(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let other = second_operator(&app).await;
    let case = take(&desk).await;
    let shown = pictures(&case);
    assert_eq!(desk.get_once(&shown[0]).await.status, 200);
    // A citizen, the owner among them, an operator of another centre, a stranger.
    assert_eq!(citizen.get_once(&shown[0]).await.status, 404);
    assert_eq!(
        signed_in(&app, THIRD)
            .await
            .get_once(&shown[0])
            .await
            .status,
        404
    );
    assert_eq!(other.get_once(&shown[0]).await.status, 404);
    assert_eq!(app.browser().get(&shown[0]).await.url.path(), "/sign-in");
    assert_eq!(
        desk.get_once("/operator/photographs/file/..%2f..%2fetc%2fpasswd")
            .await
            .status,
        404
    );
    // The queue is empty for others while it is held, and its decision is not theirs.
    let page = take(&other).await;
    assert!(page.has("#photographs-take"), "{}", page.body);
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let id = case.attribute("input[name=id]", "value").unwrap();
    let seen = case.attribute("input[name=seen]", "value").unwrap();
    let mut fields = vec![("csrf", token.as_str()), ("id", &id), ("seen", &seen)];
    fields.extend(EVERYTHING);
    let page = other.post("/operator/photographs/confirm", &fields).await;
    assert!(page.has("#photographs-lost"), "{}", page.body);
    // Its time over, the next one has it and the first one nothing.
    app.advance(14 * 60 + 50).await;
    desk.get("/operator/photographs").await;
    app.advance(10).await;
    assert_eq!(desk.get_once(&shown[0]).await.status, 404);
    let other = signed_in(&app, TIMUR).await;
    let page = take(&other).await;
    assert_eq!(other.get_once(&shown[0]).await.status, 200);
    let desk = signed_in(&app, OPERATOR).await;
    let lost = desk
        .submit(&case, "photographs-refuse", &[("reason", "нет")])
        .await;
    // The form is of a session that may have ended with the idle time.
    assert!(
        lost.has("#photographs-lost") || lost.status == 403,
        "{}",
        lost.body
    );
    // Put back, it is anybody's again.
    other.submit(&page, "photographs-release", &[]).await;
    assert_eq!(other.get_once(&shown[0]).await.status, 404);
    assert_eq!(pictures(&take(&desk).await), shown);
    assert!(
        standing(&signed_in(&app, ANNA).await)
            .await
            .0
            .starts_with("Стандартный")
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_nobody_decides_about_their_own_photographs_or_about_other_data() {
    let app = TestApp::start().await;
    let desk = signed_in(&app, OPERATOR).await;
    become_standard(&app, &desk, &OWN).await;
    send(&desk).await;
    let page = take(&desk).await;
    assert!(
        page.has("#photographs-take"),
        "her own case is not given: {}",
        page.body
    );

    // Data that changed after they were shown are not confirmed.
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    send(&citizen).await;
    let page = take(&desk).await;
    crate::levels::send(&citizen, &[("passport", "0001 000303")]).await;
    app.deliver().await;
    let page = desk.submit(&page, "photographs-confirm", &EVERYTHING).await;
    assert!(
        page.text("#compared-problem")
            .unwrap()
            .contains("изменились"),
        "{}",
        page.body
    );
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));

    // A citizen has no queue; taking the task away works at once.
    let third = signed_in(&app, THIRD).await;
    assert_eq!(third.get("/operator/photographs").await.status, 404);
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
    for shown in pictures(&page) {
        assert_eq!(desk.get_once(&shown).await.status, 404);
    }
    assert_eq!(
        desk.submit(&page, "photographs-confirm", &EVERYTHING)
            .await
            .status,
        404
    );
    let audit = app
        .app
        .storage
        .audit_of(&AccountId::from(account.as_str()), 10)
        .await
        .unwrap();
    assert_eq!(audit.len(), 1);
    assert_eq!(audit[0].action, "photographs_opened");
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_12_photographs_are_decided_once() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    send(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = take(&desk).await;
    let tries = (0..6).map(|_| desk.submit(&page, "photographs-confirm", &EVERYTHING));
    let ended = futures_util::future::join_all(tries).await;
    let won = ended
        .iter()
        .filter(|page| page.has("#photographs-done"))
        .count();
    assert_eq!(won, 1);
    let proofs = "select count(*) from evidence where source = 'video'";
    assert_eq!(app.database.count(proofs).await, 1);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_26_forms_with_files_and_those_of_the_queue_need_our_token() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let page = citizen.get("/account/level/photographs").await;
    let jpeg = picture(image::ImageFormat::Jpeg);
    let files = ["passport_main", "passport_registration", "selfie"];
    let files = files.map(|field| (field, "a.jpg", jpeg.as_slice()));
    for token in ["", "x"] {
        let forged = [("csrf", token), ("photographs_consent", "yes")];
        let page = citizen
            .upload(&page, "photographs-send", &forged, &files)
            .await;
        assert_eq!(page.status, 403, "{}", page.body);
    }
    assert_eq!(app.database.count("select count(*) from files").await, 0);
    send(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let step = async |step: &str| {
        let address = format!("/operator/photographs/{step}");
        desk.post_once(&address, &EVERYTHING).await.status
    };
    assert_eq!(step("take").await, 403);
    let page = take(&desk).await;
    for forged in ["confirm", "refuse", "release"] {
        assert_eq!(step(forged).await, 403, "{forged}");
    }
    assert_eq!(desk.get_once(&pictures(&page)[0]).await.status, 200);
    app.end().await;
}
