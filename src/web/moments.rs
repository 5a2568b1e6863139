//! Dates and times as a citizen reads them: `дд.мм.гггг чч:мм:сс` and the zone
//! (requirement D1). Converts what it is given and never asks for the time.

use jiff::civil::Date;
use jiff::tz::{Offset, TimeZone};

use crate::model::timestamp::Timestamp;
use crate::texts::Lang;

const MOSCOW: &str = "Europe/Moscow";

/// A moment in two spellings, for `<time datetime="{{ iso }}">{{ text }}</time>`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Moment {
    /// As the citizen reads it.
    pub text: String,
    /// RFC 3339 in UTC, for machines.
    pub iso: String,
}

/// The time zone of a citizen and the language in which it is named.
#[derive(Clone, Debug)]
pub struct Zone {
    zone: TimeZone,
    lang: Lang,
}

impl Zone {
    /// The zone all accounts start with.
    pub fn moscow(lang: Lang) -> Self {
        Self::named(MOSCOW, lang).unwrap_or_else(|| Self {
            // Moscow has kept +3 since 2014; a machine without a zone database
            // must not show another hour.
            zone: TimeZone::fixed(Offset::constant(3)),
            lang,
        })
    }

    /// A zone by its name in the tz database.
    pub fn named(name: &str, lang: Lang) -> Option<Self> {
        let zone = TimeZone::get(name).ok()?;
        Some(Self { zone, lang })
    }

    /// `24.03.2026 14:05:09 МСК`.
    pub fn date_time(&self, at: Timestamp) -> Moment {
        let text = format!("{} {}", self.format(at, "%d.%m.%Y %H:%M:%S"), self.name(at));
        self.moment(at, text)
    }

    /// `24.03.2026`.
    pub fn date(&self, at: Timestamp) -> Moment {
        self.moment(at, self.format(at, "%d.%m.%Y"))
    }

    /// `14:05`, where the day is plain from the context.
    pub fn clock(&self, at: Timestamp) -> Moment {
        let text = format!("{} {}", self.format(at, "%H:%M"), self.name(at));
        self.moment(at, text)
    }

    /// When a day begins there; none for days beyond the calendar.
    pub fn midnight(&self, day: Date) -> Option<Timestamp> {
        let start = day.to_zoned(self.zone.clone()).ok()?.start_of_day().ok()?;
        Some(Timestamp::from_millis(start.timestamp().as_millisecond()))
    }

    /// The day it is there.
    pub fn day(&self, at: Timestamp) -> Date {
        instant(at).to_zoned(self.zone.clone()).date()
    }

    fn moment(&self, at: Timestamp, text: String) -> Moment {
        Moment {
            text,
            iso: instant(at).to_string(),
        }
    }

    fn format(&self, at: Timestamp, pattern: &str) -> String {
        let zoned = instant(at).to_zoned(self.zone.clone());
        zoned.strftime(pattern).to_string()
    }

    /// Moscow time has a name that everyone reads; other zones of the country
    /// are known by letters few would recognise, so they are told by offset.
    fn name(&self, at: Timestamp) -> String {
        let offset = self.zone.to_offset(instant(at)).seconds();
        match (self.lang, offset) {
            (Lang::Ru, 10_800) => return "МСК".to_owned(),
            (Lang::En, 10_800) => return "MSK".to_owned(),
            (_, 0) => return "UTC".to_owned(),
            _ => {}
        }
        let sign = if offset < 0 { '−' } else { '+' };
        let minutes = offset.unsigned_abs() / 60;
        match minutes % 60 {
            0 => format!("UTC{sign}{}", minutes / 60),
            rest => format!("UTC{sign}{}:{rest:02}", minutes / 60),
        }
    }
}

/// A moment beyond what a calendar can hold is shown as its edge.
fn instant(at: Timestamp) -> jiff::Timestamp {
    jiff::Timestamp::from_millisecond(at.millis()).unwrap_or(if at.millis() < 0 {
        jiff::Timestamp::MIN
    } else {
        jiff::Timestamp::MAX
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Timestamp = Timestamp::from_millis(1_774_350_309_000);

    #[test]
    fn moscow_is_named_and_other_zones_are_counted() {
        let ru = Zone::moscow(Lang::Ru).date_time(AT);
        assert_eq!(ru.text, "24.03.2026 14:05:09 МСК");
        assert_eq!(ru.iso, "2026-03-24T11:05:09Z");
        let en = Zone::moscow(Lang::En).clock(AT);
        assert_eq!(en.text, "14:05 MSK");
        let east = Zone::named("Asia/Yekaterinburg", Lang::Ru).expect("a known zone");
        assert_eq!(east.date_time(AT).text, "24.03.2026 16:05:09 UTC+5");
        let half = Zone::named("Asia/Kolkata", Lang::En).expect("a known zone");
        assert_eq!(half.clock(AT).text, "16:35 UTC+5:30");
    }

    #[test]
    fn days_begin_where_the_citizen_is() {
        let east = Zone::named("Asia/Vladivostok", Lang::Ru).expect("a known zone");
        let day = east.day(AT);
        assert_eq!(day.to_string(), "2026-03-24");
        let midnight = east.midnight(day).expect("a day of our time");
        assert_eq!(east.date_time(midnight).text, "24.03.2026 00:00:00 UTC+10");
    }

    #[test]
    fn a_moment_beyond_the_calendar_does_not_panic() {
        let zone = Zone::moscow(Lang::Ru);
        for at in [i64::MIN, i64::MAX] {
            assert!(!zone.date_time(Timestamp::from_millis(at)).text.is_empty());
        }
    }
}
