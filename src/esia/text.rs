//! What is signed at each endpoint: parameters one after the other, with
//! nothing between them.

use crate::protocol::params::Params;

/// An endpoint with its order of parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/aas/oauth2/ac`
    AcV1,
    /// `/aas/oauth2/te`
    TeV1,
    /// `/aas/oauth2/v2/ac`
    AcV2,
    /// `/aas/oauth2/v3/te`
    TeV3,
}

/// The first generation's, the same at both endpoints.
const V1: &[&str] = &["scope", "timestamp", "client_id", "state"];
const AC_V2: &[&str] = &[
    "client_id",
    "scope",
    "scope_org",
    "timestamp",
    "state",
    "redirect_uri",
];
const CODE_V3: &[&str] = &[
    "client_id",
    "scope",
    "scope_org",
    "timestamp",
    "state",
    "redirect_uri",
    "code",
];
/// Programs sign a refresh in two ways.
const REFRESH_V3: &[&str] = &["client_id", "scope", "timestamp", "state", "refresh_token"];

impl Endpoint {
    /// Whether it belongs to the first generation.
    pub const fn is_v1(self) -> bool {
        matches!(self, Self::AcV1 | Self::TeV1)
    }

    /// Its path.
    pub const fn path(self) -> &'static str {
        match self {
            Self::AcV1 => "/aas/oauth2/ac",
            Self::TeV1 => "/aas/oauth2/te",
            Self::AcV2 => "/aas/oauth2/v2/ac",
            Self::TeV3 => "/aas/oauth2/v3/te",
        }
    }

    /// The texts that a request may have been signed as; `lenient` for a
    /// relying party that signs everything as the first generation does.
    pub(super) fn texts(self, params: &Params, lenient: bool) -> Vec<String> {
        let mut orders: Vec<&[&str]> = match (self, params.get("grant_type")) {
            (Self::AcV1 | Self::TeV1, _) => vec![V1],
            (Self::TeV3, Some("authorization_code")) => vec![CODE_V3],
            (Self::TeV3, Some("refresh_token")) => vec![AC_V2, REFRESH_V3],
            (Self::AcV2 | Self::TeV3, _) => vec![AC_V2],
        };
        if lenient && !self.is_v1() {
            orders.push(V1);
        }
        let value = |name: &&str| params.get(name).unwrap_or_default();
        let text = |order: &[&str]| order.iter().map(value).collect::<String>();
        orders.into_iter().map(text).collect()
    }
}
