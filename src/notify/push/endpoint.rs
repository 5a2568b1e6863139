//! Where a browser may want its messages sent, and the keys it reads them
//! with. Both are a stranger's words: the address must be one of the push
//! services that configuration names, whatever it resolves to (attack rows of
//! server-side request forgery); egress looks at the address itself once more.

use base64::Engine as _;
use base64::engine::general_purpose::{URL_SAFE, URL_SAFE_NO_PAD};
use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::encryption::{AUTH, POINT, encrypt};
use crate::entropy::Entropy;
use crate::error::{Internal, Result};

/// Longer endpoints are nobody's.
const LONGEST: usize = 2000;
const HTTPS: u16 = 443;

/// Push services that may be called.
#[derive(Clone, Debug, Default)]
pub struct Hosts(Vec<Entry>);

#[derive(Clone, Debug)]
struct Entry {
    name: String,
    /// Whether every name below it is meant, and not itself.
    below: bool,
    port: u16,
}

impl Hosts {
    /// Reads the setting.
    ///
    /// # Errors
    /// When an entry is no host; the message names it.
    pub fn parse(entries: &[String]) -> Result<Self> {
        entries
            .iter()
            .map(|entry| read(entry).ok_or_else(|| wrong(entry)))
            .collect::<Result<_>>()
            .map(Self)
    }

    /// Whether this address is one of a service: https, with no user name, at
    /// the port that was named.
    fn admits(&self, url: &Url) -> bool {
        let Some(host) = url.host_str() else {
            return false;
        };
        let is_named = |entry: &Entry| {
            let same = match entry.below {
                true => host
                    .strip_suffix(entry.name.as_str())
                    .and_then(|below| below.strip_suffix('.'))
                    .is_some_and(|below| !below.is_empty()),
                false => host == entry.name,
            };
            same && url.port_or_known_default() == Some(entry.port)
        };
        url.scheme() == "https"
            && url.username().is_empty()
            && url.password().is_none()
            && url.fragment().is_none()
            && self.0.iter().any(is_named)
    }
}

fn read(entry: &str) -> Option<Entry> {
    let (name, port) = match entry.rsplit_once(':') {
        Some((name, port)) => (name, port.parse().ok()?),
        None => (entry, HTTPS),
    };
    let (name, below) = match name.strip_prefix("*.") {
        Some(name) => (name, true),
        None => (name, false),
    };
    // As the URL standard writes it, so that both sides are compared in one form.
    let host = Host::parse(name).ok()?;
    // A whole top-level domain is no service.
    let narrow = match &host {
        Host::Domain(name) => !name.contains('*') && (!below || name.contains('.')),
        _ => !below,
    };
    narrow.then(|| Entry {
        name: host.to_string(),
        below,
        port,
    })
}

fn wrong(entry: &str) -> Internal {
    Internal::new(format!(
        "notices.push.hosts: \"{entry}\" must be a host such as push.example.org or *.push.example.org"
    ))
}

/// What a browser gave us, as it is kept: sealed for its account.
#[derive(Clone, Serialize, Deserialize)]
pub struct Subscription {
    endpoint: String,
    p256dh: String,
    auth: String,
}

impl Subscription {
    /// What a browser's form holds; none unless it is a subscription at one of
    /// these services, with keys that work.
    pub fn parse(hosts: &Hosts, endpoint: &str, p256dh: &str, auth: &str) -> Option<Self> {
        if endpoint.len() > LONGEST {
            return None;
        }
        let url = Url::parse(endpoint).ok().filter(|url| hosts.admits(url))?;
        let found = Self {
            endpoint: url.into(),
            p256dh: URL_SAFE_NO_PAD.encode(decode::<POINT>(p256dh)?),
            auth: URL_SAFE_NO_PAD.encode(decode::<AUTH>(auth)?),
        };
        // Fails for what is no point of the curve.
        found.encrypt(&Entropy::seeded(b""), b"").ok()?;
        Some(found)
    }

    /// Where messages are posted.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The address, as long as its service is still one of these.
    pub(super) fn url(&self, hosts: &Hosts) -> Option<Url> {
        let url = Url::parse(&self.endpoint).ok()?;
        hosts.admits(&url).then_some(url)
    }

