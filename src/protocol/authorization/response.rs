//! How an answer travels back to the client (OAuth 2.0 Multiple Response Type
//! Encoding Practices, Form Post Response Mode).

use crate::error::Internal;
use crate::model::redirect::ValidRedirect;
use crate::protocol::error::OAuthError;

/// The modes discovery lists.
pub const MODES: &[&str] = &["query", "fragment", "form_post"];

/// Where the parameters of an answer stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ResponseMode {
    /// In the query of the redirect URI: the default for a code.
    #[default]
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that posts itself.
    FormPost,
}

impl ResponseMode {
    /// The mode of this registered name.
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "query" => Some(Self::Query),
            "fragment" => Some(Self::Fragment),
            "form_post" => Some(Self::FormPost),
            _ => None,
        }
    }
}

/// An answer for the client, on its way through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub redirect: ValidRedirect,
    pub mode: ResponseMode,
    /// Names and values, in order.
    pub params: Vec<(&'static str, String)>,
}

impl Answer {
    /// An answer with `iss` (RFC 9207) and the client's `state`.
    pub fn new(
        to: &ReturnAddress,
        issuer: &str,
        params: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        let mut all: Vec<_> = params.into_iter().collect();
        if let Some(state) = &to.state {
            all.push(("state", state.clone()));
        }
        all.push(("iss", issuer.to_owned()));
        Self {
            redirect: to.redirect.clone(),
            mode: to.mode,
            params: all,
        }
    }

    /// The address to send the browser to; for `form_post` the form's target.
    pub fn location(&self) -> String {
        let params: Vec<(&str, &str)> = self
            .params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        match self.mode {
            ResponseMode::Query => self.redirect.with_query(&params),
            ResponseMode::Fragment => self.redirect.with_fragment(&params),
            ResponseMode::FormPost => self.redirect.as_str().to_owned(),
        }
    }
}

/// Where a client wants its answer. Made only with a redirect that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnAddress {
    pub redirect: ValidRedirect,
    pub mode: ResponseMode,
    pub state: Option<String>,
}

/// Why an authorization request ended without a code.
#[derive(Debug)]
pub enum AuthorizationRefused {
    /// The client or its address is not to be trusted: a page tells the
    /// person, and nothing is sent anywhere (RFC 6749 §4.1.2.1).
    Page(OAuthError),
    /// The client is told.
    Redirect(OAuthError, ReturnAddress),
    /// Our own fault.
    Internal(Internal),
}

impl<E> From<E> for AuthorizationRefused
where
    Internal: From<E>,
{
    fn from(error: E) -> Self {
        Self::Internal(Internal::from(error))
    }
}

/// The answer that tells a client of an error.
pub fn error_answer(issuer: &str, error: &OAuthError, to: &ReturnAddress) -> Answer {
    Answer::new(
        to,
        issuer,
        [
            ("error", error.code.as_str().to_owned()),
            ("error_description", error.description.to_string()),
        ],
    )
}
