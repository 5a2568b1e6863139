//! Which lines of the journal are asked for, and in which order.

use std::cmp::Reverse;

use super::actions::ACTIONS;
use super::journal::JournalLine;
use super::query::{Query, address};
use crate::web::page::Column;

/// The address of the list.
pub const PATH: &str = "/account/journal";

/// Headings, by their names in addresses.
pub const WHEN: &str = "when";
pub const ACTION: &str = "action";
pub const ACTOR: &str = "actor";

/// Which lines are asked for, and in which order.
pub struct Wanted {
    /// One kind of action, or all.
    pub kind: Option<&'static str>,
    /// The heading that gives the order.
    pub sort: &'static str,
    pub ascending: bool,
}

impl Wanted {
    /// Reads the address; names nobody knows are as good as none.
    pub fn parse(query: &Query) -> Self {
        let sort = query.one_of("sort", [WHEN, ACTION, ACTOR]).unwrap_or(WHEN);
        Self {
            kind: query.one_of("kind", ACTIONS.iter().map(|(name, _)| *name)),
            sort,
            // The newest first; words from their beginning.
            ascending: match query.text("order") {
                "asc" => true,
                "desc" => false,
                _ => sort != WHEN,
            },
        }
    }

    /// The direction as addresses name it.
    pub const fn direction(&self) -> &'static str {
        if self.ascending { "asc" } else { "desc" }
    }

    /// The fields that keep it in an address.
    pub fn fields(&self) -> [(&'static str, &'static str); 3] {
        [
            ("kind", self.kind.unwrap_or_default()),
            ("sort", self.sort),
            ("order", self.direction()),
        ]
    }

    /// Puts lines in order by their words; equal ones stay newest first.
    pub fn order(&self, lines: &mut [JournalLine]) {
        let word = |line: &JournalLine| match self.sort {
            ACTION => line.action.to_lowercase(),
            ACTOR => line.actor.to_lowercase(),
            _ => String::new(),
        };
        if self.ascending {
            lines.sort_by_cached_key(word);
        } else {
            lines.sort_by_cached_key(|line| Reverse(word(line)));
        }
    }

    /// A heading that leads to the order it gives.
    pub fn column(&self, name: &'static str, title: String) -> Column {
        let current = self.sort == name;
        // The heading in use turns the order round, another one begins anew.
        let turned = Self {
            kind: self.kind,
            sort: name,
            ascending: if current {
                !self.ascending
            } else {
                name != WHEN
            },
        };
        Column {
            title,
            href: address(PATH, &turned.fields()),
            order: match (current, self.ascending) {
                (false, _) => "none",
                (true, true) => "ascending",
                (true, false) => "descending",
            },
        }
    }
}