    /// A text for this browser only.
    pub(super) fn encrypt(&self, entropy: &Entropy, text: &[u8]) -> Result<Vec<u8>> {
        let unusable = || Internal::new("a stored subscription has no usable keys");
        let point = decode(&self.p256dh).ok_or_else(unusable)?;
        let auth = decode(&self.auth).ok_or_else(unusable)?;
        encrypt(entropy, &point, &auth, text)
    }
}

impl std::fmt::Debug for Subscription {
    /// The address is a secret: whoever knows it can send there.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Subscription")
    }
}

/// Browsers write base64url without padding; some libraries add it.
fn decode<const N: usize>(text: &str) -> Option<[u8; N]> {
    let read = match text.ends_with('=') {
        true => URL_SAFE.decode(text),
        false => URL_SAFE_NO_PAD.decode(text),
    };
    read.ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const POINT_TEXT: &str =
        "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
    const AUTH_TEXT: &str = "BTBZMqHH6r4Tts7J_aSIgg";

    fn hosts(entries: &[&str]) -> Result<Hosts> {
        let entries: Vec<_> = entries.iter().map(|entry| (*entry).to_owned()).collect();
        Hosts::parse(&entries)
    }

    fn takes(hosts: &Hosts, endpoint: &str) -> bool {
        Subscription::parse(hosts, endpoint, POINT_TEXT, AUTH_TEXT).is_some()
    }

    #[test]
    fn only_named_services_are_called() {
        let named = hosts(&["fcm.googleapis.com", "*.push.apple.com", "localhost:8443"]).unwrap();
        for fine in [
            "https://fcm.googleapis.com/fcm/send/abc",
            "https://FCM.googleapis.com:443/fcm/send/abc",
            "https://web.push.apple.com/abc?d=1",
            "https://localhost:8443/abc",
        ] {
            assert!(takes(&named, fine), "{fine}");
        }
        for foreign in [
            "http://fcm.googleapis.com/fcm/send/abc",
            "https://fcm.googleapis.com:8443/abc",
            "https://fcm.googleapis.com.evil.example/abc",
            "https://evil.example/fcm.googleapis.com",
            "https://fcm.googleapis.com@evil.example/abc",
            "https://user@fcm.googleapis.com/abc",
            "https://user:word@fcm.googleapis.com/abc",
            "https://fcm.googleapis.com/abc#part",
            "https://push.apple.com/abc",
            "https://evilpush.apple.com/abc",
            "https://.push.apple.com/abc",
            "https://localhost/abc",
            "https://127.0.0.1:8443/abc",
            "https://10.0.0.1/abc",
            "https://[::1]/abc",
            "ftp://fcm.googleapis.com/abc",
            "//fcm.googleapis.com/abc",
            "",
        ] {
            assert!(!takes(&named, foreign), "{foreign}");
        }
        let long = format!("https://fcm.googleapis.com/{}", "a".repeat(LONGEST));
        assert!(!takes(&named, &long));
    }

    #[test]
    fn keys_must_be_keys() {
        let named = hosts(&["fcm.googleapis.com"]).unwrap();
        let at = "https://fcm.googleapis.com/abc";
        let takes =
            |point: &str, auth: &str| Subscription::parse(&named, at, point, auth).is_some();
        assert!(takes(&format!("{POINT_TEXT}="), &format!("{AUTH_TEXT}==")));
        for (point, auth) in [
            ("", AUTH_TEXT),
            (POINT_TEXT, ""),
            (AUTH_TEXT, AUTH_TEXT),
            (POINT_TEXT, POINT_TEXT),
            (&"A".repeat(87), AUTH_TEXT),
            (&POINT_TEXT.replace("BCV", "BCW"), AUTH_TEXT),
            ("not base64 at all", AUTH_TEXT),
        ] {
            assert!(!takes(point, auth), "{point} {auth}");
        }
    }

    #[test]
    fn hosts_are_checked() {
        for wrong in [
            "",
            "*",
            "*.",
            "*.com",
            "*.127.0.0.1",
            "a b",
            "host:port",
            "https://host",
        ] {
            assert!(hosts(&[wrong]).is_err(), "{wrong}");
        }
    }
}
