//! Ids of records. Each kind is a type of its own, so that a session's id
//! cannot be passed where an account's is wanted.

use serde::{Deserialize, Serialize};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

ids! {
    /// An account; never shown to a relying party as it is.
    AccountId,
    /// A sign-in session of a browser.
    SessionId,
    /// A relying party (OAuth `client_id`).
    ClientId,
    /// What a citizen allowed to one relying party.
    ConsentId,
    /// One authorization that tokens descend from: a code, its access tokens
    /// and its refresh family.
    GrantId,
}
