//! What a relying party under development is told.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::json;

use super::code;
use crate::support::app::ANNA;
use crate::support::authority::{Kind, TERM};
use crate::support::esia::{
    AC_V2, Params, Party, V1, ac, address, agree, post, set, te, text, timestamp, told,
};

/// A relying party under development is told what was expected; every other
/// gets the code alone.
#[tokio::test]
async fn the_sandbox_tells_text_certificate_and_reason() {
    for sandbox in [true, false] {
        let party = Party::new(Kind::Rsa);
        let app = party.app(json!({ "sandbox": sandbox })).await;
        let mut request = ac(&app, "right", "openid fullname");
        party.cms(&mut request);
        set(&mut request, "state", "wrong");
        let page = app
            .browser()
            .get_once(&app.at(&address("/aas/oauth2/ac", &request)))
            .await;
        let expected = text(&request, V1);
        if sandbox {
            assert_eq!(page.texts(".esia-expected"), [expected.as_str()]);
            assert_eq!(
                page.text("#esia-reason").as_deref(),
                Some("another text was signed")
            );
            assert!(page.texts(".esia-certificate")[0].contains(&party.hash()));
            // The subject of a certificate may name people.
            assert!(!page.body.contains("O=RP"), "{}", page.body);
        } else {
            assert!(page.location().is_some() && !page.body.contains("another text"));
        }
        let mut request = te(&app, "right", "x.y.z");
        party.cms(&mut request);
        set(&mut request, "state", "wrong");
        let (_, answer) = post(&app, "/aas/oauth2/te", &request).await;
        assert_eq!(code(&answer), "ESIA-007005");
        assert_eq!(answer["sandbox"]["reason"].is_string(), sandbox);
        app.end().await;
    }
}

/// Not the signature alone: the time, the name of the certificate, a replay.
#[tokio::test]
async fn the_sandbox_explains_every_refusal_of_what_is_signed() {
    let party = Party::new(Kind::Gost256);
    let app = party.app(json!({ "sandbox": true })).await;
    let refused = async |request| {
        let way = app.at(&address("/aas/oauth2/v2/ac", request));
        let page = app.browser().get_once(&way).await;
        let told = page.text("#esia-error").unwrap_or_default();
        (told, page.text("#esia-reason").unwrap_or_default())
    };
    let mut request = ac(&app, "late", "openid");
    set(&mut request, "timestamp", &timestamp(&app, -301));
    party.raw(&mut request, AC_V2);
    let (error, reason) = refused(&request).await;
    assert!(error.starts_with("ESIA-007015"), "{error}");
    assert_eq!(
        reason,
        "timestamp is 2026-03-24T08:54:59Z and this server's clock 2026-03-24T09:00:00Z: they may \
         differ by 300 seconds"
    );

    let mut request = ac(&app, "unreadable", "openid");
    set(&mut request, "timestamp", "2026-03-24T09:00:00Z");
    party.raw(&mut request, AC_V2);
    let (error, reason) = refused(&request).await;
    assert!(error.starts_with("ESIA-007014"), "{error}");
    assert!(reason.contains("2026.01.15 10:20:30 +0300"), "{reason}");

    let mut request = ac(&app, "nameless", "openid");
    party.raw(&mut request, AC_V2);
    request.retain(|(name, _)| *name != "client_certificate_hash");
    let (error, reason) = refused(&request).await;
    assert!(error.starts_with("ESIA-007014"), "{error}");
    assert!(reason.contains("client_certificate_hash"), "{reason}");

    let mut request = ac(&app, "again", "openid");
    party.raw(&mut request, AC_V2);
    let way = address("/aas/oauth2/v2/ac", &request);
    agree(&app, &app.browser(), &way, ANNA).await;
    let (error, reason) = refused(&request).await;
    assert!(error.starts_with("ESIA-007053"), "{error}");
    assert!(reason.contains("seen before"), "{reason}");
    // Having read it, the developer sees how the program takes it.
    let page = app.browser().get_once(&app.at(&way)).await;
    let onward = page.attribute("#esia-onward", "href").unwrap();
    let onward = url::Url::parse(&onward).unwrap();
    assert_eq!(onward.host_str(), Some("cabinet.rp.example"));
    let description = told(&onward, "error_description").unwrap();
    assert!(description.starts_with("ESIA-007053"), "{description}");
    app.end().await;
}

