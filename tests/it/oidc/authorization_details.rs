//! Item 113: rich authorization requests (RFC 9396).

use serde_json::{Value, json};

use super::{http, metadata, sent_in_query};
use crate::support::app::ANNA;
use crate::support::client_key::KEYED;
use crate::support::relying_party::{Answer, claims, registration};
use crate::support::steps::signed_in;
use crate::support::{Page, RelyingParty, TestApp};

const SHOP: &str = "Магазин «Ёлка»";

fn types() -> Value {
    let words = |ru: &str, en: &str| json!({ "ru": ru, "en": en });
    json!([
        {
            "type": "payment",
            "title": words("Один платёж", "One payment"),
            "fields": [
                { "name": "amount", "kind": "amount", "required": true, "label": words("Сумма", "Amount") },
                { "name": "creditor", "required": true, "label": words("Кому", "To whom") },
                { "name": "actions", "kind": "texts", "label": words("Что сделать", "What to do"), "values": [
                    { "value": "initiate", "label": words("Отправить", "Send it") },
                    { "value": "status", "label": words("Следить за ним", "Follow it") },
                ] },
                { "name": "due", "kind": "moment", "label": words("До", "Until") },
            ],
        },
        { "type": "extract", "title": words("Выписка", "An extract") },
    ])
}

fn payment(amount: &str) -> Value {
    json!({
        "type": "payment", "amount": { "currency": "RUB", "amount": amount },
        "creditor": SHOP, "actions": ["initiate", "status"],
    })
}

async fn start() -> TestApp {
    TestApp::start_with(|config| {
        config["authorization_details"] = types();
        let clients = config["clients"].as_array_mut().unwrap();
        for (id, types) in [
            ("payer", json!(["payment", "extract"])),
            ("reader", json!(["extract"])),
        ] {
            clients.push(registration(
                id,
                json!({ "authorization_details_types": types }),
            ));
        }
        for id in ["keyed", "television"] {
            let client = clients.iter_mut().find(|client| client["client_id"] == id);
            client.unwrap()["authorization_details_types"] = json!(["payment"]);
        }
    })
    .await
}

/// What the consent page says of details.
fn shown(page: &Page) -> String {
    assert!(page.has("#consent-allow"), "{}", page.body);
    page.texts("section[aria-labelledby^='detail-']").join("\n")
}

#[tokio::test]
async fn oidc_113_what_is_asked_in_detail_is_read_allowed_and_told() {
    let app = start().await;
    let payer = RelyingParty::new(&app, "payer");
    let browser = signed_in(&app, ANNA).await;
    let mut asked = json!([payment("1200.50"), { "type": "extract" }]);
    asked[0]["due"] = json!("2026-03-24T19:00:00Z");
    let text = asked.to_string();
    let changes = [
        ("authorization_details", text.as_str()),
        ("scope", "openid profile offline_access"),
    ];
    let page = browser.get(&payer.authorize_url(&changes)).await;
    let words = shown(&page);
    for word in [
        "Один платёж",
        "Сумма",
        "1200.50\u{a0}RUB",
        "Кому",
        SHOP,
        "Отправить",
        "24.03.2026 22:00:00 МСК",
        "Выписка",
    ] {
        assert!(words.contains(word), "{word}: {words}");
    }
    let page = browser.submit(&page, "consent-allow", &[]).await;
    let answer = payer.redeem(&page.sent("code").unwrap()).await.json();
    assert_eq!(answer["authorization_details"], asked, "{answer}");
    let token = answer["access_token"].as_str().unwrap();
    assert_eq!(claims(token)["authorization_details"], asked);
    assert_eq!(
        payer.introspect(token).await["authorization_details"],
        asked
    );
    let refresh = answer["refresh_token"].as_str().unwrap();
    assert_eq!(
        payer.introspect(refresh).await["authorization_details"],
        asked
    );
    let fresh = payer.refreshed(refresh).await;
    assert_eq!(fresh.all["authorization_details"], asked);
    // The ID token tells nothing of it.
    assert_eq!(fresh.id_claims().get("authorization_details"), None);
    app.end().await;
}

