//! Every attempt to sign in (requirement D1).

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::history_filter::Filter;
use super::query::{Part, Query, address};
use super::sites::Sites;
use super::table::download;
use super::words;
use crate::account::history::{DEVICE_KINDS, SignInLine, Status};
use crate::model::id::SessionId;
use crate::texts::{Texts, key};
use crate::web::form::Problems;
use crate::web::moments::{Moment, Zone};
use crate::web::page::{Badge, Choice, Page, Pages};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

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
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

impl HistoryPage {
    /// A date field, unless what was typed is no date: such a field would hide
    /// what there is to mend.
    fn kind_of(&self, typed: &str) -> &'static str {
        let is_day = typed.is_empty() || typed.parse::<jiff::civil::Date>().is_ok();
        if is_day { "date" } else { "text" }
    }
}

/// An attempt to sign in.
#[derive(Clone, Debug, Default)]
pub struct HistoryLine {
    /// When, with the zone.
    pub when: Moment,
    /// How it ended.
    pub status: Badge,
    /// The number support finds the block by.
    pub block_number: Option<String>,
    /// What was unusual, a sentence each.
    pub reasons: Vec<String>,
    /// Network address.
    pub address: String,
    /// Kind of device.
    pub device: String,
    /// System and browser.
    pub agent: String,
    /// What was proven by.
    pub factors: String,
    /// Where it led: a site or the cabinet; empty for the end of a session.
    pub site: String,
    /// The session of a sign-in that may have been somebody else's.
    pub disown: Option<String>,
}

const DONE: &[(&str, &str)] = &[("not-me", key("history-not-me-done"))];
const PATH: &str = "/account/history";
const LINES: usize = 30;
/// A file holds as many of the newest lines.
const LINES_OF_FILE: i64 = 20_000;

/// The list.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let texts = visit.texts;
    let zone = citizen.zone();
    let filter = Filter::parse(&query, texts);
    let part = Part {
        number: query.page(),
        lines: LINES,
    };
    let mut found = Vec::new();
    if filter.problems.is_empty() {
        let records = filter.records(&zone, part.limit(), part.offset());
        found = visit
            .app
            .accounts
            .history(citizen.account(), &records)
            .await?;
    }
    let pages = part.cut(&mut found, PATH, &filter.fields());
    let mut sites = Sites::of(visit);
    let mut lines = Vec::new();
    for line in &found {
        let mut shown = shown(texts, &zone, &mut sites, line).await?;
        shown.disown = line
            .session
            .as_ref()
            .filter(|id| line.status == Status::Success && **id != citizen.session.id)
            .map(ToString::to_string);
        lines.push(shown);
    }
    let kinds = DEVICE_KINDS.map(|kind| (kind, words::device_kind(texts, kind)));
    let ends = Status::ALL.map(|status| (status.as_str(), words::status(texts, status)));
    visit.show(&HistoryPage {
        page: citizen.page("history"),
        from: filter.from.clone(),
        to: filter.to.clone(),
        devices: words::choices(texts.t("filter-any-device"), kinds, filter.device),
        statuses: words::choices(texts.t("filter-any-status"), ends, filter.status),
        filtered: filter.is_set(),
        lines,
        csv_href: address("/account/history.csv", &filter.fields()),
        pages,
        name: citizen.person.profile.full_name(),
        done: query.done(DONE, texts),
        problems: filter.problems,
    })
}

/// Disowns a sign-in. One of somebody else is as unknown as one that never was.
pub async fn not_me(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let id = SessionId::from(form.text("session"));
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    if !accounts
        .disown_sign_in(&citizen.session, &id, &browser, visit.now)
        .await?
    {
        return Err(PageError::NotFound);
    }
    visit.app.outbox.wake();
    // The duty to set another password comes first.
    Ok(visit.go("/account/history?done=not-me"))
}

/// The same lines as a file.
pub async fn csv(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let texts = visit.texts;
    let filter = Filter::parse(&query, texts);
    if !filter.problems.is_empty() {
        return Ok(visit.go(&address(PATH, &filter.fields())));
    }
    let zone = citizen.zone();
    let records = filter.records(&zone, LINES_OF_FILE, 0);
    let mut sites = Sites::of(visit);
    let mut rows = Vec::new();
    for line in visit
        .app
        .accounts
        .history(citizen.account(), &records)
        .await?
    {
        let cells = shown(texts, &zone, &mut sites, &line).await?;
        rows.push(vec![
            cells.when.text,
            cells.status.text,
            cells.block_number.unwrap_or_default(),
            cells.address,
            cells.device,
            line.details.os,
            line.details.browser,
            cells.factors,
            cells.site,
            cells.reasons.join("; "),
        ]);
    }
    let headings = [
        key("history-when"),
        key("history-status"),
        key("history-block"),
        key("history-address"),
        key("history-device"),
        key("history-system"),
        key("history-browser"),
        key("history-factors"),
        key("history-site"),
        key("history-reasons"),
    ];
    download(visit, &zone, "history", &headings, rows)
}

async fn shown(
    texts: Texts,
    zone: &Zone,
    sites: &mut Sites<'_>,
    line: &SignInLine,
) -> Result<HistoryLine, PageError> {
    let is_try = !matches!(line.status, Status::SignedOut | Status::TimedOut);
    let site = match &line.client {
        Some(client) => sites.site(client).await?.name,
        None if is_try => texts.t("history-site-own"),
        None => String::new(),
    };
    Ok(HistoryLine {
        when: zone.date_time(line.at),
        status: words::status_badge(texts, line.status),
        block_number: line.details.block_number.clone(),
        reasons: line
            .details
            .reasons
            .iter()
            .map(|reason| words::reason(texts, reason))
            .collect(),
        address: line.details.address.clone(),
        device: words::device_kind(texts, &line.device_kind),
        agent: words::agent(texts, &line.details),
        factors: words::factors(texts, &line.factors),
        site,
        disown: None,
    })
}
