use super::chromium::Chromium;
use super::demonstration::Demonstration;
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
