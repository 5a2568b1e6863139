//! Section `[notices.push]` of the configuration.

use serde::Deserialize;

use super::endpoint::Hosts;
use crate::error::{Internal, Result};

/// Section `[notices]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoticesSettings {
    /// Notices in browsers.
    pub push: PushSettings,
}

/// Section `[notices.push]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PushSettings {
    /// Whom a push service asks when something is wrong with our messages
    /// (RFC 8292 §2.1): `mailto:…` or `https://…`. Without it there are no
    /// notices in browsers.
    pub contact: Option<String>,
    /// Push services that may be called: `host`, or `*.domain` for every name
    /// below it; with `:port` where that is not 443.
    pub hosts: Vec<String>,
}

impl Default for PushSettings {
    /// Off; the services of Chromium, Firefox, Safari and Edge.
    fn default() -> Self {
        let hosts = [
            "fcm.googleapis.com",
            "updates.push.services.mozilla.com",
            "*.push.apple.com",
            "*.notify.windows.com",
        ];
        Self {
            contact: None,
            hosts: hosts.map(str::to_owned).into(),
        }
    }
}

impl PushSettings {
    /// Whether browsers may subscribe.
    pub const fn is_on(&self) -> bool {
        self.contact.is_some()
    }

    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first value that is not usable, with its mend.
    pub fn check(&self) -> Result<()> {
        let Some(contact) = &self.contact else {
            return Ok(());
        };
        let is_mail = contact
            .strip_prefix("mailto:")
            .is_some_and(|address| address.parse::<lettre::Address>().is_ok());
        let is_page = contact.starts_with("https://") && url::Url::parse(contact).is_ok();
        if !is_mail && !is_page {
            return Err(Internal::new(format!(
                "notices.push.contact = \"{contact}\": must be mailto:somebody@example.ru or an https address"
            )));
        }
        Hosts::parse(&self.hosts).map(drop)
    }
}
