//! What the account knows of its citizen, and changing what may be changed.

use askama::Template;

use crate::web::form::Problems;
use crate::web::page::{Badge, Page};

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
    /// The changes have just been kept.
    pub saved: bool,
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

/// `/account/profile/edit`
#[derive(Template)]
#[template(path = "account/profile_edit.html")]
pub struct ProfileEditPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes.
    pub action: String,
    /// Wrong fields, by the names of the form.
    pub problems: Problems,
    /// What was typed, or what is known.
    pub form: ProfileForm,
}

/// What was typed; every field's name is its name here.
#[derive(Clone, Debug, Default)]
pub struct ProfileForm {
    /// Surname.
    pub family_name: String,
    /// Name.
    pub given_name: String,
    /// Patronymic, optional.
    pub middle_name: String,
    /// `дд.мм.гггг`.
    pub birth_date: String,
    /// `male`, `female` or empty.
    pub sex: String,
    /// Insurance number in any notation.
    pub snils: String,
    /// Postal code.
    pub postal_code: String,
    /// Region.
    pub region: String,
    /// City, town or village.
    pub locality: String,
    /// Street, house, flat.
    pub street_address: String,
}
