//! Which part of the sign-in history is asked for.

use std::borrow::Cow;

use jiff::civil::Date;

use super::query::Query;
use crate::account::history::{DEVICE_KINDS, Status};
use crate::storage::HistoryFilter;
use crate::texts::Texts;
use crate::web::form::Problems;
use crate::web::moments::Zone;

/// The filter as it came, checked.
pub struct Filter {
    /// First and last day: as browsers write them, or as typed when they are
    /// no days.
    pub from: String,
    pub to: String,
    pub device: Option<&'static str>,
    pub status: Option<&'static str>,
    /// Wrong fields: `from`, `to`.
    pub problems: Problems,
    days: [Option<Date>; 2],
}

impl Filter {
    /// Reads the filter; kinds nobody knows are as good as none.
    pub fn parse(query: &Query, texts: Texts) -> Self {
        let mut problems = Problems::none();
        let [from, to] = ["from", "to"].map(|field| query.text(field).trim());
        let days = [("from", from), ("to", to)].map(|(field, text)| {
            let day = parse_day(text);
            if day.is_none() && !text.is_empty() {
                problems.add(field, texts.t("problem-date"));
            }
            day
        });
        if let [Some(first), Some(last)] = days
            && last < first
        {
            problems.add("to", texts.t("problem-dates-order"));
        }
        let [first, last] = days;
        let written = |day: Option<Date>, typed: &str| {
            day.map_or_else(|| typed.to_owned(), |day| day.to_string())
        };
        Self {
            from: written(first, from),
            to: written(last, to),
            device: query.one_of("device", DEVICE_KINDS),
            status: query.one_of("status", Status::ALL.map(Status::as_str)),
            problems,
            days,
        }
    }

    /// Whether it hides anything.
    pub const fn is_set(&self) -> bool {
        !self.from.is_empty()
            || !self.to.is_empty()
            || self.device.is_some()
            || self.status.is_some()
    }

    /// The filter for the database; days begin and end where the citizen is.
    pub fn records(&self, zone: &Zone, limit: i64, offset: i64) -> HistoryFilter {
        let [first, last] = self.days;
        HistoryFilter {
            from: first.and_then(|day| zone.midnight(day)),
            until: last.and_then(|day| zone.midnight(day.tomorrow().ok()?)),
            device_kind: self.device.map(str::to_owned),
            status: self.status.map(str::to_owned),
            limit,
            offset,
            ..HistoryFilter::default()
        }
    }

    /// The fields that keep it in an address.
    pub fn fields(&self) -> [(&'static str, &str); 4] {
        [
            ("from", &self.from),
            ("to", &self.to),
            ("device", self.device.unwrap_or_default()),
            ("status", self.status.unwrap_or_default()),
        ]
    }
}

/// A day as browsers send it, or as people write it.
fn parse_day(text: &str) -> Option<Date> {
    let dashed = match text.split('.').collect::<Vec<_>>()[..] {
        [day, month, year] => Cow::Owned(format!("{year}-{month:0>2}-{day:0>2}")),
        _ => Cow::Borrowed(text),
    };
    let plain = dashed.len() == 10 && dashed.bytes().all(|b| b.is_ascii_digit() || b == b'-');
    plain.then(|| dashed.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_read_as_browsers_and_people_write_them() {
        let day = jiff::civil::date(2026, 3, 24);
        for text in ["2026-03-24", "24.03.2026", "24.3.2026"] {
            assert_eq!(parse_day(text), Some(day), "{text}");
        }
        for text in [
            "",
            "31.02.2026",
            "2026-3-24",
            "24.03.26",
            "2026-03-24T00:00",
            "-26-03-024",
            "a.b.c",
            "+2026-3-2",
        ] {
            assert_eq!(parse_day(text), None, "{text}");
        }
    }
}
