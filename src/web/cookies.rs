//! Our cookies: names, attributes, reading and setting. Behind https they have
//! the `__Host-` prefix, so that no neighbouring host can plant one.

use http::HeaderMap;
use http::header::{COOKIE, HeaderValue};

use crate::model::secret::Secret;

/// A cookie of ours.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// The session's secret.
    Session,
    /// Names the browser, signed in or not: forms and flows are bound to it.
    Browser,
    /// Marks a browser that has signed in before.
    Device,
    /// The chosen language.
    Lang,
    /// Whether the session is still the same: for frames on pages of relying
    /// parties, and for the script in them.
    State,
}

impl Name {
    const fn base(self) -> &'static str {
        match self {
            Self::Session => "propusk_session",
            Self::Browser => "propusk_browser",
            Self::Device => "propusk_device",
            Self::Lang => "propusk_lang",
            Self::State => "propusk_state",
        }
    }

    /// Seconds it is kept; none for as long as the browser runs.
    const fn max_age(self) -> Option<u32> {
        const YEAR: u32 = 365 * 86_400;
        match self {
            Self::Session | Self::Browser | Self::State => None,
            Self::Device | Self::Lang => Some(YEAR),
        }
    }
}

/// How cookies are set: with or without https.
#[derive(Clone, Copy, Debug)]
pub struct Cookies {
    pub https: bool,
}

impl Cookies {
    fn name(self, name: Name) -> String {
        if self.https {
            format!("__Host-{}", name.base())
        } else {
            name.base().to_owned()
        }
    }

    /// The value of a cookie of the request.
    pub fn get(self, headers: &HeaderMap, name: Name) -> Option<Secret> {
        let wanted = self.name(name);
        headers
            .get_all(COOKIE)
            .iter()
            .filter_map(|header| header.to_str().ok())
            .flat_map(cookie::Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == wanted)
            .map(|cookie| Secret::new(cookie.value()))
    }

    /// A header that sets a cookie. Lax: the redirect from a relying party
    /// must arrive with it. Only [`Name::State`] goes into frames on pages of
    /// others, where browsers let it: by https.
    pub fn set(self, name: Name, value: &str) -> HeaderValue {
        self.header(name, value, name.max_age())
    }

    /// A header that takes a cookie back.
    pub fn clear(self, name: Name) -> HeaderValue {
        self.header(name, "", Some(0))
    }

    fn header(self, name: Name, value: &str, max_age: Option<u32>) -> HeaderValue {
        let attributes = match name {
            Name::State if self.https => "SameSite=None",
            Name::State => "SameSite=Lax",
            _ => "HttpOnly; SameSite=Lax",
        };
        let mut text = format!("{}={value}; Path=/; {attributes}", self.name(name));
        if self.https {
            text.push_str("; Secure");
        }
        if let Some(seconds) = max_age {
            text.push_str(&format!("; Max-Age={seconds}"));
        }
        HeaderValue::from_str(&text).expect("our cookies are printable ASCII")
    }
}