/// A certificate that is over is told as that, and not as another mistake.
#[tokio::test]
async fn a_certificate_that_is_over_is_named() {
    for kind in [Kind::Rsa, Kind::Gost256] {
        let mut party = Party::new(kind);
        let over = [TERM[0], "20260301000000Z"];
        party.certificate = party.authority.certify("/CN=rp.example", over, "");
        let app = party.app(json!({ "sandbox": true })).await;
        let mut request = ac(&app, "s", "openid");
        let path = match kind {
            Kind::Rsa => {
                party.cms(&mut request);
                "/aas/oauth2/ac"
            }
            _ => {
                party.raw(&mut request, AC_V2);
                "/aas/oauth2/v2/ac"
            }
        };
        let way = app.at(&address(path, &request));
        let page = app.browser().get_once(&way).await;
        let reason = page.text("#esia-reason");
        assert_eq!(
            reason.as_deref(),
            Some("the certificate is not in its term")
        );
        app.end().await;
    }
}

/// The mistakes that everybody makes once are named, not guessed at.
#[tokio::test]
async fn usual_mistakes_are_named() {
    let (party, stranger) = (Party::new(Kind::Gost256), Party::new(Kind::Gost256));
    let app = party
        .app(json!({
            "sandbox": true,
            "certificate_files": [party.certificate.file, stranger.certificate.file],
        }))
        .await;
    let reason = async |path: &str, request: &Params| {
        let page = app
            .browser()
            .get_once(&app.at(&address(path, request)))
            .await;
        page.text("#esia-reason").unwrap_or_default()
    };
    let (first, second) = ("/aas/oauth2/ac", "/aas/oauth2/v2/ac");
    let turned = |bytes: &[u8]| bytes.iter().rev().copied().collect::<Vec<u8>>();
    for told in [
        "all of its bytes",
        "r stands before s",
        "the bytes of s and of r",
    ] {
        let mut request = ac(&app, told, "openid");
        party.raw(&mut request, AC_V2);
        let value = party.certificate.sign_raw(text(&request, AC_V2).as_bytes());
        let (s, r) = value.split_at(32);
        let other = match told {
            "all of its bytes" => turned(&value),
            "r stands before s" => [r, s].concat(),
            _ => [turned(s), turned(r)].concat(),
        };
        set(
            &mut request,
            "client_secret",
            &URL_SAFE_NO_PAD.encode(other),
        );
        let reason = reason(second, &request).await;
        assert!(
            reason.contains(told) && reason.contains("s, then r"),
            "{reason}"
        );
    }
    let mut request = ac(&app, "hash", "openid");
    stranger.raw(&mut request, AC_V2);
    set(&mut request, "client_certificate_hash", &party.hash());
    let said = reason(second, &request).await;
    assert!(
        said.contains("client_certificate_hash is not that of the signer"),
        "{said}"
    );
    party.raw(&mut request, V1);
    let said = reason(second, &request).await;
    assert!(said.contains("that /aas/oauth2/ac takes"), "{said}");
    let said = reason(first, &request).await;
    assert!(said.contains("is a bare signature"), "{said}");
    party.raw(&mut request, &["client_id"]);
    let said = reason(second, &request).await;
    assert!(
        said.contains("another text was signed, or by another key"),
        "{said}"
    );
    let signed = text(&request, AC_V2);
    let options = ["-binary", "-outform", "DER"];
    let signature = party.certificate.sign_with(signed.as_bytes(), &options);
    let secret = URL_SAFE_NO_PAD.encode(signature);
    set(&mut request, "client_secret", &secret);
    let said = reason(first, &request).await;
    assert!(said.contains("that /aas/oauth2/v2/ac takes"), "{said}");
    app.end().await;

    let party = Party::new(Kind::Rsa);
    let app = party.app(json!({ "sandbox": true })).await;
    let mut request = ac(&app, "sha1", "openid");
    let options = ["-binary", "-outform", "DER", "-md", "sha1"];
    let signature = party
        .certificate
        .sign_with(text(&request, V1).as_bytes(), &options);
    set(
        &mut request,
        "client_secret",
        &URL_SAFE_NO_PAD.encode(signature),
    );
    let page = app
        .browser()
        .get_once(&app.at(&address(first, &request)))
        .await;
    let said = page.text("#esia-reason").unwrap();
    assert!(said.contains("SHA-1"), "{said}");
    app.end().await;
}
