//! What an authorization request wants back at once (RFC 6749 §3.1.1, OAuth 2.0
//! Multiple Response Type Encoding Practices).

use serde::{Deserialize, Serialize};

/// A combination of a code, an ID token and an access token. An access token
/// alone has no value here: nothing would tie it to a client (RFC 9700 §2.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub struct ResponseType {
    pub code: bool,
    pub id_token: bool,
    pub token: bool,
}

const fn of(code: bool, id_token: bool, token: bool) -> ResponseType {
    ResponseType {
        code,
        id_token,
        token,
    }
}

/// Every response type there is, as discovery lists them.
pub const RESPONSE_TYPES: [(&str, ResponseType); 6] = [
    ("code", ResponseType::CODE),
    ("id_token", of(false, true, false)),
    ("id_token token", of(false, true, true)),
    ("code id_token", of(true, true, false)),
    ("code token", of(true, false, true)),
    ("code id_token token", of(true, true, true)),
];

impl ResponseType {
    /// A code and nothing else.
    pub const CODE: Self = of(true, false, false);

    /// Reads the parameter: words in any order, each once.
    pub fn parse(text: &str) -> Option<Self> {
        let words: Vec<&str> = text.split(' ').collect();
        let has = |word| words.contains(&word);
        let found = of(has("code"), has("id_token"), has("token"));
        (found.as_str().split(' ').count() == words.len()
            && RESPONSE_TYPES.iter().any(|(_, known)| *known == found))
        .then_some(found)
    }

    /// The registered name; empty for what is none.
    pub fn as_str(self) -> &'static str {
        RESPONSE_TYPES
            .iter()
            .find(|(_, known)| *known == self)
            .map_or("", |(name, _)| name)
    }

    /// Whether tokens come through the browser, where a query would leak them.
    pub const fn has_token(self) -> bool {
        self.id_token || self.token
    }

    /// Whether an access token comes of it, at once or for the code.
    pub const fn leads_to_access_token(self) -> bool {
        self.code || self.token
    }
}

impl TryFrom<String> for ResponseType {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| {
            let known: Vec<_> = RESPONSE_TYPES.iter().map(|(name, _)| *name).collect();
            format!("{text} is no response type; known are {}", known.join(", "))
        })
    }
}

impl From<ResponseType> for &'static str {
    fn from(kind: ResponseType) -> Self {
        kind.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_in_any_order_and_once() {
        for (name, kind) in RESPONSE_TYPES {
            assert_eq!(ResponseType::parse(name), Some(kind));
            let turned: Vec<_> = name.split(' ').rev().collect();
            assert_eq!(ResponseType::parse(&turned.join(" ")), Some(kind));
        }
        for wrong in [
            "",
            "token",
            "code code",
            "code  token",
            "code none",
            "Code",
            "none",
        ] {
            assert_eq!(ResponseType::parse(wrong), None, "{wrong}");
        }
    }
}
