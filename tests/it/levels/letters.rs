//! Codes on paper: a registered letter from order to code, and a code that an
//! operator prints at the desk.

use propusk::storage::OperatorRecord;

use super::centre::{EVERYTHING, OPERATOR, OWN, number, open};
use super::{become_standard, standing};
use crate::support::app::{ANNA, TIMUR};
use crate::support::steps::signed_in;
use crate::support::{Browser, TestApp};

const TRACK: &str = "8010 8312 34567 6";

/// Orders a letter; gives what the citizen reads of it.
async fn order(citizen: &Browser) -> String {
    let page = citizen.get("/account/level").await;
    let page = citizen.submit(&page, "letter-order", &[]).await;
    page.text("#letter-state")
        .unwrap_or_else(|| panic!("no letter: {}", page.body))
}

/// Prints what waits; gives the address of the batch and the letter's number.
async fn print(desk: &Browser) -> (String, String) {
    let page = desk.get("/operator/letters").await;
    let page = desk.submit(&page, "letters-print", &[]).await;
    let number = page
        .text(".letter-number")
        .unwrap_or_else(|| panic!("{}", page.body));
    (page.url.path().to_owned(), number)
}

/// The code on the paper.
async fn code_of(app: &TestApp, number: &str) -> String {
    let record = app.app.storage.find_letter(number).await.unwrap().unwrap();
    let letter = app.app.accounts.printed_letter(&record).await.unwrap();
    letter.code.expect("not posted yet")
}

/// Another code than this one.
fn other(code: &str) -> String {
    let last = code
        .chars()
        .last()
        .and_then(|last| last.to_digit(10))
        .unwrap();
    format!("{}{}", &code[..code.len() - 1], (last + 1) % 10)
}