/// Who allowed one payment has not allowed another, nor the same again.
#[tokio::test]
async fn oidc_113_each_time_the_person_is_asked() {
    let app = start().await;
    let payer = RelyingParty::new(&app, "payer");
    let browser = app.browser();
    // The site is known, and may have everything else.
    payer.tokens(&browser, ANNA, &[]).await;
    let text = json!([payment("10")]).to_string();
    let changes = [("authorization_details", text.as_str())];
    for _ in 0..2 {
        app.advance(1).await;
        let page = browser.get(&payer.authorize_url(&changes)).await;
        assert!(shown(&page).contains("10\u{a0}RUB"));
        let silent = [changes[0], ("prompt", "none")];
        let answer = browser.get_once(&payer.authorize_url(&silent)).await;
        assert_eq!(sent_in_query(&answer)["error"], "consent_required");
        let page = browser.submit(&page, "consent-allow", &[]).await;
        let answer = payer.redeem(&page.sent("code").unwrap()).await.json();
        assert_eq!(answer["authorization_details"][0]["amount"]["amount"], "10");
    }
    // What follows without details has none.
    let tokens = payer.tokens(&browser, ANNA, &[]).await;
    assert_eq!(tokens.all.get("authorization_details"), None);
    assert_eq!(claims(&tokens.access).get("authorization_details"), None);
    // A refusal is one.
    let page = browser.get(&payer.authorize_url(&changes)).await;
    let page = browser.submit(&page, "consent-deny", &[]).await;
    assert_eq!(sent_in_query(&page)["error"], "access_denied");
    app.end().await;
}

/// RFC 9396 §5: what nobody could read, or nobody allowed this site to ask, is
/// refused as a whole.
#[tokio::test]
async fn oidc_113_details_are_of_a_known_type_and_shape() {
    let app = start().await;
    let (payer, reader) = (
        RelyingParty::new(&app, "payer"),
        RelyingParty::new(&app, "reader"),
    );
    let with = |name: &str, value: Value| {
        let mut detail = payment("10");
        detail[name] = value;
        json!([detail])
    };
    let without = |name: &str| {
        let mut detail = payment("10");
        detail.as_object_mut().unwrap().remove(name);
        json!([detail])
    };
    let long = "x".repeat(301);
    let cases = [
        (&payer, json!({ "type": "payment" }), "must be a JSON array"),
        (&payer, json!([]), "one to 5"),
        (
            &payer,
            json!([{ "type": "extract" }, 7]),
            "must be a JSON array",
        ),
        (
            &payer,
            json!(vec![json!({ "type": "extract" }); 6]),
            "one to 5",
        ),
        (
            &payer,
            json!([{ "type": "extract" }, { "type": "extract" }]),
            "is there twice",
        ),
        (&payer, json!([{}]), "has no type"),
        (&payer, json!([{ "type": "unknown" }]), "may not ask for"),
        (&reader, json!([payment("10")]), "may not ask for"),
        (&payer, with("more", json!("x")), "does not know"),
        (&payer, without("creditor"), "needs creditor"),
        (
            &payer,
            with("creditor", json!("\u{202e}evil")),
            "needs creditor to be",
        ),
        (&payer, with("creditor", json!(" ")), "needs creditor to be"),
        (
            &payer,
            with("creditor", json!(long)),
            "needs creditor to be",
        ),
        (
            &payer,
            with("creditor", json!(["a"])),
            "needs creditor to be",
        ),
        (
            &payer,
            with("actions", json!(["steal"])),
            "needs actions to be of the values",
        ),
        (&payer, with("actions", json!([])), "needs actions to be"),
        (&payer, with("amount", json!("10")), "needs amount to be"),
        (
            &payer,
            with("due", json!("tomorrow")),
            "needs due to be a moment",
        ),
        (
            &payer,
            with("due", json!("2026-03-24T19:00:00.9Z")),
            "needs due to be a moment",
        ),
        (
            &payer,
            with("amount", json!({ "currency": "rub", "amount": "10" })),
            "needs amount to be",
        ),
        (
            &payer,
            with("amount", json!({ "currency": "RUB", "amount": "-10" })),
            "needs amount to be",
        ),
        (
            &payer,
            with(
                "amount",
                json!({ "currency": "RUB", "amount": "1", "x": 1 }),
            ),
            "needs amount to be",
        ),
        (
            &payer,
            json!([{ "type": "extract", "x": "x".repeat(9_000) }]),
            "longer than",
        ),
    ];
    for (party, details, why) in cases {
        let text = details.to_string();
        let url = party.authorize_url(&[("authorization_details", &text)]);
        let sent = sent_in_query(&app.browser().get_once(&url).await);
        assert_eq!(sent["error"], "invalid_authorization_details", "{details}");
        assert!(sent["error_description"].contains(why), "{why}: {sent:?}");
    }
    app.end().await;
}

