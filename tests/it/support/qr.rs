//! The camera of a phone: reads a QR code from its picture.

/// The text of a code that stands on a page as SVG.
pub fn read_page(page: &str) -> String {
    let svg = &page[page.find("<svg").unwrap()..];
    let svg = &svg[..svg.find("</svg>").unwrap()];
    let size = numbers(svg.split_once("width=\"").unwrap().1)[0];
    let dark: Vec<[usize; 4]> = svg
        .split('M')
        .skip(1)
        .map(|part| numbers(part)[..4].try_into().unwrap())
        .collect();
    assert!(dark.len() > 100, "a picture of {} squares", dark.len());
    let mut picture = rqrr::PreparedImage::prepare_from_greyscale(size, size, |x, y| {
        let inside = |[left, top, width, height]: &[usize; 4]| {
            (*left..left + width).contains(&x) && (*top..top + height).contains(&y)
        };
        if dark.iter().any(inside) { 0 } else { 255 }
    });
    let found = picture.detect_grids();
    found.first().expect("a QR code").decode().unwrap().1
}

/// The numbers of a text, in their order.
fn numbers(text: &str) -> Vec<usize> {
    text.split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse().unwrap())
        .collect()
}
