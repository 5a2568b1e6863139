use super::chromium::Chromium;
use super::demonstration::Demonstration;
use super::factors::add_key;
use super::levels::sign_in;
use crate::support::app::ANNA;
use crate::support::qr;

/// On the way to a portal at a strange computer; the phone is signed in.
#[tokio::test]
async fn journey_qr_code_lets_a_second_browser_in() {
    let demo = Demonstration::start().await;
    let phone = Chromium::open(390, "ru").await;
    phone.open_page(&format!("{}/account", demo.issuer)).await;
    sign_in(&phone, ANNA).await;
    phone.find("citizen-name").await;
    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&demo.portals[0]).await;
    desk.press("login").await;
    desk.press("sign-in-qr").await;
    let number = desk.text("qr-number").await;
    let source = desk.driver.source().await.unwrap();
    phone.open_page(&qr::read_page(&source)).await;
    phone.press(&format!("number-{number}")).await;
    phone.find("approve-agreed").await;
    // The page at the desk finds out by itself, and says who is let in.
    assert_eq!(desk.text("qr-name").await, "Анна С.");
    desk.press("qr-enter").await;
    desk.press("consent-allow").await;
    assert_eq!(desk.text("person-name").await, "Анна Павловна Соколова");
    phone.close().await;
    desk.close().await;
    demo.stop().await;
}

/// A passkey lives on the phone; at the desk, which has none, the password alone
/// is shown, and the phone says the rest.
#[tokio::test]
async fn journey_a_second_factor_given_on_the_phone() {
    let demo = Demonstration::start().await;
    let phone = Chromium::open(390, "ru").await;
    phone.add_authenticator("internal").await;
    phone.open_page(&format!("{}/account", demo.issuer)).await;
    sign_in(&phone, ANNA).await;
    phone.find("citizen-name").await;
    add_key(&phone, &demo.issuer).await;
    let desk = Chromium::open(1280, "ru").await;
    desk.open_page(&format!("{}/account", demo.issuer)).await;
    sign_in(&desk, ANNA).await;
    desk.press_first("#second-others a[href*='way=elsewhere']")
        .await;
    desk.press("second-send").await;
    let number = desk.text("qr-number").await;
    phone.open_page(&format!("{}/account", demo.issuer)).await;
    phone.press_first(".notice a[href^='/approve']").await;
    phone.press(&format!("number-{number}")).await;
    phone.find("approve-agreed").await;
    // The page at the desk finds out by itself.
    desk.press("second-submit").await;
    desk.find("citizen-name").await;
    phone.close().await;
    desk.close().await;
    demo.stop().await;
}
