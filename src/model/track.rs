//! Numbers by which the post knows a registered letter, with their check digits.

use super::digits::plain_digits;

/// Why a text is no such number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotATrack {
    /// Neither 14 digits nor the international form.
    Form,
    /// The check digit is another.
    CheckDigit,
}

/// A number in its normal form: 14 digits within the country, or the form of
/// the Universal Postal Union's S10 standard, `RR123456785RU`.
///
/// # Errors
/// See [`NotATrack`].
pub fn parse_track(text: &str) -> Result<String, NotATrack> {
    if let Some(digits) = plain_digits(text).filter(|digits| digits.len() == 14) {
        return domestic(digits);
    }
    let text: String = text
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect::<String>()
        .to_ascii_uppercase();
    let letters = |part: &str| part.bytes().all(|byte| byte.is_ascii_uppercase());
    match (text.get(..2), text.get(2..11), text.get(11..)) {
        (Some(service), Some(digits), Some(country))
            if country.len() == 2
                && letters(service)
                && letters(country)
                && digits.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            international(&text, digits)
        }
        _ => Err(NotATrack::Form),
    }
}

fn domestic(digits: String) -> Result<String, NotATrack> {
    let sum: u32 = values(&digits[..13])
        .zip([3, 1].into_iter().cycle())
        .map(|(digit, weight)| digit * weight)
        .sum();
    check(&digits, (10 - sum % 10) % 10).map(|()| digits)
}

fn international(text: &str, digits: &str) -> Result<String, NotATrack> {
    let sum: u32 = values(&digits[..8])
        .zip([8, 6, 4, 2, 3, 5, 9, 7])
        .map(|(digit, weight)| digit * weight)
        .sum();
    let expected = match 11 - sum % 11 {
        10 => 0,
        11 => 5,
        digit => digit,
    };
    check(digits, expected).map(|()| text.to_owned())
}

fn check(digits: &str, expected: u32) -> Result<(), NotATrack> {
    if values(digits).last() == Some(expected) {
        Ok(())
    } else {
        Err(NotATrack::CheckDigit)
    }
}

fn values(digits: &str) -> impl Iterator<Item = u32> {
    digits.bytes().map(|byte| u32::from(byte - b'0'))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn both_forms_are_read_in_any_notation() {
        for text in ["RR473124829RU", "rr 473 124 829 ru"] {
            assert_eq!(parse_track(text).as_deref(), Ok("RR473124829RU"), "{text}");
        }
        // 8×3 + 0 + 1×3 + 0 + 8×3 + 3 + 1×3 + 2 + 3×3 + 4 + 5×3 + 6 + 7×3 = 114.
        for text in ["80108312345676", "801083 12 34567 6"] {
            assert_eq!(parse_track(text).as_deref(), Ok("80108312345676"), "{text}");
        }
        for text in [
            "",
            "8010831234567",
            "RR47312482RU",
            "R1473124829RU",
            "привет",
        ] {
            assert_eq!(parse_track(text), Err(NotATrack::Form), "{text}");
        }
        for text in ["80108312345675", "RR473124820RU"] {
            assert_eq!(parse_track(text), Err(NotATrack::CheckDigit), "{text}");
        }
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_always_noticed(begin in "[0-9]{13}", at in 0usize..14, add in 1u32..10) {
            let right = (0..10).map(|last| format!("{begin}{last}"))
                .find(|text| parse_track(text).is_ok())
                .expect("one check digit fits");
            let mut wrong: Vec<u32> = values(&right).collect();
            wrong[at] = (wrong[at] + add) % 10;
            let wrong: String = wrong.iter().map(u32::to_string).collect();
            prop_assert_eq!(parse_track(&wrong), Err(NotATrack::CheckDigit));
        }

        #[test]
        fn nothing_makes_it_panic(text in ".*") {
            let _ = parse_track(&text);
        }
    }
}
