//! Personal data, whether declared or checked.

use serde::{Deserialize, Serialize};

use super::inn::Inn;
use super::passport::Passport;

/// Personal data; empty fields are unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Profile {
    /// Surname.
    pub family_name: String,
    /// First name.
    pub given_name: String,
    /// Patronymic; many people have none.
    pub middle_name: String,
    /// Birth date, `YYYY-MM-DD` (OpenID Connect Core §5.1).
    pub birthdate: String,
    /// `female` or `male`.
    pub gender: String,
    /// As it stands in the passport.
    pub birthplace: String,
    pub passport: Option<Passport>,
    pub inn: Option<Inn>,
    /// Postal address: where the person is registered.
    pub address: Address,
    /// Where the person lives, when that is elsewhere.
    pub residence: Address,
    /// IANA time zone of the person.
    pub zoneinfo: String,
}

/// A postal address (OpenID Connect Core §5.1.1).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    pub postal_code: String,
    pub region: String,
    pub locality: String,
    pub street_address: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
}

impl Address {
    /// Whether nothing is known.
    pub fn is_empty(&self) -> bool {
        self.postal_code.is_empty()
            && self.region.is_empty()
            && self.locality.is_empty()
            && self.street_address.is_empty()
    }

    /// One line, largest part first, as addresses are written in Russia.
    pub fn formatted(&self) -> String {
        [
            &self.postal_code,
            &self.region,
            &self.locality,
            &self.street_address,
        ]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(", ")
    }
}

impl Profile {
    /// First name, patronymic and surname, in the order the person is addressed.
    pub fn full_name(&self) -> String {
        [&self.given_name, &self.middle_name, &self.family_name]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    }
}
