//! Every operation of storage, by itself, on the database in use: the contract
//! in src/storage/mod.rs, line by line. A new line without a call here fails.

mod accounts;
mod appeals;
mod centres;
mod consents;
mod devices;
mod documents;
mod erasure;
mod esia;
mod factors;
mod files;
mod freezes;
mod grants;
mod history;
mod letters;
mod links;
mod not_me;
mod outbox;
mod overrides;
mod papers;
mod photographs;
mod proofing;
mod push;
mod recoveries;
mod registrations;
mod risk;
mod sessions;
mod streams;
mod support;
mod system;
mod tickets;
mod trusted;

use std::path::Path;
use std::time::Duration;

use propusk::model::id::{AccountId, ClientId};
use propusk::model::secret::Digest;
use propusk::model::timestamp::Timestamp;
use propusk::storage::{
    AccountRecord, AgreementRecord, ClientRecord, ConsentRecord, ContactRecord, Effects,
    GrantRecord, JournalRecord, NewAccount, NewSession, NoticeRecord, OutboxRecord, PasswordRecord,
    Registered, RestsOn, SessionRecord, SignInRecord, Storage,
};

use crate::support::app::START;
use crate::support::database::TestDatabase;

const NOW: Timestamp = START;

fn later(seconds: u64) -> Timestamp {
    NOW.plus(Duration::from_secs(seconds))
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

/// A database with the schema and nothing in it.
struct Empty {
    database: TestDatabase,
    storage: Storage,
}

impl Empty {
    async fn open() -> Self {
        let database = TestDatabase::create().await;
        let storage = Storage::open(&database.url, 4).await.unwrap();
        storage.migrate().await.unwrap();
        storage.check_schema().await.unwrap();
        Self { database, storage }
    }

    /// With the account `anna` and the relying party `portal`.
    async fn furnished() -> Self {
        let empty = Self::open().await;
        empty.storage.put_client(client("portal")).await.unwrap();
        let created = empty
            .storage
            .register_account(account("anna"))
            .await
            .unwrap();
        assert_eq!(created, Registered::Created);
        empty
    }

    /// Also with a session of anna's, and her consent to the portal.
    async fn in_use() -> Self {
        let furnished = Self::furnished().await;
        furnished
            .storage
            .start_session(session("s1", "anna"))
            .await
            .unwrap();
        furnished
            .storage
            .put_consent(consent("c1"), Effects::default())
            .await
            .unwrap();
        furnished
    }

    async fn close(self) {
        self.storage.close().await;
        self.database.delete().await;
    }
}

fn client(id: &str) -> ClientRecord {
    ClientRecord {
        id: ClientId::from(id),
        version: 1,
        source: "file".to_owned(),
        metadata: format!("{{\"client_id\":\"{id}\"}}"),
        created_at: NOW,
        updated_at: NOW,
        disabled_at: None,
    }
}

fn contact(account: &str, kind: &str, index: &str, confirmed: bool) -> ContactRecord {
    ContactRecord {
        account_id: AccountId::from(account),
        kind: kind.to_owned(),
        blind_index: index.to_owned(),
        value_sealed: format!("sealed {index}"),
        created_at: NOW,
        confirmed_at: confirmed.then_some(NOW),
        seen_at: None,
    }
}

fn agreement(version: &str) -> AgreementRecord {
    AgreementRecord {
        document: "terms".to_owned(),
        version: version.to_owned(),
        accepted_at: NOW,
    }
}

fn password(account: &str, hash: &str, set_at: Timestamp) -> PasswordRecord {
    PasswordRecord {
        account_id: AccountId::from(account),
        hash: hash.to_owned(),
        set_at,
        replaced_at: None,
        temporary_until: None,
    }
}

/// An account with a confirmed phone whose index is `phone of {id}`.
fn account(id: &str) -> NewAccount {
    NewAccount {
        account: AccountRecord {
            id: AccountId::from(id),
            wrapped_key: "key".to_owned(),
            profile_sealed: "profile".to_owned(),
            locale: "ru".to_owned(),
            created_at: NOW,
            updated_at: NOW,
            blocked_at: None,
            restricted_until: None,
            notices_sealed: None,
        },
        contacts: vec![contact(id, "phone", &format!("phone of {id}"), true)],
        agreements: vec![agreement("1")],
        password: Some(password(id, "hash 1", NOW)),
        effects: Effects::default(),
    }
}

/// A session whose cookie digests to `digest(id)`, that lives for an hour and
/// a quarter of it without use.
fn session(id: &str, account: &str) -> NewSession {
    NewSession {
        session: SessionRecord {
            id: id.into(),
            digest: digest(id),
            account_id: AccountId::from(account),
            created_at: NOW,
            last_seen_at: NOW,
            idle_until: later(900),
            expires_at: later(3_600),
            authentication: "{}".to_owned(),
            device_kind: "desktop".to_owned(),
            details_sealed: format!("details of {id}"),
            ended_at: None,
            end_reason: None,
            device: None,
            rights: None,
        },
        device: digest(&format!("device of {account}")),
        device_before: None,
        rests_on: RestsOn::Password(NOW),
        ticket: None,
        trust_until: None,
        effects: Effects::default(),
    }
}

fn consent(id: &str) -> ConsentRecord {
    ConsentRecord {
        id: id.into(),
        account_id: "anna".into(),
        client_id: "portal".into(),
        asked: "openid profile phone".to_owned(),
        scopes: "openid profile".to_owned(),
        claims: "[]".to_owned(),
        given_at: NOW,
        decided_at: NOW,
        expires_at: None,
        withdrawn_at: None,
        last_used_at: None,
    }
}

fn grant(id: &str) -> GrantRecord {
    GrantRecord {
        id: id.into(),
        client_id: "portal".into(),
        account_id: "anna".into(),
        session_id: "s1".into(),
        consent_id: "c1".into(),
        scopes: "openid profile".to_owned(),
        claims: "{}".to_owned(),
        authentication: "{}".to_owned(),
        nonce: Some("nonce".to_owned()),
        created_at: NOW,
        offline_at: None,
        revoked_at: None,
        refresh_seed: None,
        refresh_number: None,
        refresh_issued_at: None,
        refresh_expires_at: None,
        confirmation: None,
        resources: None,
        authorization_details: None,
    }
}

/// A grant with its first refresh token.
fn refreshed_grant(id: &str) -> GrantRecord {
    GrantRecord {
        refresh_seed: Some("seed".to_owned()),
        refresh_number: Some(1),
        refresh_issued_at: Some(NOW),
        refresh_expires_at: Some(later(1_000)),
        ..grant(id)
    }
}

fn message(id: &str, channel: &str) -> OutboxRecord {
    OutboxRecord {
        id: id.to_owned(),
        channel: channel.to_owned(),
        message_sealed: format!("sealed {id}"),
        created_at: NOW,
        next_try_at: NOW,
        locked_until: Timestamp::default(),
        tries: 0,
        expires_at: later(600),
        sent_at: None,
        failed_at: None,
        last_error: None,
        recipient: None,
    }
}

fn sign_in_line(id: &str, at: Timestamp, status: &str, device_kind: &str) -> SignInRecord {
    SignInRecord {
        id: id.to_owned(),
        account_id: "anna".into(),
        at,
        status: status.to_owned(),
        device_kind: device_kind.to_owned(),
        factors: "pwd".to_owned(),
        client_id: Some("portal".into()),
        session_id: None,
        details_sealed: "details".to_owned(),
    }
}

fn journal_line(id: &str, at: Timestamp, action: &str) -> JournalRecord {
    JournalRecord {
        id: id.to_owned(),
        account_id: "anna".into(),
        at,
        actor: "citizen".to_owned(),
        action: action.to_owned(),
        details_sealed: "details".to_owned(),
    }
}

fn notice(id: &str, at: Timestamp) -> NoticeRecord {
    NoticeRecord {
        id: id.to_owned(),
        account_id: "anna".into(),
        at,
        kind: "sign_in_new_device".to_owned(),
        params_sealed: "params".to_owned(),
        read_at: None,
    }
}

/// One line of each kind, all named `id`.
fn effects(id: &str) -> Effects {
    Effects {
        sign_in: Some(sign_in_line(id, NOW, "success", "desktop")),
        journal: vec![journal_line(id, NOW, "signed_in")],
        notices: vec![notice(id, NOW)],
        outbox: vec![message(id, "sms")],
        pushes: Vec::new(),
        tickets: Vec::new(),
    }
}

/// Whether the lines of [`effects`] are all there: they are written with their
/// step or not at all.
async fn has_effects(storage: &Storage, id: &str) -> bool {
    let anna = AccountId::from("anna");
    let all = propusk::storage::HistoryFilter {
        limit: 100,
        ..Default::default()
    };
    let found = [
        storage
            .sign_ins(&anna, &all)
            .await
            .unwrap()
            .iter()
            .any(|line| line.id == id),
        storage
            .journal(&anna, &all, false)
            .await
            .unwrap()
            .iter()
            .any(|line| line.id == id),
        storage
            .notices(&anna, 100, 0)
            .await
            .unwrap()
            .iter()
            .any(|line| line.id == id),
    ];
    assert!(
        found.iter().all(|one| *one == found[0]),
        "{id}: half of the lines: {found:?}"
    );
    found[0]
}

#[test]
fn every_operation_is_called() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let contract = std::fs::read_to_string(root.join("src/storage/mod.rs")).unwrap();
    let (_, list) = contract
        .split_once("\noperations! {")
        .expect("the list of operations");
    let names: Vec<&str> = list
        .lines()
        .map(str::trim_start)
        .filter(|line| {
            ["read ", "write ", "change "]
                .iter()
                .any(|mode| line.starts_with(mode))
        })
        .map(|line| line.split("::").nth(1).unwrap().split('(').next().unwrap())
        .collect();
    assert!(
        names.len() > 50 && names.contains(&"redeem_authorization"),
        "{names:?}"
    );
    let mut calls = String::new();
    for entry in std::fs::read_dir(root.join("tests/it/storage")).unwrap() {
        calls.push_str(&std::fs::read_to_string(entry.unwrap().path()).unwrap());
    }
    // However the call is broken into lines.
    calls.retain(|c| !c.is_whitespace());
    let missing: Vec<_> = names
        .iter()
        .filter(|name| !calls.contains(&format!(".{name}(")))
        .collect();
    assert!(missing.is_empty(), "not called by any test: {missing:?}");
}
