//! The passport a citizen of Russia has at home, and what must fit together in
//! its numbers and dates. It is replaced at 20 and at 45 (government decree 828
//! of 1997 §7) and stays good for 90 days more (decree 2267 of 2023).

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::digits::plain_digits;
use super::timestamp::Timestamp;

/// A domestic passport.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passport {
    /// Four digits: where and when the blank was printed.
    pub series: String,
    /// Six digits.
    pub number: String,
    /// `YYYY-MM-DD`.
    pub issued_on: String,
    /// `NNN-NNN`.
    pub department_code: String,
    /// The office, in its own words.
    pub issued_by: String,
}

/// Why dates or numbers of a passport do not fit together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAPassport {
    /// Not ten digits.
    Digits,
    /// No region has such a series.
    Region,
    /// The blank was printed in another time than the passport was issued.
    Year,
    /// Issued before the holder was 14.
    TooYoung,
    /// Should have been replaced at 20 or 45, and the 90 days are over.
    Expired,
}

/// Regions by the classifier OKATO, as the first two digits of a series.
const REGIONS: &[u8] = &[
    1, 3, 4, 5, 7, 8, 10, 11, 12, 14, 15, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30,
    32, 33, 34, 35, 36, 37, 38, 40, 41, 42, 43, 44, 45, 46, 47, 49, 50, 52, 53, 54, 56, 57, 58, 60,
    61, 63, 64, 65, 66, 67, 68, 69, 70, 71, 73, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86,
    87, 88, 89, 90, 91, 92, 93, 94, 95, 96, 97, 98, 99,
];
/// The first passports of this kind were issued in 1997.
const FIRST_YEAR: i16 = 1997;
/// Blanks lie in store for so many years.
const STORED: i16 = 3;
const FIRST_AGE: i8 = 14;
const REPLACED_AT: [i8; 2] = [20, 45];
const GRACE_DAYS: i32 = 90;
/// Series that no real passport has, for registries that are not real either.
const TEST_SERIES: &str = "000";

/// Series and number in any notation.
///
/// # Errors
/// When there are not ten digits.
pub fn parse_number(text: &str) -> Result<(String, String), NotAPassport> {
    let digits = plain_digits(&text.replace(['№', 'N'], " "))
        .filter(|digits| digits.len() == 10)
        .ok_or(NotAPassport::Digits)?;
    let (series, number) = digits.split_at(4);
    Ok((series.to_owned(), number.to_owned()))
}

/// A department code in any notation, as it is printed.
pub fn parse_department(text: &str) -> Option<String> {
    let digits = plain_digits(text).filter(|digits| digits.len() == 6)?;
    Some(format!("{}-{}", &digits[..3], &digits[3..]))
}

impl Passport {
    /// What of it registries compare, as one text.
    pub fn fact(&self) -> String {
        let Self { series, number, .. } = self;
        format!(
            "{series} {number} {} {}",
            self.issued_on, self.department_code
        )
    }

    /// As it is printed: `18 10 123456`.
    pub fn formatted(&self) -> String {
        let (region, year) = self.series.split_at(self.series.len().min(2));
        format!("{region} {year} {}", self.number)
    }

    /// Enough for its owner to know it again.
    pub fn masked(&self) -> String {
        let end = self.number.len().saturating_sub(3);
        format!("** ** ***{}", &self.number[end..])
    }

    /// Whether the series fits region and date of issue.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check_series(&self, issued_on: Date, allow_test: bool) -> Result<(), NotAPassport> {
        if allow_test && self.series.starts_with(TEST_SERIES) {
            return Ok(());
        }
        let (region, year) = self.series.split_at(self.series.len().min(2));
        if !region.parse().is_ok_and(|region| REGIONS.contains(&region)) {
            return Err(NotAPassport::Region);
        }
        let year: i16 = year.parse().map_err(|_| NotAPassport::Digits)?;
        let printed = if year >= FIRST_YEAR % 100 { 1900 } else { 2000 } + year;
        let fits = (printed - 1..=printed + STORED).contains(&issued_on.year());
        fits.then_some(()).ok_or(NotAPassport::Year)
    }

    /// Whether it is good for somebody born then.
    ///
    /// # Errors
    /// What does not fit.
    pub fn check_dates(issued_on: Date, born: Date, today: Date) -> Result<(), NotAPassport> {
        if issued_on < birthday(born, FIRST_AGE) {
            return Err(NotAPassport::TooYoung);
        }
        match last_day(issued_on, born) {
            Some(last) if today > last => Err(NotAPassport::Expired),
            _ => Ok(()),
        }
    }

    /// From when on it is good for nothing; none for a passport that need not
    /// be replaced any more.
    pub fn ends_at(&self, born: &str) -> Option<Timestamp> {
        let last = last_day(self.issued_on.parse().ok()?, born.parse().ok()?)?;
        let end = last.checked_add(1.day()).ok()?;
        let end = end.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Timestamp::from_millis(end.timestamp().as_millisecond()))
    }
}

