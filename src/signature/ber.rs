//! BER with lengths that are not told beforehand, and octet strings in pieces,
//! as some libraries write CMS (X.690 §8.1.3.6, §8.7.3): put into the form with
//! definite lengths. Bytes in DER stay as they are.

/// Deeper nesting is no CMS.
const DEEPEST: usize = 32;
/// Nor are larger sets: who reads them sorts them, one against the other.
const MOST_IN_A_SET: usize = 64;
const SET: u8 = 0x31;

const CONSTRUCTED: u8 = 0x20;
const OCTET_STRING: u8 = 0x04;

/// The same with every length told; none when it is not BER.
pub(super) fn definite(input: &[u8]) -> Option<Vec<u8>> {
    let mut rest = input;
    let out = element(&mut rest, 0)?;
    rest.is_empty().then_some(out)
}

struct Head {
    tag: Vec<u8>,
    /// None where the end is marked instead.
    length: Option<usize>,
}

fn head(rest: &mut &[u8]) -> Option<Head> {
    let mut tag = vec![take(rest)?];
    if tag[0] & 0x1f == 0x1f {
        // A tag number of several bytes (§8.1.2.4).
        loop {
            let byte = take(rest)?;
            tag.push(byte);
            if byte & 0x80 == 0 {
                break;
            }
            if tag.len() > 4 {
                return None;
            }
        }
    }
    let length = match take(rest)? {
        0x80 => None,
        short @ 0..=0x7f => Some(usize::from(short)),
        long => {
            let count = usize::from(long & 0x7f);
            if count > 4 {
                return None;
            }
            let mut length = 0;
            for _ in 0..count {
                length = length << 8 | usize::from(take(rest)?);
            }
            Some(length)
        }
    };
    Some(Head { tag, length })
}

fn take(rest: &mut &[u8]) -> Option<u8> {
    let (first, others) = rest.split_first()?;
    *rest = others;
    Some(*first)
}

fn element(rest: &mut &[u8], depth: usize) -> Option<Vec<u8>> {
    if depth > DEEPEST {
        return None;
    }
    let Head { mut tag, length } = head(rest)?;
    let constructed = tag[0] & CONSTRUCTED != 0;
    let mut content = Vec::new();
    let mut members = 0;
    // Tagged in another way a set is not known for what it is.
    let is_set = tag[0] == SET || tag[0] & 0xc0 == 0x80;
    match length {
        Some(length) => {
            let (mut own, others) = rest.split_at_checked(length)?;
            *rest = others;
            if constructed {
                while !own.is_empty() {
                    members += 1;
                    content.extend(element(&mut own, depth + 1)?);
                }
            } else {
                content.extend_from_slice(own);
            }
        }
        None if constructed => {
            while !rest.starts_with(&[0, 0]) {
                members += 1;
                content.extend(element(rest, depth + 1)?);
            }
            *rest = &rest[2..];
        }
        None => return None,
    }
    if is_set && members > MOST_IN_A_SET {
        return None;
    }
    if tag == [OCTET_STRING | CONSTRUCTED] {
        tag = vec![OCTET_STRING];
        content = joined(&content)?;
    }
    let mut out = tag;
    put_length(&mut out, content.len());
    out.extend(content);
    Some(out)
}

/// The pieces of an octet string, put together.
fn joined(mut pieces: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    while !pieces.is_empty() {
        let Head { tag, length } = head(&mut pieces)?;
        let (piece, others) = pieces.split_at_checked(length?)?;
        (tag == [OCTET_STRING]).then_some(())?;
        out.extend_from_slice(piece);
        pieces = others;
    }
    Some(out)
}

fn put_length(out: &mut Vec<u8>, length: usize) {
    if let Ok(short @ 0..=0x7f) = u8::try_from(length) {
        out.push(short);
        return;
    }
    let bytes = length.to_be_bytes();
    let first = bytes.iter().position(|byte| *byte != 0).unwrap_or(0);
    let bytes = &bytes[first..];
    // Never more than eight bytes.
    out.push(0x80 | u8::try_from(bytes.len()).unwrap_or(0));
    out.extend_from_slice(bytes);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lengths_are_told_and_pieces_put_together() {
        let ber = [
            0x30, 0x80, 0x24, 0x80, 0x04, 0x01, b'a', 0x04, 0x02, b'b', b'c', 0, 0, 0x05, 0x00, 0,
            0,
        ];
        let der = [0x30, 0x07, 0x04, 0x03, b'a', b'b', b'c', 0x05, 0x00];
        assert_eq!(definite(&ber).unwrap(), der);
        assert_eq!(definite(&der).unwrap(), der);
        assert_eq!(definite(&der[..8]), None);
        assert_eq!(definite(&[0x30, 0x80]), None);
    }

    #[test]
    fn large_sets_are_none() {
        let set = |members: u8| {
            let mut der = vec![0x31, 0x81, members * 2];
            der.extend([0x05, 0x00].repeat(usize::from(members)));
            definite(&der)
        };
        assert!(set(64).is_some());
        assert!(set(65).is_none());
    }

    proptest! {
        #[test]
        fn any_bytes_end_well(bytes in proptest::collection::vec(any::<u8>(), 0..256)) {
            if let Some(der) = definite(&bytes) {
                prop_assert_eq!(definite(&der), Some(der.clone()));
            }
        }
    }
}
