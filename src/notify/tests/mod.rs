//! The room from end to end: words, wire and worker, against servers of our
//! own on loopback.

mod kinds;
mod outbox;
mod servers;
mod sms;
mod smtp;

use std::sync::Arc;
use std::time::Duration;

use super::{Channel, MessageKind, OutgoingMessage, compose};
use crate::clock::Clock;
use crate::entropy::Entropy;
use crate::error::Result;
use crate::model::timestamp::Timestamp;
use crate::storage::{Effects, OutboxRecord, Storage};
use crate::texts::Lang;
use crate::vault::{MasterKey, Vault};

const START: Timestamp = Timestamp::from_seconds(1_774_350_309);
const MINUTE: Duration = Duration::from_secs(60);

/// A house with an empty database.
struct House {
    storage: Storage,
    vault: Arc<Vault>,
    clock: Clock,
    entropy: Entropy,
    directory: std::path::PathBuf,
}

impl House {
    async fn new() -> Self {
        let entropy = Entropy::system();
        let directory =
            std::env::temp_dir().join(format!("propusk-notify-{}", entropy.opaque_id()));
        std::fs::create_dir(&directory).unwrap();
        let url = format!("sqlite://{}/test.db", directory.display());
        let storage = Storage::open(&url, 4).await.unwrap();
        storage.migrate().await.unwrap();
        Self {
            storage,
            vault: Arc::new(vault(&entropy)),
            clock: Clock::manual(START),
            entropy,
            directory,
        }
    }

    fn code(&self, channel: Channel, recipient: &str, code: &str) -> OutboxRecord {
        let params = [("code", code.to_owned())];
        let kind = MessageKind::RegistrationCode;
        let (now, life) = (self.clock.now(), MINUTE * 10);
        compose(
            &self.vault,
            &self.entropy,
            channel,
            recipient,
            kind,
            &params,
            Lang::Ru,
            now,
            life,
        )
        .unwrap()
    }

    /// Stores messages and gives the id of the last.
    async fn store(&self, messages: Vec<OutboxRecord>) -> String {
        let id = messages
            .last()
            .map(|message| message.id.clone())
            .unwrap_or_default();
        let effects = Effects {
            outbox: messages,
            ..Effects::default()
        };
        self.storage.record(effects).await.unwrap();
        id
    }

    async fn waiting(&self) -> i64 {
        self.storage.outbox_waiting().await.unwrap().0
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

fn vault(entropy: &Entropy) -> Vault {
    let master = MasterKey::from_bytes([7; 32]);
    let root = Vault::new_root(&master, entropy).unwrap();
    Vault::open(&master, &root, entropy.clone()).unwrap()
}

/// Composes and opens again, as the worker sees it.
fn composed(
    channel: Channel,
    recipient: &str,
    kind: MessageKind,
    params: &[(&str, String)],
    lang: Lang,
) -> Result<OutgoingMessage> {
    let entropy = Entropy::seeded(b"notify");
    let vault = vault(&entropy);
    let record = compose(
        &vault,
        &entropy,
        channel,
        recipient,
        kind,
        params,
        lang,
        START,
        MINUTE * 10,
    )?;
    let plain = vault.unseal(&format!("outbox:{}", record.id), &record.message_sealed)?;
    Ok(serde_json::from_slice(&plain)?)
}
