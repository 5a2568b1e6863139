//! What a relying party under development is told.

use serde_json::json;

use super::code;
use crate::support::app::ANNA;
use crate::support::authority::Kind;
use crate::support::esia::{AC_V2, Party, ac, address, agree, post, set, te, timestamp};

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
        let expected = crate::support::esia::text(&request, crate::support::esia::V1);
        if sandbox {
            assert_eq!(page.texts(".esia-expected"), [expected.as_str()]);
            assert_eq!(
                page.text("#esia-reason").as_deref(),
                Some("another text was signed")
            );
            assert!(page.texts(".esia-certificate")[0].starts_with(&party.hash()));
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
    app.end().await;
}
