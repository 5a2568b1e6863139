//! In the demonstration messages are not sent; they are read here.

use askama::Template;
use axum::response::Response;

use crate::notify::Channel;
use crate::texts::key;
use crate::web::cabinet::citizen;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// `/demo/messages`
#[derive(Template)]
#[template(path = "demo_messages.html")]
pub struct DemoMessagesPage {
    /// The frame.
    pub page: Page,
    /// The messages, newest first.
    pub messages: Vec<DemoMessage>,
}

/// A message as it would have been sent.
#[derive(Clone, Debug, Default)]
pub struct DemoMessage {
    /// `SMS`, `e-mail`.
    pub channel: String,
    /// Phone or address.
    pub to: String,
    /// When.
    pub when: Moment,
    /// Subject of a letter; empty in an SMS.
    pub subject: String,
    /// The text.
    pub body: String,
    /// The code in it, shown large to be copied.
    pub code: Option<String>,
    /// The link in it.
    pub link: Option<String>,
}

/// The page.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let person = citizen(&visit).await?;
    let zone = visit.zone(person.as_deref());
    let captured = visit.app.capture.as_ref().map(|capture| capture.messages());
    let messages = captured
        .unwrap_or_default()
        .into_iter()
        .map(|message| DemoMessage {
            channel: visit.texts.t(match message.channel {
                Channel::Sms => key("demo-channel-sms"),
                Channel::Email => key("demo-channel-email"),
                Channel::Push => key("demo-channel-push"),
            }),
            to: message.recipient,
            when: zone.date_time(message.at),
            subject: message.subject,
            body: message.text,
            code: message.code,
            link: message.link,
        })
        .collect();
    visit.show(&DemoMessagesPage {
        page: visit.page(person.as_deref()),
        messages,
    })
}
