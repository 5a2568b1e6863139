//! Sign-ins that are not like the owner's others (requirement C9). Local rules
//! look at facts and give reasons with weights; the sum decides what follows;
//! every decision can say why.
//!
//! [`RULES`] is the registry and [`verdict`](verdict::verdict) a pure function of facts and
//! settings: the same that runs at sign-in replays a recorded trail.

mod bad_addresses;
pub(super) mod entrance;
mod facts;
mod places;
mod refused;
pub mod replay;
mod restriction;
mod rules;
pub mod settings;
mod verdict;
mod watched;

#[cfg(test)]
mod tests;

pub use facts::{Country, Facts, Network, Place, Seen};
pub use refused::AdmitRefused;
pub use rules::{RULES, Rule};
pub use settings::RiskSettings;
pub use verdict::{Outcome, Reason, Verdict, verdict};

use std::net::IpAddr;

use bad_addresses::BadAddresses;
use ipnet::IpNet;
use places::{Places, Systems};
use watched::Watched;

use crate::error::Result;
use crate::model::timestamp::Timestamp;

/// The settings with the files they name.
pub struct Risk {
    settings: RiskSettings,
    places: Option<Watched<Places>>,
    networks: Option<Watched<Systems>>,
    bad_addresses: Option<Watched<BadAddresses>>,
}

impl Risk {
    /// Opens the files.
    ///
    /// # Errors
    /// When one cannot be read or has another form.
    pub fn open(settings: &RiskSettings) -> Result<Self> {
        Ok(Self {
            places: Watched::open(settings.places.as_deref(), "risk.places")?,
            networks: Watched::open(settings.networks.as_deref(), "risk.networks")?,
            bad_addresses: Watched::open(settings.bad_addresses.as_deref(), "risk.bad_addresses")?,
            settings: settings.clone(),
        })
    }

    /// Reads files again that have changed since; one that cannot be read any
    /// more leaves what was known.
    pub fn reload(&self) {
        self.places.as_ref().inspect(|file| file.reload());
        self.networks.as_ref().inspect(|file| file.reload());
        self.bad_addresses.as_ref().inspect(|file| file.reload());
    }

    /// The settings in force.
    pub const fn settings(&self) -> &RiskSettings {
        &self.settings
    }

    /// What is known of a sign-in from this address; `browser` with or without
    /// its version.
    pub fn seen(&self, at: Timestamp, address: IpAddr, os: &str, browser: &str) -> Seen {
        let address = address.to_canonical();
        let place = self.places.as_ref().map(|file| file.get().find(address));
        let system = self.networks.as_ref().map(|file| file.get().find(address));
        Seen {
            at,
            address,
            network: Network::of(address, system.flatten()),
            place: place.unwrap_or_default(),
            agent: facts::family(os, browser),
        }
    }

    fn bad_network(&self, address: IpAddr) -> Option<IpNet> {
        self.bad_addresses.as_ref()?.get().find(address)
    }
}
