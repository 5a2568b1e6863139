//! Fields that several forms have: how each is read and what can be wrong with
//! it.

use jiff::civil::Date;
use unicode_normalization::UnicodeNormalization as _;

use super::names;
use super::problem::{Problem, ProblemKind};
use crate::model::digits::plain_digits;
use crate::model::snils::{NotASnils, Snils};
use crate::model::timestamp::Timestamp;

/// Most characters of a line of an address.
const LONGEST: usize = 200;
/// Nobody alive was born before.
const EARLIEST_YEAR: i16 = 1900;

/// Collects everything that is wrong with a form.
#[derive(Default)]
pub(super) struct Check(Vec<Problem>);

impl Check {
    /// A field's value, or its default once the problem is noted.
    pub(super) fn value<T: Default>(
        &mut self,
        field: &'static str,
        value: Result<T, ProblemKind>,
    ) -> T {
        value.unwrap_or_else(|kind| {
            self.0.push(Problem::of(field, kind));
            T::default()
        })
    }

    /// A name; `empty` is what is wrong when there is none, if anything.
    pub(super) fn name(
        &mut self,
        field: &'static str,
        text: &str,
        empty: Option<ProblemKind>,
    ) -> String {
        let parsed = names::parse(text).and_then(|name| match empty {
            Some(kind) if name.is_empty() => Err(kind),
            _ => Ok(name),
        });
        self.value(field, parsed)
    }

    /// Notes a problem.
    pub(super) fn add(&mut self, field: &'static str, kind: ProblemKind) {
        self.0.push(Problem::of(field, kind));
    }

    /// Whether nothing is wrong with this field so far.
    pub(super) fn is_sound(&self, field: &str) -> bool {
        self.0.iter().all(|problem| problem.field != field)
    }

    /// What was read, or everything that is wrong.
    pub(super) fn passed<T>(self, read: T) -> Result<T, Vec<Problem>> {
        if self.0.is_empty() {
            Ok(read)
        } else {
            Err(self.0)
        }
    }
}

/// A stored date as people write it.
pub fn birth_date(stored: &str) -> String {
    stored
        .parse::<jiff::civil::Date>()
        .map(|date| date.strftime("%d.%m.%Y").to_string())
        .unwrap_or_default()
}

/// The date in the east of the country, where a day has begun while UTC still
/// has yesterday.
fn today(now: Timestamp) -> Date {
    day(
        now,
        jiff::tz::TimeZone::fixed(jiff::tz::Offset::constant(12)),
    )
}

/// The date by which documents end.
pub(super) fn utc_day(now: Timestamp) -> Date {
    day(now, jiff::tz::TimeZone::UTC)
}

fn day(now: Timestamp, zone: jiff::tz::TimeZone) -> Date {
    jiff::Timestamp::from_millisecond(now.millis())
        .unwrap_or_default()
        .to_zoned(zone)
        .date()
}

/// A date of the past as people and browsers write it, `YYYY-MM-DD`; empty for
/// none.
pub(super) fn parse_date(text: &str, now: Timestamp) -> Result<String, ProblemKind> {
    match any_date(text)? {
        Some(date) if date > today(now) => Err(ProblemKind::DateInFuture),
        date => Ok(date.map(|date| date.to_string()).unwrap_or_default()),
    }
}

/// The same, of the past or of the future.
pub(super) fn any_date(text: &str) -> Result<Option<Date>, ProblemKind> {
    let text: String = text.nfkc().take(32).collect();
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let fields: Vec<&str> = text.split(['.', '/', '-']).collect();
    let [first, month, last] = fields[..] else {
        return Err(ProblemKind::Date);
    };
    let (day, year) = if first.len() == 4 {
        (last, first)
    } else {
        (first, last)
    };
    let number = |text: &str, longest: usize| {
        let digits =
            !text.is_empty() && text.len() <= longest && text.bytes().all(|b| b.is_ascii_digit());
        digits
            .then(|| text.parse::<i16>().ok())
            .flatten()
            .ok_or(ProblemKind::Date)
    };
    if year.len() != 4 {
        return Err(ProblemKind::Date);
    }
    let (year, month, day) = (number(year, 4)?, number(month, 2)?, number(day, 2)?);
    let small = |n: i16| i8::try_from(n).map_err(|_| ProblemKind::Date);
    let date =
        jiff::civil::Date::new(year, small(month)?, small(day)?).map_err(|_| ProblemKind::Date)?;
    if date.year() < EARLIEST_YEAR {
        return Err(ProblemKind::DateTooEarly);
    }
    Ok(Some(date))
}

/// A post code; empty for none.
pub(super) fn postal_code(text: &str) -> Result<String, ProblemKind> {
    let digits = plain_digits(text).ok_or(ProblemKind::PostalCode)?;
    match digits.len() {
        0 | 6 => Ok(digits),
        _ => Err(ProblemKind::PostalCode),
    }
}

/// A line of an address, or other words of a document: no control and no
/// direction marks.
pub(super) fn address_line(text: &str) -> Result<String, ProblemKind> {
    if text.chars().count() > LONGEST {
        return Err(ProblemKind::TooLong(LONGEST as u64));
    }
    let strange = |c: char| {
        (c.is_control() && !c.is_whitespace())
            || matches!(c, '<' | '>' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    if text.chars().any(strange) {
        return Err(ProblemKind::Value);
    }
    let text: String = text.nfc().collect();
    Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// `male`, `female`, or empty for none.
pub(super) fn sex(text: &str) -> Result<String, ProblemKind> {
    match text.trim() {
        sex @ ("" | "male" | "female") => Ok(sex.to_owned()),
        _ => Err(ProblemKind::Sex),
    }
}

/// An insurance number, if there is one.
pub(super) fn snils(text: &str) -> Result<Option<Snils>, ProblemKind> {
    match text.trim() {
        "" => Ok(None),
        text => Snils::parse(text).map(Some).map_err(|wrong| match wrong {
            NotASnils::Digits => ProblemKind::SnilsDigits,
            NotASnils::CheckSum => ProblemKind::SnilsSum,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 21 November 2026, 22:00 UTC.
    const NOW: Timestamp = Timestamp::from_seconds(1_795_298_400);

    #[test]
    fn dates_are_read_as_people_and_browsers_write_them() {
        for text in [
            "24.03.1990",
            "24.3.1990",
            " 24/03/1990 ",
            "1990-03-24",
            "２４.03.1990",
        ] {
            assert_eq!(parse_date(text, NOW).as_deref(), Ok("1990-03-24"), "{text}");
        }
        for text in [
            "31.02.1990",
            "24.03.90",
            "24.03",
            "a.b.c",
            "24.03.19900",
            "1990-3",
            "--",
            "+1.1.1990",
        ] {
            assert_eq!(parse_date(text, NOW), Err(ProblemKind::Date), "{text}");
        }
        assert_eq!(parse_date("22.11.2026", NOW).as_deref(), Ok("2026-11-22"));
        assert_eq!(
            parse_date("23.11.2026", NOW),
            Err(ProblemKind::DateInFuture)
        );
        assert_eq!(
            parse_date("31.12.1899", NOW),
            Err(ProblemKind::DateTooEarly)
        );
        assert_eq!(birth_date("1990-03-24"), "24.03.1990");
    }
}