async fn enter(citizen: &Browser, field: &str, code: &str) -> crate::support::Page {
    let page = citizen.get("/account/level").await;
    citizen
        .submit(&page, &format!("{field}-send"), &[("code", code)])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_goes_out_and_its_code_comes_back() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    // Nothing to prove before the data are checked.
    assert!(!citizen.get("/account/level").await.has("#letter"));
    become_standard(&app, &citizen, &[]).await;
    assert!(order(&citizen).await.contains("ждёт печати"));
    let page = citizen.get("/account/level").await;
    assert!(page.body.contains("400001, Волгоградская область") && !page.has("#letter-order"));

    let desk = signed_in(&app, OPERATOR).await;
    let (batch, letter) = print(&desk).await;
    let page = citizen.get("/account/level").await;
    assert!(page.text("#letter-state").unwrap().contains("Напечатано"));
    let pdf = desk.get(&format!("{batch}/pdf")).await;
    assert_eq!(pdf.status, 200);
    assert!(pdf.body.starts_with("%PDF-"), "{}", &pdf.body[..20]);
    let code = code_of(&app, &letter).await;
    // It works from the post on.
    assert!(!citizen.get("/account/level").await.has("#letter-code"));

    let page = desk.get(&batch).await;
    let send = format!("letter-post-{letter}");
    for (track, problem) in [("123", "14 цифр"), ("8010 8312 34567 5", "опечатка")] {
        let page = desk.submit(&page, &send, &[("track", track)]).await;
        assert!(
            page.text("#track-problem").unwrap().contains(problem),
            "{track}"
        );
        assert_eq!(page.attribute("#track", "value").as_deref(), Some(track));
    }
    let page = desk.submit(&page, &send, &[("track", TRACK)]).await;
    assert!(page.body.contains("80108312345676") && !page.has(&format!("#{send}")));
    // Posted, it is printed no more.
    assert_eq!(desk.get(&format!("{batch}/pdf")).await.status, 404);
    // Its barcode still finds it.
    let found = desk
        .get(&format!("/operator/letters?number={letter}"))
        .await;
    assert_eq!(found.url.path(), batch);

    let page = citizen.get("/account/level").await;
    assert_eq!(
        page.text("#letter-track").as_deref(),
        Some("80108312345676")
    );
    let page = enter(&citizen, "letter-code", "12 34").await;
    assert!(
        page.text("#letter-code-problem")
            .unwrap()
            .contains("8 цифр")
    );
    let page = enter(&citizen, "letter-code", &other(&code)).await;
    assert!(
        page.text("#letter-code-problem")
            .unwrap()
            .contains("Осталось 4 попытки")
    );
    let typed = format!("{} {}", &code[..4], &code[4..]);
    let page = enter(&citizen, "letter-code", &typed).await;
    assert!(
        page.text(".notice-success").unwrap().contains("Код верный"),
        "{}",
        page.body
    );
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    let journal = citizen.get("/account/journal").await;
    for line in ["Письмо с кодом отправлено", "Личность подтверждена кодом"]
    {
        assert!(journal.body.contains(line), "{line}");
    }
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_20_a_code_on_paper_dies_of_five_wrong_tries_and_of_age() {
    // The password must outlive the code.
    let app = TestApp::start_with(|config| {
        config["password"]["expires_after_days"] = 0.into();
    })
    .await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    order(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let (batch, letter) = print(&desk).await;
    let code = code_of(&app, &letter).await;
    let page = desk.get(&batch).await;
    desk.submit(&page, &format!("letter-post-{letter}"), &[("track", TRACK)])
        .await;
    let page = citizen.get("/account/level").await;
    let wrong = other(&code);
    let fields = [("code", wrong.as_str())];
    let tries = (0..16).map(|_| citizen.submit(&page, "letter-code-send", &fields));
    futures_util::future::join_all(tries).await;
    let page = citizen
        .submit(&page, "letter-code-send", &[("code", &code)])
        .await;
    assert!(page.body.contains("попытки закончились"), "{}", page.body);
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    app.advance(31 * 24 * 3600).await;

    // A second letter lies in a drawer for ninety days.
    let citizen = signed_in(&app, ANNA).await;
    order(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let (batch, letter) = print(&desk).await;
    let code = code_of(&app, &letter).await;
    let page = desk.get(&batch).await;
    desk.submit(&page, &format!("letter-post-{letter}"), &[("track", TRACK)])
        .await;
    let form = citizen.get("/account/level").await;
    app.advance(90 * 24 * 3600).await;
    let citizen = signed_in(&app, ANNA).await;
    let page = citizen.get("/account/level").await;
    assert!(page.body.contains("Срок кода истёк"), "{}", page.body);
    let token = page.attribute("input[name=csrf]", "value").unwrap();
    let fields = [("csrf", token.as_str()), ("code", code.as_str())];
    citizen.post("/account/level/letter/code", &fields).await;
    assert!(form.has("#letter-code-send"));
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_letters_of_another_centre_and_of_ones_own_are_out_of_reach() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    order(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    become_standard(&app, &desk, &OWN).await;
    order(&desk).await;
    let (batch, letter) = print(&desk).await;
    let page = desk.get(&batch).await;
    assert!(page.body.contains("Соколова") && !page.body.contains("Орлова Вера"));
    assert_eq!(
        page.body.matches("letter-number").count(),
        1,
        "not one's own"
    );
    // No citizen reads a batch, and no operator of another centre.
    let timur = signed_in(&app, TIMUR).await;
    for path in [
        batch.clone(),
        format!("{batch}/pdf"),
        "/operator/letters".to_owned(),
    ] {
        assert_eq!(timur.get(&path).await.status, 404, "{path}");
    }
    let account = app
        .app
        .accounts
        .find_by_login(OPERATOR)
        .await
        .unwrap()
        .unwrap();
    let mut task = app
        .app
        .storage
        .find_operator(&account)
        .await
        .unwrap()
        .unwrap();
    let mut centres = app.app.storage.centres().await.unwrap();
    let mut elsewhere = centres.remove(0);
    elsewhere.id = "elsewhere".to_owned();
    app.app.storage.put_centre(elsewhere).await.unwrap();
    task.centre_id = "elsewhere".to_owned();
    app.app.storage.put_operator(task).await.unwrap();
    assert_eq!(desk.get(&batch).await.status, 404);
    assert_eq!(desk.get(&format!("{batch}/pdf")).await.status, 404);
    let page = desk
        .submit(&page, &format!("letter-post-{letter}"), &[("track", TRACK)])
        .await;
    assert_eq!(page.status, 404);
    let record = app.app.storage.find_letter(&letter).await.unwrap().unwrap();
    assert!(record.posted_at.is_none());
    let page = desk
        .get(&format!("/operator/letters?number={letter}"))
        .await;
    assert!(page.has("#number-problem"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_printed_at_the_desk_is_entered_at_home() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    let number = number(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let page = open(&desk, &number).await;
    // As strict as a confirmation.
    let page = desk.submit(&page, "case-code", &EVERYTHING[..5]).await;
    assert!(page.has("#compared-problem"), "{}", page.body);
    let page = desk.submit(&page, "case-code", &EVERYTHING).await;
    let code = page
        .text("#code-sheet-code")
        .unwrap_or_else(|| panic!("{}", page.body));
    // The request is over with it, and the level is what it was.
    assert!(open(&desk, &number).await.has("#number-problem"));
    assert!(standing(&citizen).await.0.starts_with("Стандартный"));
    // It is nobody else's.
    let timur = signed_in(&app, TIMUR).await;
    let token = timur
        .get("/account/profile/edit")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    timur
        .post(
            "/account/level/visit/code",
            &[("csrf", &token), ("code", &code)],
        )
        .await;
    assert!(standing(&timur).await.0.starts_with("Упрощённый"));
    let page = enter(&citizen, "centre-code", &code).await;
    assert!(
        page.text(".notice-success").unwrap().contains("Код верный"),
        "{}",
        page.body
    );
    assert!(standing(&citizen).await.0.starts_with("Подтверждённый"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_letter_that_came_back_is_told_and_another_may_be_ordered() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    become_standard(&app, &citizen, &[]).await;
    order(&citizen).await;
    let desk = signed_in(&app, OPERATOR).await;
    let (batch, letter) = print(&desk).await;
    let page = desk.get(&batch).await;
    let page = desk
        .submit(&page, &format!("letter-post-{letter}"), &[("track", TRACK)])
        .await;
    desk.submit(&page, &format!("letter-return-{letter}"), &[])
        .await;
    let page = citizen.get("/account/level").await;
    assert!(
        page.body.contains("Письмо с кодом вернулось"),
        "{}",
        page.body
    );
    order(&citizen).await;
    // A third within the month is one too many.
    let (batch, letter) = print(&desk).await;
    let page = desk.get(&batch).await;
    let page = desk
        .submit(&page, &format!("letter-post-{letter}"), &[("track", TRACK)])
        .await;
    desk.submit(&page, &format!("letter-return-{letter}"), &[])
        .await;
    let page = citizen.get("/account/level").await;
    let page = citizen.submit(&page, "letter-order", &[]).await;
    assert_eq!(page.status, 429);
    assert!(
        page.text("#letter-problem")
            .unwrap()
            .contains("слишком много")
    );
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn attack_51_a_letter_to_an_operator_is_out_of_reach_whoever_printed_it() {
    let app = TestApp::start().await;
    let (accounts, storage) = (&app.app.accounts, &app.app.storage);
    let account = accounts.find_by_login(OPERATOR).await.unwrap().unwrap();
    let task = storage.find_operator(&account).await.unwrap().unwrap();
    // Anna works at the same centre, and has ordered a letter.
    let anna = accounts.find_by_login(ANNA).await.unwrap().unwrap();
    let colleague = OperatorRecord {
        account_id: anna,
        ..task
    };
    storage.put_operator(colleague).await.unwrap();
    let browser = signed_in(&app, ANNA).await;
    become_standard(&app, &browser, &[]).await;
    order(&browser).await;
    let desk = signed_in(&app, OPERATOR).await;
    let (batch, letter) = print(&desk).await;
    // To her the batch is none: neither its page, nor its paper, nor its forms.
    for path in [batch.clone(), format!("{batch}/pdf")] {
        assert_eq!(browser.get(&path).await.status, 404, "{path}");
    }
    let page = browser.get("/operator/letters").await;
    assert!(!page.body.contains(&batch), "{}", page.body);
    let found = browser
        .get(&format!("/operator/letters?number={letter}"))
        .await;
    assert!(found.has("#number-problem"));
    let token = browser
        .get("/account/profile/edit")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    let fields = [
        ("csrf", token.as_str()),
        ("number", &letter),
        ("track", TRACK),
    ];
    browser.post(&format!("{batch}/post"), &fields).await;
    let record = storage.find_letter(&letter).await.unwrap().unwrap();
    assert!(record.posted_at.is_none(), "she posted it herself");
    // Her colleague can, and she cannot say it came back.
    let page = desk.get(&batch).await;
    desk.submit(&page, &format!("letter-post-{letter}"), &[("track", TRACK)])
        .await;
    browser.post(&format!("{batch}/return"), &fields).await;
    let record = storage.find_letter(&letter).await.unwrap().unwrap();
    assert!(record.posted_at.is_some() && record.returned_at.is_none());
    app.end().await;
}
