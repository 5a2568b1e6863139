//! The `prompt` parameter (OpenID Connect Core §3.1.2.1).

use crate::protocol::error::{ErrorCode, OAuthError};

/// The values discovery lists.
pub const VALUES: &[&str] = &["none", "login", "consent", "select_account"];

/// What the client wants the person to be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Prompt {
    /// Nothing at all.
    pub none: bool,
    /// A sign-in, whoever is signed in. There is one account at a time in a
    /// browser, so choosing an account is a sign-in as well.
    pub login: bool,
    /// The consent page, whatever was consented to.
    pub consent: bool,
}

impl Prompt {
    /// Reads the parameter; unknown values are left out.
    ///
    /// # Errors
    /// When `none` stands beside another value.
    pub fn parse(value: Option<&str>) -> Result<Self, OAuthError> {
        let values: Vec<&str> = value.unwrap_or_default().split_whitespace().collect();
        let has = |name| values.contains(&name);
        if has("none") && values.len() > 1 {
            return Err(ErrorCode::InvalidRequest.because("prompt=none goes with no other value"));
        }
        Ok(Self {
            none: has("none"),
            login: has("login") || has("select_account"),
            consent: has("consent"),
        })
    }
}
