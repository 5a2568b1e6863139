//! Whom a certificate names: SNILS, INN and names out of its subject.

use der::asn1::ObjectIdentifier as Oid;
use der::{Tag, Tagged as _};
use x509_cert::name::Name;

use super::SignatureRefused;
use crate::model::inn::Inn;
use crate::model::profile::Profile;
use crate::model::snils::Snils;

const COMMON_NAME: Oid = Oid::new_unwrap("2.5.4.3");
const SURNAME: Oid = Oid::new_unwrap("2.5.4.4");
const GIVEN_NAME: Oid = Oid::new_unwrap("2.5.4.42");
const SNILS: Oid = Oid::new_unwrap("1.2.643.100.3");
const INN: Oid = Oid::new_unwrap("1.2.643.3.131.1.1");
/// Registration and tax number of an organisation, and its name.
const OF_ORGANISATIONS: [Oid; 3] = [
    Oid::new_unwrap("1.2.643.100.1"),
    Oid::new_unwrap("1.2.643.100.4"),
    Oid::new_unwrap("2.5.4.10"),
];

/// A person as a certificate names them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subject {
    pub snils: Snils,
    pub inn: Option<Inn>,
    pub family_name: String,
    /// Given name and patronymic, which certificates do not part.
    pub given_names: String,
}

impl Subject {
    pub(super) fn of(name: &Name) -> Result<Self, SignatureRefused> {
        if OF_ORGANISATIONS
            .iter()
            .any(|oid| text(name, *oid).is_some())
        {
            return Err(SignatureRefused::OfOrganisation);
        }
        let inn = text(name, INN).unwrap_or_default();
        // An organisation's number, padded to twelve digits.
        if inn.starts_with("00") {
            return Err(SignatureRefused::OfOrganisation);
        }
        let snils = text(name, SNILS).and_then(|text| Snils::parse(&text).ok());
        let mut names = (
            text(name, SURNAME).unwrap_or_default(),
            text(name, GIVEN_NAME).unwrap_or_default(),
        );
        if names.0.is_empty() || names.1.is_empty() {
            let whole = text(name, COMMON_NAME).unwrap_or_default();
            let (family, given) = whole
                .trim()
                .split_once(' ')
                .ok_or(SignatureRefused::NoName)?;
            names = (family.to_owned(), given.to_owned());
        }
        Ok(Self {
            snils: snils.ok_or(SignatureRefused::NoSnils)?,
            inn: Inn::parse(&inn).ok(),
            family_name: spaced(&names.0),
            given_names: spaced(&names.1),
        })
    }

    /// The same as accounts have it; what certificates do not say is empty.
    pub(super) fn profile(&self) -> Profile {
        let names = self.given_names.split_once(' ');
        let (given, middle) = names.unwrap_or((&self.given_names, ""));
        Profile {
            family_name: self.family_name.clone(),
            given_name: given.to_owned(),
            middle_name: middle.to_owned(),
            inn: self.inn.clone(),
            ..Profile::default()
        }
    }
}

fn spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The first value of an attribute of a name, when it is text.
pub(super) fn text(name: &Name, wanted: Oid) -> Option<String> {
    let mut all = name.0.iter().flat_map(|part| part.0.iter());
    let value = &all.find(|attribute| attribute.oid == wanted)?.value;
    let bytes = value.value();
    match value.tag() {
        Tag::Utf8String | Tag::PrintableString | Tag::NumericString | Tag::Ia5String => {
            String::from_utf8(bytes.to_vec()).ok()
        }
        Tag::BmpString => {
            let units = bytes.chunks_exact(2).map(|pair| [pair[0], pair[1]]);
            let units: Vec<u16> = units.map(u16::from_be_bytes).collect();
            String::from_utf16(&units).ok()
        }
        _ => None,
    }
}

/// What an authority calls itself.
pub(super) fn authority(name: &Name) -> String {
    text(name, COMMON_NAME).unwrap_or_default()
}
