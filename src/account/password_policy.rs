//! What a password must be (requirement C5). Every broken rule is named at
//! once; whether it was used before is asked where the old hashes are.

use unicode_normalization::UnicodeNormalization as _;

use super::breached;
use super::personal::PersonalParts;

/// Fewest characters.
pub const SHORTEST: usize = 8;
/// Most bytes: no one types more, and hashing more would be a gift to a flood.
pub const LONGEST: usize = 1024;
/// How many of the last passwords may not come again.
pub const REMEMBERED: usize = 5;

/// A rule of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordRule {
    /// At least eight characters.
    Length,
    /// At most 1024 bytes.
    Long,
    /// An upper-case letter.
    Upper,
    /// A lower-case letter.
    Lower,
    /// A digit.
    Digit,
    /// A sign that is neither letter nor digit.
    Special,
    /// No blanks, no control characters.
    Blanks,
    /// No runs such as 1234, abcd, qwerty.
    Runs,
    /// No character more than twice in a row.
    Repeats,
    /// No part of name, contact or birth date.
    Personal,
    /// None of the last five.
    History,
    /// Not among those known to be breached.
    Breached,
}

impl PasswordRule {
    /// Every rule.
    pub const ALL: [Self; 12] = [
        Self::Length,
        Self::Long,
        Self::Upper,
        Self::Lower,
        Self::Digit,
        Self::Special,
        Self::Blanks,
        Self::Runs,
        Self::Repeats,
        Self::Personal,
        Self::History,
        Self::Breached,
    ];

    /// The key of the text that asks to mend it.
    pub const fn problem_key(self) -> &'static str {
        match self {
            Self::Length => "problem-password-length",
            Self::Long => "problem-password-long",
            Self::Upper => "problem-password-upper",
            Self::Lower => "problem-password-lower",
            Self::Digit => "problem-password-digit",
            Self::Special => "problem-password-special",
            Self::Blanks => "problem-password-blanks",
            Self::Runs => "problem-password-runs",
            Self::Repeats => "problem-password-repeats",
            Self::Personal => "problem-password-personal",
            Self::History => "problem-password-history",
            Self::Breached => "problem-password-breached",
        }
    }
}

/// Every rule a password breaks, but for the last five and the breached file.
pub fn check(password: &str, personal: &PersonalParts) -> Vec<PasswordRule> {
    if password.len() > LONGEST {
        return vec![PasswordRule::Long];
    }
    let password: String = password.nfc().collect();
    let lacks = |test: fn(char) -> bool| !password.chars().any(test);
    let broken = [
        (PasswordRule::Length, password.chars().count() < SHORTEST),
        (PasswordRule::Upper, lacks(char::is_uppercase)),
        (PasswordRule::Lower, lacks(char::is_lowercase)),
        (PasswordRule::Digit, lacks(|c| c.is_ascii_digit())),
        (PasswordRule::Special, lacks(is_special)),
        (PasswordRule::Blanks, password.chars().any(is_blank)),
        (PasswordRule::Runs, has_run(&password)),
        (PasswordRule::Repeats, has_repeat(&password)),
        (PasswordRule::Personal, personal.are_in(&password)),
        (PasswordRule::Breached, breached::is_common(&password)),
    ];
    broken
        .into_iter()
        .filter(|(_, broken)| *broken)
        .map(|(rule, _)| rule)
        .collect()
}

fn is_special(c: char) -> bool {
    !c.is_alphanumeric() && !is_blank(c)
}

fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

/// Rows of keyboards and alphabets; a run is four neighbours, either way.
const ROWS: [&str; 9] = [
    "1234567890",
    "01234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "абвгдеёжзийклмнопрстуфхцчшщъыьэюя",
    "йцукенгшщзхъ",
    "фывапролджэ",
];
/// The bottom row, and the alphabet as most recite it.
const MORE_ROWS: [&str; 2] = ["ячсмитьбю", "абвгдежзийклмнопрстуфхцчшщъыьэюя"];
const RUN: usize = 4;

fn has_run(password: &str) -> bool {
    let password: Vec<char> = password.to_lowercase().chars().collect();
    password.windows(RUN).any(|part| {
        let forward: String = part.iter().collect();
        let backward: String = part.iter().rev().collect();
        ROWS.iter()
            .chain(&MORE_ROWS)
            .any(|row| row.contains(&forward) || row.contains(&backward))
    })
}

fn has_repeat(password: &str) -> bool {
    let password: Vec<char> = password.chars().collect();
    password
        .windows(3)
        .any(|part| part[0] == part[1] && part[1] == part[2])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::PasswordRule::*;
    use super::*;

    fn broken(password: &str) -> Vec<PasswordRule> {
        check(password, &PersonalParts::default())
    }

    #[test]
    fn good_ones_pass() {
        for password in [
            "Propusk-2026!",
            "Лодка7+берег",
            "aB3!aB3!",
            "Ёлка-9-шишек",
            "x9$Kd!pQ",
        ] {
            assert_eq!(broken(password), [], "{password}");
        }
    }

    #[test]
    fn every_broken_rule_is_named_at_once() {
        assert_eq!(broken(""), [Length, Upper, Lower, Digit, Special]);
        assert_eq!(broken("abcd"), [Length, Upper, Digit, Special, Runs]);
        assert_eq!(broken("AAA bbb"), [Length, Digit, Special, Blanks, Repeats]);
        assert_eq!(broken("Пароль 12\u{7}"), [Special, Blanks]);
        assert_eq!(broken("P@ssw0rd"), [Breached]);
        assert_eq!(broken(&"Ab1!".repeat(257)), [Long]);
    }

    #[test]
    fn runs_are_seen_both_ways_and_on_both_keyboards() {
        for run in [
            "1234", "7890", "4321", "0987", "abcd", "DCBA", "qwerty", "YTREWQ", "йцук", "КУЦЙ",
            "фыва", "абвг", "Дежз", "дцвш",
        ] {
            let password = format!("Ж7!{run}z");
            assert_eq!(broken(&password).contains(&Runs), run != "дцвш", "{run}");
        }
    }

    proptest! {
        #[test]
        fn no_text_breaks_the_check(password in "\\PC{0,30}") {
            let broken = broken(&password);
            if broken.is_empty() {
                prop_assert!(password.nfc().count() >= SHORTEST);
            }
        }
    }
}
