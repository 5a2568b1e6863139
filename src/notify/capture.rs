//! Messages kept in memory instead of being sent: the demonstration shows them
//! on a page, tests read the codes.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::Channel;
use super::delivery::DeliveryFailed;
use super::message::OutgoingMessage;
use super::push::Shown;
use super::render;
use crate::model::timestamp::Timestamp;

/// How many messages are kept.
const KEPT: usize = 200;
/// Of how many messages the deliveries are counted.
const COUNTED: usize = 20_000;

/// A message as it would have been sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Captured {
    /// Its id in the outbox.
    pub id: String,
    /// When it was composed.
    pub at: Timestamp,
    /// By which way.
    pub channel: Channel,
    /// To whom; nothing where a browser shows it.
    pub recipient: String,
    /// The subject of a mail; empty in an SMS.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The code in it.
    pub code: Option<String>,
    /// The link in it.
    pub link: Option<String>,
    /// The link of who has not done what it tells of.
    pub not_me: Option<String>,
}

/// The memory.
#[derive(Default)]
pub struct Capture(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    messages: VecDeque<Captured>,
    deliveries: BTreeMap<String, usize>,
}

impl Capture {
    /// The messages kept, newest first.
    pub fn messages(&self) -> Vec<Captured> {
        self.kept().messages.iter().rev().cloned().collect()
    }

    /// The newest message to this recipient.
    pub fn last_to(&self, recipient: &str) -> Option<Captured> {
        let kept = self.kept();
        kept.messages
            .iter()
            .rev()
            .find(|m| m.recipient == recipient)
            .cloned()
    }

    /// How often the message of this id was delivered.
    pub fn deliveries(&self, id: &str) -> usize {
        self.kept().deliveries.get(id).copied().unwrap_or_default()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        *self.kept() = Kept::default();
    }

    pub(super) fn keep(
        &self,
        id: &str,
        channel: Channel,
        message: &OutgoingMessage,
    ) -> Result<(), DeliveryFailed> {
        let (subject, text) = match channel {
            Channel::Sms => (String::new(), render::sms(message)),
            // Browsers have a way of their own: `keep_push`.
            Channel::Push => return Err(DeliveryFailed::for_good("no message for browsers")),
            Channel::Email => {
                let mail = render::mail(message)
                    .map_err(|_| DeliveryFailed::for_good("the mail cannot be written"))?;
                (mail.subject, mail.text)
            }
        };
        self.add(Captured {
            id: id.to_owned(),
            at: message.at,
            channel,
            recipient: message.recipient.clone(),
            subject,
            text,
            code: message.params.get("code").cloned(),
            link: message.params.get("link").cloned(),
            not_me: message.params.get("not_me").cloned(),
        });
        Ok(())
    }

    /// Keeps what a browser would have shown.
    pub(super) fn keep_push(&self, id: &str, at: Timestamp, words: Shown) {
        self.add(Captured {
            id: id.to_owned(),
            at,
            channel: Channel::Push,
            recipient: String::new(),
            subject: words.title,
            text: words.text,
            code: None,
            link: Some(words.url),
            not_me: None,
        });
    }

    fn add(&self, message: Captured) {
        let mut kept = self.kept();
        *kept.deliveries.entry(message.id.clone()).or_default() += 1;
        // Ids sort by time: the first is the oldest.
        if kept.deliveries.len() > COUNTED {
            kept.deliveries.pop_first();
        }
        if kept.messages.len() == KEPT {
            kept.messages.pop_front();
        }
        kept.messages.push_back(message);
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
