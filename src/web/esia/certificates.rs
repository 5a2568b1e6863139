//! Our certificates for relying parties of the dialect, which keep them: a page
//! that lists them, and the files. The next one is there long before it signs.

use std::sync::Arc;

use askama::Template;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use http::header::{CONTENT_TYPE, HeaderValue};

use super::dialect;
use crate::app::App;
use crate::model::certified_algorithm::CertifiedAlgorithm;
use crate::web::moments::{Moment, Zone};
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::visit::Visit;

/// `/esia/certificates`
#[derive(Template)]
#[template(path = "esia_certificates.html")]
pub struct CertificatesPage {
    /// The frame.
    pub page: Page,
    /// What tokens name as their issuer.
    pub issuer: String,
    pub certificates: Vec<CertificateRow>,
    /// Whether this server signs with GOST.
    pub gost: bool,
}

/// A published certificate.
pub struct CertificateRow {
    pub algorithm: &'static str,
    /// Whether it is the next one.
    pub next: bool,
    /// From when it signs.
    pub from: Moment,
    /// SHA-256.
    pub fingerprint: String,
    /// Its files, without their ending.
    pub file: String,
}

/// Both that are published of each algorithm, where there are two.
const WHICH: [bool; 2] = [false, true];

/// The page.
pub async fn page(visit: Visit) -> Result<Response, PageError> {
    let esia = dialect(&visit.app)?;
    let zone = Zone::moscow(visit.texts.lang());
    let mut certificates = Vec::new();
    for algorithm in CertifiedAlgorithm::ALL {
        for next in WHICH {
            if let Some(held) = esia.keys.published(algorithm, next, visit.now) {
                certificates.push(CertificateRow {
                    algorithm: algorithm.as_str(),
                    next,
                    from: zone.date(held.times.active_from),
                    fingerprint: held.kid.clone(),
                    file: file_name(algorithm, next),
                });
            }
        }
    }
    visit.show(&CertificatesPage {
        page: visit.page(None),
        issuer: esia.issuer.clone(),
        gost: certificates
            .iter()
            .any(|row| row.algorithm == CertifiedAlgorithm::Gost256.as_str()),
        certificates,
    })
}

fn file_name(algorithm: CertifiedAlgorithm, next: bool) -> String {
    let which = if next { "-next" } else { "" };
    format!("{}{which}", algorithm.file_name())
}

/// `GET /esia/certificates/{file}`: `rsa.pem` and `rsa.der`, the bare public key
/// as `rsa.pub`, the next one as `rsa-next.…`, and the same with `gost`.
pub async fn file(State(app): State<Arc<App>>, Path(file): Path<String>) -> Response {
    let not_found = || StatusCode::NOT_FOUND.into_response();
    let (Some(esia), Some((name, form))) = (&app.esia, file.split_once('.')) else {
        return not_found();
    };
    let now = app.clock.now();
    let held = CertifiedAlgorithm::ALL
        .into_iter()
        .flat_map(|algorithm| WHICH.map(|next| (algorithm, next)))
        .find(|(algorithm, next)| file_name(*algorithm, *next) == name)
        .and_then(|(algorithm, next)| esia.keys.published(algorithm, next, now));
    let Some(held) = held else {
        return not_found();
    };
    let (body, media_type) = match form {
        "pem" => (held.key.pem.clone().into_bytes(), "application/x-pem-file"),
        "pub" => match held.key.public_pem() {
            Ok(pem) => (pem, "application/x-pem-file"),
            Err(_) => return not_found(),
        },
        "der" => match held.key.der() {
            Ok(der) => (der, "application/pkix-cert"),
            Err(_) => return not_found(),
        },
        _ => return not_found(),
    };
    let mut response = body.into_response();
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}
