//! Moments as texts (RFC 3339), to the second.

use super::timestamp::Timestamp;

impl Timestamp {
    /// From RFC 3339.
    pub fn from_rfc3339(text: &str) -> Option<Self> {
        let at: jiff::Timestamp = text.parse().ok()?;
        Some(Self::from_seconds(at.as_second()))
    }

    /// In RFC 3339 in UTC; years beyond the calendar as 1970.
    pub fn rfc3339(self) -> String {
        let at = jiff::Timestamp::from_second(self.seconds()).unwrap_or_default();
        at.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_come_back_as_they_were_written() {
        let text = "2026-03-24T09:00:00Z";
        let at = Timestamp::from_rfc3339(text).unwrap();
        assert_eq!(at.rfc3339(), text);
        let elsewhere = Timestamp::from_rfc3339("2026-03-24T12:00:00.9+03:00");
        assert_eq!(elsewhere, Some(at));
        assert_eq!(Timestamp::from_rfc3339("tomorrow"), None);
    }
}
