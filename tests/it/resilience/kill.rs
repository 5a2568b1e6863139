//! `kill -9` under load. Whatever was acknowledged before is there after the
//! next start: accounts, sessions, consents, refresh tokens; and every message
//! has left once, by its id.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tokio::task::JoinSet;

use crate::support::database::TestDatabase;
use crate::support::gateway::{Sms, SmsGateway};
use crate::support::process::{Program, said};
use crate::support::relying_party::clients;
use crate::support::steps::{
    NEW_PASSWORD, begin_registration, choose_password, confirm_code, sign_in,
};
use crate::support::{Browser, RelyingParty, Tokens};

const PASSWORD: &str = "Nagruzka-2026!";
const ROUNDS: usize = 3;
/// Accounts made beforehand, each signed in to once.
const LOADED: usize = 400;

/// What the server has acknowledged: noted after the answer, never before.
#[derive(Default)]
struct Acknowledged {
    sessions: Vec<Browser>,
    /// Sessions whose person has consented to the portal.
    consents: Vec<Browser>,
    /// The last refresh token of each grant.
    refresh: BTreeMap<String, String>,
    /// Who was sent a code.
    registered: BTreeSet<String>,
    /// Who signed in from a new browser, which they are warned of.
    warned: BTreeSet<String>,
}

type Notes = Arc<Mutex<Acknowledged>>;

/// Registers people one after the other and uses a portal as each of them.
async fn register_for_ever(url: String, gateway: Arc<SmsGateway>, notes: Notes, series: usize) {
    let portal = RelyingParty::at(&url, "portal");
    for n in 0.. {
        let phone = format!("+7901{series:03}{n:04}");
        let browser = Browser::new(&url);
        let page = begin_registration(&browser, &phone).await;
        notes.lock().unwrap().registered.insert(phone.clone());
        let code = gateway.code_for(&phone).await;
        let page = confirm_code(&browser, &page, &code).await;
        choose_password(&browser, &page, NEW_PASSWORD).await;
        notes.lock().unwrap().sessions.push(browser.clone());
        let scope = [("scope", "openid profile offline_access")];
        let code = portal.code(&browser, &phone, &scope).await;
        notes.lock().unwrap().consents.push(browser.clone());
        let answer = portal.redeem(&code).await;
        let mut refresh = Tokens::of(&answer.json()).refresh.unwrap();
        for _ in 0..5 {
            notes
                .lock()
                .unwrap()
                .refresh
                .insert(phone.clone(), refresh.clone());
            refresh = portal.refreshed(&refresh).await.refresh.unwrap();
        }
        notes.lock().unwrap().refresh.insert(phone, refresh);
    }
}

/// Signs in to accounts that exist, each once and from a new browser.
async fn sign_in_for_ever(url: String, notes: Notes, accounts: Vec<usize>) {
    for n in accounts {
        let phone = format!("+7900{n:07}");
        let browser = Browser::new(&url);
        let page = sign_in(&browser, &phone, PASSWORD).await;
        assert_eq!(page.url.path(), "/account", "{}", page.body);
        let mut notes = notes.lock().unwrap();
        notes.sessions.push(browser);
        notes.warned.insert(phone);
    }
}

/// Nothing acknowledged is missing.
async fn check(program: &Program, notes: &Notes) {
    let (sessions, consents, refresh) = {
        let notes = notes.lock().unwrap();
        (
            notes.sessions.clone(),
            notes.consents.clone(),
            notes.refresh.clone(),
        )
    };
    for browser in &sessions {
        let page = browser.get("/account").await;
        assert_eq!(
            (page.status, page.url.path()),
            (200, "/account"),
            "a session is missing"
        );
    }
    for browser in &consents {
        let page = browser.get("/account/consents").await;
        assert!(
            page.body.contains("Портал portal"),
            "a consent is missing: {}",
            page.body
        );
    }
    let portal = RelyingParty::at(&program.url, "portal");
    for (phone, token) in refresh {
        // A successor that was on its way when the end came is given again.
        let next = portal.refreshed(&token).await;
        assert_eq!(portal.userinfo(&next.access).await.status, 200);
        notes
            .lock()
            .unwrap()
            .refresh
            .insert(phone, next.refresh.unwrap());
    }
}

