//! Mobile phone numbers in any usual notation, kept as E.164.

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

use super::digits::plain_digits;

/// A mobile phone number, `+79001234567`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Phone(String);

/// Why a text is not a mobile phone number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAPhone {
    /// No phone number at all.
    Unreadable,
    /// A landline: no SMS reaches it.
    Landline,
}

/// Longer texts are not looked at.
const LONGEST: usize = 64;

impl Phone {
    /// Reads a number in Russian (`8 900 …`, `900 …`) or international notation.
    ///
    /// # Errors
    /// When it is no number, or one that cannot get an SMS.
    pub fn parse(text: &str) -> Result<Self, NotAPhone> {
        if text.len() > LONGEST {
            return Err(NotAPhone::Unreadable);
        }
        let text: String = text.nfkc().collect();
        let text = text.trim();
        let (plus, rest) = match text.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let digits = plain_digits(rest).ok_or(NotAPhone::Unreadable)?;
        let national = match (digits.len(), digits.as_bytes().first()) {
            // Many write the trunk prefix after the plus; no country has code 89.
            (11, Some(b'7')) => Some(&digits[1..]),
            (11, Some(b'8')) if !plus || digits.starts_with("89") => Some(&digits[1..]),
            (10, Some(b'9')) if !plus => Some(&digits[..]),
            _ => None,
        };
        match national {
            // The numbering zone of Russia: 9 begins mobile numbers.
            Some(national) if national.starts_with('9') => Ok(Self(format!("+7{national}"))),
            // Kazakhstan shares the country code.
            Some(national) if national.starts_with(['6', '7']) => foreign(&format!("7{national}")),
            Some(national) if national.starts_with(['3', '4', '5', '8']) => {
                Err(NotAPhone::Landline)
            }
            _ => foreign(&digits),
        }
    }

    /// The number in E.164.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As people write it: `+7 900 123-45-67`; foreign ones in E.164.
    pub fn formatted(&self) -> String {
        match self.0.strip_prefix("+7") {
            Some(n) if n.len() == 10 => {
                format!("+7 {} {}-{}-{}", &n[..3], &n[3..6], &n[6..8], &n[8..])
            }
            _ => self.0.clone(),
        }
    }

    /// Enough for its owner to know it again: `+7 900 ***-**-67`.
    pub fn masked(&self) -> String {
        let last = &self.0[self.0.len() - 2..];
        match self.0.strip_prefix("+7") {
            Some(n) if n.len() == 10 => format!("+7 {} ***-**-{last}", &n[..3]),
            _ => format!("{}***{last}", &self.0[..4]),
        }
    }
}

/// Foreign numbers are checked against the numbering plans of their countries.
fn foreign(digits: &str) -> Result<Phone, NotAPhone> {
    // E.164 allows fifteen digits; below eight no country has mobile numbers.
    if !(8..=15).contains(&digits.len()) {
        return Err(NotAPhone::Unreadable);
    }
    let number = format!("+{digits}");
    match phonenumber::parse(None, &number) {
        Ok(parsed) if phonenumber::is_valid(&parsed) => Ok(Phone(number)),
        _ => Err(NotAPhone::Unreadable),
    }
}

impl TryFrom<String> for Phone {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).map_err(|_| "not a phone number")
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn foreign_numbers_follow_their_countries() {
        for (text, number) in [
            ("+375 29 123-45-67", "+375291234567"),
            ("+7 701 123 45 67", "+77011234567"),
            ("8 (701) 123-45-67", "+77011234567"),
            ("+49 1512 3456789", "+4915123456789"),
        ] {
            assert_eq!(Phone::parse(text).unwrap().as_str(), number);
        }
        for text in [
            "+999 123 456 789",
            "+1 000 000 0000",
            "12345",
            "",
            "+",
            "++79001234567",
        ] {
            assert_eq!(Phone::parse(text), Err(NotAPhone::Unreadable), "{text}");
        }
    }

    #[test]
    fn a_landline_gets_no_sms() {
        assert_eq!(Phone::parse("+7 495 123-45-67"), Err(NotAPhone::Landline));
        assert_eq!(Phone::parse("8 (800) 555-35-35"), Err(NotAPhone::Landline));
    }

    #[test]
    fn a_mask_hides_the_middle() {
        let phone = Phone::parse("89001234567").unwrap();
        assert_eq!(phone.masked(), "+7 900 ***-**-67");
        assert_eq!(phone.formatted(), "+7 900 123-45-67");
        assert_eq!(Phone::parse("+375291234567").unwrap().masked(), "+375***67");
    }

    proptest! {
        /// Attack 21: whatever the notation, one number is one number.
        #[test]
        fn attack_21_every_notation_is_the_same_number(n in 0_u64..1_000_000_000) {
            let n = format!("9{n:09}");
            let wanted = format!("+7{n}");
            let (a, b, c, d) = (&n[..3], &n[3..6], &n[6..8], &n[8..]);
            let wide: String = n.chars()
                .map(|c| char::from_u32('０' as u32 + c.to_digit(10).unwrap()).unwrap())
                .collect();
            for text in [
                wanted.clone(), format!("7{n}"), format!("8{n}"), n.clone(), format!("+8{n}"),
                format!(" +7 ({a}) {b}-{c}-{d} "), format!("8 {a} {b} {c} {d}"),
                format!("8\u{a0}({a})\u{a0}{b}–{c}—{d}"), format!("+7.{a}.{b}.{c}.{d}"),
                format!("＋７{wide}"), format!("８ {wide}"),
            ] {
                prop_assert_eq!(Phone::parse(&text).map(String::from), Ok(wanted.clone()), "{}", text);
            }
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,40}") {
            if let Ok(phone) = Phone::parse(&text) {
                prop_assert_eq!(Phone::parse(phone.as_str()), Ok(phone.clone()));
                prop_assert!(phone.masked().len() >= 6);
            }
        }
    }
}
