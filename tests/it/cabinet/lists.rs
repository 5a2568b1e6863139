//! History, journal and notices: filters, order, pages, files.

use super::{all, attributes};
use crate::support::app::{ANNA, PASSWORD, THIRD, TIMUR};
use crate::support::steps::{sign_in, signed_in};
use crate::support::{RelyingParty, TestApp};

const PHONE: &str = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 \
                     (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1";

#[tokio::test]
async fn the_history_is_filtered_and_the_filter_stays() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    app.advance(1).await;
    let stranger = app.browser().with_header("user-agent", PHONE);
    sign_in(&stranger, ANNA, "not the password").await;
    // There within the second (requirement D1).
    let page = browser.get("/account/history").await;
    assert_eq!(all(&page, "#history tbody tr").len(), 2);
    assert!(
        all(&page, "#history tbody tr")[0].contains("неудача"),
        "the newest stands first"
    );
    assert!(all(&page, "#history time")[0].starts_with("24.03.2026 12:00:01 МСК"));

    let page = browser
        .get("/account/history?from=24.03.2026&to=2026-03-24&device=phone&status=failure")
        .await;
    assert_eq!(all(&page, "#history tbody tr").len(), 1);
    assert_eq!(
        page.attribute("#from", "value").as_deref(),
        Some("2026-03-24")
    );
    assert_eq!(
        page.attribute("#device option[selected]", "value")
            .as_deref(),
        Some("phone")
    );
    assert_eq!(
        page.attribute("#status option[selected]", "value")
            .as_deref(),
        Some("failure")
    );
    let none = browser.get("/account/history?device=tablet").await;
    assert!(!none.has("#history") && none.has(".empty"));
    app.end().await;
}

#[tokio::test]
async fn wrong_dates_are_named_where_they_stand() {
    let app = TestApp::start().await;
    let browser = signed_in(&app, ANNA).await;
    let page = browser
        .get("/account/history?from=31.02.2026&status=success")
        .await;
    assert_eq!(attributes(&page, "#problems a", "href"), ["#from"]);
    assert!(page.has("#from[aria-invalid]") && !page.has("#history"));
    assert_eq!(
        page.attribute("#from", "value").as_deref(),
        Some("31.02.2026")
    );
    assert_eq!(
        page.attribute("#status option[selected]", "value")
            .as_deref(),
        Some("success")
    );
    let page = browser
        .get("/account/history?from=2026-03-24&to=2026-03-23")
        .await;
    assert_eq!(attributes(&page, "#problems a", "href"), ["#to"]);
    // A file cannot show what is wrong: the page does.
    let page = browser.get("/account/history.csv?from=31.02.2026").await;
    assert_eq!(page.url.path(), "/account/history");
    app.end().await;
}

#[tokio::test]
async fn days_begin_where_the_citizen_is() {
    let app = TestApp::start().await;
    signed_in(&app, THIRD).await;
    // 12:00 in Moscow is 19:00 in Vladivostok; six hours later it is tomorrow.
    app.advance(6 * 3600).await;
    let browser = signed_in(&app, THIRD).await;
    let page = browser
        .get("/account/history?from=2026-03-25&status=success")
        .await;
    assert_eq!(all(&page, "#history time"), ["25.03.2026 01:00:00 UTC+10"]);
    let page = browser
        .get("/account/history?to=2026-03-24&status=success")
        .await;
    assert_eq!(all(&page, "#history time"), ["24.03.2026 19:00:00 UTC+10"]);
    app.end().await;
}

