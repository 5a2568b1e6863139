//! From a message to words: a mail as plain text and as HTML, an SMS, a notice
//! in the inbox. The HTML is escaped by the template; the words come from
//! `locales/`.

use askama::Template;

use super::kind::MessageKind;
use super::message::{OutgoingMessage, Params};
use super::param::{self, SHORT_NAME};
use crate::error::Result;
use crate::storage::NoticeRecord;
use crate::texts::Texts;
use crate::vault::AccountKey;

/// A mail ready to be wrapped in headers.
pub struct Mail {
    /// One line.
    pub subject: String,
    /// The plain alternative.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

#[derive(Template)]
#[template(path = "mail/letter.html")]
struct LetterHtml<'a>(&'a Letter);

#[derive(Template)]
#[template(path = "mail/letter.txt")]
struct LetterText<'a>(&'a Letter);

/// What both templates show.
struct Letter {
    lang: &'static str,
    subject: String,
    brand: String,
    greeting: String,
    text: String,
    code: Option<String>,
    link: Option<String>,
    link_lead: Option<String>,
    action: String,
    /// The link of who has not done it, with what it says.
    not_me: Option<(String, String)>,
    after: Option<String>,
    footer: String,
}

/// The words of a mail.
///
/// # Errors
/// When a template cannot be written.
pub fn mail(message: &OutgoingMessage) -> Result<Mail> {
    let texts = Texts(message.lang);
    let kind = message.kind;
    let say = |part: &str| {
        phrase(
            texts,
            kind,
            part,
            &message.params,
            message.minutes,
            usize::MAX,
        )
    };
    let letter = Letter {
        lang: message.lang.as_str(),
        subject: param::name(&say("subject"), 150),
        brand: texts.t("brand"),
        greeting: texts.t("mail-greeting"),
        text: say("text"),
        code: message.params.get("code").cloned(),
        link: message.params.get("link").cloned(),
        link_lead: (kind == MessageKind::RegistrationCode)
            .then(|| texts.t("message-registration-code-link")),
        action: texts.t(kind.row().action),
        not_me: message
            .params
            .get("not_me")
            .map(|link| (texts.t("message-not-me"), link.clone())),
        after: (kind == MessageKind::RegistrationCode)
            .then(|| texts.t("message-registration-code-not-you")),
        footer: texts.t("mail-footer"),
    };
    Ok(Mail {
        text: LetterText(&letter).render()?,
        html: LetterHtml(&letter).render()?,
        subject: letter.subject,
    })
}

/// The words of an SMS: one line.
pub fn sms(message: &OutgoingMessage) -> String {
    let texts = Texts(message.lang);
    let words = phrase(
        texts,
        message.kind,
        "sms",
        &message.params,
        message.minutes,
        SHORT_NAME,
    );
    let words = param::name(&words, 300);
    match (message.params.get("not_me"), message.params.get("link")) {
        (Some(link), _) => format!("{words} {} {link}", texts.t("message-not-me-sms")),
        // Without its link this one would be of no use.
        (None, Some(link)) if message.kind == MessageKind::AppealOpen => format!("{words} {link}"),
        _ => words,
    }
}

/// Title and body of a notice. The values were admitted when it was written
/// and are cleaned again here; the page escapes what it shows.
pub fn render_notice(texts: Texts, kind: MessageKind, params: &Params) -> (String, String) {
    let say = |part: &str| phrase(texts, kind, part, params, 0, usize::MAX);
    (say("subject"), say("text"))
}

/// Opens and renders a stored notice. One of a kind that a newer version of
/// the program has written is shown by its name rather than lost.
///
/// # Errors
/// When it was altered or belongs to another account.
pub fn read_notice(
    key: &AccountKey,
    record: &NoticeRecord,
    texts: Texts,
) -> Result<(String, String)> {
    let params: Params = key.open_json(&format!("notice:{}", record.id), &record.params_sealed)?;
    Ok(MessageKind::parse(&record.kind).map_or_else(
        || (record.kind.clone(), String::new()),
        |kind| render_notice(texts, kind, &params),
    ))
}

fn phrase(
    texts: Texts,
    kind: MessageKind,
    part: &str,
    params: &Params,
    minutes: u64,
    longest_name: usize,
) -> String {
    let row = kind.row();
    let values: Vec<_> = row
        .params
        .iter()
        .map(|param| {
            let value = params
                .get(param.name)
                .map(String::as_str)
                .unwrap_or_default();
            (param.name, param.say(value, texts.lang(), longest_name))
        })
        .collect();
    texts.count_with(&format!("message-{}-{part}", row.name), minutes, &values)
}
