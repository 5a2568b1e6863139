//! Collections of a person: which there are, and what is in them.

use serde_json::{Map, Value, json};

use super::{RsRefused, Subject, tagged};
use crate::error::Result;
use crate::model::profile::Address;
use crate::model::scope::USR_INF;
use crate::model::secret::Digest;

/// A collection.
pub(super) struct Collection {
    /// Its part of the path.
    pub path: &'static str,
    /// What it is called in a person with its collections inside.
    pub relation: &'static str,
    pub schema: &'static str,
    pub element_schema: &'static str,
    /// Scopes of which one is enough to see it.
    scopes: &'static [&'static str],
    /// Whether its elements are always told whole.
    pub always_inside: bool,
}

const fn collection(
    path: &'static str,
    relation: &'static str,
    [schema, element_schema]: [&'static str; 2],
    scopes: &'static [&'static str],
) -> Collection {
    Collection {
        path,
        relation,
        schema,
        element_schema,
        scopes,
        always_inside: false,
    }
}

/// Scopes of documents, beside which each has its type.
const OF_DOCUMENTS: &[&str] = &[
    "id_doc",
    "foreign_passport_doc",
    "drivers_licence_doc",
    "birth_cert_doc",
    "medical_doc",
    "military_doc",
    "residence_doc",
    "temporary_residence_doc",
    "history_passport_doc",
];

/// Nobody has children or organisations here yet, which the oldest scope may be
/// told, too.
const OF_ORGANISATIONS: &[&str] = &["usr_org", USR_INF];
const OF_CHILDREN: &[&str] = &[
    USR_INF,
    "kids",
    "kid_fullname",
    "kid_birthdate",
    "kid_gender",
    "kid_snils",
    "kid_inn",
    "kid_birth_cert_doc",
    "kid_medical_doc",
];

/// Every collection.
pub(super) const COLLECTIONS: &[Collection] = &[
    collection(
        "ctts",
        "contacts",
        ["ctts/Contacts-1", "ctts/Contact-1"],
        &["contacts", "email", "mobile"],
    ),
    collection(
        "addrs",
        "addresses",
        ["addrs/Addresses-1", "addrs/Address-1"],
        &["addresses"],
    ),
    collection(
        "docs",
        "documents",
        ["docs/Documents-1", "docs/Document-1"],
        OF_DOCUMENTS,
    ),
    collection(
        "vhls",
        "vehicles",
        ["vhls/Vehicles-1", "vhls/Vehicle-1"],
        &["vehicles"],
    ),
    collection("kids", "kids", ["kids/Kids-1", "kids/Kid-1"], OF_CHILDREN),
    collection(
        "orgs",
        "organizations",
        ["orgs/Organizations-1", "orgs/Organization-1"],
        OF_ORGANISATIONS,
    ),
    Collection {
        always_inside: true,
        ..collection(
            "roles",
            "roles",
            ["roles/Roles-1", "roles/Role-1"],
            OF_ORGANISATIONS,
        )
    },
];

impl Collection {
    pub(super) fn find(path: &str) -> Option<&'static Self> {
        COLLECTIONS.iter().find(|one| one.path == path)
    }
}

/// One of a collection.
pub(super) struct Element {
    pub id: u32,
    pub body: Value,
}

impl Element {
    /// With the fields that have values.
    pub(super) fn new(
        id: u32,
        state: &str,
        fields: impl IntoIterator<Item = (&'static str, Option<Value>)>,
    ) -> Self {
        let mut body = Map::new();
        body.insert("id".to_owned(), json!(id));
        for (name, value) in fields {
            if let Some(value) = value {
                body.insert(name.to_owned(), value);
            }
        }
        Self {
            id,
            body: tagged(state, body),
        }
    }
}

/// The number of something of a person's that has a name here: the same each
/// time, and another one of another person.
fn number_of(oid: i64, name: &str) -> u32 {
    let digest = Digest::of(format!("{oid} {name}").as_bytes());
    let hash = digest.as_str().bytes().take(8).fold(0_u32, |sum, byte| {
        sum.wrapping_mul(31).wrapping_add(byte.into())
    });
    hash % 999_999_999 + 1
}

impl Subject<'_> {
    pub(super) fn number_of(&self, name: &str) -> u32 {
        number_of(self.oid, name)
    }

    /// What is in a collection, as far as the scopes let it out.
    pub(super) async fn elements(&self, of: &Collection) -> Result<Vec<Element>, RsRefused> {
        if !of.scopes.iter().any(|scope| self.has(scope)) {
            return Err(RsRefused::NotAllowed);
        }
        Ok(match of.path {
            "ctts" => self.contacts(),
            "addrs" => self.addresses(),
            "docs" => self.documents().await?,
            "vhls" => self.vehicles().await?,
            // Nobody has any here yet.
            _ => Vec::new(),
        })
    }

    fn contacts(&self) -> Vec<Element> {
        let contact = |kind: &str, value: String, confirmed: bool| {
            Element::new(
                self.number_of(&format!("{kind}:{value}")),
                "Identifiable",
                [
                    ("type", Some(json!(kind))),
                    ("vrfStu", Some(json!(state(confirmed)))),
                    ("value", Some(json!(value))),
                    ("isCfmCodeExpired", Some(json!(false))),
                ],
            )
        };
        let mut found = Vec::new();
        if (self.has("contacts") || self.has("mobile"))
            && let Some(phone) = &self.person.phone
        {
            let value = written(phone.value.as_str());
            found.push(contact("MBT", value, phone.confirmed));
        }
        if (self.has("contacts") || self.has("email"))
            && let Some(email) = &self.person.email
        {
            let value = email.value.as_str().to_owned();
            found.push(contact("EML", value, email.confirmed));
        }
        found
    }

    fn addresses(&self) -> Vec<Element> {
        let profile = &self.person.profile;
        [("PRG", &profile.address), ("PLV", &profile.residence)]
            .into_iter()
            .filter(|(_, address)| !address.is_empty())
            .map(|(kind, address)| of_address(self.number_of(kind), kind, address))
            .collect()
    }
}

fn of_address(id: u32, kind: &str, address: &Address) -> Element {
    let text = |text: &str| (!text.is_empty()).then(|| json!(text));
    Element::new(
        id,
        "Identifiable",
        [
            ("type", Some(json!(kind))),
            ("addressStr", Some(json!(address.formatted()))),
            ("countryId", (address.country == "RU").then(|| json!("RUS"))),
            ("zipCode", text(&address.postal_code)),
            ("region", text(&address.region)),
            ("city", text(&address.locality)),
            ("street", text(&address.street_address)),
        ],
    )
}

/// Whether something is known to be right.
pub(super) const fn state(is_verified: bool) -> &'static str {
    if is_verified {
        "VERIFIED"
    } else {
        "NOT_VERIFIED"
    }
}

/// A phone as ESIA writes it: `+7(999)0000001`.
fn written(phone: &str) -> String {
    match phone.strip_prefix("+7") {
        Some(number) if number.len() == 10 => format!("+7({}){}", &number[..3], &number[3..]),
        _ => phone.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_are_written_with_their_code_in_brackets() {
        assert_eq!(written("+79990000001"), "+7(999)0000001");
        assert_eq!(written("+4915112345678"), "+4915112345678");
    }

    #[test]
    fn numbers_are_the_same_each_time() {
        assert_eq!(number_of(1, "passport"), number_of(1, "passport"));
        assert_ne!(number_of(1, "PRG"), number_of(1, "PLV"));
        assert_ne!(number_of(1, "passport"), number_of(2, "passport"));
    }
}
