//! Levels of an account: how sure we are who the person is.

use serde::{Deserialize, Serialize};

/// The level of an account, in rising order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// A contact is confirmed; everything else is the person's own word.
    #[default]
    Simplified,
    /// Personal data match the state registries.
    Standard,
    /// The person was proven to be the holder of those data.
    Verified,
}

impl Level {
    /// Every level, lowest first.
    pub const ALL: [Self; 3] = [Self::Simplified, Self::Standard, Self::Verified];

    /// The name used in `acr`, configuration and claims.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Simplified => "simplified",
            Self::Standard => "standard",
            Self::Verified => "verified",
        }
    }

    /// The level of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == name)
    }
}
