//! What attackers try, a test or more for each row of the catalogue of attacks
//! (`attack_NN_what`): short conversations over real HTTP in which somebody
//! asks for what they should not get.

mod codes;
mod confusion;
mod elsewhere;
mod enumeration;
mod grid;
mod one_time_codes;
mod parameters;
mod passwords;
mod processes;
mod races;
mod redirect;
mod refresh;
mod session;
mod steps;
mod taken_back;
mod withdrawn;

use propusk::model::id::AccountId;
use serde_json::Value;
use tokio::task::JoinSet;

use crate::support::app::PASSWORD;
use crate::support::database::server;
use crate::support::relying_party::Answer;
use crate::support::{Browser, Page, RelyingParty, TestApp, Tokens};

/// How many try the same at once.
const CROWD: usize = 32;

/// Scopes with which a client gets a refresh token.
const OFFLINE: &str = "openid profile email offline_access";

/// Another node, where the database can be shared: SQLite serves one process,
/// so a second node on it is no arrangement anybody may run.
async fn neighbour(app: &TestApp) -> Option<TestApp> {
    match server() {
        Some(_) => Some(app.another_node().await),
        None => None,
    }
}

/// Lets a crowd do the same at the same time, spread over several parties.
async fn crowd<F, T>(parties: &[RelyingParty], act: impl Fn(RelyingParty) -> F) -> Vec<T>
where
    F: Future<Output = T> + Send + 'static,
    T: Send + 'static,
{
    let mut set = JoinSet::new();
    for n in 0..CROWD {
        set.spawn(act(parties[n % parties.len()].clone()));
    }
    set.join_all().await
}

/// Signs in without any flow.
async fn sign_in(browser: &Browser, person: &str) -> Page {
    sign_in_with(browser, person, PASSWORD).await
}

async fn sign_in_with(browser: &Browser, person: &str, password: &str) -> Page {
    let page = browser.get("/sign-in").await;
    browser
        .submit(
            &page,
            "login-submit",
            &[("username", person), ("password", password)],
        )
        .await
}

/// Whether somebody is signed in with this browser.
async fn is_signed_in(browser: &Browser) -> bool {
    browser.get_once("/account").await.status == 200
}

/// The account behind a phone number.
async fn account_of(app: &TestApp, phone: &str) -> AccountId {
    let index = app.app.vault.blind_index("phone", phone);
    let found = app.app.storage.find_by_contact("phone", &index).await;
    found.unwrap().expect("the person has an account")
}

/// Registers down to the page that asks for the code.
async fn register(browser: &Browser, contact: &str) -> Page {
    let page = browser.get("/register").await;
    browser
        .submit(
            &page,
            "register-submit",
            &[
                ("family_name", "Петров"),
                ("given_name", "Пётр"),
                ("contact", contact),
                ("terms", "yes"),
                ("privacy", "yes"),
            ],
        )
        .await
}

/// What of an access and a refresh token is alive, asked everywhere.
#[derive(Debug, PartialEq, Eq)]
struct Alive {
    userinfo: bool,
    introspection: bool,
    refresh_introspection: bool,
    refresh: bool,
}

impl Alive {
    const ALL: Self = Self {
        userinfo: true,
        introspection: true,
        refresh_introspection: true,
        refresh: true,
    };
    const NONE: Self = Self {
        userinfo: false,
        introspection: false,
        refresh_introspection: false,
        refresh: false,
    };

    /// Asks for each; the resource server `machine` introspects, for it may
    /// see every token. Refreshing comes last: it changes what it asks about.
    async fn of(party: &RelyingParty, tokens: &Tokens) -> Self {
        let machine = RelyingParty::at(&party.app_url, "machine");
        let active = |answer: Value| answer["active"] == true;
        let refresh = tokens.refresh.clone().unwrap_or_default();
        Self {
            userinfo: party.userinfo(&tokens.access).await.status == 200,
            introspection: active(machine.introspect(&tokens.access).await),
            refresh_introspection: tokens.refresh.is_some()
                && active(machine.introspect(&refresh).await),
            refresh: tokens.refresh.is_some() && party.refresh(&refresh).await.status == 200,
        }
    }
}

/// Asserts that a page tells of an error and sends nobody anywhere.
#[track_caller]
fn stays(page: &Page, what: &str) {
    assert_eq!(page.location(), None, "{what}: {}", page.status);
    assert!(
        (400..500).contains(&page.status),
        "{what}: {} {}",
        page.status,
        page.body
    );
}

/// How many answers succeeded.
fn successes(answers: &[Answer]) -> usize {
    answers.iter().filter(|answer| answer.status == 200).count()
}
