//! Everything done with the account, by anyone (requirement D4).

use askama::Template;
use axum::response::Response;

use super::actions::{self, ACTIONS};
use super::citizen::Citizen;
use super::journal_order::{ACTION, ACTOR, PATH, WHEN, Wanted};
use super::query::{Part, Query, address};
use super::sites::Sites;
use super::table::download;
use super::words::choices;
use crate::account::journal::{Actor, JournalLine as Written};
use crate::storage::HistoryFilter;
use crate::texts::key;
use crate::web::moments::{Moment, Zone};
use crate::web::page::{Choice, Column, Page, Pages};
use crate::web::page_error::PageError;

/// `/account/journal`
#[derive(Template)]
#[template(path = "account/journal.html")]
pub struct JournalPage {
    /// The frame.
    pub page: Page,
    /// Kinds of action, the first of them `any`; field `kind`.
    pub kinds: Vec<Choice>,
    /// Whether only one kind is shown.
    pub filtered: bool,
    /// The order, kept while the kind is chosen anew: `sort` and `order`.
    pub sort: &'static str,
    pub order: &'static str,
    /// Headings: when, what, who.
    pub when: Column,
    /// Heading of the action.
    pub action: Column,
    /// Heading of who did it.
    pub actor: Column,
    /// The lines.
    pub lines: Vec<JournalLine>,
    /// The same lines as a file.
    pub csv_href: String,
    /// Neighbouring pages.
    pub pages: Pages,
}

/// An action.
#[derive(Clone, Debug, Default)]
pub struct JournalLine {
    /// When.
    pub when: Moment,
    /// What was done.
    pub action: String,
    /// To what, if that needs saying.
    pub subject: Option<String>,
    /// Who did it: the citizen, a site, the system.
    pub actor: String,
    /// The network address it came from, if any.
    pub place: Option<String>,
}

const LINES: usize = 50;
/// A file holds as many of the newest lines, and so many are put in order by
/// their words.
const MOST: i64 = 20_000;

/// The list.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let texts = citizen.visit.texts;
    let wanted = Wanted::parse(&query);
    let part = Part {
        number: query.page(),
        lines: LINES,
    };
    let mut lines = if wanted.sort == WHEN {
        load(&citizen, &wanted, part.limit(), part.offset()).await?
    } else {
        // Words are put in order here: the database knows them in no language,
        // and a site by its id only.
        let mut all = load(&citizen, &wanted, MOST, 0).await?;
        wanted.order(&mut all);
        let before = usize::try_from(part.offset()).unwrap_or(usize::MAX);
        all.into_iter().skip(before).take(LINES + 1).collect()
    };
    let pages = part.cut(&mut lines, PATH, &wanted.fields());
    let kinds = ACTIONS.iter().map(|(name, key)| (*name, texts.t(key)));
    let column = |name, title: &str| wanted.column(name, texts.t(title));
    citizen.visit.show(&JournalPage {
        page: citizen.page("journal"),
        kinds: choices(texts.t("journal-any-kind"), kinds, wanted.kind),
        filtered: wanted.kind.is_some(),
        sort: wanted.sort,
        order: wanted.direction(),
        when: column(WHEN, key("journal-when")),
        action: column(ACTION, key("journal-action")),
        actor: column(ACTOR, key("journal-actor")),
        lines,
        csv_href: address("/account/journal.csv", &wanted.fields()),
        pages,
    })
}

/// The same lines as a file.
pub async fn csv(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let wanted = Wanted::parse(&query);
    let mut lines = load(&citizen, &wanted, MOST, 0).await?;
    wanted.order(&mut lines);
    let rows = lines.into_iter().map(|line| {
        vec![
            line.when.text,
            line.action,
            line.subject.unwrap_or_default(),
            line.actor,
            line.place.unwrap_or_default(),
        ]
    });
    let headings = [
        key("journal-when"),
        key("journal-action"),
        key("journal-subject"),
        key("journal-actor"),
        key("history-address"),
    ];
    download(
        &citizen.visit,
        &citizen.zone(),
        "journal",
        &headings,
        rows.collect(),
    )
}

async fn load(
    citizen: &Citizen,
    wanted: &Wanted,
    limit: i64,
    offset: i64,
) -> Result<Vec<JournalLine>, PageError> {
    let visit = &citizen.visit;
    let filter = HistoryFilter {
        action: wanted.kind.map(str::to_owned),
        limit,
        offset,
        ..HistoryFilter::default()
    };
    let ascending = wanted.sort == WHEN && wanted.ascending;
    let found = visit
        .app
        .accounts
        .journal(citizen.account(), &filter, ascending)
        .await?;
    let zone = citizen.zone();
    let mut sites = Sites::of(visit);
    let mut lines = Vec::with_capacity(found.len());
    for line in found {
        lines.push(shown(citizen, &zone, &mut sites, line).await?);
    }
    Ok(lines)
}

async fn shown(
    citizen: &Citizen,
    zone: &Zone,
    sites: &mut Sites<'_>,
    line: Written,
) -> Result<JournalLine, PageError> {
    let texts = citizen.visit.texts;
    Ok(JournalLine {
        when: zone.date_time(line.at),
        action: actions::title(texts, &line.action),
        subject: actions::subject(texts, &line),
        actor: match &line.actor {
            // Whoever tried is not known to be the citizen.
            Actor::Citizen if actions::is_failed_try(&line.action) => texts.t("actor-unknown"),
            Actor::Citizen => texts.t("actor-citizen"),
            Actor::System => texts.t("actor-system"),
            Actor::Operator => texts.t("actor-operator"),
            Actor::Client(client) => sites.site(client).await?.name,
        },
        place: line.address,
    })
}
