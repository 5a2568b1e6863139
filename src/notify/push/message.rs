//! A message for every browser of an account. It is sealed with the account's
//! key and stored once by the step it tells of; storage puts a line into the
//! outbox for each browser that is subscribed at that moment.

use std::time::Duration;

use serde::Serialize;

use crate::entropy::Entropy;
use crate::error::{Internal, Result};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::notify::kind::{Importance, MessageKind};
use crate::notify::message::{OutgoingMessage, Params, admit};
use crate::notify::param;
use crate::notify::render;
use crate::storage::PushRecord;
use crate::texts::{Lang, Texts};
use crate::vault::AccountKey;

/// How long a push service keeps a warning for a browser that is away.
const WARNING_LIFE: Duration = Duration::from_hours(24);
/// The same for what is only good to know.
const ORDINARY_LIFE: Duration = Duration::from_hours(72);

/// What a browser shows, before it is encrypted.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// One line.
    pub title: String,
    /// What the SMS of this kind says.
    pub text: String,
    /// A page of ours that only shows.
    pub url: String,
    /// What it is about.
    pub category: &'static str,
}

/// The field a message is sealed for.
fn field(id: &str) -> String {
    format!("push:{id}")
}

/// A message for the browsers of the account whose key is given.
///
/// # Errors
/// When a value is missing, strange or not admitted; and a code is not shown by
/// browsers, which do so on a locked screen.
pub fn push(
    key: &AccountKey,
    account: &AccountId,
    entropy: &Entropy,
    kind: MessageKind,
    params: &[(&str, String)],
    lang: Lang,
    now: Timestamp,
) -> Result<PushRecord> {
    let life = match kind.row().importance {
        Importance::Code => return Err(Internal::new("a code is not shown by browsers")),
        Importance::Security => WARNING_LIFE,
        Importance::Ordinary => ORDINARY_LIFE,
    };
    let mut params: Params = admit(kind, params)?;
    // What it would take back is asked for in a mailbox, not on a screen.
    params.remove(param::NOT_ME.name);
    let message = OutgoingMessage {
        recipient: String::new(),
        kind,
        params,
        lang,
        at: now,
        minutes: 0,
    };
    let id = entropy.id(now);
    Ok(PushRecord {
        message_sealed: key.seal_json(&field(&id), &message)?,
        id,
        account_id: account.clone(),
        created_at: now,
        next_try_at: now,
        expires_at: now.plus(life),
    })
}

/// Opens a stored message.
///
/// # Errors
/// When it was altered or belongs to another account.
pub fn open(key: &AccountKey, id: &str, sealed: &str) -> Result<OutgoingMessage> {
    key.open_json(&field(id), sealed)
}

/// The words of a message, with the page of ours it leads to.
pub fn shown(message: &OutgoingMessage, issuer: &str) -> Shown {
    let kind = message.kind;
    let (subject, _) = render::render_notice(Texts(message.lang), kind, &message.params);
    Shown {
        title: param::name(&subject, 150),
        text: render::sms(message),
        url: page(message.params.get(param::LINK.name), issuer),
        category: kind.category().as_str(),
    }
}

/// The page of a link without what follows it: nothing that a press would do.
fn page(link: Option<&String>, issuer: &str) -> String {
    let path = link
        .and_then(|link| link.strip_prefix(issuer))
        .filter(|path| path.starts_with('/'))
        .and_then(|path| path.split(['?', '#']).next());
    format!("{issuer}{}", path.unwrap_or("/account/notices"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_a_page_of_ours_and_holds_no_secret() {
        let issuer = "https://id.example.ru";
        let leads = |link: &str| page(Some(&link.to_owned()), issuer);
        assert_eq!(
            leads("https://id.example.ru/unfreeze?ticket=secret#x"),
            "https://id.example.ru/unfreeze"
        );
        for foreign in [
            "https://evil.example/account",
            "https://id.example.ru.evil.example/",
            "https://id.example.ru@evil.example/",
        ] {
            assert_eq!(leads(foreign), "https://id.example.ru/account/notices");
        }
        assert_eq!(page(None, issuer), "https://id.example.ru/account/notices");
    }
}
