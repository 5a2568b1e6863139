//! A database that goes away and comes back, under a server that keeps running
//! (PostgreSQL; an embedded database goes with its server).

use std::time::Duration;

use propusk::storage::Storage;
use serde_json::json;

use super::server::Server;
use crate::attacks_web::refused;
use crate::support::app::{ANNA, PASSWORD, TIMUR};
use crate::support::steps::{begin_registration, sign_in, signed_in};
use crate::support::{RelyingParty, TestApp};

/// The application on a server of the test's own.
async fn app_on(server: &Server) -> TestApp {
    let url = server.url();
    let storage = Storage::open(&url, 1).await.unwrap();
    storage.migrate().await.unwrap();
    storage.close().await;
    TestApp::start_with(|config| config["database"] = json!({ "url": url, "connections": 5 })).await
}

/// Ends the test. Errors were logged, as many as there were tries.
async fn stop(app: TestApp) {
    let database = app.database.clone();
    app.stop().await;
    database.delete().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_goes_away_and_comes_back() {
    let Some(server) = Server::start() else {
        return;
    };
    let app = app_on(&server).await;
    let portal = RelyingParty::new(&app, "portal");
    let browser = signed_in(&app, ANNA).await;
    let tokens = portal
        .tokens(
            &browser,
            ANNA,
            &[("scope", "openid profile offline_access")],
        )
        .await;
    let stranger = app.browser();
    let form = stranger.get("/sign-in").await;
    assert_eq!(stranger.get("/health/ready").await.status, 200);

    server.stop();
    // The process lives, and says that it cannot serve.
    assert_eq!(stranger.get("/health/live").await.status, 200);
    assert_eq!(stranger.get("/health/ready").await.status, 503);
    // People read that it is our fault, with a number to quote.
    for page in [
        browser.get("/account").await,
        browser.get(&portal.authorize_url(&[])).await,
        stranger
            .submit(
                &form,
                "login-submit",
                &[("username", TIMUR), ("password", PASSWORD)],
            )
            .await,
    ] {
        assert!(
            (500..600).contains(&page.status),
            "{}: {}",
            page.url,
            page.status
        );
        refused(&page, page.status);
        assert!(
            page.headers.get("set-cookie").is_none(),
            "nobody is signed out by it"
        );
    }
    // Programs learn the same: a token must not seem to be dead.
    let dead = portal.userinfo(&tokens.access).await;
    assert_eq!(
        (dead.status, dead.json()["error"].as_str()),
        (500, Some("server_error")),
        "{}",
        dead.body
    );
    let dead = portal.refresh(tokens.refresh.as_ref().unwrap()).await;
    assert_eq!(
        (dead.status, dead.json()["error"].as_str()),
        (500, Some("server_error")),
        "{}",
        dead.body
    );
    // What needs no database is answered.
    for path in [
        "/oauth/jwks",
        "/.well-known/openid-configuration",
        "/static/propusk.css",
        "/sign-in",
    ] {
        assert_eq!(app.browser().get(path).await.status, 200, "{path}");
    }

    server.go_on();
    let back = async {
        while stranger.get("/health/ready").await.status != 200 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), back)
        .await
        .expect("the server finds its database");
    // Everything works again, and nothing that was there is missing.
    assert_eq!(browser.get("/account").await.url.path(), "/account");
    assert_eq!(portal.userinfo(&tokens.access).await.status, 200);
    portal.refreshed(tokens.refresh.as_ref().unwrap()).await;
    assert_eq!(
        sign_in(&stranger, TIMUR, PASSWORD).await.url.path(),
        "/account"
    );
    begin_registration(&app.browser(), "+79005550740").await;
    assert!(app.last_message("+79005550740").await.code.is_some());
    stop(app).await;
}

/// A quick restart: connections that were open are dead, and nobody has
/// noticed yet.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_restart_of_the_database_is_hardly_noticed() {
    let Some(server) = Server::start() else {
        return;
    };
    let app = app_on(&server).await;
    let browser = signed_in(&app, ANNA).await;
    // Several connections are open.
    let many = (0..10).map(|_| async { browser.get("/account").await.status });
    assert!(
        futures_util::future::join_all(many)
            .await
            .into_iter()
            .all(|status| status == 200)
    );
    server.stop();
    server.go_on();
    for n in 0..10 {
        assert_eq!(
            browser.get("/account").await.status,
            200,
            "request {n} after the restart"
        );
    }
    stop(app).await;
}
