//! The citizen decides what a site may know.

use askama::Template;

use crate::web::form::Problems;
use crate::web::page::{Page, Site};

/// `/consent`
#[derive(Template)]
#[template(path = "consent.html")]
pub struct ConsentPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields, as a rule none.
    pub problems: Problems,
    /// Who asks.
    pub site: Site,
    /// Host name to which the citizen returns.
    pub host: String,
    /// Why the site asks, in its own words.
    pub purpose: String,
    /// The site's personal-data policy.
    pub policy_uri: Option<String>,
    /// The site's terms of use.
    pub terms_uri: Option<String>,
    /// What is asked for, by scope.
    pub groups: Vec<ConsentGroup>,
    /// For how long, as a phrase.
    pub term: String,
    /// Whether the site asks to read the data while the citizen is away.
    pub offline: bool,
    /// Name of the citizen and a masked contact.
    pub signed_in_as: String,
    /// Signing in as somebody else, with the same flow.
    pub switch_href: String,
}

/// The attributes of one scope.
#[derive(Clone, Debug, Default)]
pub struct ConsentGroup {
    /// Name of the scope, the value of the field `optional`.
    pub scope: String,
    /// Its title (texts `scope-…`).
    pub title: String,
    /// Whether it may be left out.
    pub optional: bool,
    /// Whether an optional one is ticked.
    pub ticked: bool,
    /// What it holds.
    pub attributes: Vec<Attribute>,
}

/// An attribute with its value of today.
#[derive(Clone, Debug, Default)]
pub struct Attribute {
    /// What it is called.
    pub label: String,
    /// Its masked value; none if the account has none.
    pub value: Option<String>,
}
