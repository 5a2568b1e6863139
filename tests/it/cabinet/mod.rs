//! What citizens see and change of their account: the pages of the cabinet,
//! as people use them.

mod consents;
mod lists;
mod security;

use scraper::{Html, Selector};

use crate::support::Page;

/// The texts of everything a selector finds, blanks evened out.
fn all(page: &Page, selector: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    html.select(&Selector::parse(selector).unwrap())
        .map(|found| {
            let text: Vec<&str> = found.text().collect();
            text.join(" ")
                .split_whitespace()
                .collect::<Vec<_>>()
                .join(" ")
        })
        .collect()
}

/// An attribute of everything a selector finds.
fn attributes(page: &Page, selector: &str, name: &str) -> Vec<String> {
    let html = Html::parse_document(&page.body);
    html.select(&Selector::parse(selector).unwrap())
        .filter_map(|found| found.value().attr(name).map(str::to_owned))
        .collect()
}
