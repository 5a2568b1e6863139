//! PDFs (ISO 32000-1) are kept as they are, so they are looked through first:
//! no encryption, no scripts, nothing that starts programs, no files within.
//! Names may be written with escapes (§7.3.5), and objects may lie in packed
//! streams (§7.5.7): both are undone. Whoever hides something better still only
//! has a file that browsers are told to download.

use miniz_oxide::inflate::decompress_to_vec_zlib_with_limit;

use crate::account::problem::ProblemKind;

/// What no scan needs.
const REFUSED: [(&str, ProblemKind); 8] = [
    ("JS", ProblemKind::PdfActive),
    ("XFA", ProblemKind::PdfActive),
    ("Encrypt", ProblemKind::PdfEncrypted),
    ("JavaScript", ProblemKind::PdfActive),
    ("Launch", ProblemKind::PdfActive),
    ("EmbeddedFile", ProblemKind::PdfActive),
    ("EmbeddedFiles", ProblemKind::PdfActive),
    ("RichMedia", ProblemKind::PdfActive),
];
/// Names shorter than this stand by chance in the packed bytes of a picture.
const NO_CHANCE: usize = 6;
/// The end of a file stands among so many of its last bytes.
const TAIL: usize = 1024;
/// Unpacked objects in all: a scan has few (attack row 53).
const MOST_UNPACKED: usize = 16 * 1024 * 1024;

/// Whether it is a whole PDF that does nothing.
pub(super) fn check(content: &[u8]) -> Result<(), ProblemKind> {
    let tail = &content[content.len().saturating_sub(TAIL)..];
    if !content.starts_with(b"%PDF-") || find(tail, b"%%EOF").is_none() {
        return Err(ProblemKind::FileBroken);
    }
    look(content, NO_CHANCE)?;
    let mut left = MOST_UNPACKED;
    for (head, packed) in streams(content) {
        look(head, 0)?;
        let dictionary = head
            .windows(4)
            .rposition(|word| word == b" obj")
            .map_or(head, |object| &head[object..]);
        // Where we see no stream of objects and a reader might: a word in a text
        // may look like the beginning of another stream.
        if names(packed).any(|name| name == "ObjStm") {
            return Err(ProblemKind::PdfActive);
        }
        if !names(dictionary).any(|name| name == "ObjStm") {
            continue;
        }
        let is_filter = |name: &String| name.ends_with("Decode") || name == "DecodeParms";
        let filters: Vec<_> = names(dictionary).filter(is_filter).take(3).collect();
        let is_packed = names(dictionary).any(|name| name == "Filter");
        match filters.as_slice() {
            // As it is, it has been looked at.
            [] if !is_packed => {}
            [one] if one == "FlateDecode" => {
                let unpacked = decompress_to_vec_zlib_with_limit(packed, left)
                    .map_err(|_| ProblemKind::FileBroken)?;
                left -= unpacked.len();
                look(&unpacked, 0)?;
            }
            _ => return Err(ProblemKind::PdfActive),
        }
    }
    Ok(())
}

fn look(text: &[u8], shortest: usize) -> Result<(), ProblemKind> {
    for name in names(text) {
        if name.len() < shortest {
            continue;
        }
        if let Some((_, problem)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(*problem);
        }
    }
    Ok(())
}

/// What stands before each stream since the one before, its dictionary last,
/// and its packed bytes; what follows the last stream comes with none.
fn streams(content: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let rest = content.get(at..).filter(|rest| !rest.is_empty())?;
        let Some(begin) = find(rest, b"stream").map(|begin| at + begin) else {
            at = content.len();
            return Some((rest, &[][..]));
        };
        let after = begin + b"stream".len();
        let rest = &content[after..];
        let skipped = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => 0,
        };
        let packed = &rest[skipped..];
        let length = find(packed, END).unwrap_or(packed.len());
        let head = &content[at..begin];
        at = (after + skipped + length + END.len()).min(content.len());
        Some((head, &packed[..length]))
    })
}

/// Names in a text, escapes undone.
fn names(text: &[u8]) -> impl Iterator<Item = String> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let slash = rest.iter().position(|byte| *byte == b'/')?;
        rest = &rest[slash + 1..];
        let mut name = Vec::new();
        // Longer than any name of interest, even when all of it is escaped.
        let mut bytes = rest.iter().copied().take(128);
        while let Some(byte) = bytes.next() {
            let ends = byte.is_ascii_whitespace() || byte == 0 || b"()<>[]{}/%".contains(&byte);
            if ends {
                break;
            }
            let hex = |byte: Option<u8>| char::from(byte?).to_digit(16);
            if byte == b'#' {
                let (high, low) = (hex(bytes.next()), hex(bytes.next()));
                if let (Some(high), Some(low)) = (high, low) {
                    name.push(u8::try_from(high * 16 + low).unwrap_or_default());
                }
            } else {
                name.push(byte);
            }
        }
        Some(String::from_utf8_lossy(&name).into_owned())
    })
}

const END: &[u8] = b"endstream";

fn find(text: &[u8], wanted: &[u8]) -> Option<usize> {
    text.windows(wanted.len()).position(|part| part == wanted)
}
