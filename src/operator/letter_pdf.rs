//! Letters on paper: one page each, the address where an envelope has its
//! window, the code, and the number as a barcode.

use barcoders::sym::code128::Code128;
use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, TextDirection};

use crate::account::proofing::PrintedLetter;
use crate::error::{Internal, Result};
use crate::model::profile::Address;
use crate::storage::CentreRecord;
use crate::texts::{Texts, key};

/// A4, in points.
const WIDTH: f32 = 595.0;
const HEIGHT: f32 = 842.0;
const LEFT: f32 = 71.0;
const RIGHT: f32 = 524.0;
/// Where the window of a DL envelope begins.
const WINDOW_X: f32 = 312.0;
const WINDOW_Y: f32 = 142.0;
/// Width of the narrowest bar: a hand scanner reads half a millimetre.
const BAR: f32 = 1.4;
const BAR_HEIGHT: f32 = 42.0;

/// The fonts of a document.
struct Fonts {
    plain: Font,
    bold: Font,
}

/// All letters as one document.
///
/// # Errors
/// When the document cannot be written; never in practice.
pub(super) fn write(
    letters: &[PrintedLetter],
    centre: &CentreRecord,
    issuer: &str,
) -> Result<Vec<u8>> {
    let fonts = Fonts {
        plain: font(dejavu::sans::regular())?,
        bold: font(dejavu::sans::bold())?,
    };
    let mut document = Document::new();
    for letter in letters {
        let size = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| Internal::new("a page needs a size"))?;
        let mut page = document.start_page_with(size);
        let mut surface = page.surface();
        draw(&mut surface, &fonts, letter, centre, issuer)?;
        surface.finish();
        page.finish();
    }
    document
        .finish()
        .map_err(|error| Internal::new(format!("a PDF cannot be written: {error:?}")))
}

fn font(bytes: &'static [u8]) -> Result<Font> {
    Font::new(bytes.into(), 0).ok_or_else(|| Internal::new("a font cannot be read"))
}

fn draw(
    surface: &mut Surface<'_>,
    fonts: &Fonts,
    letter: &PrintedLetter,
    centre: &CentreRecord,
    issuer: &str,
) -> Result<()> {
    let texts = Texts(letter.lang);
    let mut pen = Pen { surface, y: 71.0 };
    pen.line(&fonts.bold, 11.0, LEFT, &texts.t(key("paper-product")));
    pen.line(&fonts.plain, 9.0, LEFT, &centre.name);
    pen.paragraph(
        &fonts.plain,
        9.0,
        LEFT,
        WINDOW_X - LEFT - 20.0,
        &centre.address,
    );

    pen.y = WINDOW_Y;
    let window = RIGHT - WINDOW_X;
    pen.paragraph(&fonts.bold, 11.0, WINDOW_X, window, &letter.addressee);
    for part in lines(&letter.address) {
        pen.paragraph(&fonts.plain, 11.0, WINDOW_X, window, part);
    }

    pen.y = 290.0;
    let width = RIGHT - LEFT;
    pen.line(&fonts.bold, 16.0, LEFT, &texts.t(key("paper-title")));
    pen.y += 10.0;
    let about = texts.say("paper-about", "site", issuer);
    pen.paragraph(&fonts.plain, 11.0, LEFT, width, &about);
    pen.y += 16.0;
    let code = letter.code.as_deref().unwrap_or_default();
    pen.line(&fonts.bold, 30.0, LEFT, &spaced(code));
    pen.y += 8.0;
    pen.paragraph(
        &fonts.plain,
        11.0,
        LEFT,
        width,
        &texts.t(key("paper-rules")),
    );
    pen.y += 8.0;
    pen.paragraph(
        &fonts.bold,
        11.0,
        LEFT,
        width,
        &texts.t(key("paper-warning")),
    );

    pen.y = HEIGHT - 150.0;
    barcode(&mut pen, LEFT, &letter.number)?;
    pen.line(&fonts.plain, 10.0, LEFT, &spaced(&letter.number));
    Ok(())
}

/// The lines of an address, smallest part first, as the post reads it.
fn lines(address: &Address) -> impl Iterator<Item = &str> {
    [
        &address.street_address,
        &address.locality,
        &address.region,
        &address.postal_code,
    ]
    .into_iter()
    .map(String::as_str)
    .filter(|part| !part.is_empty())
}

/// `12345678` as `1234 5678`.
pub(super) fn spaced(digits: &str) -> String {
    let (first, rest) = digits.split_at(digits.len() / 2);
    format!("{first} {rest}")
}

/// Writes downwards.
struct Pen<'s, 'd> {
    surface: &'s mut Surface<'d>,
    y: f32,
}

impl Pen<'_, '_> {
    fn line(&mut self, font: &Font, size: f32, x: f32, text: &str) {
        self.y += size * 1.35;
        let at = Point::from_xy(x, self.y);
        self.surface
            .draw_text(at, font.clone(), size, text, false, TextDirection::Auto);
    }

    /// Breaks between words; a letter is half as wide as it is high, about, so
    /// that lines stay well within `width`.
    fn paragraph(&mut self, font: &Font, size: f32, x: f32, width: f32, text: &str) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a page is some hundred points wide"
        )]
        let most = (width / (size * 0.6)) as usize;
        let mut line = String::new();
        for word in text.split_whitespace() {
            let length = line.chars().count() + word.chars().count();
            if !line.is_empty() && length + 1 > most {
                self.line(font, size, x, &line);
                line.clear();
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        if !line.is_empty() {
            self.line(font, size, x, &line);
        }
    }
}

/// Code 128, character set C: two digits a symbol.
fn barcode(pen: &mut Pen<'_, '_>, x: f32, number: &str) -> Result<()> {
    let wrong = |_| Internal::new("a number cannot be a barcode");
    let bars = Code128::new(format!("\u{106}{number}"))
        .map_err(wrong)?
        .encode();
    let mut path = PathBuilder::new();
    let mut at = x;
    for bar in bars {
        if bar == 1
            && let Some(rect) = Rect::from_xywh(at, pen.y, BAR, BAR_HEIGHT)
        {
            path.push_rect(rect);
        }
        at += BAR;
    }
    if let Some(path) = path.finish() {
        pen.surface.draw_path(&path);
    }
    pen.y += BAR_HEIGHT + 2.0;
    Ok(())
}
