//! Signing in and registering by a signature (A6, C3).

use super::{begin, send, standard, text, trusting};
use crate::banks::{TICKS, is_signed_in};
use crate::levels::standing;
use crate::support::RelyingParty;
use crate::support::app::ANNA as LOGIN;
use crate::support::authority::{ANNA, Kind, QUALIFIED, TERM};

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_linked_signs_in_also_with_a_renewed_certificate() {
    let (app, authority) = trusting(Kind::Gost512).await;
    let browser = standard(&app).await;
    let page = begin(&browser, "/account/level").await;
    let signed = text(&browser, &page).await;
    let page = send(&browser, &page, authority.anna().sign(&signed)).await;
    browser.submit(&page, "assertion-prove", &[]).await;

    let other = app.browser();
    let page = begin(&other, "/sign-in").await;
    let signed = text(&other, &page).await;
    let renewed = authority.certify(ANNA, TERM, QUALIFIED);
    let page = send(&other, &page, renewed.sign(&signed)).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(standing(&other).await.0.starts_with("Подтверждённый"));
    let portal = RelyingParty::new(&app, "portal");
    let tokens = portal.tokens(&other, LOGIN, &[]).await;
    assert_eq!(tokens.id_claims()["amr"], serde_json::json!(["pop"]));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_newcomer_registers_with_a_signature_and_has_no_level_yet() {
    let (app, authority) = trusting(Kind::Rsa).await;
    let browser = app.browser();
    let page = begin(&browser, "/sign-in").await;
    let signed = text(&browser, &page).await;
    let new = "/CN=X/SN=Белова/GN=Ирина Олеговна/SNILS=00000030300";
    let new = authority.certify(new, TERM, QUALIFIED);
    let page = send(&browser, &page, new.sign(&signed)).await;
    assert!(page.body.contains("Белова"), "{}", page.body);
    let page = browser.submit(&page, "assertion-register", &TICKS).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    assert!(is_signed_in(&browser).await);
    // Registries have not been asked: a certificate is no record of theirs.
    assert!(standing(&browser).await.0.starts_with("Упрощённый"));
    app.end().await;
}
