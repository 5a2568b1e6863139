//! What a person types to say who they are: a phone, an e-mail address or a
//! SNILS. Each has one normal form, so that no other notation of it is another
//! identifier to a limit or a look-up.

use super::email::Email;
use super::phone::Phone;
use super::snils::Snils;

/// The kinds of things an account is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContactKind {
    /// A mobile phone.
    Phone,
    /// An e-mail address.
    Email,
    /// An insurance number; nothing can be sent to it.
    Snils,
}

impl ContactKind {
    /// The name used in storage and in page texts.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Phone => "phone",
            Self::Email => "email",
            Self::Snils => "snils",
        }
    }
}

/// An identifier that was typed and understood.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Identifier {
    Phone(Phone),
    Email(Email),
    Snils(Snils),
}

impl Identifier {
    /// The likeliest reading of a text.
    pub fn parse(text: &str) -> Option<Self> {
        Self::readings(text).into_iter().next()
    }

    /// Every reading, the likeliest first. Eleven digits without a plus may be
    /// a phone and, once in a hundred, carry the check sum of a SNILS as well.
    /// Such a text is tried as a SNILS first: its sum seldom fits by chance.
    pub fn readings(text: &str) -> Vec<Self> {
        if let Some(email) = Email::parse(text) {
            return vec![Self::Email(email)];
        }
        let snils = Snils::parse(text).ok().map(Self::Snils);
        let phone = Phone::parse(text).ok().map(Self::Phone);
        snils.into_iter().chain(phone).collect()
    }

    /// Its kind.
    pub const fn kind(&self) -> ContactKind {
        match self {
            Self::Phone(_) => ContactKind::Phone,
            Self::Email(_) => ContactKind::Email,
            Self::Snils(_) => ContactKind::Snils,
        }
    }

    /// The normal form it is looked up by.
    pub fn index(&self) -> String {
        match self {
            Self::Phone(phone) => phone.as_str().to_owned(),
            Self::Email(email) => email.index(),
            Self::Snils(snils) => snils.as_str().to_owned(),
        }
    }

    /// The value itself.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Phone(phone) => phone.as_str(),
            Self::Email(email) => email.as_str(),
            Self::Snils(snils) => snils.as_str(),
        }
    }

    /// Enough for its owner to know it again.
    pub fn masked(&self) -> String {
        match self {
            Self::Phone(phone) => phone.masked(),
            Self::Email(email) => email.masked(),
            Self::Snils(snils) => snils.masked(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(text: &str) -> Vec<ContactKind> {
        Identifier::readings(text)
            .iter()
            .map(Identifier::kind)
            .collect()
    }

    #[test]
    fn each_kind_is_told_by_its_form() {
        assert_eq!(kinds("+7 900 123-45-67"), [ContactKind::Phone]);
        assert_eq!(kinds("9001234567"), [ContactKind::Phone]);
        assert_eq!(kinds("Ivan@Example.ru"), [ContactKind::Email]);
        assert_eq!(kinds("112-233-445 95"), [ContactKind::Snils]);
        for text in ["", "ivan", "112-233-445 96", "' or 1=1 --", "\0"] {
            assert_eq!(kinds(text), [], "{text}");
        }
    }

    #[test]
    fn eleven_digits_may_be_both() {
        let both = (89_000_000_000_u64..=89_000_009_999)
            .map(|n| n.to_string())
            .find(|n| Snils::parse(n).is_ok())
            .unwrap();
        assert_eq!(kinds(&both), [ContactKind::Snils, ContactKind::Phone]);
        assert_eq!(kinds(&format!("+7{}", &both[1..])), [ContactKind::Phone]);
    }
}