#[tokio::test]
async fn a_long_history_has_pages_and_its_file_has_all() {
    let app = TestApp::start().await;
    let browser = app.browser();
    for _ in 0..31 {
        app.advance(1).await;
        sign_in(&browser, ANNA, PASSWORD).await;
        browser
            .submit(&browser.get("/sign-out").await, "logout-confirm", &[])
            .await;
    }
    sign_in(&browser, ANNA, PASSWORD).await;
    let page = browser.get("/account/history?status=success").await;
    assert_eq!(all(&page, "#history tbody tr").len(), 30);
    let next = page.attribute("a[rel=next]", "href").unwrap();
    assert!(next.contains("status=success"), "{next}");
    let page = browser.get(&next).await;
    assert_eq!(all(&page, "#history tbody tr").len(), 2);
    assert!(page.has("a[rel=prev]") && !page.has("a[rel=next]"));

    let file = page.attribute("#history-csv", "href").unwrap();
    let file = browser.get(&file).await;
    let header = |name: &str| file.headers[name].to_str().unwrap().to_owned();
    assert_eq!(header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(
        header("content-disposition"),
        "attachment; filename=\"propusk-history-2026-03-24.csv\""
    );
    assert!(
        file.body.starts_with("\u{feff}Время,Результат,"),
        "{}",
        file.body
    );
    assert_eq!(file.body.lines().count(), 1 + 32);
    app.end().await;
}

#[tokio::test]
async fn the_journal_is_sorted_by_its_headings_and_filtered() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let portal = RelyingParty::new(&app, "portal");
    sign_in(&app.browser(), ANNA, "not the password").await;
    app.advance(1).await;
    portal.tokens(&browser, ANNA, &[]).await;
    let titles = |page: &crate::support::Page| all(page, "#journal tbody td:nth-child(2)");

    let page = browser.get("/account/journal").await;
    assert_eq!(titles(&page).last().unwrap(), "Неудачная попытка входа");
    assert_eq!(
        page.attribute("th:nth-child(1)", "aria-sort").as_deref(),
        Some("descending")
    );
    // Whoever tried in vain is not called the citizen.
    assert_eq!(
        all(&page, "#journal tbody td:nth-child(3)").last().unwrap(),
        "неизвестно кто"
    );

    let by_action = page.attribute("th:nth-child(2) a", "href").unwrap();
    let page = browser.get(&by_action).await;
    assert_eq!(
        page.attribute("th:nth-child(2)", "aria-sort").as_deref(),
        Some("ascending")
    );
    let mut sorted = titles(&page);
    assert!(sorted.is_sorted(), "{sorted:?}");
    let turned = page.attribute("th:nth-child(2) a", "href").unwrap();
    sorted.reverse();
    let turned: Vec<String> = titles(&browser.get(&turned).await);
    assert_eq!(turned[0], sorted[0]);

    let page = browser
        .get("/account/journal?kind=consent_given&sort=action")
        .await;
    assert_eq!(titles(&page), ["Дано согласие Портал portal"]);
    assert_eq!(
        page.attribute("#kind option[selected]", "value").as_deref(),
        Some("consent_given")
    );
    assert_eq!(
        page.attribute("input[name=sort]", "value").as_deref(),
        Some("action")
    );
    let file = page.attribute("#journal-csv", "href").unwrap();
    let file = browser.get(&file).await;
    assert_eq!(file.body.lines().count(), 2, "{}", file.body);
    app.end().await;
}

#[tokio::test]
async fn notices_are_marked_as_read_by_their_owner() {
    let app = TestApp::start().await;
    let browser = app.browser();
    RelyingParty::new(&app, "portal")
        .tokens(&browser, ANNA, &[])
        .await;
    let page = browser.get("/account/notices").await;
    let ids = attributes(&page, ".letter-line button", "value");
    assert_eq!(ids.len(), 2, "a new device and a consent");

    let other = signed_in(&app, TIMUR).await;
    let csrf = other
        .get("/account/security")
        .await
        .attribute("input[name=csrf]", "value")
        .unwrap();
    other
        .post(
            "/account/notices/read",
            &[("csrf", &csrf), ("notice", &ids[0])],
        )
        .await;
    let unread = |page: &crate::support::Page| attributes(page, ".letter-line button", "value");
    assert_eq!(
        unread(&browser.get("/account/notices").await).len(),
        2,
        "not his to read"
    );

    let csrf = page.attribute("input[name=csrf]", "value").unwrap();
    let page = browser
        .post(
            "/account/notices/read",
            &[("csrf", &csrf), ("notice", &ids[0])],
        )
        .await;
    assert_eq!(unread(&page), ids[1..]);
    assert!(page.has(".notice-success"));
    let page = browser.submit(&page, "read-all", &[]).await;
    assert!(unread(&page).is_empty() && !page.has("#read-all"));
    assert_eq!(all(&browser.get("/account").await, ".tile-number")[2], "0");
    app.end().await;
}
