//! A mail in its headers (RFC 5322, RFC 2045).

use std::time::SystemTime;

use lettre::message::header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, MultiPartKind, SinglePart};

use super::message::OutgoingMessage;
use super::render;
use crate::error::Result;
use crate::model::timestamp::Timestamp;

/// The whole mail. It depends on nothing but the message and its id, so that a
/// repeat after a crash is the same mail byte for byte, and servers that know
/// its Message-ID deliver it once.
pub fn letter(from: &Mailbox, id: &str, message: &OutgoingMessage) -> Result<Message> {
    let words = render::mail(message)?;
    let parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(format!("part-{id}"))
        .singlepart(part(ContentType::TEXT_PLAIN, words.text))
        .singlepart(part(ContentType::TEXT_HTML, words.html));
    Ok(Message::builder()
        .from(from.clone())
        .to(Mailbox::new(None, message.recipient.parse()?))
        .subject(words.subject)
        .date(system_time(message.at))
        .message_id(Some(format!("<{id}@{}>", from.email.domain())))
        // Holiday replies and other programs stay silent (RFC 3834 §5).
        .raw_header(raw("Auto-Submitted", "auto-generated"))
        .raw_header(raw("Content-Language", message.lang.as_str()))
        .multipart(parts)?)
}

fn part(content_type: ContentType, words: String) -> SinglePart {
    SinglePart::builder()
        .header(content_type)
        // Base64 keeps every line within RFC 5322 §2.1.1 and free of dots and
        // "From " that relays rewrite.
        .header(ContentTransferEncoding::Base64)
        .body(words)
}

fn raw(name: &'static str, value: &'static str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn system_time(at: Timestamp) -> SystemTime {
    SystemTime::UNIX_EPOCH + at.since(Timestamp::default())
}
