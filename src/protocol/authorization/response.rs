//! How an answer travels back to the client (OAuth 2.0 Multiple Response Type
//! Encoding Practices, Form Post Response Mode, JARM).

use serde_json::{Map, Value, json};

use super::awaited::Reference;
use crate::error::{Internal, Result};
use crate::model::algorithm::Algorithm;
use crate::model::id::ClientId;
use crate::model::redirect::ValidRedirect;
use crate::model::response_type::ResponseType;
use crate::model::timestamp::Timestamp;
use crate::protocol::Provider;
use crate::protocol::clients::Registered;
use crate::protocol::error::{OAuthError, Refused};
use crate::protocol::issue::sign;

/// How long a signed answer is good, in seconds: the browser carries it at
/// once (JARM §2.1 recommends at most ten minutes).
const ANSWER_LIFE: u64 = 120;

/// Where the parameters of an answer stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the query of the redirect URI.
    Query,
    /// In its fragment.
    Fragment,
    /// In a form that posts itself.
    FormPost,
}

/// A way to answer: where, and whether as a signed JWT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResponseMode {
    pub place: Place,
    pub signed: bool,
}

const fn mode(place: Place, signed: bool) -> ResponseMode {
    ResponseMode { place, signed }
}

/// Every mode by its name; `jwt` is beside them, as it depends on the response
/// type (JARM §2.3.4).
pub const MODES: [(&str, ResponseMode); 6] = [
    ("query", mode(Place::Query, false)),
    ("fragment", mode(Place::Fragment, false)),
    ("form_post", mode(Place::FormPost, false)),
    ("query.jwt", mode(Place::Query, true)),
    ("fragment.jwt", mode(Place::Fragment, true)),
    ("form_post.jwt", mode(Place::FormPost, true)),
];

impl ResponseMode {
    /// The mode that a response type has by itself (Multiple Response Types
    /// §2.1, §5).
    pub const fn of(kind: ResponseType) -> Self {
        mode(
            if kind.has_token() {
                Place::Fragment
            } else {
                Place::Query
            },
            false,
        )
    }

    /// The mode of this registered name, for this response type.
    pub fn parse(name: &str, kind: ResponseType) -> Option<Self> {
        if name == "jwt" {
            return Some(mode(Self::of(kind).place, true));
        }
        MODES
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, mode)| *mode)
    }
}

/// An answer for the client, on its way through the browser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub redirect: ValidRedirect,
    pub place: Place,
    /// Names and values, in order.
    pub params: Vec<(&'static str, String)>,
    /// Whether it goes to a relying party of ESIA, in whose words it must be
    /// put yet.
    pub esia: bool,
}

impl Answer {
    /// An answer with `iss` (RFC 9207) and the client's `state`, signed where
    /// the client wants it so.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn new(
        provider: &Provider,
        to: &ReturnAddress,
        params: impl IntoIterator<Item = (&'static str, String)>,
        now: Timestamp,
    ) -> Result<Self> {
        let mut all: Vec<_> = params.into_iter().collect();
        if let Some(state) = &to.state {
            all.push(("state", state.clone()));
        }
        if !to.esia {
            all.push(("iss", provider.issuer.clone()));
        }
        if to.mode.signed {
            all = vec![("response", signed(provider, to, all, now)?)];
        }
        Ok(Self {
            esia: to.esia,
            redirect: to.redirect.clone(),
            place: to.mode.place,
            params: all,
        })
    }

    /// The answer that tells a client of an error.
    ///
    /// # Errors
    /// Only internal ones.
    pub fn refusal(
        provider: &Provider,
        error: &OAuthError,
        to: &ReturnAddress,
        now: Timestamp,
    ) -> Result<Self> {
        let params = [
            ("error", error.code.as_str().to_owned()),
            ("error_description", error.description.to_string()),
        ];
        Self::new(provider, to, params, now)
    }

    /// The address to send the browser to; for a form its target.
    pub fn location(&self) -> String {
        let params: Vec<(&str, &str)> = self
            .params
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        match self.place {
            Place::Query => self.redirect.with_query(&params),
            Place::Fragment => self.redirect.with_fragment(&params),
            Place::FormPost => self.redirect.as_str().to_owned(),
        }
    }
}

/// The parameters as one JWT (JARM §2.1).
fn signed(
    provider: &Provider,
    to: &ReturnAddress,
    params: Vec<(&'static str, String)>,
    now: Timestamp,
) -> Result<String> {
    let mut claims: Map<String, Value> = params
        .into_iter()
        .map(|(name, value)| (name.to_owned(), json!(value)))
        .collect();
    // The one number among them (RFC 6749 §4.2.2).
    if let Some(Value::String(seconds)) = claims.get("expires_in")
        && let Ok(seconds) = seconds.parse::<u64>()
    {
        claims.insert("expires_in".to_owned(), json!(seconds));
    }
    claims.insert("aud".to_owned(), json!(to.client));
    let end = Provider::after(now, ANSWER_LIFE);
    claims.insert("exp".to_owned(), json!(end.seconds()));
    sign(provider, to.alg, "JWT", &claims, now)
}

/// Where a client wants its answer. Made only with a redirect that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReturnAddress {
    pub redirect: ValidRedirect,
    pub mode: ResponseMode,
    pub state: Option<String>,
    /// To whom, and how, a signed answer speaks.
    client: ClientId,
    alg: Algorithm,
    esia: bool,
}

impl ReturnAddress {
    /// The address of this client.
    pub fn new(
        client: &Registered,
        redirect: ValidRedirect,
        mode: ResponseMode,
        state: Option<String>,
    ) -> Self {
        Self {
            redirect,
            mode,
            state,
            client: client.client_id.clone(),
            alg: client.authorization_signed_response_alg,
            esia: client.esia.is_some(),
        }
    }
}

/// Where an answer goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// With the browser, back to the client.
    Redirect(ReturnAddress),
    /// Nowhere: the client fetches it.
    Awaited {
        reference: Reference,
        /// What the person compares with what the other side shows.
        label: String,
    },
}

impl Destination {
    /// The address a browser is sent to in the end, if it is.
    pub const fn redirect(&self) -> Option<&ValidRedirect> {
        match self {
            Self::Redirect(to) => Some(&to.redirect),
            Self::Awaited { .. } => None,
        }
    }
}

/// How a request ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The browser carries the answer.
    Carried(Answer),
    /// The client will fetch that it may have what it asked for.
    Given,
    /// The client will fetch that it may not.
    Denied,
}

/// Why an authorization request ended without what was asked for.
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

impl AuthorizationRefused {
    /// The same towards a client that hands its request over itself.
    pub(in crate::protocol) fn told_to_client(self) -> Refused {
        match self {
            Self::Page(error) | Self::Redirect(error, _) => error.into(),
            Self::Internal(error) => Refused::Internal(error),
        }
    }
}

impl<E> From<E> for AuthorizationRefused
where
    Internal: From<E>,
{
    fn from(error: E) -> Self {
        Self::Internal(Internal::from(error))
    }
}
