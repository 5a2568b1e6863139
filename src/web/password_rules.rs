//! The rules of a password in words, for every page where one is chosen.

use crate::account::password_policy::{REMEMBERED, SHORTEST};
use crate::texts::Texts;

/// The rules for somebody's first password: there is none before it.
pub fn of_first(texts: Texts) -> Vec<String> {
    vec![
        texts.count("password-rule-length", SHORTEST as u64),
        texts.t("password-rule-kinds"),
        texts.t("password-rule-blanks"),
        texts.t("password-rule-runs"),
        texts.t("password-rule-personal"),
        texts.t("password-rule-breached"),
    ]
}

/// The rules for a password that takes the place of another.
pub fn of_next(texts: Texts) -> Vec<String> {
    let mut rules = of_first(texts);
    rules.push(texts.count("password-rule-history", REMEMBERED as u64));
    rules
}
