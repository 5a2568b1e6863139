//! Numbers as people type them: full-width digits from an Asian keyboard,
//! no-break blanks from a document, brackets and every kind of dash.

use unicode_normalization::UnicodeNormalization as _;

/// The digits of `text`, or nothing when anything but digits and the marks
/// people put between them is there.
pub fn plain_digits(text: &str) -> Option<String> {
    let mut digits = String::new();
    for c in text.nfkc() {
        if c.is_ascii_digit() {
            digits.push(c);
        } else if !is_divider(c) {
            return None;
        }
    }
    Some(digits)
}

fn is_divider(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '-' | '(' | ')' | '.' | '/' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}'
        )
}
