//! Scopes and claims as registries: discovery, the consent page, token
//! contents and configuration checks are derived from them.
//!
//! A scope passes three states that are never mixed: what the client
//! [`Requested`](RequestedScopes), what its registration
//! [`Allowed`](AllowedScopes), what the citizen [`Granted`](GrantedScopes).

use std::collections::BTreeSet;

use super::level::Level;

/// A scope: its name and whether a citizen decides about it.
#[derive(Debug)]
pub struct Scope {
    /// The scope token (RFC 6749 §3.3).
    pub name: &'static str,
    /// Whether it lets personal data out, so that the consent page lists it.
    pub shares_data: bool,
}

/// `openid`: the request is an OpenID Connect one.
pub const OPENID: &str = "openid";
/// `offline_access`: tokens outlive the session (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// Every scope the provider knows.
pub const SCOPES: &[Scope] = &[
    Scope {
        name: OPENID,
        shares_data: false,
    },
    Scope {
        name: "profile",
        shares_data: true,
    },
    Scope {
        name: "email",
        shares_data: true,
    },
    Scope {
        name: "phone",
        shares_data: true,
    },
    Scope {
        name: "address",
        shares_data: true,
    },
    Scope {
        name: "snils",
        shares_data: true,
    },
    Scope {
        name: "assurance",
        shares_data: true,
    },
    Scope {
        name: OFFLINE_ACCESS,
        shares_data: false,
    },
];

/// A claim about a person: which scope brings it, and the level below which
/// it is never produced.
#[derive(Debug)]
pub struct Claim {
    /// The claim's name (OpenID Connect Core §5.1, or our own).
    pub name: &'static str,
    /// The scope that asks for it.
    pub scope: &'static str,
    /// The lowest level that supports it.
    pub minimum_level: Level,
}

const fn claim(name: &'static str, scope: &'static str) -> Claim {
    Claim {
        name,
        scope,
        minimum_level: Level::Simplified,
    }
}

/// Every claim about a person.
pub const CLAIMS: &[Claim] = &[
    claim("name", "profile"),
    claim("family_name", "profile"),
    claim("given_name", "profile"),
    claim("middle_name", "profile"),
    claim("gender", "profile"),
    claim("birthdate", "profile"),
    claim("zoneinfo", "profile"),
    claim("locale", "profile"),
    claim("updated_at", "profile"),
    claim("email", "email"),
    claim("email_verified", "email"),
    claim("phone_number", "phone"),
    claim("phone_number_verified", "phone"),
    claim("address", "address"),
    Claim {
        name: "snils",
        scope: "snils",
        // Before a registry knows it, it is anybody's.
        minimum_level: Level::Standard,
    },
    claim("assurance_level", "assurance"),
];

/// The claim of this name.
pub fn find_claim(name: &str) -> Option<&'static Claim> {
    CLAIMS.iter().find(|claim| claim.name == name)
}

fn known(name: &str) -> Option<&'static str> {
    SCOPES
        .iter()
        .map(|scope| scope.name)
        .find(|known| *known == name)
}

fn in_order(names: &BTreeSet<&'static str>) -> Vec<&'static str> {
    SCOPES
        .iter()
        .map(|scope| scope.name)
        .filter(|name| names.contains(name))
        .collect()
}

/// What a request asked for; unknown scopes are left out (OpenID Connect Core
/// §3.1.2.1).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestedScopes(BTreeSet<&'static str>);

impl RequestedScopes {
    /// Reads a `scope` parameter.
    pub fn parse(scope: &str) -> Self {
        Self(scope.split(' ').filter_map(known).collect())
    }

    /// Keeps what the client may ask for.
    pub fn allowed(&self, registered: &str) -> AllowedScopes {
        let registered = Self::parse(registered);
        AllowedScopes(self.0.intersection(&registered.0).copied().collect())
    }

    /// Whether the request is for this scope.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// What a request may be about: asked for, and registered for the client.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AllowedScopes(BTreeSet<&'static str>);

impl AllowedScopes {
    /// What the citizen's decision leaves: never more than was allowed.
    pub fn granted(&self, decided: &str) -> GrantedScopes {
        let decided = RequestedScopes::parse(decided);
        GrantedScopes(self.0.intersection(&decided.0).copied().collect())
    }

    /// What a client gets for itself, where no citizen is asked (RFC 6749 §4.4).
    pub fn for_client_itself(&self) -> GrantedScopes {
        GrantedScopes(self.0.clone())
    }

    /// Gives one up.
    pub fn leave_out(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Names in registry order.
    pub fn names(&self) -> Vec<&'static str> {
        in_order(&self.0)
    }

    /// Whether this scope is among them.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }
}

/// What a citizen granted. Made only by intersection with a decision.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GrantedScopes(BTreeSet<&'static str>);

impl GrantedScopes {
    /// Scopes as they were stored when granted.
    pub fn from_stored(scopes: &str) -> Self {
        Self(RequestedScopes::parse(scopes).0)
    }

    /// The same or fewer: what a refresh request asks to keep (RFC 6749 §6).
    /// None when it asks for more.
    pub fn narrowed(&self, requested: &str) -> Option<Self> {
        let requested = RequestedScopes::parse(requested);
        requested.0.is_subset(&self.0).then_some(Self(requested.0))
    }

    /// What of it lies within a client's registration.
    pub fn within(&self, registered: &str) -> Self {
        let registered = RequestedScopes::parse(registered);
        Self(self.0.intersection(&registered.0).copied().collect())
    }

    /// Gives one up.
    pub fn leave_out(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// Whether this scope was granted.
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(name)
    }

    /// Whether every scope of `other` was granted.
    pub fn covers(&self, other: &AllowedScopes) -> bool {
        other.0.is_subset(&self.0)
    }

    /// Nothing at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl std::fmt::Display for GrantedScopes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&in_order(&self.0).join(" "))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_claim_belongs_to_a_scope() {
        for claim in CLAIMS {
            assert!(known(claim.scope).is_some(), "{}", claim.name);
        }
    }

    proptest! {
        #[test]
        fn a_grant_never_exceeds_request_registration_or_decision(
            requested in "(openid |profile |email |phone |snils |nonsense ){0,6}",
            registered in "(openid |profile |email |phone |snils ){0,6}",
            decided in "(openid |profile |email |phone |address ){0,6}",
        ) {
            let granted = RequestedScopes::parse(&requested).allowed(&registered).granted(&decided);
            for name in granted.to_string().split(' ').filter(|name| !name.is_empty()) {
                for source in [&requested, &registered, &decided] {
                    prop_assert!(source.split(' ').any(|part| part == name));
                }
            }
        }

        #[test]
        fn narrowing_never_widens(granted in "(openid |profile |email ){0,4}", asked in "(openid |profile |phone ){0,4}") {
            let granted = GrantedScopes::from_stored(&granted);
            if let Some(narrowed) = granted.narrowed(&asked) {
                prop_assert!(narrowed.0.is_subset(&granted.0));
            }
        }
    }
}
