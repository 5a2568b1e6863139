//! In the demonstration messages are not sent; they are read here.

use askama::Template;

use crate::web::moments::Moment;
use crate::web::page::Page;

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
