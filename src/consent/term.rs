//! For how long a citizen may let a consent last (requirements E2, E3).

use std::time::Duration;

use crate::model::client::Client;
use crate::model::timestamp::Timestamp;

/// Terms that are offered beside the relying party's own, in days.
const USUAL: [u32; 3] = [30, 90, 365];
const DAY: Duration = Duration::from_secs(86_400);

/// A term, counted from the moment it is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Term {
    Days(u32),
    /// Until it is withdrawn.
    Endless,
}

impl Term {
    /// The terms for a consent to this client, shortest first: never longer
    /// than its registration allows.
    pub fn offered(client: &Client) -> Vec<Self> {
        let longest = client.consent_days.map_or(Self::Endless, Self::Days);
        let mut terms: Vec<Self> = USUAL
            .into_iter()
            .map(Self::Days)
            .filter(|term| *term < longest)
            .collect();
        terms.push(longest);
        terms
    }

    /// When a consent with this term ends; none while it has no end.
    pub fn end(self, now: Timestamp) -> Option<Timestamp> {
        match self {
            Self::Days(days) => Some(now.plus(DAY * days)),
            Self::Endless => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(days: Option<u32>) -> Client {
        let json = r#"{"client_id": "portal", "name": {"ru": "Портал", "en": "Portal"}}"#;
        let mut client: Client = serde_json::from_str(json).expect("a registration");
        client.consent_days = days;
        client
    }

    #[test]
    fn no_term_is_longer_than_the_registration_allows() {
        use Term::{Days, Endless};
        let offered = |days| Term::offered(&client(days));
        assert_eq!(offered(None), [Days(30), Days(90), Days(365), Endless]);
        assert_eq!(offered(Some(180)), [Days(30), Days(90), Days(180)]);
        assert_eq!(offered(Some(90)), [Days(30), Days(90)]);
        assert_eq!(offered(Some(7)), [Days(7)]);
    }
}