/// RFC 9396 §6: a token may be for less, never for more.
#[tokio::test]
async fn attack_13_details_are_narrowed_and_never_widened() {
    let app = start().await;
    let payer = RelyingParty::new(&app, "payer");
    let browser = app.browser();
    let asked = json!([payment("10"), { "type": "extract" }]).to_string();
    let changes = [
        ("authorization_details", asked.as_str()),
        ("scope", "openid profile offline_access"),
    ];
    let tokens = payer.tokens(&browser, ANNA, &changes).await;
    let refresh = tokens.refresh.unwrap();
    let renew = |details: Value| {
        let (payer, refresh) = (payer.clone(), refresh.clone());
        async move {
            let details = details.to_string();
            payer
                .token(&[
                    ("grant_type", "refresh_token"),
                    ("refresh_token", &refresh),
                    ("authorization_details", &details),
                ])
                .await
        }
    };
    let less = renew(json!([{ "type": "extract" }])).await.json();
    assert_eq!(
        less["authorization_details"],
        json!([{ "type": "extract" }])
    );
    let token = less["access_token"].as_str().unwrap();
    assert_eq!(
        claims(token)["authorization_details"],
        less["authorization_details"]
    );
    for more in [
        json!([payment("11")]),
        json!([payment("10"), payment("11")]),
        json!("x"),
        // The same once more is more.
        json!([payment("10"), payment("10")]),
    ] {
        renew(more).await.refuses("invalid_authorization_details");
    }
    // Where nothing was granted, nothing is had.
    let plain = payer.tokens(&browser, ANNA, &[]).await;
    assert_eq!(plain.all.get("authorization_details"), None);
    let code = payer.code(&browser, ANNA, &[]).await;
    let details = json!([{ "type": "extract" }]).to_string();
    payer
        .token(&[
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &payer.redirect_uri),
            ("code_verifier", crate::support::relying_party::VERIFIER),
            ("authorization_details", &details),
        ])
        .await
        .refuses("invalid_authorization_details");
    let machine = RelyingParty::new(&app, "machine");
    let own = [
        ("grant_type", "client_credentials"),
        ("authorization_details", details.as_str()),
    ];
    machine
        .token(&own)
        .await
        .refuses("invalid_authorization_details");
    app.end().await;
}

/// Pushed, signed, and from a device the details are the same.
#[tokio::test]
async fn oidc_113_details_come_in_every_way() {
    let app = start().await;
    let browser = signed_in(&app, ANNA).await;
    let text = json!([payment("10")]).to_string();
    let payer = RelyingParty::new(&app, "payer");
    let pushed = payer.pushed_url(&[("authorization_details", &text)]).await;
    assert!(shown(&browser.get(&pushed).await).contains(SHOP));
    let wrong = payer.push(&[("authorization_details", "[{}]")]).await;
    wrong.refuses("invalid_authorization_details");
    // In a request object it is a list, not a text.
    let keyed = RelyingParty::new(&app, "keyed");
    let object =
        KEYED.sign(&keyed.request_object(json!({ "authorization_details": [payment("10")] })));
    let page = browser
        .get(&keyed.authorize_url(&[("request", &object)]))
        .await;
    assert!(shown(&page).contains(SHOP));
    let television = RelyingParty::new(&app, "television");
    let begun = Answer::of(
        http::client()
            .post(app.at("/oauth/device_authorization"))
            .form(&[
                ("client_id", "television"),
                ("scope", "openid profile"),
                ("authorization_details", &text),
            ]),
    )
    .await
    .json();
    let page = browser
        .get(begun["verification_uri_complete"].as_str().unwrap())
        .await;
    let page = browser.submit(&page, "device-continue", &[]).await;
    assert!(shown(&page).contains(SHOP), "{}", page.body);
    browser.submit(&page, "consent-allow", &[]).await;
    let answer = television
        .token(&[
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", begun["device_code"].as_str().unwrap()),
        ])
        .await
        .json();
    assert_eq!(
        answer["authorization_details"],
        json!([payment("10")]),
        "{answer}"
    );
    app.end().await;
}

