//! QR codes.

use qrcode::QrCode;
use qrcode::render::svg;

use super::page_error::PageError;
use crate::error::Internal;

/// A QR code that stands inside of a page.
///
/// # Errors
/// When the text is too long.
pub fn picture(text: &str) -> Result<String, PageError> {
    let code =
        QrCode::new(text).map_err(|error| PageError::from(Internal::new(error.to_string())))?;
    let qr = code
        .render::<svg::Color<'_>>()
        .min_dimensions(220, 220)
        .build();
    let inside = qr.split_once("?>").map_or(qr.as_str(), |(_, svg)| svg);
    Ok(inside.to_owned())
}
