//! What every page carries, and the small pieces several pages show.

use std::borrow::Borrow;
use std::fmt::Display;

use crate::texts::{Lang, Texts, key};

/// What the frame of a page needs; each page's template has it as `page`.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The words, in the citizen's language.
    pub texts: Texts,
    /// Value of the hidden field `csrf` of every form.
    pub csrf: String,
    /// Path and query of this page, for the language switch.
    pub path: String,
    /// Display name of the citizen who is signed in.
    pub citizen: Option<String>,
    /// Part of the cabinet shown, one of `SECTIONS`.
    pub section: Option<&'static str>,
    /// Whether this is the demonstration, where messages are read in the browser.
    pub demo: bool,
    /// Whether an operator signed in with a key.
    pub has_key: bool,
    /// The menu of the console, for operators.
    pub console: Vec<ConsoleLink>,
    /// Minutes without a request after which a session ends.
    pub idle_minutes: u64,
    /// When the page is left by itself, in a flow; elsewhere a header says it.
    pub leaving: Option<Leaving>,
    /// The address where the page looks every few seconds whether what it
    /// waits for has come; shown with [`super::visit::Visit::show_watched`].
    pub watched: Option<String>,
}

/// A page that is left as the session ends.
#[derive(Clone, Debug)]
pub struct Leaving {
    /// From now.
    pub seconds: u64,
    /// Where to.
    pub href: String,
}

/// The parts of the cabinet in the order of its menu: name, address, text key.
const SECTIONS: [(&str, &str, &str); 10] = [
    ("overview", "/account", key("section-overview")),
    ("profile", "/account/profile", key("section-profile")),
    ("documents", "/account/documents", key("section-documents")),
    ("level", "/account/level", key("section-level")),
    ("security", "/account/security", key("section-security")),
    ("history", "/account/history", key("section-history")),
    ("consents", "/account/consents", key("section-consents")),
    ("journal", "/account/journal", key("section-journal")),
    ("notices", "/account/notices", key("section-notices")),
    ("support", "/account/support", key("section-support")),
];

/// A line of the console's menu.
#[derive(Clone, Debug, Default)]
pub struct ConsoleLink {
    /// Where it leads.
    pub href: &'static str,
    pub id: &'static str,
    /// What it is called.
    pub title: String,
    /// What waits there, in a word.
    pub badge: Option<String>,
}

/// A line of the cabinet's menu.
pub struct Section {
    /// Where it leads.
    pub href: &'static str,
    /// What it is called.
    pub title: String,
    /// Whether it is the part shown.
    pub current: bool,
}

impl Page {
    /// When it is left by itself; never while it waits for something.
    pub fn leaves(&self) -> Option<&Leaving> {
        self.leaving.as_ref().filter(|_| self.watched.is_none())
    }

    /// The text of a key.
    pub fn t(&self, key: &str) -> String {
        self.texts.t(key)
    }

    /// The text of a key with one value put into its place.
    pub fn say(&self, key: &str, name: &str, value: impl Display) -> String {
        self.texts.say(key, name, value)
    }

    /// The text of a key in the plural of a number.
    pub fn count(&self, key: &str, count: impl Borrow<u64>) -> String {
        self.texts.count(key, count)
    }

    /// The language of the page.
    pub const fn lang(&self) -> &'static str {
        self.texts.lang().as_str()
    }

    /// Languages for the switch: tag, own name, this page in it, whether it is spoken now.
    pub fn languages(&self) -> Vec<(&'static str, &'static str, String, bool)> {
        let now = self.texts.lang();
        let line = |lang: Lang| {
            (
                lang.as_str(),
                lang.own_name(),
                self.path_in(lang),
                lang == now,
            )
        };
        Lang::ALL.into_iter().map(line).collect()
    }

    /// The cabinet's menu.
    pub fn sections(&self) -> Vec<Section> {
        let line = |(name, href, title): (&str, &'static str, &str)| Section {
            href,
            title: self.t(title),
            current: self.section == Some(name),
        };
        SECTIONS.into_iter().map(line).collect()
    }

    /// This page with `lang=…` in the query instead of any earlier one. Only a
    /// path on this server is ever linked.
    fn path_in(&self, lang: Lang) -> String {
        let (path, query) = self.path.split_once('?').unwrap_or((&self.path, ""));
        let local = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
        let mut link = if local { path } else { "/" }.to_owned();
        link.push('?');
        for pair in query.split('&') {
            if !pair.is_empty() && pair != "lang" && !pair.starts_with("lang=") {
                link.push_str(pair);
                link.push('&');
            }
        }
        link.push_str("lang=");
        link.push_str(lang.as_str());
        link
    }
}

/// A site that signs citizens in, as pages show it.
#[derive(Clone, Debug, Default)]
pub struct Site {
    /// Its display name in the language of the page.
    pub name: String,
    /// Address of its logo.
    pub logo: Option<String>,
}

/// A coloured word: `info`, `success`, `warning`, `danger` or `plain`.
#[derive(Clone, Debug, Default)]
pub struct Badge {
    /// Which of the five.
    pub kind: &'static str,
    /// The word, in the language of the page.
    pub text: String,
}

/// A line of a drop-down list.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// What the form sends.
    pub value: String,
    /// What the citizen reads.
    pub label: String,
    /// Whether it is chosen now.
    pub selected: bool,
}

/// A long list is shown by pages; links are ready for `href`.
#[derive(Clone, Debug, Default)]
pub struct Pages {
    /// The page before.
    pub previous: Option<String>,
    /// The page after.
    pub next: Option<String>,
    /// Number of this page, from 1.
    pub number: u64,
}

/// A heading by which a table is sorted.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// What the heading says.
    pub title: String,
    /// Address of the table sorted by it, or the other way round.
    pub href: String,
    /// `ascending`, `descending` or `none`, for `aria-sort`.
    pub order: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(path: &str) -> Page {
        Page {
            path: path.to_owned(),
            ..Page::default()
        }
    }

    #[test]
    fn language_switch_keeps_the_rest_of_the_query() {
        let link = page("/sign-in?flow=abc&lang=ru").path_in(Lang::En);
        assert_eq!(link, "/sign-in?flow=abc&lang=en");
        assert_eq!(page("/").path_in(Lang::Ru), "/?lang=ru");
    }

    #[test]
    fn language_switch_never_leads_away() {
        for path in [
            "//evil.example/",
            "https://evil.example/",
            "/\\evil.example",
            "",
        ] {
            assert_eq!(page(path).path_in(Lang::En), "/?lang=en");
        }
    }
}