/// The person finds it in the cabinet; nobody does in the database.
#[tokio::test]
async fn what_was_allowed_in_detail_stays_readable_for_the_person_alone() {
    let app = start().await;
    let payer = RelyingParty::new(&app, "payer");
    let browser = app.browser();
    let text = json!([payment("777.01")]).to_string();
    payer
        .tokens(&browser, ANNA, &[("authorization_details", &text)])
        .await;
    let list = browser.get(&app.at("/account/consents")).await;
    let card = list.attribute(".consent a", "href").unwrap();
    let page = browser.get(&app.at(&card)).await;
    let words = page.text("#consent-details").unwrap();
    for word in ["Один платёж", "777.01 RUB", SHOP] {
        assert!(words.contains(word), "{word}: {words}");
    }
    let id = page.url.path().rsplit('/').next().unwrap().to_owned();
    let stored = app
        .app
        .storage
        .detailed_grants(&id.as_str().into(), 5)
        .await
        .unwrap();
    let sealed = stored[0].authorization_details.clone().unwrap();
    assert!(
        !sealed.contains("777") && !sealed.contains("payment"),
        "{sealed}"
    );
    app.end().await;
}

#[tokio::test]
async fn oidc_113_the_types_are_published() {
    let app = start().await;
    let metadata = metadata(&app).await;
    assert_eq!(
        metadata["authorization_details_types_supported"],
        json!(["payment", "extract"])
    );
    app.end().await;
    // Nothing is promised where nothing is configured.
    let app = TestApp::start().await;
    let name = "authorization_details_types_supported";
    assert_eq!(super::metadata(&app).await.get(name), None);
    app.end().await;
}

#[tokio::test]
async fn oidc_113_a_wrong_type_stops_the_start_and_says_what_to_mend() {
    let check = |types: Value, client: Value| {
        let client = registration("payer", json!({ "authorization_details_types": client }));
        let config = json!({
            "issuer": "https://id.example.ru", "authorization_details": types, "clients": [client],
        });
        let config: propusk::config::Config = serde_json::from_value(config).unwrap();
        config.check().map_err(|error| error.to_string())
    };
    assert!(check(types(), json!(["payment"])).is_ok());
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut types = types();
        change(&mut types);
        types
    };
    for (types, client, told) in [
        (types(), json!(["loan"]), "payer names the type loan"),
        (
            changed(&|all| all[1]["type"] = json!("payment")),
            json!([]),
            "payment is there twice",
        ),
        (
            changed(&|all| all[0]["title"]["en"] = json!(" ")),
            json!([]),
            "in ru and en",
        ),
        (
            changed(&|all| all[0]["fields"][1]["name"] = json!("amount")),
            json!([]),
            "a name of its own",
        ),
        (
            changed(&|all| all[0]["fields"][1]["name"] = json!("type")),
            json!([]),
            "a name of its own",
        ),
        (
            changed(&|all| all[0]["type"] = json!("")),
            json!([]),
            "1 to 100",
        ),
        (
            changed(&|all| all[0]["fields"][2]["kind"] = json!("amount")),
            json!([]),
            "is no text and has no values",
        ),
    ] {
        let error = check(types, client).unwrap_err();
        assert!(error.contains(told), "{told}: {error}");
    }
}
