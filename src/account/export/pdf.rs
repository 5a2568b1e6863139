//! Tables on pages: a title, sections with rows, and the number of each page.
//! Knows nothing of what they say. Each letter is looked up by itself: to shape
//! tens of thousands of short texts would read the font as often.

use krilla::Document;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::page::PageSettings;
use krilla::surface::Surface;
use krilla::text::{Font, GlyphId, KrillaGlyph};
use tokio::sync::Semaphore;
use ttf_parser::Face;

use crate::error::{Internal, Result};

/// A4 lying on its side, in points.
const WIDTH: f32 = 842.0;
const HEIGHT: f32 = 595.0;
const MARGIN: f32 = 42.0;
const BOTTOM: f32 = HEIGHT - 50.0;
const TEXT: f32 = 8.0;
const LINE: f32 = TEXT * 1.35;
/// Between columns, and between rows.
const GAP: f32 = 8.0;
const RULE: f32 = 0.4;

/// What is written.
pub struct Sheets {
    pub title: String,
    /// Lines below the title.
    pub about: Vec<String>,
    pub sections: Vec<Section>,
    /// Stands on each page before its number.
    pub footer: String,
}

/// A table.
pub struct Section {
    pub title: String,
    pub columns: Vec<Column>,
    pub rows: Vec<Vec<String>>,
    /// Stands where there are no rows.
    pub empty: String,
}

/// A column: its heading and its part of the width.
pub struct Column {
    pub heading: String,
    pub part: f32,
}

/// A piece of text in its place.
struct Piece {
    bold: bool,
    size: f32,
    x: f32,
    y: f32,
    text: String,
}

/// A page that is laid out.
#[derive(Default)]
struct Page {
    pieces: Vec<Piece>,
    /// Heights of the rules.
    rules: Vec<f32>,
}

/// Documents that are written at once: a long one takes a second of a processor
/// (attack row 53).
static PLACES: Semaphore = Semaphore::const_new(1);

/// The document, made on a thread that nobody else waits for.
///
/// # Errors
/// When it cannot be written; never in practice.
pub async fn make(sheets: Sheets) -> Result<Vec<u8>> {
    let place = PLACES.acquire().await;
    let _place = place.map_err(|error| Internal::new(error.to_string()))?;
    let written = tokio::task::spawn_blocking(move || write(&sheets)).await;
    written.map_err(|error| Internal::new(error.to_string()))?
}

fn write(sheets: &Sheets) -> Result<Vec<u8>> {
    let pages = Layout::of(sheets);
    let plain = Letters::of(dejavu::sans::regular())?;
    let bold = Letters::of(dejavu::sans::bold())?;
    let mut document = Document::new();
    let count = pages.len();
    for (index, page) in pages.iter().enumerate() {
        let size = PageSettings::from_wh(WIDTH, HEIGHT)
            .ok_or_else(|| Internal::new("a page needs a size"))?;
        let mut sheet = document.start_page_with(size);
        let mut surface = sheet.surface();
        for piece in &page.pieces {
            let font = if piece.bold { &bold } else { &plain };
            draw(&mut surface, font, piece);
        }
        let footer = Piece {
            bold: false,
            size: TEXT,
            x: MARGIN,
            y: HEIGHT - 28.0,
            text: format!("{} · {} / {count}", sheets.footer, index + 1),
        };
        draw(&mut surface, &plain, &footer);
        draw_rules(&mut surface, &page.rules);
        surface.finish();
        sheet.finish();
    }
    document
        .finish()
        .map_err(|error| Internal::new(format!("a PDF cannot be written: {error:?}")))
}

/// A font and its letters.
struct Letters {
    font: Font,
    face: Face<'static>,
}

impl Letters {
    fn of(bytes: &'static [u8]) -> Result<Self> {
        let unreadable = || Internal::new("a font cannot be read");
        Ok(Self {
            font: Font::new(bytes.into(), 0).ok_or_else(unreadable)?,
            face: Face::parse(bytes, 0).map_err(|_| unreadable())?,
        })
    }