/// The day somebody becomes so old.
pub fn birthday(born: Date, age: i8) -> Date {
    born.saturating_add(i32::from(age).years())
}

/// The last day a passport is good.
fn last_day(issued_on: Date, born: Date) -> Option<Date> {
    let next = REPLACED_AT
        .into_iter()
        .map(|age| birthday(born, age))
        .find(|birthday| issued_on < *birthday)?;
    Some(next.saturating_add(GRACE_DAYS.days()))
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    fn of_series(series: &str) -> Passport {
        Passport {
            series: series.to_owned(),
            number: "123456".to_owned(),
            issued_on: "2010-04-20".to_owned(),
            ..Passport::default()
        }
    }

    #[test]
    fn numbers_are_read_in_any_notation() {
        for text in [
            "18 10 123456",
            "1810123456",
            "18-10 № 123 456",
            "１８１０ 123456",
        ] {
            let (series, number) = parse_number(text).unwrap();
            assert_eq!(
                (series.as_str(), number.as_str()),
                ("1810", "123456"),
                "{text}"
            );
        }
        for text in ["", "18 10 12345", "18 10 1234567", "18 10 12345a"] {
            assert_eq!(parse_number(text), Err(NotAPassport::Digits), "{text}");
        }
        assert_eq!(parse_department("340 001").as_deref(), Some("340-001"));
        assert_eq!(parse_department("340-01"), None);
        assert_eq!(of_series("1810").formatted(), "18 10 123456");
        assert_eq!(of_series("1810").masked(), "** ** ***456");
    }

    #[test]
    fn a_series_fits_its_region_and_its_time() {
        let issued = date(2010, 4, 20);
        for series in ["1810", "1807", "4511", "0109"] {
            assert_eq!(
                of_series(series).check_series(issued, false),
                Ok(()),
                "{series}"
            );
        }
        for (series, wrong) in [
            ("0210", NotAPassport::Region),
            ("0010", NotAPassport::Region),
            ("1806", NotAPassport::Year),
            ("1812", NotAPassport::Year),
            ("1899", NotAPassport::Year),
        ] {
            assert_eq!(
                of_series(series).check_series(issued, false),
                Err(wrong),
                "{series}"
            );
        }
        assert_eq!(
            of_series("1898").check_series(date(1999, 1, 1), false),
            Ok(())
        );
        assert_eq!(of_series("0001").check_series(issued, true), Ok(()));
        assert_eq!(
            of_series("0001").check_series(issued, false),
            Err(NotAPassport::Region)
        );
    }

    #[test]
    fn a_passport_is_good_from_14_and_until_it_must_be_replaced() {
        let born = date(1990, 3, 24);
        let check = |issued, today| Passport::check_dates(issued, born, today);
        assert_eq!(
            check(date(2004, 3, 23), date(2004, 4, 1)),
            Err(NotAPassport::TooYoung)
        );
        assert_eq!(check(date(2004, 3, 24), date(2010, 6, 22)), Ok(()));
        assert_eq!(
            check(date(2004, 3, 24), date(2010, 6, 23)),
            Err(NotAPassport::Expired)
        );
        assert_eq!(check(date(2010, 3, 24), date(2035, 6, 22)), Ok(()));
        assert_eq!(
            check(date(2010, 3, 24), date(2035, 6, 23)),
            Err(NotAPassport::Expired)
        );
        assert_eq!(check(date(2035, 3, 24), date(2090, 1, 1)), Ok(()));
    }

    proptest! {
        /// The moment evidence ends is the first one at which the form would
        /// refuse the passport.
        #[test]
        fn both_readings_of_the_end_agree(
            born in 0_i32..30_000, issued in 0_i32..20_000, later in 0_i32..20_000,
        ) {
            let born = date(1930, 1, 1).saturating_add(born.days());
            let issued = birthday(born, FIRST_AGE).saturating_add(issued.days());
            let today = issued.saturating_add(later.days());
            let passport = Passport { issued_on: issued.to_string(), ..Passport::default() };
            let midnight = today.to_zoned(jiff::tz::TimeZone::UTC).unwrap().timestamp();
            let now = Timestamp::from_millis(midnight.as_millisecond());
            let over = passport.ends_at(&born.to_string()).is_some_and(|end| end <= now);
            prop_assert_eq!(Passport::check_dates(issued, born, today).is_err(), over);
        }
    }
}
