//! What a scope shares of a person, for the consent page and the consent card:
//! labels and masked values. Masked, because a glance over a shoulder should
//! not be worth more than the page (NIST SP 800-63C §5.1.2).

use super::pages::level::level_key;
use crate::account::person::Person;
use crate::model::claim::{minimum_level, shares};
use crate::model::client::Client;
use crate::model::evidence::Attribute;
use crate::model::profile::Address;
use crate::model::scope::{OPENID, scope_title};
use crate::model::timestamp::Timestamp;
use crate::protocol::claims::value;
use crate::texts::{Texts, key};

/// Claims that are shown, with their labels. Parts of a name are shown as the
/// name; whether a contact is confirmed goes with the contact.
const SHOWN: &[(&str, &str)] = &[
    ("name", key("attribute-name")),
    ("gender", key("attribute-sex")),
    ("birthdate", key("attribute-birth-date")),
    ("locale", key("attribute-language")),
    ("zoneinfo", key("attribute-zone")),
    ("email", key("attribute-email")),
    ("phone_number", key("attribute-phone")),
    ("address", key("attribute-address")),
    ("residence", key("attribute-residence")),
    ("birthplace", key("attribute-birth-place")),
    ("snils", key("attribute-snils")),
    ("inn", key("attribute-inn")),
    ("passport", key("attribute-passport")),
    ("assurance_level", key("attribute-level")),
];

/// Text key of what a scope is called where this client asks for it.
pub fn scope_title_for(scope: &str, client: Option<&Client>) -> &'static str {
    let of_esia = client.is_some_and(|client| client.esia.is_some());
    match (scope, of_esia) {
        (OPENID, true) => key("scope-openid-of-esia"),
        _ => scope_title(scope),
    }
}

/// Label and masked value of each attribute of a scope; `only` narrows it to
/// single claims.
pub fn attributes(
    texts: Texts,
    person: &Person,
    scope: &str,
    only: Option<&[String]>,
    now: Timestamp,
) -> Vec<(String, Option<String>)> {
    let level = person.level(now);
    SHOWN
        .iter()
        .filter(|(name, _)| shares(scope, name))
        .filter(|(name, _)| {
            only.is_none_or(|only| only.iter().any(|claim| shown_as(claim) == *name))
        })
        .map(|(name, label)| {
            let needed = minimum_level(name);
            let shown = if level < needed {
                let name = texts.t(level_key(needed));
                Some(texts.say("attribute-from-level", "level", name))
            } else {
                masked(texts, person, name, now)
            };
            (texts.t(label), shown)
        })
        .collect()
}

/// Under which claim another one is shown.
fn shown_as(claim: &str) -> &str {
    match claim {
        "family_name" | "given_name" | "middle_name" => "name",
        "email_verified" => "email",
        "phone_number_verified" => "phone_number",
        other => other,
    }
}

fn masked(texts: Texts, person: &Person, name: &str, now: Timestamp) -> Option<String> {
    let profile = &person.profile;
    match name {
        "name" => {
            let initial = profile.family_name.chars().next();
            let surname = initial.map(|letter| format!("{letter}."));
            let parts = [
                Some(profile.given_name.clone()),
                Some(profile.middle_name.clone()),
                surname,
            ];
            let shown: Vec<String> = parts
                .into_iter()
                .flatten()
                .filter(|part| !part.is_empty())
                .collect();
            (!shown.is_empty()).then(|| shown.join(" "))
        }
        "gender" => match profile.gender.as_str() {
            "female" => Some(texts.t("sex-female")),
            "male" => Some(texts.t("sex-male")),
            _ => None,
        },
        // The year only.
        "birthdate" => profile
            .birthdate
            .get(..4)
            .map(|year| format!("••.••.{year}")),
        "email" => person.email.as_ref().map(|email| email.value.masked()),
        "phone_number" => person.phone.as_ref().map(|phone| phone.value.masked()),
        "snils" => person.snils.as_ref().map(|snils| snils.value.masked()),
        "birthplace" => (!profile.birthplace.is_empty()).then(|| "•••".to_owned()),
        "inn" => profile.inn.as_ref().map(|inn| tail(inn.as_str(), 4)),
        "passport" => profile
            .passport
            .as_ref()
            .map(|passport| tail(&passport.number, 3)),
        "address" => masked_address(&profile.address),
        "residence" => masked_address(&profile.residence),
        "assurance_level" => Some(texts.t(level_key(person.level(now)))),
        "locale" => Some(person.locale.own_name().to_owned()),
        _ => value(person, name, now).and_then(|value| value.as_str().map(str::to_owned)),
    }
}

fn masked_address(address: &Address) -> Option<String> {
    let place = [&address.region, &address.locality];
    let shown = place.into_iter().find(|part| !part.is_empty());
    (!address.is_empty()).then(|| {
        format!("{} •••", shown.map_or("", String::as_str))
            .trim()
            .to_owned()
    })
}

/// The end of a number, the rest hidden.
fn tail(number: &str, shown: usize) -> String {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    let from = digits.len().saturating_sub(shown);
    format!("•••{}", digits[from..].iter().collect::<String>())
}

/// What an attribute is called.
pub fn attribute_name(texts: Texts, attribute: Attribute) -> String {
    texts.t(match attribute {
        Attribute::FamilyName => key("field-family-name"),
        Attribute::GivenName => key("field-given-name"),
        Attribute::MiddleName => key("field-middle-name"),
        Attribute::BirthDate => key("field-birth-date"),
        Attribute::Sex => key("field-sex"),
        Attribute::Snils => key("field-snils"),
        Attribute::Passport => key("field-passport"),
        Attribute::Inn => key("field-inn"),
    })
}
