//! Scopes as a registry: discovery, the consent page, token contents and
//! configuration checks are derived from it.
//!
//! A scope passes three states that are never mixed: what the client
//! [`Requested`](RequestedScopes), what its registration
//! [`Allowed`](AllowedScopes), what the citizen [`Granted`](GrantedScopes).

use std::collections::BTreeSet;

use super::client::Client;
use crate::texts::key;

/// A scope: its name, who grants it, and whether a citizen decides about it.
#[derive(Debug)]
pub struct Scope {
    /// The scope token (RFC 6749 §3.3).
    pub name: &'static str,
    /// Text key of what it is called on pages.
    pub title: &'static str,
    /// Whether it lets personal data out, so that the consent page lists it.
    pub shares_data: bool,
    /// Whether it is about what a client does for itself: no citizen is asked
    /// for it, and no token about a person has it.
    pub of_client: bool,
    /// Where it is asked for.
    pub dialect: Dialect,
}

impl Scope {
    /// The scope of this name that ESIA's dialect asks for; what is asked for in
    /// another way there (`offline_access`) is none.
    pub fn of_esia(name: &str) -> Option<&'static Self> {
        let of_dialect = |scope: &&Self| {
            scope.name == name && scope.dialect != Dialect::Standard && name != OFFLINE_ACCESS
        };
        SCOPES.iter().find(of_dialect)
    }
}

/// In which protocol a scope is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// OpenID Connect.
    Standard,
    /// ESIA's.
    Esia,
    /// Both, with the same meaning.
    Both,
}

impl Dialect {
    /// Whether a client may have such scopes.
    pub const fn is_spoken_by(self, client: &Client) -> bool {
        matches!(
            (self, client.esia.is_some()),
            (Self::Both, _) | (Self::Standard, false) | (Self::Esia, true)
        )
    }

    /// Whether discovery lists such scopes.
    pub const fn is_standard(self) -> bool {
        !matches!(self, Self::Esia)
    }
}

/// `openid`: the request is an OpenID Connect one.
pub const OPENID: &str = "openid";
/// `offline_access`: tokens outlive the session (OpenID Connect Core §11).
pub const OFFLINE_ACCESS: &str = "offline_access";

/// `ssf.manage`: the client makes, reads and changes its stream of signals
/// (CAEP Interoperability Profile §2.7.2).
pub const SSF_MANAGE: &str = "ssf.manage";
/// `ssf.read`: it reads the stream and takes signals from it.
pub const SSF_READ: &str = "ssf.read";

/// What programs written long ago ask ESIA for: everything of the profile.
pub const USR_INF: &str = "http://esia.gosuslugi.ru/usr_inf";
/// The scopes that it stands for.
pub const OF_USR_INF: [&str; 9] = [
    "fullname",
    "birthdate",
    "birthplace",
    "gender",
    "snils",
    "inn",
    "id_doc",
    "contacts",
    "addresses",
];

const fn scope(name: &'static str, title: &'static str) -> Scope {
    Scope {
        name,
        title,
        shares_data: true,
        of_client: false,
        dialect: Dialect::Standard,
    }
}

const fn in_both(name: &'static str, title: &'static str) -> Scope {
    Scope {
        dialect: Dialect::Both,
        ..scope(name, title)
    }
}

const fn of_esia(name: &'static str, title: &'static str) -> Scope {
    Scope {
        dialect: Dialect::Esia,
        ..scope(name, title)
    }
}

const fn without_data(scope: Scope) -> Scope {
    Scope {
        shares_data: false,
        ..scope
    }
}

const fn of_client(name: &'static str) -> Scope {
    Scope {
        of_client: true,
        ..without_data(scope(name, key("scope-offline-access")))
    }
}

