//! A block of signing in, lifted by its number (requirement C6).

use super::{SUPPORT, lock, lock_in, open};
use crate::support::TestApp;
use crate::support::app::{ANNA, PASSWORD};
use crate::support::steps::{sign_in, signed_in};

const LIFT: [(&str, &str); 2] = [
    ("identified", "yes"),
    ("reason", "Перезвонили, ответы верны"),
];

#[tokio::test(flavor = "multi_thread")]
async fn support_lifts_a_block_and_the_citizen_is_told() {
    let app = TestApp::start().await;
    let citizen = signed_in(&app, ANNA).await;
    let number = lock(&app, ANNA).await;
    let message = app.last_message("anna.sokolova@example.ru").await;
    assert!(message.text.contains(&number), "{}", message.text);
    let desk = signed_in(&app, SUPPORT).await;
    let page = open(&desk, &format!("{} {}", &number[..4], &number[4..])).await;
    assert!(page.text("#lock-place").unwrap().contains("незнакомом"));
    assert_eq!(page.text("#lock-tries").unwrap(), "5");
    assert_eq!(page.text("#lock-whose").unwrap(), "Анна С.");
    // No more is shown than masks.
    for hidden in ["Соколова", "+7 900 555-01-01", "anna.sokolova"] {
        assert!(!page.body.contains(hidden), "{hidden}");
    }
    let wrong = desk.submit(&page, "lock-lift", &[]).await;
    assert!(wrong.has("#identified-problem") && wrong.has("#reason-problem"));
    let wrong = desk
        .submit(&page, "lock-lift", &[("reason", "Причина названа")])
        .await;
    assert!(wrong.has("#identified-problem") && wrong.body.contains("Причина названа"));
    let stranger = app.browser();
    assert!(
        sign_in(&stranger, ANNA, PASSWORD)
            .await
            .has("#block-number")
    );

    let page = desk.submit(&page, "lock-lift", &LIFT).await;
    assert!(page.has("#lock-done"), "{}", page.body);
    assert!(page.body.contains("Поддержка сняла блокировку входа"));
    let page = sign_in(&app.browser(), ANNA, PASSWORD).await;
    assert_eq!(page.url.path(), "/account", "{}", page.body);
    let journal = citizen.get("/account/journal").await;
    for line in ["посмотрел блокировку", "сняла блокировку", "Перезвонили"]
    {
        assert!(journal.body.contains(line), "{line}");
    }
    assert!(
        citizen
            .get("/account/notices")
            .await
            .body
            .contains("сняла блокировку")
    );
    // At rest the reason is sealed, and the number is spent.
    assert!(!format!("{:?}", app.contents().await).contains("Перезвонили"));
    assert!(open(&desk, &number).await.has("#number-problem"));
    app.end().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_that_block_is_lifted_and_one_of_nobody_like_any_other() {
    let app = TestApp::start().await;
    let known = signed_in(&app, ANNA).await;
    let page = known.get("/sign-out").await;
    known.submit(&page, "logout-confirm", &[]).await;
    let at_device = lock_in(&known, ANNA).await;
    let elsewhere = lock(&app, ANNA).await;
    assert_ne!(at_device, elsewhere);
    let desk = signed_in(&app, SUPPORT).await;
    let page = open(&desk, &at_device).await;
    assert!(page.text("#lock-place").unwrap().contains("устройстве"));
    desk.submit(&page, "lock-lift", &LIFT).await;
    assert_eq!(sign_in(&known, ANNA, PASSWORD).await.url.path(), "/account");
    assert_eq!(
        sign_in(&app.browser(), ANNA, PASSWORD)
            .await
            .text("#block-number"),
        Some(elsewhere)
    );

    // Nobody has this phone: the stranger sees the same, and so does support,
    // but for whose it is.
    let nobodys = lock(&app, "+79005559999").await;
    let page = open(&desk, &nobodys).await;
    assert_eq!(page.text("#lock-tries").unwrap(), "5");
    assert!(page.text("#lock-whose").unwrap().contains("нет"));
    let page = desk.submit(&page, "lock-lift", &LIFT).await;
    assert!(page.has("#lock-done"), "{}", page.body);
    let page = sign_in(&app.browser(), "+79005559999", PASSWORD).await;
    assert!(page.has("#sign-in-bad"), "{}", page.body);
    // A block that ended by itself is found no more.
    let number = lock(&app, "+79005559998").await;
    app.advance(30 * 60).await;
    let desk = signed_in(&app, SUPPORT).await;
    assert!(open(&desk, &number).await.has("#number-problem"));
    app.end().await;
}
