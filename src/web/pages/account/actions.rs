//! Actions of the journal in words. The rooms below write names; here is the
//! list of all of them, and the test that none is missing.

use crate::account::journal::JournalLine;
use crate::model::device_rights::DeviceRights;
use crate::texts::{Texts, key};
use crate::web::pages::account::document_words::document_kind;
use crate::web::pages::account::words::device_rights;

/// Every action with the key of its text, in the order the filter lists them.
pub const ACTIONS: &[(&str, &str)] = &[
    ("signed_in", key("action-signed-in")),
    ("sign_in_failed", key("action-sign-in-failed")),
    ("locked", key("action-locked")),
    ("sign_in_refused", key("action-sign-in-refused")),
    ("sign_in_approved", key("action-sign-in-approved")),
    ("sign_in_not_approved", key("action-sign-in-not-approved")),
    ("restricted", key("action-restricted")),
    ("restriction_lifted", key("action-restriction-lifted")),
    ("signed_out", key("action-signed-out")),
    ("session_ended", key("action-session-ended")),
    ("sessions_ended", key("action-sessions-ended")),
    ("device_rights_changed", key("action-device-rights-changed")),
    ("device_forgotten", key("action-device-forgotten")),
    ("site_entered", key("action-site-entered")),
    ("consent_given", key("action-consent-given")),
    ("consent_changed", key("action-consent-changed")),
    ("consent_withdrawn", key("action-consent-withdrawn")),
    ("consent_ends_soon", key("action-consent-ends-soon")),
    ("consent_lapsed", key("action-consent-lapsed")),
    ("first_factor_shown", key("action-first-factor-shown")),
    ("second_factor_failed", key("action-second-factor-failed")),
    ("session_strengthened", key("action-session-strengthened")),
    ("factor_added", key("action-factor-added")),
    ("factor_removed", key("action-factor-removed")),
    ("account_frozen", key("action-account-frozen")),
    ("account_unfrozen", key("action-account-unfrozen")),
    ("recovery_tried", key("action-recovery-tried")),
    ("recovery_begun", key("action-recovery-begun")),
    ("recovery_cancelled", key("action-recovery-cancelled")),
    ("recovery_vouched", key("action-recovery-vouched")),
    ("appeal_received", key("action-appeal-received")),
    ("appeal_opened", key("action-appeal-opened")),
    ("appeal_proposed", key("action-appeal-proposed")),
    ("appeal_confirmed", key("action-appeal-confirmed")),
    ("appeal_refused", key("action-appeal-refused")),
    ("appeal_cancelled", key("action-appeal-cancelled")),
    ("appeal_expired", key("action-appeal-expired")),
    ("vouched", key("action-vouched")),
    ("trusted_chosen", key("action-trusted-chosen")),
    ("trusted_agreed", key("action-trusted-agreed")),
    ("trusted_confirmed", key("action-trusted-confirmed")),
    ("trusted_ended", key("action-trusted-ended")),
    ("access_recovered", key("action-access-recovered")),
    ("notices_changed", key("action-notices-changed")),
    ("browser_told", key("action-browser-told")),
    ("browser_silenced", key("action-browser-silenced")),
    ("not_me", key("action-not-me")),
    ("backup_codes_made", key("action-backup-codes-made")),
    ("registered", key("action-registered")),
    ("papers_registered", key("action-papers-registered")),
    ("papers_refused", key("action-papers-refused")),
    ("login_printed", key("action-login-printed")),
    ("login_restored", key("action-login-restored")),
    ("agreement_accepted", key("action-agreement-accepted")),
    ("password_changed", key("action-password-changed")),
    ("profile_changed", key("action-profile-changed")),
    ("contact_changed", key("action-contact-changed")),
    ("visit_requested", key("action-visit-requested")),
    ("visit_opened", key("action-visit-opened")),
    ("visit_confirmed", key("action-visit-confirmed")),
    ("visit_refused", key("action-visit-refused")),
    ("override_requested", key("action-override-requested")),
    ("override_proposed", key("action-override-proposed")),
    ("override_opened", key("action-override-opened")),
    ("override_confirmed", key("action-override-confirmed")),
    ("override_returned", key("action-override-returned")),
    ("letter_ordered", key("action-letter-ordered")),
    ("letter_printed", key("action-letter-printed")),
    ("letter_posted", key("action-letter-posted")),
    ("letter_returned", key("action-letter-returned")),
    ("proof_code_printed", key("action-proof-code-printed")),
    ("proof_code_accepted", key("action-proof-code-accepted")),
    ("proof_code_wrong", key("action-proof-code-wrong")),
    ("proof_code_spent", key("action-proof-code-spent")),
    ("photographs_sent", key("action-photographs-sent")),
    ("photographs_opened", key("action-photographs-opened")),
    ("photographs_confirmed", key("action-photographs-confirmed")),
    ("photographs_refused", key("action-photographs-refused")),
    ("photographs_withdrawn", key("action-photographs-withdrawn")),
    ("photographs_expired", key("action-photographs-expired")),
    ("document_added", key("action-document-added")),
    ("document_changed", key("action-document-changed")),
    ("document_replaced", key("action-document-replaced")),
    ("document_deleted", key("action-document-deleted")),
    ("document_scan_added", key("action-document-scan-added")),
    ("document_scan_deleted", key("action-document-scan-deleted")),
    ("document_matched", key("action-document-matched")),
    ("document_mismatch", key("action-document-mismatch")),
    ("data_sent", key("action-data-sent")),
    ("data_matched", key("action-data-matched")),
    ("data_mismatch", key("action-data-mismatch")),
    ("snils_taken", key("action-snils-taken")),
    ("snils_claimed", key("action-snils-claimed")),
    ("link_added", key("action-link-added")),
    ("link_removed", key("action-link-removed")),
    ("link_mismatch", key("action-link-mismatch")),
    ("support_asked", key("action-support-asked")),
    ("support_written", key("action-support-written")),
    ("support_opened", key("action-support-opened")),
    ("support_answered", key("action-support-answered")),
    ("support_closed", key("action-support-closed")),
    ("lock_opened", key("action-lock-opened")),
    ("lock_lifted", key("action-lock-lifted")),
    ("identity_proven", key("action-identity-proven")),
    ("level_lowered", key("action-level-lowered")),
    ("data_exported", key("action-data-exported")),
];

