//! What pages share where a code was sent and comes back: the field with its
//! term, the button for another one, and what is wrong in words.

use crate::account::registration::{CodeRefused, Pending, Resent};
use crate::texts::key;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::visit::Visit;

/// A code on its way.
#[derive(Clone, Debug, Default)]
pub struct CodeStep {
    /// Where the code goes.
    pub action: String,
    /// Where the request for another code goes.
    pub resend_action: String,
    /// Where it was sent, masked.
    pub contact: String,
    /// Whether it went by e-mail.
    pub by_email: bool,
    /// Tries that are left, told once one was lost.
    pub tries_left: Option<u64>,
    /// Until when the code is good.
    pub expires: Moment,
    /// When another code may be asked for; none if it may be now.
    pub resend_at: Option<Moment>,
}

impl CodeStep {
    /// What waits, with where its forms go.
    pub fn of(visit: &Visit, pending: Pending, action: String, resend_action: String) -> Self {
        let again = pending.resend_at > visit.now;
        Self {
            action,
            resend_action,
            contact: pending.contact,
            by_email: pending.by_email,
            tries_left: (pending.tries_left < pending.tries).then_some(pending.tries_left),
            expires: later::until(visit, pending.expires_at),
            resend_at: again.then(|| later::from(visit, pending.resend_at)),
        }
    }
}

/// The text for the field `code`, where that is what can be mended; else the
/// refusal as it was.
///
/// # Errors
/// The refusals that lead away from the form.
pub fn problem(refused: CodeRefused, typed: &str) -> Result<&'static str, CodeRefused> {
    Ok(match refused {
        CodeRefused::Malformed if typed.trim().is_empty() => key("problem-code-empty"),
        CodeRefused::Malformed => key("problem-code-format"),
        CodeRefused::Wrong { .. } => key("problem-code-wrong"),
        CodeRefused::UsedUp => key("problem-code-spent"),
        CodeRefused::Expired => key("problem-code-expired"),
        CodeRefused::TooMany { .. } => key("problem-code-resend-limit"),
        elsewhere => return Err(elsewhere),
    })
}

/// Why no other code was sent, in words; none when it was, or when nothing
/// waits any more.
pub fn not_resent(visit: &Visit, resent: Resent) -> Option<String> {
    match resent {
        Resent::Sent | Resent::Unknown => None,
        Resent::TooSoon { at } => {
            let time = later::from(visit, at).text;
            Some(visit.texts.say("problem-code-resend-soon", "time", time))
        }
        Resent::TooMany { .. } => Some(visit.texts.t("problem-code-resend-limit")),
    }
}
