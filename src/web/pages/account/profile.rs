//! What the account knows of its citizen.

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use super::query::Query;
use crate::account::fields::birth_date;
use crate::account::person::Person;
use crate::model::passport::Passport;
use crate::texts::{Texts, key};
use crate::web::page::{Badge, Page};
use crate::web::page_error::PageError;

/// `/account/profile`
#[derive(Template)]
#[template(path = "account/profile.html")]
pub struct ProfilePage {
    /// The frame.
    pub page: Page,
    /// Personal data; what is not filled in has no value.
    pub facts: Vec<Fact>,
    /// Phones and e-mail addresses.
    pub contacts: Vec<Contact>,
    /// What has just been done, in the language of the page.
    pub done: Option<String>,
}

/// A line of personal data.
#[derive(Clone, Debug, Default)]
pub struct Fact {
    /// What it is called.
    pub label: String,
    /// Its value.
    pub value: Option<String>,
}

/// A phone or an address.
#[derive(Clone, Debug, Default)]
pub struct Contact {
    /// `Phone` or `e-mail`, as a word.
    pub label: String,
    /// Itself.
    pub value: String,
    /// Confirmed or not.
    pub state: Badge,
}

const DONE: &[(&str, &str)] = &[
    ("saved", key("profile-saved")),
    ("contact", key("contact-saved")),
];

/// The page.
pub async fn show(citizen: Citizen, query: Query) -> Result<Response, PageError> {
    let texts = citizen.visit.texts;
    citizen.visit.show(&ProfilePage {
        page: citizen.page("profile"),
        facts: facts(texts, &citizen.person),
        contacts: contacts(texts, &citizen.person),
        done: query.done(DONE, texts),
    })
}

const ONLY_CHECKED: [&str; 4] = [
    key("field-birthplace"),
    key("field-passport"),
    key("field-inn"),
    key("level-data-residence"),
];

fn facts(texts: Texts, person: &Person) -> Vec<Fact> {
    let profile = &person.profile;
    let sex = match profile.gender.as_str() {
        "female" => texts.t("sex-female"),
        "male" => texts.t("sex-male"),
        _ => String::new(),
    };
    // A glance over a shoulder should not be worth a document.
    let passport = profile.passport.as_ref().map(Passport::masked);
    let inn = profile.inn.as_ref().map(|inn| inn.as_str().to_owned());
    let snils = person.snils.as_ref().map(|snils| snils.value.formatted());
    [
        (key("field-family-name"), profile.family_name.clone()),
        (key("field-given-name"), profile.given_name.clone()),
        (key("field-middle-name"), profile.middle_name.clone()),
        (key("field-birth-date"), birth_date(&profile.birthdate)),
        (key("field-sex"), sex),
        (key("field-birthplace"), profile.birthplace.clone()),
        (key("field-snils"), snils.unwrap_or_default()),
        (key("field-passport"), passport.unwrap_or_default()),
        (key("field-inn"), inn.unwrap_or_default()),
        (key("field-address"), profile.address.formatted()),
        (key("level-data-residence"), profile.residence.formatted()),
    ]
    .into_iter()
    // What only a check asks for is not missed before there was one.
    .filter(|(label, value)| !value.is_empty() || !ONLY_CHECKED.contains(label))
    .map(|(label, value)| Fact {
        label: texts.t(label),
        value: (!value.is_empty()).then_some(value),
    })
    .collect()
}

fn contacts(texts: Texts, person: &Person) -> Vec<Contact> {
    let phone = person.phone.as_ref();
    let email = person.email.as_ref();
    let phone = phone.map(|of| (key("field-phone"), of.value.formatted(), of.confirmed));
    let email = email.map(|of| {
        (
            key("field-email"),
            of.value.as_str().to_owned(),
            of.confirmed,
        )
    });
    let line = |(label, value, confirmed)| Contact {
        label: texts.t(label),
        value,
        state: if confirmed {
            Badge {
                kind: "success",
                text: texts.t("contact-confirmed"),
            }
        } else {
            Badge {
                kind: "warning",
                text: texts.t("contact-unconfirmed"),
            }
        },
    };
    [phone, email].into_iter().flatten().map(line).collect()
}
