//! Claims about a person as a registry, and what each scope shares of what an
//! account holds.

use super::level::Level;
use super::scope::{OF_USR_INF, USR_INF};

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

/// What scopes of the ESIA dialect share beside documents and claims, by the
/// names that pages show it under.
const SHARED_BY_ESIA: &[(&str, &[&str])] = &[
    ("fullname", &["name"]),
    ("birthdate", &["birthdate"]),
    ("birthplace", &["birthplace"]),
    ("gender", &["gender"]),
    ("mobile", &["phone_number"]),
    ("contacts", &["phone_number", "email"]),
    ("addresses", &["address", "residence"]),
    ("inn", &["inn"]),
    ("id_doc", &["passport"]),
];

/// The lowest level at which what pages show under this name is given.
pub fn minimum_level(name: &str) -> Level {
    match name {
        // Before a registry knows it, it is anybody's.
        "inn" => Level::Standard,
        _ => find_claim(name).map_or(Level::Simplified, |claim| claim.minimum_level),
    }
}

/// Whether a scope shares what pages show under this name.
pub fn shares(scope: &str, name: &str) -> bool {
    if scope == USR_INF {
        return OF_USR_INF.iter().any(|one| shares(one, name));
    }
    let is_claim = |claim: &Claim| claim.scope == scope && claim.name == name;
    let is_shared = |(of, names): &(&str, &[&str])| *of == scope && names.contains(&name);
    CLAIMS.iter().any(is_claim) || SHARED_BY_ESIA.iter().any(is_shared)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::scope::SCOPES;

    #[test]
    fn what_is_shared_belongs_to_a_scope() {
        let of_claims = CLAIMS.iter().map(|claim| claim.scope);
        let of_esia = SHARED_BY_ESIA.iter().map(|(scope, _)| *scope);
        for name in of_claims.chain(of_esia) {
            assert!(SCOPES.iter().any(|scope| scope.name == name), "{name}");
        }
    }

    #[test]
    fn the_whole_profile_is_all_of_its_parts() {
        for name in ["name", "snils", "email", "residence", "passport"] {
            assert!(shares(USR_INF, name), "{name}");
        }
        assert!(!shares(USR_INF, "assurance_level") && !shares("fullname", "snils"));
    }
}
