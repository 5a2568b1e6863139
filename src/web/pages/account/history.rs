//! Every attempt to sign in (requirement D1).

use askama::Template;

use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::page::{Badge, Choice, Page, Pages};

/// `/account/history`
#[derive(Template)]
#[template(path = "account/history.html")]
pub struct HistoryPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields of the filter: `from`, `to`.
    pub problems: Problems,
    /// First day, as typed.
    pub from: String,
    /// Last day, as typed.
    pub to: String,
    /// Kinds of device, the first of them `any`.
    pub devices: Vec<Choice>,
    /// Kinds of status, the first of them `any`.
    pub statuses: Vec<Choice>,
    /// Whether the filter hides anything.
    pub filtered: bool,
    /// The lines, newest first.
    pub lines: Vec<HistoryLine>,
    /// The same lines as a file.
    pub csv_href: String,
    /// Neighbouring pages.
    pub pages: Pages,
    /// Full name of the citizen, for the printed sheet.
    pub name: String,
}

/// An attempt to sign in.
#[derive(Clone, Debug, Default)]
pub struct HistoryLine {
    /// When, with the zone.
    pub when: Moment,
    /// How it ended.
    pub status: Badge,
    /// Network address.
    pub address: String,
    /// Place, if known.
    pub place: Option<String>,
    /// Kind of device.
    pub device: String,
    /// System and browser.
    pub agent: String,
    /// What was proven by.
    pub factors: String,
    /// The site that was signed in to; none for the cabinet itself.
    pub site: Option<String>,
}
