//! Where an address is, by local files in MaxMind's format (a City or Country
//! database, and an ASN database). No question about a citizen leaves here.

use std::net::IpAddr;

use maxminddb::Reader;
use serde::Deserialize;
use serde_json::Value;

use super::facts::{Country, Place, Point};
use super::watched::FromFile;
use crate::error::{Internal, Result};

/// A City or Country database.
pub struct Places(Reader<Vec<u8>>);

/// A database of autonomous systems.
pub struct Systems(Reader<Vec<u8>>);

#[derive(Deserialize)]
struct PlaceRecord {
    country: Option<CountryRecord>,
    location: Option<Location>,
}

#[derive(Deserialize)]
struct CountryRecord {
    iso_code: Option<String>,
    #[serde(default)]
    names: Names,
}

#[derive(Default, Deserialize)]
struct Names {
    ru: Option<String>,
    en: Option<String>,
}

/// Vendors write numbers in different widths, and the reader is strict about
/// them: they are taken as they come.
#[derive(Deserialize)]
struct Location {
    latitude: Option<Value>,
    longitude: Option<Value>,
    /// Kilometres around the point within which the address probably is.
    accuracy_radius: Option<Value>,
}

#[derive(Deserialize)]
struct SystemRecord {
    autonomous_system_number: Option<Value>,
}

impl FromFile for Places {
    fn parse(bytes: Vec<u8>) -> Result<Self> {
        open(bytes).map(Self)
    }
}

impl FromFile for Systems {
    fn parse(bytes: Vec<u8>) -> Result<Self> {
        open(bytes).map(Self)
    }
}

fn open(bytes: Vec<u8>) -> Result<Reader<Vec<u8>>> {
    Reader::from_source(bytes)
        .map_err(|error| Internal::new(format!("not a database in MaxMind's format: {error}")))
}

impl Places {
    /// What is known of an address; nothing of one that is in no row.
    pub fn find(&self, address: IpAddr) -> Place {
        let Some(record) = row::<PlaceRecord>(&self.0, address) else {
            return Place::default();
        };
        Place {
            country: record.country.and_then(|country| {
                let code = country.iso_code?;
                Some(Country {
                    name_ru: country.names.ru.unwrap_or_else(|| code.clone()),
                    name_en: country.names.en.unwrap_or_else(|| code.clone()),
                    code,
                })
            }),
            point: record.location.and_then(|location| {
                Some(Point {
                    latitude: location.latitude?.as_f64()?,
                    longitude: location.longitude?.as_f64()?,
                    radius: location
                        .accuracy_radius
                        .and_then(|radius| radius.as_f64())
                        .unwrap_or_default(),
                })
            }),
        }
    }
}

impl Systems {
    /// The number of the autonomous system an address belongs to.
    pub fn find(&self, address: IpAddr) -> Option<u32> {
        let number = row::<SystemRecord>(&self.0, address)?.autonomous_system_number?;
        u32::try_from(number.as_u64()?).ok()
    }
}

/// A row that does not read is as good as none: a sign-in never fails by it.
fn row<T: for<'de> Deserialize<'de>>(reader: &Reader<Vec<u8>>, address: IpAddr) -> Option<T> {
    reader.lookup(address).ok()?.decode().ok()?
}
