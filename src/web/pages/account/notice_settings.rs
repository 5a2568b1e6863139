//! How the citizen wants to be told of what (requirement D5).

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::query::Query;
use crate::account::notice_settings::{NoticeSettings, NoticeWay, Quiet, SettingsRefused};
use crate::notify::Category;
use crate::texts::{Texts, key};
use crate::web::form::Problems;
use crate::web::page::{Choice, Page};
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

/// `/account/notices/settings`
#[derive(Template)]
#[template(path = "account/notice_settings.html")]
pub struct NoticeSettingsPage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `security`, `quiet_until`.
    pub problems: Problems,
    pub rows: Vec<Row>,
    /// Whether browsers may subscribe.
    pub push: bool,
    /// Whether there are quiet hours, and which.
    pub quiet: bool,
    pub from: Vec<Choice>,
    pub until: Vec<Choice>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// A category with its ways.
pub struct Row {
    pub name: &'static str,
    pub title: String,
    pub about: String,
    pub boxes: Vec<Tick>,
}

/// A way that may be on.
pub struct Tick {
    /// The name of the field.
    pub name: String,
    pub label: String,
    pub on: bool,
}

/// What the hours are at first.
const NIGHT: Quiet = Quiet { from: 22, until: 8 };
const DONE: &[(&str, &str)] = &[("saved", key("notice-settings-saved"))];

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let done = query.done(DONE, citizen.visit.texts);
    answer(&citizen, &citizen.person.notices, Problems::none(), done)
}

/// Saves what was chosen.
pub async fn save(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let form = posted.checked(visit)?;
    let mut settings = NoticeSettings::default();
    for category in Category::ALL {
        for way in NoticeWay::ALL {
            let on = match is_offered(&citizen, way) {
                true => form.ticked(&field(category, way)),
                // What is not on the page stays as it was.
                false => citizen.person.notices.is_on(category, way),
            };
            settings.set(category, way, on);
        }
    }
    let hour = |name: &str| {
        let hour = form.text(name).parse::<i8>().ok();
        hour.filter(|hour| (0..24).contains(hour))
    };
    if form.ticked("quiet") {
        settings.quiet = Some(Quiet {
            from: hour("quiet_from").unwrap_or(NIGHT.from),
            until: hour("quiet_until").unwrap_or(NIGHT.until),
        });
    }
    let (accounts, browser) = (&visit.app.accounts, visit.browser());
    let saved = accounts
        .save_notice_settings(&citizen.session, &settings, &browser, visit.now)
        .await?;
    visit.app.outbox.wake();
    let mut problems = Problems::none();
    match saved {
        Ok(()) => return Ok(visit.go("/account/notices/settings?done=saved")),
        Err(SettingsRefused::SecuritySilent) => {
            problems.add("security", visit.texts.t("problem-notices-security"));
        }
        Err(SettingsRefused::QuietEmpty) => {
            problems.add("quiet_until", visit.texts.t("problem-notices-quiet"));
        }
    }
    answer(&citizen, &settings, problems, None)
}

/// Whether a way stands on the page.
fn is_offered(citizen: &Citizen, way: NoticeWay) -> bool {
    way != NoticeWay::Push || citizen.visit.app.accounts.has_push()
}

fn field(category: Category, way: NoticeWay) -> String {
    format!("{}_{}", category.as_str(), way.as_str())
}

fn answer(
    citizen: &Citizen,
    settings: &NoticeSettings,
    problems: Problems,
    done: Option<String>,
) -> Result<Response, PageError> {
    let texts = citizen.visit.texts;
    let row = |category: Category| {
        let (title, about) = words(texts, category);
        let tick = |way: NoticeWay| Tick {
            name: field(category, way),
            label: texts.t(match way {
                NoticeWay::Email => key("notice-way-email"),
                NoticeWay::Sms => key("notice-way-sms"),
                NoticeWay::Push => key("notice-way-push"),
                NoticeWay::Inbox => key("notice-way-inbox"),
            }),
            on: settings.is_on(category, way),
        };
        Row {
            name: category.as_str(),
            title,
            about,
            boxes: NoticeWay::ALL
                .into_iter()
                .filter(|way| is_offered(citizen, *way))
                .map(tick)
                .collect(),
        }
    };
    let hours = settings.quiet.unwrap_or(NIGHT);
    citizen.visit.show(&NoticeSettingsPage {
        page: citizen.page("notices"),
        problems,
        rows: Category::ALL.map(row).into(),
        push: citizen.visit.app.accounts.has_push(),
        quiet: settings.quiet.is_some(),
        from: choices(hours.from),
        until: choices(hours.until),
        done,
    })
}

fn choices(chosen: i8) -> Vec<Choice> {
    let choice = |hour: i8| Choice {
        value: hour.to_string(),
        label: format!("{hour:02}:00"),
        selected: hour == chosen,
    };
    (0..24).map(choice).collect()
}

fn words(texts: Texts, category: Category) -> (String, String) {
    let (title, about) = match category {
        Category::Security => (
            key("notice-category-security"),
            key("notice-about-security"),
        ),
        Category::Consents => (
            key("notice-category-consents"),
            key("notice-about-consents"),
        ),
        Category::Level => (key("notice-category-level"), key("notice-about-level")),
        Category::Account => (key("notice-category-account"), key("notice-about-account")),
        Category::Support => (key("notice-category-support"), key("notice-about-support")),
    };
    (texts.t(title), texts.t(about))
}
