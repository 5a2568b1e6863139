//! The ESIA dialect, spoken by programs written for ESIA.

mod command;
mod errors;
mod forms;
mod keys;
mod organisation;
mod permissions;
mod replay;
mod resources;
mod road;
mod sandbox;
mod signatures;
mod unchanged;

use serde_json::Value;

use crate::support::TestApp;
use crate::support::esia::{Params, address, told};

/// How a request at an authorization endpoint ended: the code, and whether the
/// relying party was told.
async fn sent(app: &TestApp, path: &str, params: &Params) -> (String, bool) {
    let page = app
        .browser()
        .get_once(&app.at(&address(path, params)))
        .await;
    match page.location() {
        Some(back) if back.host_str() == Some("cabinet.rp.example") => {
            let description = told(&back, "error_description").unwrap_or_default();
            (description.chars().take(11).collect(), true)
        }
        Some(on) => (on.path().to_owned(), false),
        None => {
            let error = page.text("#esia-error").unwrap_or_default();
            (error.chars().take(11).collect(), false)
        }
    }
}

fn code(answer: &Value) -> String {
    let text = answer["error_description"].as_str().unwrap_or_default();
    text.chars().take(11).collect()
}
