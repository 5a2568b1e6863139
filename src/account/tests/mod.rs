//! Whole journeys through the room, on a database of their own.

mod cabinet;
mod contacts;
mod registration;
mod seeding;
mod sign_in;

use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::browser::Browser;
use super::demo::{DEMO_CITIZENS, DEMO_PASSWORD};
use super::registration::{RegistrationForm, Start};
use super::session::Session;
use super::settings::{HashingSettings, Settings};
use super::sign_in::{Admitted, Arrival, SignInRefused, SignedIn};
use super::{Accounts, Problem};
use crate::entropy::Entropy;
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::notify::{CHANNELS, MessageKind, OutgoingMessage};
use crate::storage::Storage;
use crate::texts::Lang;
use crate::vault::{MasterKey, Vault};

/// When every journey begins.
const START: Timestamp = Timestamp::from_seconds(1_800_000_000);
const ISSUER: &str = "https://id.example.ru";
const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0";

static ROOMS: AtomicU32 = AtomicU32::new(0);

struct Room {
    accounts: Accounts,
    storage: Storage,
    vault: Arc<Vault>,
    folder: PathBuf,
}

/// Parameters that take no time.
fn quick() -> Settings {
    let mut settings = Settings::default();
    settings.password.hashing = HashingSettings {
        memory_kib: 32,
        passes: 1,
        threads: 2,
        queue: 64,
    };
    settings
}

async fn room() -> Room {
    room_with(quick()).await
}

async fn room_with(settings: Settings) -> Room {
    let number = ROOMS.fetch_add(1, Ordering::SeqCst);
    let folder = std::env::temp_dir().join(format!("room-{}-{number}", std::process::id()));
    let url = format!("sqlite://{}/propusk.db", folder.display());
    let storage = Storage::open(&url, 4).await.unwrap();
    storage.migrate().await.unwrap();
    let entropy = Entropy::seeded(format!("room {number}").as_bytes());
    let master = MasterKey::from_bytes([3; 32]);
    let root = Vault::new_root(&master, &entropy).unwrap();
    let vault = Arc::new(Vault::open(&master, &root, entropy.clone()).unwrap());
    let accounts = Accounts::new(
        storage.clone(),
        Arc::clone(&vault),
        entropy,
        settings,
        ISSUER,
    )
    .unwrap();
    Room {
        accounts,
        storage,
        vault,
        folder,
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

impl Room {
    /// Messages since the last look.
    async fn messages(&self, now: Timestamp) -> Vec<OutgoingMessage> {
        let far = now.plus(minutes(60));
        let mut claimed = Vec::new();
        for row in CHANNELS {
            let channel = row.name.to_owned();
            claimed.extend(
                self.storage
                    .claim_messages(channel, far, far, 1000)
                    .await
                    .unwrap(),
            );
        }
        let mut messages = Vec::new();
        for record in claimed {
            let context = format!("outbox:{}", record.id);
            let plain = self.vault.unseal(&context, &record.message_sealed).unwrap();
            messages.push(serde_json::from_slice(&plain).unwrap());
            self.storage.message_sent(record.id, far).await.unwrap();
        }
        messages
    }

    /// The one message since the last look, which must be of this kind.
    async fn message(&self, kind: MessageKind, now: Timestamp) -> OutgoingMessage {
        let messages = self.messages(now).await;
        assert_eq!(messages.iter().map(|m| m.kind).collect::<Vec<_>>(), [kind]);
        messages.into_iter().next().unwrap()
    }

    async fn seeded(self) -> Self {
        self.accounts.seed_demo(START).await.unwrap();
        self
    }

    /// The session of a citizen of the demonstration who has just signed in.
    async fn session(&self, signed_in: &SignedIn, now: Timestamp) -> Session {
        self.accounts
            .find_session(&signed_in.session, now)
            .await
            .unwrap()
            .unwrap()
    }

    async fn sign_in(
        &self,
        identifier: &str,
        password: &str,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<SignedIn, SignInRefused> {
        let password = Secret::new(password);
        self.admitted(&self.accounts, identifier, &password, browser, now)
            .await
    }
}

impl Room {
    /// Signs in somebody of whom no second factor is asked.
    async fn admitted(
        &self,
        accounts: &Accounts,
        identifier: &str,
        password: &Secret,
        browser: &Browser,
        now: Timestamp,
    ) -> Result<SignedIn, SignInRefused> {
        let arrival = Arrival {
            browser,
            client: None,
            strong: false,
        };
        match accounts.sign_in(identifier, password, arrival, now).await? {
            Admitted::SignedIn(signed_in) => Ok(*signed_in),
            Admitted::SecondStep(_) | Admitted::Later => panic!("a second factor is asked for"),
        }
    }
}

fn browser(last: u8) -> Browser {
    Browser {
        address: IpAddr::from([192, 0, 2, last]),
        user_agent: FIREFOX.to_owned(),
        device: None,
        session: None,
    }
}

/// The same browser with the cookies it was given.
fn returning(browser: &Browser, signed_in: &SignedIn) -> Browser {
    Browser {
        device: Some(signed_in.device.clone()),
        session: Some(signed_in.session.clone()),
        ..browser.clone()
    }
}

const fn minutes(count: u64) -> Duration {
    Duration::from_secs(count * 60)
}

fn form(contact: &str) -> RegistrationForm {
    RegistrationForm {
        family_name: "Лебедева".to_owned(),
        given_name: "Ольга".to_owned(),
        middle_name: String::new(),
        contact: contact.to_owned(),
        terms: true,
        privacy: true,
    }
}

fn start(last: u8) -> Start {
    Start {
        lang: Lang::Ru,
        address: IpAddr::from([192, 0, 2, last]),
        flow: Some("flow".to_owned()),
    }
}

fn fields(problems: &[Problem]) -> Vec<&'static str> {
    problems.iter().map(|problem| problem.field).collect()
}
