//! Values in messages. Each has a shape that says what it may hold; nothing
//! that could start a header, a second line or a foreign link gets through,
//! whatever the caller passes (attack row 41: names and devices are strangers'
//! words).

use jiff::tz::{Offset, TimeZone};

use crate::error::{Internal, Result};
use crate::texts::{Lang, Texts};

/// What a value may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A one-time code: ASCII letters and digits.
    Code,
    /// A full address of ours, made from configuration by the caller.
    Link,
    /// Somebody's words: cleaned and cut.
    Name,
    /// A moment, in milliseconds since 1970.
    Moment,
    /// Names of rules, divided by blanks; each is said in words (`risk-<name>`).
    Reasons,
}

/// A value a kind of message takes.
#[derive(Clone, Copy, Debug)]
pub struct Param {
    /// Its name in the texts.
    pub name: &'static str,
    /// What it may hold.
    pub shape: Shape,
    /// Whether the message can be written without it.
    pub optional: bool,
}

const fn required(name: &'static str, shape: Shape) -> Param {
    Param {
        name,
        shape,
        optional: false,
    }
}

pub const CODE: Param = required("code", Shape::Code);
pub const LINK: Param = Param {
    name: "link",
    shape: Shape::Link,
    optional: true,
};
/// The link of who has not done it.
pub const NOT_ME: Param = Param {
    name: "not_me",
    shape: Shape::Link,
    optional: true,
};
pub const UNDONE: Param = required("undone", Shape::Name);
pub const TIME: Param = required("time", Shape::Moment);
pub const UNTIL: Param = required("until", Shape::Moment);
pub const CONTACT: Param = required("contact", Shape::Name);
pub const DEVICE: Param = required("device", Shape::Name);
pub const PLACE: Param = required("place", Shape::Name);
pub const SITE: Param = required("site", Shape::Name);
pub const REASONS: Param = required("reasons", Shape::Reasons);
pub const NUMBER: Param = required("number", Shape::Name);
pub const REASON: Param = required("reason", Shape::Name);
pub const COMMENT: Param = required("comment", Shape::Name);
pub const BLOCK: Param = required("block", Shape::Name);

/// The longest name in a mail or in the inbox.
const NAME: usize = 80;
/// The longest name in an SMS, where every 67 letters cost.
pub const SHORT_NAME: usize = 28;

impl Param {
    /// The value as it may be stored.
    ///
    /// # Errors
    /// When it can only be a fault of ours or an attack.
    pub fn admit(&self, value: &str) -> Result<String> {
        let admitted = match self.shape {
            Shape::Code => is_code(value).then(|| value.to_owned()),
            Shape::Link => is_link(value).then(|| value.to_owned()),
            Shape::Name => Some(name(value, NAME)),
            Shape::Moment => value.parse::<i64>().ok().map(|at| at.to_string()),
            Shape::Reasons => value
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b == b'_' || b == b' ')
                .then(|| value.to_owned()),
        };
        admitted.ok_or_else(|| {
            Internal::new(format!(
                "a message cannot hold such a value as {}",
                self.name
            ))
        })
    }

    /// The value as it is read.
    pub fn say(&self, value: &str, lang: Lang, longest_name: usize) -> String {
        match self.shape {
            Shape::Code | Shape::Link => value.to_owned(),
            Shape::Name => name(value, longest_name.min(NAME)),
            Shape::Moment => value.parse().map(|at| moment(at, lang)).unwrap_or_default(),
            Shape::Reasons => reasons(value, lang),
        }
    }
}

/// `новая страна, новое устройство`
fn reasons(names: &str, lang: Lang) -> String {
    let said = names
        .split_ascii_whitespace()
        .map(|name| Texts(lang).t(&format!("risk-{}", name.replace('_', "-"))));
    said.collect::<Vec<_>>().join(", ")
}

fn is_code(value: &str) -> bool {
    (4..=12).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric())
}

fn is_link(value: &str) -> bool {
    let plain = |b: u8| b.is_ascii_graphic() && !b"\"'<>\\`{}|^".contains(&b);
    value.len() <= 2000
        && value.bytes().all(plain)
        && url::Url::parse(value).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.has_host() && url.username().is_empty()
        })
}

/// One line without control, invisible and direction marks, without the start
/// of an address that mail programs would make a link of, and not too long.
pub fn name(value: &str, longest: usize) -> String {
    let visible: String = value
        .chars()
        .map(|c| {
            if c.is_control() || c.is_whitespace() {
                ' '
            } else {
                c
            }
        })
        .filter(|c| !is_invisible(*c))
        .collect();
    let words = visible.replace("://", " ");
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest.saturating_sub(1)).collect();
    format!("{}…", cut.trim_end())
}

/// Marks that turn the direction of reading or take no room (Unicode Bidi,
/// UAX 9; zero-width characters and tags).
const fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// `24.03.2026 14:05:09 МСК` (requirement D1). The zone is named, so that
/// nobody mistakes the hour; Moscow has kept +3 since 2014.
fn moment(millis: i64, lang: Lang) -> String {
    let Ok(at) = jiff::Timestamp::from_millisecond(millis) else {
        return String::new();
    };
    let zone = TimeZone::fixed(Offset::constant(3));
    let name = match lang {
        Lang::Ru => "МСК",
        Lang::En => "MSK",
    };
    format!("{} {name}", at.to_zoned(zone).strftime("%d.%m.%Y %H:%M:%S"))
}
