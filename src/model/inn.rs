//! The taxpayer's number of a person (ИНН): twelve digits, the last two of
//! them check digits (order of the tax service ММВ-7-6/435).

use serde::{Deserialize, Serialize};

use super::digits::plain_digits;

/// A taxpayer's number of a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Inn(String);

/// Why a text is not such a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAnInn {
    /// Not twelve digits.
    Digits,
    /// A check digit does not fit: a typing error.
    CheckSum,
}

const WEIGHTS: [u32; 11] = [3, 7, 2, 4, 10, 3, 5, 9, 4, 6, 8];

impl Inn {
    /// Reads a number in any notation.
    ///
    /// # Errors
    /// When it has not twelve digits or one of its check digits is wrong.
    pub fn parse(text: &str) -> Result<Self, NotAnInn> {
        let digits = plain_digits(text)
            .filter(|digits| digits.len() == 12)
            .ok_or(NotAnInn::Digits)?;
        let values: Vec<u32> = digits
            .bytes()
            .map(|digit| u32::from(digit - b'0'))
            .collect();
        let fits = values.iter().any(|digit| *digit > 0)
            && values[10] == check_digit(&values[..10])
            && values[11] == check_digit(&values[..11]);
        fits.then_some(Self(digits)).ok_or(NotAnInn::CheckSum)
    }

    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The last weights count, one for each digit before.
fn check_digit(before: &[u32]) -> u32 {
    let weights = &WEIGHTS[WEIGHTS.len() - before.len()..];
    let sum: u32 = before
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum();
    sum % 11 % 10
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn known_numbers_pass_and_others_say_what_is_wrong() {
        for text in ["500100732259", "5001 0073 2259", "５００１００７３２２５９"] {
            assert_eq!(Inn::parse(text).unwrap().as_str(), "500100732259", "{text}");
        }
        assert_eq!(Inn::parse("500100732258"), Err(NotAnInn::CheckSum));
        assert_eq!(Inn::parse("000000000000"), Err(NotAnInn::CheckSum));
        for text in ["", "7707083893", "5001007322590", "50010073225a"] {
            assert_eq!(Inn::parse(text), Err(NotAnInn::Digits), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_pair_of_check_digits_fits_every_number(number in 1_u64..10_000_000_000) {
            let fitting = (0..100)
                .filter(|sum| Inn::parse(&format!("{number:010}{sum:02}")).is_ok())
                .count();
            prop_assert_eq!(fitting, 1);
        }

        #[test]
        fn whatever_is_read_is_read_again(text in "\\PC{0,20}") {
            if let Ok(inn) = Inn::parse(&text) {
                prop_assert_eq!(Inn::parse(inn.as_str()), Ok(inn));
            }
        }
    }
}
