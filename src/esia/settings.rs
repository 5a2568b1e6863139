//! `[esia]`

use serde::Deserialize;

use super::permissions;
use crate::error::{Internal, Result};
use crate::model::authorization_detail::DetailType;
use crate::model::client::Localized;
use crate::model::esia_client::EsiaClient;
use crate::model::scope::Scope;

/// The section; with it the dialect is spoken.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct EsiaSettings {
    /// What tokens name as their issuer. Programs written for ESIA want
    /// `http://esia.gosuslugi.ru/`; by default it is the server's own address
    /// with a slash.
    pub issuer: Option<String>,
    /// How many seconds the clock of a relying party may be wrong.
    pub clock_skew: u64,
    /// Days a certificate of ours is good for.
    pub certificate_days: u32,
    /// Days a new certificate is published before its key signs.
    pub publish_ahead_days: u32,
    /// Limits of token lives, by category of relying parties.
    pub categories: Vec<Category>,
    /// Types of consents that relying parties may ask for by `permissions`.
    pub permissions: Vec<PermissionType>,
}

/// A type of consent of the digital profile.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PermissionType {
    pub sysname: String,
    /// What the person allows, in a few words.
    pub title: Localized,
    pub purposes: Vec<Purpose>,
    /// Scopes that must be among those asked for.
    #[serde(default)]
    pub required_scopes: Vec<String>,
    /// Scopes that may be among them.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// Minutes that a consent lasts at most.
    #[serde(default = "a_year")]
    pub longest: u64,
}

/// What for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Purpose {
    pub sysname: String,
    pub title: Localized,
}

const fn a_year() -> u64 {
    525_600
}

/// Limits of token lives, in seconds, from the least to the most.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub name: String,
    pub access_token: [u64; 2],
    pub refresh_token: [u64; 2],
}

impl Default for EsiaSettings {
    fn default() -> Self {
        Self {
            issuer: None,
            clock_skew: 300,
            certificate_days: 450,
            publish_ahead_days: 30,
            categories: Vec::new(),
            permissions: Vec::new(),
        }
    }
}

/// What holds for a relying party of no category.
const ACCESS: [u64; 2] = [60, A_DAY];
const A_DAY: u64 = 86_400;
const REFRESH: [u64; 2] = [60, 366 * 86_400];

impl EsiaSettings {
    /// Checks what types cannot.
    ///
    /// # Errors
    /// The first value that is not usable, with its mend.
    pub fn check(&self) -> Result<()> {
        let wrong = |key: &str, mend: &str| Err(Internal::new(format!("esia.{key}: {mend}")));
        if self
            .issuer
            .as_ref()
            .is_some_and(|issuer| url::Url::parse(issuer).is_err())
        {
            return wrong("issuer", "must be a URL, such as http://esia.gosuslugi.ru/");
        }
        if !(30..=3_600).contains(&self.clock_skew) {
            return wrong("clock_skew", "must be 30 to 3600 seconds");
        }
        if self.publish_ahead_days >= self.certificate_days || self.certificate_days > 3_660 {
            return wrong(
                "certificate_days",
                "must be more than publish_ahead_days, and at most ten years",
            );
        }
        for category in &self.categories {
            let limits = [category.access_token, category.refresh_token];
            if limits
                .iter()
                .any(|[least, most]| *least < 60 || least > most || *most > 10 * 366 * 86_400)
            {
                return wrong(
                    "categories",
                    "lives are [least, most] in seconds, 60 at least",
                );
            }
        }
        for kind in &self.permissions {
            let is_known = |name: &&String| Scope::of_esia(name).is_some();
            let mut scopes = kind.required_scopes.iter().chain(&kind.scopes);
            if let Some(unknown) = scopes.find(|name| !is_known(name)) {
                return wrong(
                    "permissions",
                    &format!("{}: the scope {unknown} is unknown", kind.sysname),
                );
            }
            if kind.purposes.is_empty() || !(1..=10 * a_year()).contains(&kind.longest) {
                return wrong(
                    "permissions",
                    &format!("{}: needs purposes, and longest in minutes", kind.sysname),
                );
            }
        }
        Ok(())
    }

    /// The types of consents as types of details, beside which they are shown.
    pub fn detail_types(&self) -> impl Iterator<Item = DetailType> {
        self.permissions.iter().map(permissions::detail_type)
    }

    /// The issuer of tokens, where the server's own is this.
    pub fn issuer_beside(&self, own: &str) -> String {
        self.issuer.clone().unwrap_or_else(|| format!("{own}/"))
    }

    /// Whether the category of a relying party is known.
    pub fn knows_category_of(&self, client: &EsiaClient) -> bool {
        client
            .category
            .as_ref()
            .is_none_or(|name| self.category(name).is_some())
    }

    fn category(&self, name: &str) -> Option<&Category> {
        self.categories.iter().find(|one| one.name == name)
    }

    /// Seconds that an access token and a refresh token of a relying party
    /// live.
    pub fn lives(&self, client: &EsiaClient) -> (u64, u64) {
        let (access, refresh) = self.limits(client);
        let within = |life: u64, [least, most]: [u64; 2]| life.clamp(least, most);
        (
            within(client.access_token_life, access),
            within(client.refresh_token_life, refresh),
        )
    }

    /// Seconds that a token by an API key lives: a day, if the category lets it.
    pub(super) fn life_by_key(&self, client: &EsiaClient) -> u64 {
        let ([least, most], _) = self.limits(client);
        A_DAY.clamp(least, most)
    }

    fn limits(&self, client: &EsiaClient) -> ([u64; 2], [u64; 2]) {
        let name = client.category.as_deref();
        match name.and_then(|name| self.category(name)) {
            Some(category) => (category.access_token, category.refresh_token),
            None => (ACCESS, REFRESH),
        }
    }

    /// The longest life of a token that keys sign, in seconds.
    pub(super) fn longest_token(&self) -> u64 {
        let of_categories = self.categories.iter().map(|one| one.access_token[1]);
        of_categories.fold(ACCESS[1], u64::max)
    }
}
