//! Notices to the citizen: the inbox, which keeps what went out by mail and
//! SMS as well.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::query::{Part, Query, address};
use crate::texts::key;
use crate::web::moments::Moment;
use crate::web::page::{Page, Pages};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/notices`
#[derive(Template)]
#[template(path = "account/notices.html")]
pub struct NoticesPage {
    /// The frame.
    pub page: Page,
    /// Notices, newest first.
    pub notices: Vec<NoticeLine>,
    /// Whether browsers may subscribe.
    pub push: bool,
    /// How many are not read, on all pages.
    pub unread: u64,
    /// Neighbouring pages.
    pub pages: Pages,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

impl NoticesPage {
    /// Where a read notice is reported, to come back to the same page.
    fn read_action(&self) -> String {
        match self.pages.number {
            1 => "/account/notices/read".to_owned(),
            number => format!("/account/notices/read?page={number}"),
        }
    }
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
    /// Whether it waits to be read.
    pub unread: bool,
}

const PATH: &str = "/account/notices";
const LINES: usize = 20;
const DONE: &[(&str, &str)] = &[
    ("read", key("notices-read-done")),
    ("all", key("notices-read-all-done")),
];

/// The inbox.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let (accounts, account) = (&visit.app.accounts, citizen.account());
    let part = Part {
        number: query.page(),
        lines: LINES,
    };
    let mut found = accounts
        .notices(account, visit.texts, part.limit(), part.offset())
        .await?;
    let pages = part.cut(&mut found, PATH, &[]);
    let zone = citizen.zone();
    let lines = found.into_iter().map(|notice| NoticeLine {
        id: notice.id,
        title: notice.title,
        body: notice.body,
        when: zone.date_time(notice.at),
        unread: !notice.read,
    });
    visit.show(&NoticesPage {
        page: citizen.page("notices"),
        notices: lines.collect(),
        push: accounts.has_push(),
        unread: accounts.unread_notices(account).await?,
        pages,
        done: query.done(DONE, visit.texts),
    })
}

/// Marks one notice, or all of them, as read.
pub async fn read(citizen: Citizen, query: Query, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let (one, done) = match form.text("notice") {
        "all" => (None, "all"),
        id => (Some(id), "read"),
    };
    let accounts = &visit.app.accounts;
    accounts
        .mark_notices_read(citizen.account(), one, visit.now)
        .await?;
    let page = query.page().to_string();
    let page = if page == "1" { "" } else { &page };
    Ok(visit.go(&address(PATH, &[("page", page), ("done", done)])))
}
