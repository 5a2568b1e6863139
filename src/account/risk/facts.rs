//! What the rules look at.

use std::net::IpAddr;

use ipnet::{IpNet, Ipv4Net, Ipv6Net};

use crate::model::timestamp::Timestamp;

/// One sign-in that is to be judged, and what is known of its account.
#[derive(Clone, Debug)]
pub struct Facts {
    /// The sign-in itself.
    pub here: Seen,
    /// The account's earlier successful sign-ins, newest first.
    pub earlier: Vec<Seen>,
    /// Whether the browser has signed in to this account before.
    pub known_device: bool,
    /// The network of bad repute that the address is in.
    pub bad_network: Option<IpNet>,
}

/// What is known of a sign-in.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub at: Timestamp,
    /// As IPv4 where it is one.
    pub address: IpAddr,
    pub network: Network,
    pub place: Place,
    /// Browser without its version, and system; none if unknown.
    pub agent: Option<String>,
}

/// Whose network it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    /// The number of the autonomous system, if a database knows it.
    pub system: Option<u32>,
    /// The /16 (IPv6: /32) around the address.
    pub around: IpNet,
}

/// Where it was, as far as a database knows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Place {
    pub country: Option<Country>,
    pub point: Option<Point>,
}

/// A country with its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1, two letters.
    pub code: String,
    pub name_ru: String,
    pub name_en: String,
}

/// A point on the globe, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub latitude: f64,
    pub longitude: f64,
    /// How far off it may be, in kilometres.
    pub radius: f64,
}

/// Bits of an address that make its network, where no better is known.
const AROUND_V4: u8 = 16;
const AROUND_V6: u8 = 32;

impl Network {
    /// The network of an address.
    pub fn of(address: IpAddr, system: Option<u32>) -> Self {
        let around = match address {
            IpAddr::V4(address) => Ipv4Net::new(address, AROUND_V4).map(IpNet::from),
            IpAddr::V6(address) => Ipv6Net::new(address, AROUND_V6).map(IpNet::from),
        };
        Self {
            system,
            around: around.unwrap_or_else(|_| IpNet::from(address)).trunc(),
        }
    }

    /// Whether both are one operator's, as far as that is known.
    pub fn is_like(&self, other: &Self) -> bool {
        match (self.system, other.system) {
            (Some(one), Some(another)) => one == another,
            _ => self.around == other.around,
        }
    }
}

impl std::fmt::Display for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.system {
            Some(number) => write!(f, "AS{number}"),
            None => write!(f, "{}", self.around),
        }
    }
}

impl Point {
    /// Kilometres along the globe that lie between both for certain.
    pub fn distance(&self, other: &Self) -> f64 {
        const EARTH: f64 = 6371.0;
        let (from, to) = (self.latitude.to_radians(), other.latitude.to_radians());
        let across = (other.longitude - self.longitude).to_radians();
        let haversine = ((to - from) / 2.0).sin().powi(2)
            + from.cos() * to.cos() * (across / 2.0).sin().powi(2);
        let arc = 2.0 * EARTH * haversine.clamp(0.0, 1.0).sqrt().asin();
        (arc - self.radius - other.radius).max(0.0)
    }
}

/// `Firefox, Linux`: a browser is the same after an update.
pub(super) fn family(os: &str, browser: &str) -> Option<String> {
    let name = browser
        .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.')
        .trim();
    let parts: Vec<_> = [name, os]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect();
    (!parts.is_empty()).then(|| parts.join(", "))
}