/// Every scope the provider knows, in the order pages show them.
pub const SCOPES: &[Scope] = &[
    without_data(in_both(OPENID, key("scope-openid"))),
    scope("profile", key("scope-profile")),
    of_esia("fullname", key("scope-fullname")),
    of_esia("birthdate", key("scope-birthdate")),
    of_esia("birthplace", key("scope-birthplace")),
    of_esia("gender", key("scope-gender")),
    in_both("email", key("scope-email")),
    scope("phone", key("scope-phone")),
    of_esia("mobile", key("scope-phone")),
    of_esia("contacts", key("scope-contacts")),
    scope("address", key("scope-address")),
    of_esia("addresses", key("scope-addresses")),
    in_both("snils", key("scope-snils")),
    of_esia("inn", key("scope-inn")),
    of_esia("id_doc", key("scope-id-doc")),
    of_esia("foreign_passport_doc", key("scope-foreign-passport")),
    of_esia("drivers_licence_doc", key("scope-driving-licence")),
    of_esia("birth_cert_doc", key("scope-birth-certificate")),
    of_esia("medical_doc", key("scope-medical-policy")),
    of_esia("military_doc", key("scope-military")),
    of_esia("residence_doc", key("scope-residence-permit")),
    of_esia("temporary_residence_doc", key("scope-temporary-residence")),
    of_esia("history_passport_doc", key("scope-earlier-passports")),
    of_esia("self_employed", key("scope-self-employed")),
    of_esia("usr_avt", key("scope-picture")),
    of_esia("usr_reg_cxt", key("scope-registration")),
    of_esia("vehicles", key("scope-vehicles")),
    of_esia("kids", key("scope-children")),
    of_esia("kid_fullname", key("scope-child-names")),
    of_esia("kid_birthdate", key("scope-child-birthdates")),
    of_esia("kid_gender", key("scope-child-genders")),
    of_esia("kid_snils", key("scope-child-snils")),
    of_esia("kid_inn", key("scope-child-inn")),
    of_esia("kid_birth_cert_doc", key("scope-child-certificates")),
    of_esia("kid_medical_doc", key("scope-child-policies")),
    of_esia("usr_org", key("scope-organisations")),
    of_esia(USR_INF, key("scope-whole-profile")),
    scope("assurance", key("scope-assurance")),
    without_data(in_both(OFFLINE_ACCESS, key("scope-offline-access"))),
    of_client(SSF_MANAGE),
    of_client(SSF_READ),
];

/// Text key of what a scope is called on pages.
pub fn scope_title(name: &str) -> &'static str {
    let found = SCOPES.iter().find(|scope| scope.name == name);
    found.map_or(key("scope-offline-access"), |scope| scope.title)
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

    /// Keeps what the client may ask a citizen for.
    pub fn allowed(&self, registered: &str) -> AllowedScopes {
        let mut allowed = self.registered(registered);
        let of_client = SCOPES.iter().filter(|scope| scope.of_client);
        for scope in of_client {
            allowed.remove(scope.name);
        }
        AllowedScopes(allowed)
    }

    /// What a client gets for itself, where no citizen is asked (RFC 6749 §4.4).
    pub fn for_client_itself(&self, registered: &str) -> GrantedScopes {
        GrantedScopes(self.registered(registered))
    }

    fn registered(&self, registered: &str) -> BTreeSet<&'static str> {
        let registered = Self::parse(registered);
        self.0.intersection(&registered.0).copied().collect()
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

    /// Those for which `keeps` holds.
    #[must_use]
    pub fn only(mut self, keeps: impl Fn(&str) -> bool) -> Self {
        self.0.retain(|name| keeps(name));
        self
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
    fn what_is_of_a_client_is_asked_of_no_citizen() {
        let requested = RequestedScopes::parse("openid ssf.manage ssf.read");
        let registered = "openid ssf.manage";
        let allowed = requested.allowed(registered);
        assert_eq!(allowed.names(), [OPENID]);
        assert_eq!(allowed.granted("openid ssf.manage").to_string(), "openid");
        let own = requested.for_client_itself(registered);
        assert!(own.contains(SSF_MANAGE) && !own.contains(SSF_READ));
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
