//! A list as a file for spreadsheets.

use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};

use crate::account::csv_file;
use crate::web::moments::Zone;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// An answer that browsers keep as a file named by the list and the day.
///
/// # Errors
/// When a row has another number of cells than there are headings.
pub fn download(
    visit: &Visit,
    zone: &Zone,
    list: &'static str,
    headings: &[&str],
    rows: Vec<Vec<String>>,
) -> Result<Response, PageError> {
    let headings: Vec<String> = headings.iter().map(|key| visit.texts.t(key)).collect();
    let file = csv_file::table(&headings, rows)?;
    let name = format!(
        "attachment; filename=\"propusk-{list}-{}.csv\"",
        zone.day(visit.now)
    );
    let kind = "text/csv; charset=utf-8".to_owned();
    Ok(visit
        .with_cookies(([(CONTENT_TYPE, kind), (CONTENT_DISPOSITION, name)], file).into_response()))
}