async fn everything_has_left(database: &TestDatabase) {
    let waiting = async {
        let sql = "select count(*) from outbox where sent_at is null";
        while database.count(sql).await > 0 {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(60), waiting)
        .await
        .expect("the outbox is emptied");
}

/// Each message once, by its id; whoever should have one has one.
fn check_messages(taken: &[Sms], notes: &Acknowledged) {
    let mut by_id: BTreeMap<&str, &Sms> = BTreeMap::new();
    for sms in taken {
        assert_eq!(sms.key, sms.id);
        let first = by_id.entry(&sms.id).or_insert(sms);
        assert_eq!(*first, sms, "a repeat is the same message");
    }
    let mut words: BTreeSet<(&str, &str)> = BTreeSet::new();
    for sms in by_id.values() {
        assert!(
            words.insert((&sms.to, &sms.text)),
            "sent twice under two names: {sms:?}"
        );
    }
    for phone in notes.registered.iter().chain(&notes.warned) {
        let count = words.iter().filter(|(to, _)| to == phone).count();
        assert_eq!(count, 1, "{phone} was told {count} times");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_by_a_sudden_end() {
    let database = TestDatabase::create().await;
    let gateway = Arc::new(SmsGateway::start().await);
    let config = json!({
        "clients": clients(),
        "sms": gateway.settings(),
        "limits": { "registrations_per_address": 1_000_000 },
        "log": { "level": "warn" },
    });
    let mut program = Program::start(&database.folder, &database.url, config).await;
    let loaded = program.command(&[
        "load",
        "--accounts",
        &LOADED.to_string(),
        "--password",
        PASSWORD,
    ]);
    assert!(loaded.status.success(), "{}", said(&loaded));
    let notes = Notes::default();
    let mut accounts: Vec<usize> = (1..=LOADED).collect();

    for round in 0..ROUNDS {
        let before = notes.lock().unwrap().sessions.len();
        let mut load = JoinSet::new();
        for worker in 0..4 {
            let series = round * 10 + worker;
            load.spawn(register_for_ever(
                program.url.clone(),
                gateway.clone(),
                notes.clone(),
                series,
            ));
        }
        for _ in 0..2 {
            let mine = accounts.split_off(accounts.len() - LOADED / ROUNDS / 2);
            load.spawn(sign_in_for_ever(program.url.clone(), notes.clone(), mine));
        }
        // Until enough was acknowledged, and then at no moment in particular.
        let enough = async {
            while notes.lock().unwrap().sessions.len() < before + 40 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(120), enough)
            .await
            .expect("the server works");
        load.abort_all();
        program.kill();
        while load.join_next().await.is_some() {}

        // As if the minute had passed for which a message that was being sent
        // is nobody else's.
        database
            .execute("update outbox set locked_until = 0, next_try_at = 0 where sent_at is null")
            .await;
        program.start_again().await;
        check(&program, &notes).await;
        everything_has_left(&database).await;
        check_messages(&gateway.taken(), &notes.lock().unwrap());
    }
    let sent = database
        .count("select count(*) from outbox where sent_at is not null and channel = 'sms'")
        .await;
    let taken = gateway.taken();
    let ids: BTreeSet<&str> = taken.iter().map(|sms| sms.id.as_str()).collect();
    assert_eq!(
        i64::try_from(ids.len()).unwrap(),
        sent,
        "the gateway has what the outbox says"
    );
    assert!(!program.log().contains("ERROR"), "{}", program.log());
    program.stop().await;
    database.delete().await;
}
