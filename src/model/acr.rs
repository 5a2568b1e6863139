//! Names of authentication contexts. They lie on two axes that do not replace
//! each other: how sure we are who a person is, and how strongly the person
//! proved it this time.

use serde::{Deserialize, Serialize};

use super::authentication::Strength;
use super::level::Level;

/// A value of `acr`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "&'static str")]
pub enum Acr {
    /// The level of the account.
    Identity(Level),
    /// The strength of the sign-in.
    Strength(Strength),
}

impl Acr {
    /// Every value, weakest first on each axis.
    pub const ALL: [Self; 6] = [
        Self::Identity(Level::Simplified),
        Self::Identity(Level::Standard),
        Self::Identity(Level::Verified),
        Self::Strength(Strength::Aal1),
        Self::Strength(Strength::Aal2),
        Self::Strength(Strength::Aal3),
    ];

    /// Its name on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Identity(Level::Simplified) => "urn:propusk:ial:simplified",
            Self::Identity(Level::Standard) => "urn:propusk:ial:standard",
            Self::Identity(Level::Verified) => "urn:propusk:ial:verified",
            Self::Strength(Strength::Aal1) => "urn:propusk:aal:1",
            Self::Strength(Strength::Aal2) => "urn:propusk:aal:2",
            Self::Strength(Strength::Aal3) => "urn:propusk:aal:3",
        }
    }

    /// The value of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == name)
    }
}

impl TryFrom<String> for Acr {
    type Error = &'static str;

    fn try_from(name: String) -> Result<Self, Self::Error> {
        Self::parse(&name).ok_or("no such authentication context")
    }
}

impl From<Acr> for &'static str {
    fn from(acr: Acr) -> Self {
        acr.as_str()
    }
}

/// What somebody has reached, or must reach, on both axes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Assurance {
    pub level: Level,
    pub strength: Strength,
}

impl Assurance {
    /// Whether this is enough where `demanded` is.
    pub fn meets(self, demanded: Self) -> bool {
        self.level >= demanded.level && self.strength >= demanded.strength
    }

    /// The same demand, raised by what a request asks for: values of one axis
    /// are alternatives, so that the lowest suffices; both axes hold together.
    #[must_use]
    pub fn raised(self, asked: &[Acr]) -> Self {
        let levels = asked.iter().filter_map(|acr| match acr {
            Acr::Identity(level) => Some(*level),
            Acr::Strength(_) => None,
        });
        let strengths = asked.iter().filter_map(|acr| match acr {
            Acr::Strength(strength) => Some(*strength),
            Acr::Identity(_) => None,
        });
        Self {
            level: self.level.max(levels.min().unwrap_or_default()),
            strength: self.strength.max(strengths.min().unwrap_or_default()),
        }
    }

    /// The value that answers a request: the first it asked for that is met
    /// (OpenID Connect Core §3.1.2.1, §5.5.1.1); without one, the level.
    pub fn answer(self, asked: &[Acr]) -> Acr {
        let met = |acr: &&Acr| match acr {
            Acr::Identity(level) => *level <= self.level,
            Acr::Strength(strength) => *strength <= self.strength,
        };
        let first = asked.iter().find(met).copied();
        first.unwrap_or(Acr::Identity(self.level))
    }

    /// Both axes by name, as `acr_values` would ask for them.
    pub fn names(self) -> [&'static str; 2] {
        [
            Acr::Identity(self.level).as_str(),
            Acr::Strength(self.strength).as_str(),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn assurance(level: Level, strength: Strength) -> Assurance {
        Assurance { level, strength }
    }

    #[test]
    fn every_name_is_read_back() {
        for acr in Acr::ALL {
            assert_eq!(Acr::parse(acr.as_str()), Some(acr));
        }
        assert_eq!(Acr::parse("verified"), None);
    }

    #[test]
    fn values_of_an_axis_are_alternatives_and_axes_hold_together() {
        let none = Assurance::default();
        let asked = [
            Acr::Identity(Level::Verified),
            Acr::Identity(Level::Standard),
            Acr::Strength(Strength::Aal2),
        ];
        let demanded = none.raised(&asked);
        assert_eq!(demanded, assurance(Level::Standard, Strength::Aal2));
        assert!(!assurance(Level::Verified, Strength::Aal1).meets(demanded));
        assert!(!assurance(Level::Simplified, Strength::Aal3).meets(demanded));
        assert!(assurance(Level::Standard, Strength::Aal3).meets(demanded));
        // A request does not lower what the client's registration demands.
        let registered = assurance(Level::Verified, Strength::Aal3);
        assert_eq!(registered.raised(&asked), registered);
    }

    #[test]
    fn the_answer_is_one_of_those_asked_for() {
        let has = assurance(Level::Standard, Strength::Aal2);
        let asked = [
            Acr::Identity(Level::Verified),
            Acr::Strength(Strength::Aal1),
            Acr::Identity(Level::Simplified),
        ];
        assert_eq!(has.answer(&asked), Acr::Strength(Strength::Aal1));
        assert_eq!(has.answer(&[]), Acr::Identity(Level::Standard));
    }
}
