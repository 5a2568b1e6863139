//! Every contact is lost: a form with photographs, two people of support in
//! browsers of their own, and a new password at the end.

use image::ImageFormat;

use super::accessibility::look_at;
use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::levels::{send, sign_in, until};
use crate::appeals::DATA;
use crate::photographs::picture;

const NEW: &str = "+79005550777";
const NEW_PASSWORD: &str = "Korabl-Plyvet-48!";

/// As if three days had gone by: the server looks every two seconds.
fn three_days_later(demo: &Demonstration) {
    let database = rusqlite::Connection::open(demo.folder.join("propusk.db")).unwrap();
    database
        .busy_timeout(std::time::Duration::from_secs(20))
        .unwrap();
    let moved = database.execute(
        "update appeals set opens_at = opens_at - 259200000 where confirmed_at is not null",
        [],
    );
    assert_eq!(moved.unwrap(), 1);
}

#[tokio::test]
async fn journey_recovery_by_form_takes_two_people_of_support_and_a_waiting_time() {
    let demo = Demonstration::start().await;
    let at = |path: &str| format!("{}{path}", demo.issuer);
    // Anna, whose data registries have confirmed.
    let home = Chromium::open(1280, "ru").await;
    home.open_page(&at("/account/level/data")).await;
    sign_in(&home, "+79005550101").await;
    home.open_page(&at("/account/level/data")).await;
    send(&home, &[]).await;
    until(&home, "check-state", "совпало").await;

    let person = Chromium::open(390, "ru").await;
    person.open_page(&at("/sign-in")).await;
    person.press("recover-link").await;
    person.press("recover-form").await;
    person.press("appeal-begin").await;
    person.find("contact-problem").await;
    look_at(&person, "/recover/form, wrong").await;
    person.fill("contact", NEW).await;
    person.press("appeal-begin").await;
    let here = person.driver.current_url().await.unwrap();
    person.open_page(&at("/demo/messages")).await;
    let code = person.text_of_class("message-code").await;
    person.open_page(here.as_str()).await;
    look_at(&person, "/recover/form/code").await;
    person.fill("code", &code).await;
    person.press("code-submit").await;
    person.press("appeal-send").await;
    person.find("passport-problem").await;
    look_at(&person, "/recover/form/data, wrong").await;
    for (field, value) in DATA {
        if field != "photographs_consent" {
            person.fill(field, value).await;
        }
    }
    person.press("photographs_consent").await;
    let file = demo.folder.join("photo.jpg");
    std::fs::write(&file, picture(ImageFormat::Jpeg)).unwrap();
    for field in ["passport_main", "selfie"] {
        let path = file.display().to_string();
        person.find(field).await.send_keys(path).await.unwrap();
    }
    person.press("appeal-send").await;
    let number = person.text("appeal-number").await;

    // Its owner would see it here, if it was somebody else.
    home.open_page(&at("/account/recovery")).await;
    home.find("appeal-cancel").await;
    look_at(&home, "/account/recovery, an application").await;

    for (login, done) in [("+79005550107", "second"), ("+79005550106", "confirmed")] {
        let desk = Chromium::open(1280, "ru").await;
        desk.open_page(&at("/operator")).await;
        sign_in(&desk, login).await;
        desk.press("desk-appeals").await;
        look_at(&desk, "/operator/support/appeals").await;
        desk.press(&format!("take-{number}")).await;
        look_at(&desk, "/operator/support/appeals/{number}").await;
        desk.press("appeal-agree").await;
        desk.find("looked-problem").await;
        desk.press("looked-scan").await;
        desk.press("looked-face").await;
        desk.press("appeal-agree").await;
        desk.find("appeals-done").await;
        assert_eq!(
            desk.words().await.contains("одобрено"),
            done == "confirmed",
            "{login}"
        );
        desk.close().await;
    }
    home.open_page(&at("/account/recovery")).await;
    assert!(home.text("appeal").await.contains("с "));

    three_days_later(&demo);
    let mut link = None;
    for _ in 0..60 {
        person.open_page(&at("/demo/messages")).await;
        let source = person.driver.source().await.unwrap();
        link = source
            .split("/recover/form/password?ticket=")
            .nth(1)
            .map(|rest| rest.split(['"', '<', ' ', '&']).next().unwrap().to_owned());
        if link.is_some() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    let ticket = link.expect("the link came to the new contact");
    person
        .open_page(&at(&format!("/recover/form/password?ticket={ticket}")))
        .await;
    look_at(&person, "/recover/form/password").await;
    person.fill("password", NEW_PASSWORD).await;
    person.fill("password_repeat", NEW_PASSWORD).await;
    person.press("password-submit").await;
    person.find("sign-in-recovered").await;
    person.fill("username", NEW).await;
    person.fill("password", NEW_PASSWORD).await;
    person.press("login-submit").await;
    assert!(person.words().await.contains("Анна"));
    home.open_page(&at("/account")).await;
    home.find("login-submit").await;
    home.close().await;
    person.close().await;
    demo.stop().await;
}
