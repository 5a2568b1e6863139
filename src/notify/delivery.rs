//! What carries a message out of the house, and what may come of it.

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use super::capture::Capture;
use super::message::OutgoingMessage;
use super::sms::Sms;
use super::smtp::Smtp;
use super::{CHANNELS, Channel};

/// A message did not leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeliveryFailed {
    /// Whether another try would fail too.
    pub permanent: bool,
    /// For the log and the database: no recipient, no text.
    pub why: String,
    /// How long the other side wants not to be asked again.
    pub wait: Option<Duration>,
}

impl DeliveryFailed {
    /// Worth another try.
    pub fn for_now(why: impl Into<String>) -> Self {
        Self {
            permanent: false,
            why: why.into(),
            wait: None,
        }
    }

    /// Not worth another try.
    pub fn for_good(why: impl Into<String>) -> Self {
        Self {
            permanent: true,
            why: why.into(),
            wait: None,
        }
    }
}

/// Delivers what lies in the outbox under one channel's name. May be asked
/// again with the same `id` when it is unknown whether the last try arrived:
/// passes the id on, so that the other side can tell a repeat.
pub trait Deliver: Send + Sync {
    /// Delivers one payload, already opened if it lay sealed.
    fn deliver<'a>(
        &'a self,
        id: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>>;
}

/// What a channel's messages go through.
pub enum Transport {
    /// A mail server.
    Smtp(Box<Smtp>),
    /// An SMS gateway.
    Sms(Box<Sms>),
    /// Memory, to be read on a page of the demonstration and by tests.
    Capture(Arc<Capture>),
    /// Nothing yet: messages wait for configuration until they expire.
    Unconfigured,
}

/// A transport for each channel.
pub struct Transports {
    /// For mail.
    pub email: Transport,
    /// For text messages.
    pub sms: Transport,
}

impl Transports {
    /// Everything into one memory.
    pub fn captured(capture: &Arc<Capture>) -> Self {
        Self {
            email: Transport::Capture(capture.clone()),
            sms: Transport::Capture(capture.clone()),
        }
    }

    /// Whether messages of this channel can go anywhere.
    pub const fn has(&self, channel: Channel) -> bool {
        let transport = match channel {
            Channel::Email => &self.email,
            Channel::Sms => &self.sms,
            Channel::Push => return false,
        };
        !matches!(transport, Transport::Unconfigured)
    }

    /// The handlers of all channels, by the name in the outbox.
    pub(super) fn into_handlers(self) -> Vec<(&'static str, Arc<dyn Deliver>)> {
        let (mut email, mut sms) = (Some(self.email), Some(self.sms));
        CHANNELS
            .iter()
            .filter_map(|row| {
                let transport = match row.channel {
                    Channel::Email => email.take(),
                    Channel::Sms => sms.take(),
                    // Its lane is another: storage writes into it.
                    Channel::Push => None,
                }?;
                let handler = MessageDelivery {
                    channel: row.channel,
                    transport,
                };
                Some((row.name, Arc::new(handler) as Arc<dyn Deliver>))
            })
            .collect()
    }
}

struct MessageDelivery {
    channel: Channel,
    transport: Transport,
}

impl Deliver for MessageDelivery {
    fn deliver<'a>(
        &'a self,
        id: &'a str,
        payload: &'a [u8],
    ) -> BoxFuture<'a, Result<(), DeliveryFailed>> {
        Box::pin(async move {
            let message: OutgoingMessage = serde_json::from_slice(payload)
                .map_err(|_| DeliveryFailed::for_good("not a message of this version"))?;
            match &self.transport {
                Transport::Smtp(smtp) => smtp.send(id, &message).await,
                Transport::Sms(sms) => sms.send(id, &message).await,
                Transport::Capture(capture) => capture.keep(id, self.channel, &message),
                Transport::Unconfigured => {
                    Err(DeliveryFailed::for_now("the channel is not configured"))
                }
            }
        })
    }
}