/// An action in words. One that a newer version of the program has written is
/// shown by its name rather than lost.
pub fn title(texts: Texts, action: &str) -> String {
    let known = ACTIONS.iter().find(|(name, _)| *name == action);
    known.map_or_else(|| action.to_owned(), |(_, key)| texts.t(key))
}

/// Whether it tells of somebody who was not let in.
pub fn is_failed_try(action: &str) -> bool {
    ["sign_in_failed", "sign_in_refused", "locked"].contains(&action)
}

/// What the action was about, in words.
pub fn subject(texts: Texts, line: &JournalLine) -> Option<String> {
    let subject = line
        .subject
        .as_deref()
        .filter(|subject| !subject.is_empty())?;
    Some(match line.action.as_str() {
        "profile_changed" => {
            let fields = subject.split(' ').map(|field| profile_field(texts, field));
            fields.collect::<Vec<_>>().join(", ")
        }
        "agreement_accepted" => {
            let (document, version) = subject.split_once(' ').unwrap_or((subject, ""));
            let version = texts.say("agreement-version", "version", version);
            format!("{}. {version}", self::document(texts, document))
        }
        "device_rights_changed" => {
            let (rights, device) = subject.split_once(' ').unwrap_or((subject, ""));
            let rights = DeviceRights::parse(rights).map(|rights| device_rights(texts, rights));
            format!("{device}: {}", rights.unwrap_or_default())
        }
        action if action.starts_with("document_") => document_kind(texts, subject),
        "locked" => texts.say("journal-block", "number", subject),
        _ => subject.to_owned(),
    })
}

fn document(texts: Texts, name: &str) -> String {
    match name {
        "terms" => texts.t("footer-terms"),
        "privacy" => texts.t("footer-privacy"),
        other => other.to_owned(),
    }
}

fn profile_field(texts: Texts, name: &str) -> String {
    match name {
        "family_name" => texts.t("field-family-name"),
        "given_name" => texts.t("field-given-name"),
        "middle_name" => texts.t("field-middle-name"),
        "birth_date" => texts.t("field-birth-date"),
        "sex" => texts.t("field-sex"),
        "snils" => texts.t("field-snils"),
        "address" => texts.t("field-address"),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    use super::*;
    use crate::texts::Lang;

    fn sources(directory: &Path) -> Vec<PathBuf> {
        let mut found = Vec::new();
        for entry in fs::read_dir(directory).expect("a readable directory") {
            let path = entry.expect("a readable entry").path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                found.push(path);
            }
        }
        found
    }

    /// The actions that the rooms below write into the journal.
    fn written() -> BTreeSet<String> {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut actions = BTreeSet::new();
        for file in ["account", "consent", "protocol"]
            .iter()
            .flat_map(|room| sources(&source.join(room)))
        {
            if file.components().any(|part| part.as_os_str() == "tests") {
                continue;
            }
            let text = fs::read_to_string(&file).expect("a text file");
            for call in [
                ".journal(\"",
                ".told(\"",
                ".appeal_line(\"",
                ".journal_of(&Actor::Operator, \"",
                ".journal_of(&Actor::System, \"",
                "action: \"",
                "const MATCHED: &str = \"",
                "const MISMATCH: &str = \"",
            ] {
                for (at, _) in text.match_indices(call) {
                    let rest = &text[at + call.len()..];
                    actions.extend(rest.split('"').next().map(str::to_owned));
                }
            }
        }
        actions
    }

    #[test]
    fn every_action_of_the_journal_has_a_text_in_both_languages() {
        let listed: BTreeSet<String> = ACTIONS.iter().map(|(name, _)| (*name).to_owned()).collect();
        assert_eq!(written(), listed);
        for texts in Lang::ALL.map(Texts) {
            let titles: BTreeSet<String> = listed.iter().map(|name| title(texts, name)).collect();
            assert_eq!(titles.len(), listed.len(), "two actions read the same");
            assert!(titles.iter().all(|title| !title.contains("action-")));
        }
    }

    #[test]
    fn subjects_are_told_in_words() {
        let line = |action: &str, subject: &str| JournalLine {
            at: crate::model::timestamp::Timestamp::default(),
            actor: crate::account::journal::Actor::Citizen,
            action: action.to_owned(),
            subject: Some(subject.to_owned()),
            address: None,
        };
        let say = |action, text| subject(Texts(Lang::Ru), &line(action, text)).unwrap_or_default();
        assert_eq!(
            say("profile_changed", "family_name address"),
            "Фамилия, Адрес"
        );
        assert_eq!(
            say("agreement_accepted", "terms 3"),
            "Пользовательское соглашение. Версия 3"
        );
        assert_eq!(say("consent_given", "Портал"), "Портал");
        assert_eq!(say("session_ended", ""), "");
    }
}
