//! Raising the level by a signature (B7).

use serde_json::json;

use super::{begin, send, standard, text, trusting};
use crate::levels::standing;
use crate::support::RelyingParty;
use crate::support::app::ANNA as LOGIN;
use crate::support::authority::{ANNA, Kind, QUALIFIED, TERM};

#[tokio::test(flavor = "multi_thread")]
async fn a_gost_signature_makes_a_standard_account_verified_until_the_certificate_ends() {
    let (app, authority) = trusting(Kind::Gost256).await;
    let browser = standard(&app).await;
    let term = ["20260101000000Z", "20260420000000Z"];
    let anna = authority.certify(ANNA, term, QUALIFIED);
    let page = begin(&browser, "/account/level").await;
    let signed = text(&browser, &page).await;
    let said = String::from_utf8(signed.clone()).unwrap();
    for part in [app.url.as_str(), "учётная запись", "24.03.2026", "номер: "] {
        assert!(said.contains(part), "{part}: {said}");
    }
    let page = send(&browser, &page, anna.sign(&signed)).await;
    assert_eq!(page.url.path(), "/assertion", "{}", page.body);
    assert!(page.body.contains("Тестовый УЦ") && page.body.contains("000-000-300 00"));
    let page = browser.submit(&page, "assertion-prove", &[]).await;
    assert_eq!(page.url.path(), "/account/level", "{}", page.body);
    assert!(standing(&browser).await.0.starts_with("Подтверждённый"));

    let portal = RelyingParty::new(&app, "portal");
    let asked = json!({ "userinfo": { "verified_claims": {
        "verification": { "trust_framework": null, "evidence": [
            { "type": { "value": "electronic_signature" }, "signature_type": null,
              "issuer": null, "serial_number": null, "created_at": null },
        ] },
        "claims": { "family_name": null },
    } } })
    .to_string();
    let changes = [("scope", "openid"), ("claims", asked.as_str())];
    let tokens = portal.tokens(&browser, LOGIN, &changes).await;
    let said = portal.userinfo(&tokens.access).await.json();
    assert_eq!(
        said["verified_claims"]["verification"]["evidence"],
        json!([{
            "type": "electronic_signature", "signature_type": "qualified_electronic_signature",
            "issuer": "Тестовый УЦ", "serial_number": "1001",
            "created_at": "2026-03-24T09:00:00Z",
        }])
    );
    // With the certificate ends what it proved.
    app.advance(28 * 24 * 3600).await;
    app.upkeep().await;
    let browser = crate::support::steps::signed_in(&app, LOGIN).await;
    assert!(standing(&browser).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_the_certificate_does_not_name_is_told_what_differs() {
    let (app, authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let other = "/CN=X/SN=Соколова/GN=Мария Павловна/SNILS=00000030000";
    let other = authority.certify(other, TERM, QUALIFIED);
    let page = begin(&browser, "/account/level").await;
    let signed = text(&browser, &page).await;
    let page = send(&browser, &page, other.sign(&signed)).await;
    let fields = page.text("#assertion-mismatch").unwrap();
    assert!(fields.contains("Имя") || fields.contains("имя"), "{fields}");
    assert!(standing(&browser).await.0.starts_with("Стандартный"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_refusal_is_told_beside_the_field_and_the_file_may_be_signed_again() {
    let (app, authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let anna = authority.anna();
    let page = begin(&browser, "/account/level").await;
    let signed = text(&browser, &page).await;
    let taken_back = authority.anna();
    authority.revoke(&taken_back);
    let foreign = crate::support::authority::Authority::new(Kind::Ec, "Чужой УЦ");
    let of = |subject: &str, term, extensions: &str| {
        authority.certify(subject, term, extensions).sign(&signed)
    };
    let over = ["20250101000000Z", "20260101000000Z"];
    let ahead = ["20260401000000Z", "20270101000000Z"];
    for (file, told) in [
        (Vec::new(), "Выберите файл"),
        (b"hello".to_vec(), "не файл подписи"),
        (vec![b'A'; 70_000], "больше 64 КБ"),
        (anna.sign(b"other"), "Подписан другой файл"),
        (foreign.anna().sign(&signed), "центру мы не доверяем"),
        (taken_back.sign(&signed), "отозван"),
        (of(ANNA, over, QUALIFIED), "истёк"),
        (of(ANNA, ahead, QUALIFIED), "ещё не начал"),
        (of(ANNA, TERM, "keyUsage=keyAgreement\n"), "не предназначен"),
        (
            of(ANNA, TERM, "keyUsage=digitalSignature\n"),
            "не квалифицированная",
        ),
        (of(&format!("{ANNA}/O=ООО"), TERM, QUALIFIED), "организации"),
        (
            of("/CN=X/SN=Соколова/GN=Анна", TERM, QUALIFIED),
            "нет СНИЛС",
        ),
    ] {
        let page = send(&browser, &page, file).await;
        assert_eq!(page.status, 200, "{told}");
        let problem = page
            .text("#file-problem")
            .unwrap_or_else(|| panic!("{told}: {}", page.body));
        assert!(problem.contains(told), "{told}: {problem}");
    }
    // Pasted, as a browser's plug-in does it, and rightly this time.
    use base64::Engine as _;
    let held = page.attribute("#signature-form", "data-text").unwrap();
    let held = base64::engine::general_purpose::STANDARD.decode(held);
    assert_eq!(held.unwrap(), signed);
    let pem = anna.sign_with(&signed, &["-outform", "PEM"]);
    let pem = String::from_utf8(pem).unwrap();
    let fields = [("signature", pem.as_str())];
    let page = browser.submit(&page, "signature-send", &fields).await;
    assert_eq!(page.url.path(), "/assertion", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_good_for_ten_minutes() {
    let (app, authority) = trusting(Kind::Ec).await;
    let browser = standard(&app).await;
    let page = begin(&browser, "/account/level").await;
    let file = authority.anna().sign(&text(&browser, &page).await);
    app.advance(601).await;
    let page = send(&browser, &page, file).await;
    assert!(
        page.text("#signature-over")
            .unwrap()
            .contains("десять минут"),
        "{}",
        page.body
    );
    let page = browser.submit(&page, "signature-begin", &[]).await;
    // By then the citizen proves anew that it is they who add a way in.
    assert_eq!(page.url.path(), "/sign-in", "{}", page.body);
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_is_trusted_there_is_no_such_way() {
    let app = crate::support::TestApp::start().await;
    let browser = standard(&app).await;
    assert!(!browser.get("/account/level").await.has("#signature-begin"));
    assert_eq!(browser.get("/signature").await.status, 404);
    app.end().await;
}
