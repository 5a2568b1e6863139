//! Messages to people: what may be said, through which channel, and a durable
//! outbox that says it. A message is composed and sealed here, stored by the
//! step it belongs to (`Effects`), and sent by the outbox worker; the inbox of
//! the cabinet is rendered from the same texts. Who is told of what is decided
//! by the rooms above.

pub mod capture;
mod category;
pub mod delivery;
mod in_hand;
pub mod kind;
mod letter;
pub mod message;
pub mod outbox;
mod param;
pub mod push;
mod render;
pub mod retry;
pub mod settings;
mod sms;
mod smtp;

#[cfg(test)]
mod tests;

pub use capture::{Capture, Captured};
pub use category::Category;
pub use delivery::{Deliver, DeliveryFailed, Transport, Transports};
pub use kind::{Importance, KINDS, MessageKind};
pub use message::{OutgoingMessage, Params, compose, notice, recipient_index};
pub use outbox::Outbox;
pub use param::{Param, Shape};
pub use push::{NoticesSettings, PushSettings, push};
pub use render::{read_notice, render_notice};
pub use settings::{SmsSettings, SmtpSettings, secret};
pub use sms::Sms;
pub use smtp::Smtp;

/// A way to a person outside our pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Channel {
    /// Mail by SMTP.
    Email,
    /// A text message through an HTTP gateway.
    Sms,
    /// A notice in a browser, by way of its push service.
    Push,
}

/// A row of [`CHANNELS`].
#[derive(Debug)]
pub struct ChannelRow {
    /// The channel described.
    pub channel: Channel,
    /// Its name in the outbox, in metrics and in settings.
    pub name: &'static str,
    /// The kind of contact it reaches.
    pub contact: &'static str,
}

/// Every channel.
pub const CHANNELS: &[ChannelRow] = &[
    ChannelRow {
        channel: Channel::Email,
        name: "email",
        contact: "email",
    },
    ChannelRow {
        channel: Channel::Sms,
        name: "sms",
        contact: "phone",
    },
    ChannelRow {
        channel: Channel::Push,
        name: "push",
        contact: "browser",
    },
];

impl Channel {
    /// Its name in the outbox, in metrics and in settings.
    pub fn as_str(self) -> &'static str {
        CHANNELS
            .iter()
            .find(|row| row.channel == self)
            .map_or("", |row| row.name)
    }

    /// The channel that reaches this kind of contact (`phone`, `email`).
    pub fn of_contact(kind: &str) -> Option<Self> {
        CHANNELS
            .iter()
            .find(|row| row.contact == kind)
            .map(|row| row.channel)
    }
}
