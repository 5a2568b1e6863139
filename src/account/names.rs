//! Names of people as they may be written, whoever the people are.

use unicode_normalization::UnicodeNormalization as _;

use super::problem::ProblemKind;

/// Most characters of a name.
const LONGEST: usize = 100;

/// A name in its normal form: composed letters, single blanks; empty when
/// nothing was typed.
///
/// # Errors
/// When it is too long or holds more than letters, blanks, hyphens and
/// apostrophes.
pub(super) fn parse(text: &str) -> Result<String, ProblemKind> {
    if text.len() > LONGEST * 16 {
        return Err(ProblemKind::TooLong(LONGEST as u64));
    }
    let name = text.nfc().collect::<String>();
    let name = name.split_whitespace().collect::<Vec<_>>().join(" ");
    if name.chars().count() > LONGEST {
        return Err(ProblemKind::TooLong(LONGEST as u64));
    }
    let letters = name.chars().all(|c| is_letter(c) || is_mark(c));
    let sound = name.is_empty() || (letters && name.chars().any(is_letter));
    sound.then_some(name).ok_or(ProblemKind::NameLetters)
}

/// Latin and Cyrillic with all their additions, and marks over them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        && matches!(c, 'A'..='Z' | 'a'..='z' | '\u{aa}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}' | '\u{400}'..='\u{52f}')
        || matches!(c, '\u{300}'..='\u{36f}')
}

const fn is_mark(c: char) -> bool {
    matches!(c, ' ' | '-' | '‐' | '\'' | '’' | 'ʼ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_peoples_pass() {
        for name in [
            "Ли",
            "О’Коннор",
            "Салтыков-Щедрин",
            "ди Каприо",
            "Ёлкина",
            "Ҡәҙербаев",
            "Müller",
            "Nguyễn",
        ] {
            assert_eq!(parse(name).as_deref(), Ok(name));
        }
        assert_eq!(parse("  Анна \u{a0} Мария ").as_deref(), Ok("Анна Мария"));
        assert_eq!(parse("Андреи\u{306}").as_deref(), Ok("Андрей"));
        assert_eq!(parse("  ").as_deref(), Ok(""));
    }

    #[test]
    fn attack_41_nothing_but_names_passes() {
        for text in [
            "<b>",
            "Иван\u{202e}",
            "a\r\nb: c",
            "x;y",
            "1",
            "--",
            "{{name}}",
            "http://x",
            "=1+1",
            "Иван😀",
        ] {
            // A line break is a blank to a form, but what follows it is no name.
            assert!(parse(text).is_err(), "{text:?}");
        }
        assert_eq!(parse(&"я".repeat(101)), Err(ProblemKind::TooLong(100)));
        assert_eq!(parse(&"я".repeat(100_000)), Err(ProblemKind::TooLong(100)));
    }
}
