//! Words of the lists: devices, outcomes, ways to sign in.

use crate::account::browser::Details;
use crate::account::factor;
use crate::account::history::Status;
use crate::account::risk::Reason;
use crate::model::device_rights::DeviceRights;
use crate::texts::{Texts, key};
use crate::web::page::{Badge, Choice};

/// A kind of device.
pub fn device_kind(texts: Texts, kind: &str) -> String {
    texts.t(match kind {
        "desktop" => key("device-desktop"),
        "phone" => key("device-phone"),
        "tablet" => key("device-tablet"),
        _ => key("device-other"),
    })
}

/// What may be done from a device.
pub fn device_rights(texts: Texts, rights: DeviceRights) -> String {
    texts.t(match rights {
        DeviceRights::View => key("device-rights-view"),
        DeviceRights::Confirm => key("device-rights-confirm"),
        DeviceRights::Full => key("device-rights-full"),
    })
}

/// Browser and system, or that nothing is known of them.
pub fn agent(texts: Texts, details: &Details) -> String {
    match details.device() {
        device if device.is_empty() => texts.t("device-unknown-agent"),
        device => device,
    }
}

/// How a try ended, as a word.
pub fn status(texts: Texts, status: Status) -> String {
    texts.t(match status {
        Status::Success => key("status-success"),
        Status::Failure => key("status-failure"),
        Status::Blocked => key("status-locked"),
        Status::Refused => key("status-refused"),
        Status::SignedOut => key("status-ended"),
        Status::TimedOut => key("status-expired"),
    })
}

/// How a try ended, as a coloured word.
pub fn status_badge(texts: Texts, of: Status) -> Badge {
    Badge {
        kind: match of {
            Status::Success => "success",
            Status::Failure => "warning",
            Status::Blocked | Status::Refused => "danger",
            Status::SignedOut | Status::TimedOut => "plain",
        },
        text: status(texts, of),
    }
}

/// What was proven by: method references (RFC 8176) in words.
pub fn factors(texts: Texts, references: &[String]) -> String {
    let word = |reference: &String| match factor::by_reference(reference) {
        Some(factor) => texts.t(factor.text),
        None => reference.clone(),
    };
    references.iter().map(word).collect::<Vec<_>>().join(", ")
}

/// What was unusual about a sign-in, in a sentence.
pub fn reason(texts: Texts, reason: &Reason) -> String {
    let Some(row) = reason.row() else {
        return texts.say("risk-rule-said", "rule", &reason.rule);
    };
    let lang = texts.lang().as_str();
    let mut values: Vec<_> = reason
        .values
        .iter()
        .map(|(name, value)| (name.as_str(), value.clone()))
        .collect();
    // A name comes in every language, beside what it is in none.
    for (name, value) in &reason.values {
        if let Some(plain) = name.strip_suffix(lang).and_then(|n| n.strip_suffix('_')) {
            values.retain(|(known, _)| *known != plain);
            values.push((plain, value.clone()));
        }
    }
    texts.with(row.text, &values)
}

/// The lines of a drop-down list that begins with "any".
pub fn choices(
    any: String,
    known: impl IntoIterator<Item = (&'static str, String)>,
    chosen: Option<&str>,
) -> Vec<Choice> {
    let first = Choice {
        value: String::new(),
        label: any,
        selected: chosen.is_none(),
    };
    let lines = known.into_iter().map(|(value, label)| Choice {
        selected: chosen == Some(value),
        value: value.to_owned(),
        label,
    });
    std::iter::once(first).chain(lines).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::account::history::DEVICE_KINDS;
    use crate::model::authentication::Method;
    use crate::texts::Lang;

    #[test]
    fn every_kind_and_method_has_a_word_of_its_own() {
        for texts in Lang::ALL.map(Texts) {
            let kinds = DEVICE_KINDS.map(|kind| device_kind(texts, kind));
            assert_ne!(kinds[0], kinds[3]);
            for method in [Method::Password, Method::SmsCode, Method::EmailCode] {
                let reference = method.reference().to_owned();
                assert_ne!(factors(texts, std::slice::from_ref(&reference)), reference);
            }
        }
    }
}
