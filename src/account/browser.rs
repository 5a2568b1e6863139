//! The browser a request came from, as far as it is known: what the history
//! says of it, and whether it has been here before.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};

use super::risk::Reason;
use crate::model::secret::Secret;

/// A browser at the other end.
#[derive(Clone, Debug)]
pub struct Browser {
    /// Its network address, from the connection or a configured proxy.
    pub address: IpAddr,
    /// The `User-Agent` header, possibly empty.
    pub user_agent: String,
    /// The cookie that marks a browser that has signed in before.
    pub device: Option<Secret>,
    /// The session cookie it has, valid or not: a new sign-in ends that session.
    pub session: Option<Secret>,
}

/// What is kept of a browser, sealed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// Network address.
    pub address: String,
    /// Operating system; empty if unknown.
    pub os: String,
    /// Browser and its version; empty if unknown.
    pub browser: String,
    /// The first part of the `User-Agent` header.
    pub agent: String,
    /// The number under which password sign-in was closed at this try.
    pub block_number: Option<String>,
    /// What was unusual about this sign-in.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
}

/// Longer `User-Agent` headers are cut.
const LONGEST_AGENT: usize = 256;

impl Browser {
    /// What is kept of it.
    pub fn details(&self) -> Details {
        let agent = self.agent();
        let parsed = woothee::parser::Parser::new().parse(&agent);
        let known = |text: &str| if text == "UNKNOWN" { "" } else { text }.to_owned();
        let (os, browser) = parsed.map_or_else(Default::default, |found| {
            let name = known(found.name);
            let version = known(found.version)
                .split('.')
                .next()
                .unwrap_or_default()
                .to_owned();
            (
                known(found.os),
                format!("{name} {version}").trim().to_owned(),
            )
        });
        Details {
            address: self.address.to_string(),
            os,
            browser,
            agent,
            block_number: None,
            reasons: Vec::new(),
        }
    }

    fn agent(&self) -> String {
        let visible = self.user_agent.chars().filter(|c| !c.is_control());
        visible.take(LONGEST_AGENT).collect()
    }

    /// `desktop`, `phone`, `tablet` or `other`.
    pub fn device_kind(&self) -> &'static str {
        let agent = self.agent();
        // An Android tablet leaves out the word that phones say.
        if agent.contains("iPad")
            || agent.contains("Tablet")
            || (agent.contains("Android") && !agent.contains("Mobile"))
        {
            return "tablet";
        }
        match woothee::parser::Parser::new()
            .parse(&agent)
            .map(|found| found.category)
        {
            Some("pc") => "desktop",
            Some("smartphone" | "mobilephone") => "phone",
            _ => "other",
        }
    }
}

impl Details {
    /// Browser and system in a phrase, for messages: `Firefox 140, Linux`.
    pub fn device(&self) -> String {
        [&self.browser, &self.os]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn browser(user_agent: &str) -> Browser {
        Browser {
            address: IpAddr::from([192, 0, 2, 7]),
            user_agent: user_agent.to_owned(),
            device: None,
            session: None,
        }
    }

    #[test]
    fn devices_are_told_apart() {
        for (agent, kind, device) in [
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
                "desktop",
                "Firefox 140, Linux",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 YaBrowser/25.4.0.0 Safari/537.36",
                "desktop",
                "Yandex Browser 25, Windows 10",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_3 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.3 Mobile/15E148 Safari/604.1",
                "phone",
                "Safari 18, iPhone",
            ),
            (
                "Mozilla/5.0 (Linux; Android 14; SM-X700) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/134.0.0.0 Safari/537.36",
                "tablet",
                "Chrome 134, Android",
            ),
            ("", "other", ""),
        ] {
            let browser = browser(agent);
            assert_eq!(
                (browser.device_kind(), browser.details().device().as_str()),
                (kind, device)
            );
        }
    }

    #[test]
    fn a_header_is_cut_and_cleaned() {
        let details = browser(&format!("a\r\nb{}", "x".repeat(9000))).details();
        assert_eq!(details.agent.len(), LONGEST_AGENT);
        assert!(details.agent.starts_with("abx"));
    }
}