    fn glyphs(&self, text: &str) -> Vec<KrillaGlyph> {
        let unit = f32::from(self.face.units_per_em());
        let glyph = |(at, letter): (usize, char)| {
            let id = self.face.glyph_index(letter).unwrap_or_default();
            let advance = f32::from(self.face.glyph_hor_advance(id).unwrap_or_default()) / unit;
            let range = at..at + letter.len_utf8();
            KrillaGlyph::new(
                GlyphId::new(id.0.into()),
                advance,
                0.0,
                0.0,
                0.0,
                range,
                None,
            )
        };
        text.char_indices().map(glyph).collect()
    }
}

fn draw(surface: &mut Surface<'_>, letters: &Letters, piece: &Piece) {
    let (at, text) = (Point::from_xy(piece.x, piece.y), &piece.text);
    let glyphs = letters.glyphs(text);
    surface.draw_glyphs(at, &glyphs, letters.font.clone(), text, piece.size, false);
}

fn draw_rules(surface: &mut Surface<'_>, rules: &[f32]) {
    let mut path = PathBuilder::new();
    for y in rules {
        if let Some(rule) = Rect::from_xywh(MARGIN, *y, WIDTH - 2.0 * MARGIN, RULE) {
            path.push_rect(rule);
        }
    }
    if let Some(path) = path.finish() {
        surface.draw_path(&path);
    }
}

/// Writes downwards, and begins a new page where one is full.
struct Layout {
    pages: Vec<Page>,
    page: Page,
    y: f32,
}

impl Layout {
    fn of(sheets: &Sheets) -> Vec<Page> {
        let mut layout = Self {
            pages: Vec::new(),
            page: Page::default(),
            y: MARGIN,
        };
        let width = WIDTH - 2.0 * MARGIN;
        layout.text(true, 16.0, width, &sheets.title);
        for line in &sheets.about {
            layout.text(false, 9.0, width, line);
        }
        for section in &sheets.sections {
            layout.section(section);
        }
        layout.turn();
        layout.pages
    }

    fn turn(&mut self) {
        self.pages.push(std::mem::take(&mut self.page));
        self.y = MARGIN;
    }

    fn text(&mut self, bold: bool, size: f32, width: f32, text: &str) {
        for line in wrapped(text, width, size) {
            self.y += size * 1.35;
            self.piece(bold, size, MARGIN, self.y, line);
        }
    }

    fn piece(&mut self, bold: bool, size: f32, x: f32, y: f32, text: String) {
        self.page.pieces.push(Piece {
            bold,
            size,
            x,
            y,
            text,
        });
    }

    fn section(&mut self, section: &Section) {
        // A heading does not stand alone at the foot of a page.
        if self.y + 80.0 > BOTTOM {
            self.turn();
        }
        self.y += 14.0;
        self.text(true, 12.0, WIDTH - 2.0 * MARGIN, &section.title);
        if section.rows.is_empty() {
            self.text(false, 9.0, WIDTH - 2.0 * MARGIN, &section.empty);
            return;
        }
        let headings: Vec<String> = section
            .columns
            .iter()
            .map(|column| column.heading.clone())
            .collect();
        self.row(section, &headings, true);
        for row in &section.rows {
            let lines = tallest(section, row);
            if self.y + GAP + lines * LINE > BOTTOM && !self.page.pieces.is_empty() {
                self.turn();
                self.row(section, &headings, true);
            }
            self.row(section, row, false);
        }
    }

