//! Changing what citizens say of themselves: these fields and no others
//! (attack row 46).

use askama::Template;
use axum::response::Response;

use super::citizen::Citizen;
use crate::account::profile::{ProfileForm, ProfileRefused};
use crate::model::level::Level;
use crate::web::form::Problems;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::posted::Posted;

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
    /// What registries have checked is not changed here.
    pub checked: bool,
}

const PATH: &str = "/account/profile/edit";
/// The fields as they stand on the page, for the summary of what is wrong.
const ON_PAGE: [&str; 10] = [
    "family_name",
    "given_name",
    "middle_name",
    "birth_date",
    "sex",
    "snils",
    "postal_code",
    "region",
    "locality",
    "street_address",
];

/// The form with what is known.
pub async fn show(citizen: Citizen) -> Result<Response, PageError> {
    let form = ProfileForm::of(&citizen.person);
    answer(&citizen, form, Problems::none())
}

/// Keeps the changes, or shows the form again with everything that is wrong.
pub async fn save(citizen: Citizen, posted: Posted) -> Result<Response, PageError> {
    let visit = &citizen.visit;
    let sent = posted.checked(visit)?;
    let field = |name| sent.text(name).to_owned();
    let form = ProfileForm {
        family_name: field("family_name"),
        given_name: field("given_name"),
        middle_name: field("middle_name"),
        birth_date: field("birth_date"),
        sex: field("sex"),
        snils: field("snils"),
        postal_code: field("postal_code"),
        region: field("region"),
        locality: field("locality"),
        street_address: field("street_address"),
    };
    let accounts = &visit.app.accounts;
    match accounts
        .change_profile(&citizen.session, &form, &visit.browser(), visit.now)
        .await
    {
        Ok(()) => Ok(visit.go("/account/profile?done=saved")),
        Err(ProfileRefused::Problems(mut found)) => {
            found.sort_by_key(|problem| ON_PAGE.iter().position(|field| *field == problem.field));
            answer(&citizen, form, Problems::found(visit.texts, &found))
        }
        Err(ProfileRefused::Internal(error)) => Err(error.into()),
    }
}

fn answer(citizen: &Citizen, form: ProfileForm, problems: Problems) -> Result<Response, PageError> {
    citizen.visit.show(&ProfileEditPage {
        page: citizen.page("profile"),
        action: PATH.to_owned(),
        problems,
        form,
        checked: citizen.person.level(citizen.visit.now) > Level::Simplified,
    })
}
