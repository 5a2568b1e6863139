//! E-mail addresses: the sane subset of RFC 5321 that mail servers accept, with
//! the domain in lower case and in its ASCII form (RFC 5890).

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization as _;

/// An e-mail address. The part before the at sign keeps its case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Email(String);

/// RFC 5321 §4.5.3.1.
const LONGEST: usize = 254;
const LONGEST_LOCAL: usize = 64;

impl Email {
    /// Reads an address; nothing when it is none.
    pub fn parse(text: &str) -> Option<Self> {
        if text.len() > LONGEST * 4 {
            return None;
        }
        let text: String = text.nfkc().collect();
        let (local, domain) = text.trim().rsplit_once('@')?;
        if !is_local(local) {
            return None;
        }
        let domain = ascii_domain(domain)?;
        let address = format!("{local}@{domain}");
        (address.len() <= LONGEST).then_some(Self(address))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form it is looked up by: nobody has two mailboxes that differ in
    /// case only.
    pub fn index(&self) -> String {
        self.0.to_lowercase()
    }

    /// The part before the at sign.
    pub fn local(&self) -> &str {
        self.0.rsplit_once('@').map_or("", |(local, _)| local)
    }

    /// Enough for its owner to know it again: `i***@example.ru`.
    pub fn masked(&self) -> String {
        let (local, domain) = self.0.rsplit_once('@').unwrap_or_default();
        format!("{}***@{domain}", &local[..local.len().min(1)])
    }
}

/// `dot-atom` of RFC 5322 §3.2.3: no quoting, no comments, so no blank, no
/// line break and no bracket ever reaches a mail header.
fn is_local(local: &str) -> bool {
    let atext = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    local.len() <= LONGEST_LOCAL
        && local
            .split('.')
            .all(|atom| !atom.is_empty() && atom.chars().all(atext))
}

fn ascii_domain(domain: &str) -> Option<String> {
    // The URL parser would decode percent signs, which no domain has.
    if domain.contains(['%', '_']) {
        return None;
    }
    let Ok(url::Host::Domain(ascii)) = url::Host::parse(domain) else {
        return None;
    };
    let sound = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
    };
    (ascii.contains('.') && ascii.split('.').all(sound)).then_some(ascii)
}

impl TryFrom<String> for Email {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        Self::parse(&text).ok_or("not an e-mail address")
    }
}

impl From<Email> for String {
    fn from(email: Email) -> Self {
        email.0
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn domains_are_ascii_and_lower_case() {
        for (text, address) in [
            (" Ivan.Petrov@Example.RU ", "Ivan.Petrov@example.ru"),
            ("ivan+region@Почта.рф", "ivan+region@xn--80a1acny.xn--p1ai"),
            ("ｉｖａｎ＠example.ru", "ivan@example.ru"),
        ] {
            assert_eq!(Email::parse(text).unwrap().as_str(), address);
        }
    }

    #[test]
    fn what_no_mail_server_takes_is_refused() {
        let long = format!("{}@example.ru", "a".repeat(65));
        let longer = format!("a@{}.ru", "a.".repeat(130));
        for text in [
            "",
            "@",
            "ivan",
            "ivan@",
            "@example.ru",
            "ivan@example",
            "ivan@exa mple.ru",
            "ivan@.ru",
            "ivan@ru.",
            ".ivan@example.ru",
            "ivan.@example.ru",
            "i..n@example.ru",
            "iv an@example.ru",
            "<ivan@example.ru>",
            "\"ivan\"@example.ru",
            "ivan@[127.0.0.1]",
            "ivan@127.0.0.1",
            "a@b@example.ru",
            "ivan@exa%6dple.ru",
            "ivan@-a.ru",
            "иван@example.ru",
            &long,
            &longer,
        ] {
            assert_eq!(Email::parse(text), None, "{text}");
        }
    }

    #[test]
    fn attack_41_no_line_break_gets_into_an_address() {
        for text in [
            "ivan@example.ru\r\nBcc: all@example.ru",
            "ivan\n@example.ru",
            "ivan@example.ru\nx",
            "ivan\r@example.ru",
        ] {
            assert_eq!(Email::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_mask_hides_the_mailbox() {
        assert_eq!(
            Email::parse("ivan@example.ru").unwrap().masked(),
            "i***@example.ru"
        );
    }

    proptest! {
        #[test]
        fn attack_21_case_and_width_make_no_second_mailbox(
            local in "[a-z0-9]{1,8}(\\.[a-z0-9]{1,8})?", domain in "[a-z0-9]{1,8}\\.ru",
        ) {
            let plain = format!("{local}@{domain}");
            let wanted = Email::parse(&plain).unwrap().index();
            let wide: String = plain.chars()
                .map(|c| char::from_u32(c as u32 + 0xfee0).unwrap())
                .collect();
            for text in [plain.to_uppercase(), format!("  {plain} "), wide] {
                prop_assert_eq!(Email::parse(&text).unwrap().index(), wanted.clone());
            }
        }

        #[test]
        fn no_text_breaks_the_parser(text in "\\PC{0,20}@\\PC{0,20}") {
            if let Some(email) = Email::parse(&text) {
                prop_assert!(email.as_str().is_ascii());
                prop_assert!(!email.as_str().contains(char::is_whitespace));
                prop_assert_eq!(Email::parse(email.as_str()), Some(email.clone()));
            }
        }
    }
}