    /// A row that is taller than a page goes on over the next ones.
    fn row(&mut self, section: &Section, row: &[String], bold: bool) {
        let cells: Vec<(f32, Vec<String>)> = places(section)
            .into_iter()
            .zip(row)
            .map(|((x, width), cell)| (x, wrapped(cell, width, TEXT)))
            .collect();
        let count = cells.iter().map(|(_, lines)| lines.len()).max();
        let mut cells: Vec<_> = cells
            .into_iter()
            .map(|(x, lines)| (x, lines.into_iter()))
            .collect();
        for _ in 0..count.unwrap_or_default() {
            if self.y + LINE > BOTTOM {
                self.turn();
            }
            self.y += LINE;
            let y = self.y;
            for (x, lines) in &mut cells {
                if let Some(line) = lines.next() {
                    self.piece(bold, TEXT, *x, y, line);
                }
            }
        }
        self.page.rules.push(self.y + GAP / 2.0);
        self.y += GAP - 2.0;
    }
}

/// Where columns begin and how wide they are.
fn places(section: &Section) -> Vec<(f32, f32)> {
    let all: f32 = section.columns.iter().map(|column| column.part).sum();
    let mut x = MARGIN;
    let mut places = Vec::new();
    for column in &section.columns {
        let width = (WIDTH - 2.0 * MARGIN) * column.part / all;
        places.push((x, width - GAP));
        x += width;
    }
    places
}

#[expect(clippy::cast_precision_loss, reason = "lines of a cell are few")]
fn tallest(section: &Section, row: &[String]) -> f32 {
    let lines = places(section)
        .into_iter()
        .zip(row)
        .map(|((_, width), cell)| wrapped(cell, width, TEXT).len())
        .max();
    lines.unwrap_or_default() as f32
}

/// Lines that fit: broken between words, and within those that are longer than
/// a line. A letter is a little wider than half its height, about.
fn wrapped(text: &str, width: f32, size: f32) -> Vec<String> {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a page is some hundred points wide"
    )]
    let most = ((width / (size * 0.62)) as usize).max(1);
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split_whitespace() {
        let visible: Vec<char> = word.chars().filter(|c| !c.is_control()).collect();
        for part in visible.chunks(most) {
            if length > 0 && length + 1 + part.len() > most {
                lines.push(std::mem::take(&mut line));
                length = 0;
            }
            if length > 0 {
                line.push(' ');
                length += 1;
            }
            line.extend(part);
            length += part.len();
        }
    }
    if length > 0 {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_broken_between_words_and_within_long_ones() {
        let most = |count: usize, text: &str| wrapped(text, count as f32 * 6.2 + 0.5, 10.0);
        assert_eq!(most(7, "one two three"), ["one two", "three"]);
        assert_eq!(most(4, "abcdefghij"), ["abcd", "efgh", "ij"]);
        assert_eq!(most(4, "\u{7}a\u{0}b "), ["ab"]);
        assert!(most(4, "  ").is_empty());
    }

    #[test]
    fn a_long_table_takes_many_pages_with_its_headings_on_each() {
        let section = Section {
            title: "Table".to_owned(),
            columns: vec![Column {
                heading: "Heading".to_owned(),
                part: 1.0,
            }],
            rows: (0..500).map(|n| vec![format!("row {n}")]).collect(),
            empty: String::new(),
        };
        let sheets = Sheets {
            title: "Title".to_owned(),
            about: Vec::new(),
            sections: vec![section],
            footer: "Footer".to_owned(),
        };
        let pages = Layout::of(&sheets);
        assert!(pages.len() > 10);
        let on = |page: &Page, text: &str| page.pieces.iter().any(|piece| piece.text == text);
        assert!(pages.iter().all(|page| on(page, "Heading")));
        let rows = (0..500).filter(|n| pages.iter().any(|page| on(page, &format!("row {n}"))));
        assert_eq!(rows.count(), 500);
        let low = pages.iter().flat_map(|page| &page.pieces);
        assert!(low.into_iter().all(|piece| piece.y <= BOTTOM));
        assert!(write(&sheets).unwrap().starts_with(b"%PDF"));
    }
}
