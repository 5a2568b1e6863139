//! Notices to the citizen, and by which ways they come.

use askama::Template;

use crate::web::moments::Moment;
use crate::web::page::{Page, Pages};

/// `/account/notices`
#[derive(Template)]
#[template(path = "account/notices.html")]
pub struct NoticesPage {
    /// The frame.
    pub page: Page,
    /// Notices, newest first.
    pub notices: Vec<NoticeLine>,
    /// How many are not read, on all pages.
    pub unread: u64,
    /// Neighbouring pages.
    pub pages: Pages,
    /// Kinds of notice with their ways.
    pub categories: Vec<Category>,
    /// The ways have just been changed.
    pub saved: bool,
}

/// A notice in the inbox.
#[derive(Clone, Debug, Default)]
pub struct NoticeLine {
    /// Its number, the value of the field `notice`.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Its text.
    pub body: String,
    /// When it was sent.
    pub when: Moment,
    /// By which ways, in a phrase.
    pub ways: String,
    /// Whether it waits to be read.
    pub unread: bool,
}

/// A kind of notice.
#[derive(Clone, Debug, Default)]
pub struct Category {
    /// What it is called.
    pub title: String,
    /// What it tells of.
    pub about: String,
    /// The ways it may come by.
    pub ways: Vec<Way>,
}

/// A way for a kind of notice.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// Value of the field `way`, such as `sign-in:email`.
    pub value: String,
    /// What it is called.
    pub label: String,
    /// Whether notices of the kind come by it.
    pub on: bool,
    /// Whether it cannot be turned off (requirement D5).
    pub fixed: bool,
}
