//! `timestamp`: `2026.01.15 10:20:30 +0300`.

use super::error::{Code, EsiaError};
use crate::model::timestamp::Timestamp;

/// How a time is written.
pub(super) const FORM: &str = "2026.01.15 10:20:30 +0300";

/// Reads the time of a request.
///
/// # Errors
/// 007014, as ESIA says of one that cannot be read.
pub(super) fn parse(text: &str) -> Result<Timestamp, EsiaError> {
    // Exactly this long, as nothing stands between what is signed.
    if text.len() != FORM.len() {
        return Err(EsiaError::missing("timestamp"));
    }
    let time = jiff::fmt::strtime::parse("%Y.%m.%d %H:%M:%S %z", text)
        .and_then(|parsed| parsed.to_timestamp())
        .map_err(|_| EsiaError::missing("timestamp"))?;
    Ok(Timestamp::from_seconds(time.as_second()))
}

/// Whether a request was made now.
///
/// # Errors
/// 007015.
pub(super) fn check(at: Timestamp, now: Timestamp, skew: u64) -> Result<(), EsiaError> {
    match at.seconds().abs_diff(now.seconds()) <= skew {
        true => Ok(()),
        false => Err(Code::WrongTime.because("the time of the request is too far from ours")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zones_are_numbers_without_a_colon() {
        let at = parse("2026.01.15 10:20:30 +0300").unwrap();
        assert_eq!(at.seconds(), 1_768_461_630);
        assert_eq!(parse("2026.01.15 07:20:30 +0000").unwrap(), at);
        for wrong in [
            "",
            "2026-01-15 10:20:30 +0300",
            "2026.01.15 10:20:30",
            "2026.13.15 10:20:30 +0300",
            "2026.01.15 10:20:30 +0300 ",
        ] {
            assert!(parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_skew_counts_both_ways() {
        let at = Timestamp::from_seconds;
        for (time, good) in [(700, true), (1_300, true), (699, false), (1_301, false)] {
            assert_eq!(check(at(time), at(1_000), 300).is_ok(), good, "{time}");
        }
    }
}
