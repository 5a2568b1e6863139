//! Consents of the citizen: the list and the card.

use askama::Template;

use crate::web::moments::Moment;
use crate::web::page::{Badge, Choice, Page, Site};
use crate::web::pages::consent::ConsentGroup;

/// `/account/consents`
#[derive(Template)]
#[template(path = "account/consents.html")]
pub struct ConsentsPage {
    /// The frame.
    pub page: Page,
    /// Consents in force.
    pub active: Vec<ConsentLine>,
    /// Withdrawn and lapsed ones.
    pub past: Vec<ConsentLine>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// A consent in the list.
#[derive(Clone, Debug, Default)]
pub struct ConsentLine {
    /// Address of its card.
    pub href: String,
    /// To whom.
    pub site: Site,
    /// What it covers, in a phrase.
    pub covers: String,
    /// When it was given.
    pub given: Moment,
    /// When it ends or ended; none while it has no end.
    pub ends: Option<Moment>,
    /// When it was last made use of.
    pub last_use: Option<Moment>,
    /// In force, ending soon, withdrawn, lapsed.
    pub state: Badge,
}

/// `/account/consents/{id}`
#[derive(Template)]
#[template(path = "account/consent.html")]
pub struct ConsentCardPage {
    /// The frame.
    pub page: Page,
    /// Number of the consent, as in its address.
    pub id: String,
    /// To whom.
    pub site: Site,
    /// Why, in the words of the recipient.
    pub purpose: String,
    /// The recipient's personal-data policy.
    pub policy_uri: Option<String>,
    /// The recipient's terms of use.
    pub terms_uri: Option<String>,
    /// In force, ending soon, withdrawn, lapsed.
    pub state: Badge,
    /// Whether it can be changed and withdrawn.
    pub active: bool,
    /// When it was given.
    pub given: Moment,
    /// When it ends or ended; none while it has no end.
    pub ends: Option<Moment>,
    /// When it was last made use of.
    pub last_use: Option<Moment>,
    /// What it covers, by scope; optional ones can be taken back alone.
    pub groups: Vec<ConsentGroup>,
    /// Terms that may be chosen, field `term`.
    pub terms: Vec<Choice>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

impl ConsentCardPage {
    /// Whether there is anything that can be taken back alone.
    fn can_narrow(&self) -> bool {
        self.groups.iter().any(|group| group.optional)
    }
}
