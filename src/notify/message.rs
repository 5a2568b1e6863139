//! Composing: a message is checked, sealed and handed to the caller, who
//! stores it in the transaction of the step it tells of. Nothing is sent here.

use std::collections::BTreeMap;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::Channel;
use super::kind::{Importance, MessageKind};
use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{NoticeRecord, OutboxRecord};
use crate::texts::Lang;
use crate::vault::{AccountKey, Vault};

/// Values by name, admitted by their shapes.
pub type Params = BTreeMap<String, String>;

/// A message with its recipient, as it lies sealed in the outbox.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutgoingMessage {
    /// An e-mail address or a phone number in E.164.
    pub recipient: String,
    /// What it tells.
    pub kind: MessageKind,
    /// Its values.
    pub params: Params,
    /// The language it is written in.
    #[serde(with = "lang_tag")]
    pub lang: Lang,
    /// When it was composed: the date of the mail, the same at every try.
    pub at: Timestamp,
    /// How long a code in it lives, in whole minutes.
    pub minutes: u64,
}

impl std::fmt::Debug for OutgoingMessage {
    /// Never the recipient, never the values: both are personal.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OutgoingMessage")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}

/// A message for the outbox. After `lifetime` it is not sent any more.
///
/// # Errors
/// When the recipient is none for this channel, a value is missing, strange or
/// not admitted: faults of the caller, for addresses are checked at the form
/// and links come from configuration.
#[expect(
    clippy::too_many_arguments,
    reason = "everything a message is made of, once"
)]
pub fn compose(
    vault: &Vault,
    entropy: &Entropy,
    channel: Channel,
    recipient: &str,
    kind: MessageKind,
    params: &[(&str, String)],
    lang: Lang,
    now: Timestamp,
    lifetime: Duration,
) -> Result<OutboxRecord> {
    if !is_recipient(channel, recipient) {
        return Err(Internal::new("a message needs a recipient of its channel"));
    }
    let message = OutgoingMessage {
        recipient: recipient.to_owned(),
        kind,
        params: admit(kind, params)?,
        lang,
        at: now,
        minutes: lifetime.as_secs() / 60,
    };
    let id = entropy.id(now);
    Ok(OutboxRecord {
        message_sealed: vault.seal(&format!("outbox:{id}"), &serde_json::to_vec(&message)?)?,
        id,
        channel: channel.as_str().to_owned(),
        created_at: now,
        next_try_at: now,
        locked_until: Timestamp::default(),
        tries: 0,
        expires_at: now.plus(lifetime),
        sent_at: None,
        failed_at: None,
        last_error: None,
        recipient: Some(recipient_index(vault, channel, recipient)),
    })
}

/// What waiting messages to an address are found by.
pub fn recipient_index(vault: &Vault, channel: Channel, recipient: &str) -> String {
    vault.blind_index(&format!("outbox:{}", channel.as_str()), recipient)
}

/// A notice for the inbox of the account whose key is given.
///
/// # Errors
/// As [`compose`]; and a code has no place in an inbox.
pub fn notice(
    key: &AccountKey,
    account: &AccountId,
    entropy: &Entropy,
    kind: MessageKind,
    params: &[(&str, String)],
    now: Timestamp,
) -> Result<NoticeRecord> {
    if kind.row().importance == Importance::Code {
        return Err(Internal::new("a code is not kept in the inbox"));
    }
    let id = entropy.id(now);
    Ok(NoticeRecord {
        params_sealed: key.seal_json(&format!("notice:{id}"), &admit(kind, params)?)?,
        id,
        account_id: account.clone(),
        at: now,
        kind: kind.as_str().to_owned(),
        read_at: None,
    })
}

pub(super) fn admit(kind: MessageKind, params: &[(&str, String)]) -> Result<Params> {
    let row = kind.row();
    if let Some((name, _)) = params
        .iter()
        .find(|(name, _)| row.params.iter().all(|param| param.name != *name))
    {
        return Err(Internal::new(format!("{} takes no {name}", row.name)));
    }
    let mut admitted = Params::new();
    for param in row.params {
        match params.iter().find(|(name, _)| *name == param.name) {
            Some((_, value)) => {
                admitted.insert(param.name.to_owned(), param.admit(value)?);
            }
            None if param.optional => {}
            None => return Err(Internal::new(format!("{} needs {}", row.name, param.name))),
        }
    }
    Ok(admitted)
}

fn is_recipient(channel: Channel, recipient: &str) -> bool {
    match channel {
        // RFC 5321 §4.5.3.1 bounds a path to 256 octets with its brackets.
        Channel::Email => {
            recipient.len() <= 254
                && !recipient.contains(|c: char| c.is_control() || c.is_whitespace())
                && recipient.parse::<lettre::Address>().is_ok()
        }
        // E.164: a plus and at most fifteen digits.
        Channel::Sms => recipient.strip_prefix('+').is_some_and(|digits| {
            (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
        }),
        // Browsers are told with `push`.
        Channel::Push => false,
    }
}

impl Serialize for MessageKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for MessageKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        Self::parse(&name).ok_or_else(|| D::Error::custom("an unknown kind of message"))
    }
}

mod lang_tag {
    use super::{Deserialize, Deserializer, Lang, Serializer};

    pub fn serialize<S: Serializer>(lang: &Lang, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(lang.as_str())
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Lang, D::Error> {
        let tag = String::deserialize(deserializer)?;
        Ok(Lang::from_tag(&tag).unwrap_or_default())
    }
}
