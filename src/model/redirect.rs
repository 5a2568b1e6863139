//! Redirect URIs: what may be registered, and the proof that a requested one
//! was.

use std::net::IpAddr;

use url::Url;

/// A redirect URI that equals a registered one. Nothing else makes it, and an
/// answer that travels by redirect requires one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValidRedirect(String);

impl ValidRedirect {
    /// Matches `requested` against the registered URIs: exactly, character by
    /// character (RFC 9700 §4.1.3), but for the port of a native client's
    /// loopback URI (RFC 8252 §7.3).
    pub fn matching(requested: &str, registered: &[String], native: bool) -> Option<Self> {
        registered
            .iter()
            .any(|uri| uri == requested || (native && same_but_for_loopback_port(uri, requested)))
            .then(|| Self(requested.to_owned()))
    }

    /// A URI on one of these hosts or on a host below them, as relying parties
    /// of ESIA register their redirect addresses: https, or http on this
    /// machine.
    pub fn under(requested: &str, domains: &[String]) -> Option<Self> {
        check_redirect_uri(requested, false).ok()?;
        is_on(requested, domains).then(|| Self(requested.to_owned()))
    }

    /// The URI as it was requested.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URI with parameters added to its query (RFC 6749 §4.1.2).
    pub fn with_query(&self, params: &[(&str, &str)]) -> String {
        let mut uri = self.0.clone();
        uri.push(if self.0.contains('?') { '&' } else { '?' });
        uri.push_str(&encoded(params));
        uri
    }

    /// The URI with parameters in its fragment.
    pub fn with_fragment(&self, params: &[(&str, &str)]) -> String {
        format!("{}#{}", self.0, encoded(params))
    }

    /// The source expression that lets a browser send a form there
    /// (Content Security Policy `form-action`).
    pub fn origin(&self) -> Option<String> {
        let url = Url::parse(&self.0).ok()?;
        Some(match url.origin() {
            url::Origin::Tuple(..) => url.origin().ascii_serialization(),
            url::Origin::Opaque(_) => format!("{}:", url.scheme()),
        })
    }
}

/// Whether an address is on one of these hosts, or on a host below them.
pub fn is_on(address: &str, domains: &[String]) -> bool {
    let Ok(url) = Url::parse(address) else {
        return false;
    };
    let host = url.host_str().unwrap_or_default();
    domains.iter().any(|domain| {
        host == domain
            || host
                .strip_suffix(domain.as_str())
                .is_some_and(|below| below.ends_with('.'))
    })
}

fn encoded(params: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(params);
    query.finish()
}

fn same_but_for_loopback_port(registered: &str, requested: &str) -> bool {
    let (Ok(registered), Ok(wanted)) = (Url::parse(registered), Url::parse(requested)) else {
        return false;
    };
    // Only literal loopback addresses: a name can be made to point elsewhere.
    let loopback = |url: &Url| {
        url.scheme() == "http"
            && url
                .host_str()
                .and_then(|host| host.trim_matches(['[', ']']).parse::<IpAddr>().ok())
                .is_some_and(|address| address.is_loopback())
    };
    let mut unported = wanted.clone();
    // The parser may have changed the text; what was sent must be what is used.
    wanted.as_str() == requested
        && loopback(&registered)
        && loopback(&wanted)
        && unported.set_port(registered.port()).is_ok()
        && unported == registered
}

/// Why a URI cannot be registered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UriFault {
    /// Not an absolute URI, or with blanks, control characters or a backslash.
    NotAbsolute,
    /// A fragment cannot be used (RFC 6749 §3.1.2).
    Fragment,
    /// A user name or password in it.
    UserInfo,
    /// `http` is for loopback addresses only.
    NotHttps,
    /// A scheme that is no place to send a person to.
    Scheme,
}

impl UriFault {
    /// What to change.
    pub const fn mend(self) -> &'static str {
        match self {
            Self::NotAbsolute => "must be an absolute URI without blanks or backslashes",
            Self::Fragment => "must have no fragment (#…)",
            Self::UserInfo => "must have no user name before the host",
            Self::NotHttps => "must be https, or http on a loopback address such as 127.0.0.1",
            Self::Scheme => {
                "must be https; a native client may use a scheme of its own that contains a dot, \
                 such as com.example.app:/callback"
            }
        }
    }
}

/// Checks a URI a person's browser will be sent to.
///
/// # Errors
/// The first fault found.
pub fn check_redirect_uri(uri: &str, native: bool) -> Result<(), UriFault> {
    if uri
        .chars()
        .any(|c| c.is_whitespace() || c.is_control() || c == '\\')
        || !uri.is_ascii()
    {
        return Err(UriFault::NotAbsolute);
    }
    let url = Url::parse(uri).map_err(|_| UriFault::NotAbsolute)?;
    if url.fragment().is_some() {
        return Err(UriFault::Fragment);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UriFault::UserInfo);
    }
    match url.scheme() {
        "https" => Ok(()),
        "http" if is_loopback(&url) => Ok(()),
        "http" => Err(UriFault::NotHttps),
        // RFC 8252 §7.1: a private-use scheme is a reversed domain name.
        scheme if native && scheme.contains('.') => Ok(()),
        _ => Err(UriFault::Scheme),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Domain(name)) => name == "localhost",
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_loopback_port_is_free_for_native_clients_only() {
        let registered = ["http://127.0.0.1/callback".to_owned()];
        let other = "http://127.0.0.1:49152/callback";
        assert!(ValidRedirect::matching(other, &registered, true).is_some());
        assert!(ValidRedirect::matching(other, &registered, false).is_none());
        for foreign in [
            "http://127.0.0.1:49152/other",
            "http://127.0.0.1.evil.example/callback",
            "http://localhost:49152/callback",
            "http://127.0.0.1:49152/callback?x=1",
            "http://user@127.0.0.1:49152/callback",
            "http://127.0.0.1:49152/callback#",
        ] {
            assert!(
                ValidRedirect::matching(foreign, &registered, true).is_none(),
                "{foreign}"
            );
        }
    }

    #[test]
    fn schemes_that_run_code_cannot_be_registered() {
        for uri in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
        ] {
            assert_eq!(
                check_redirect_uri(uri, true),
                Err(UriFault::Scheme),
                "{uri}"
            );
        }
        assert_eq!(check_redirect_uri("com.example.app:/cb", true), Ok(()));
        assert_eq!(
            check_redirect_uri("com.example.app:/cb", false),
            Err(UriFault::Scheme)
        );
        assert_eq!(
            check_redirect_uri("http://rp.example/cb", false),
            Err(UriFault::NotHttps)
        );
        assert_eq!(
            check_redirect_uri("https://a@b@rp.example/cb", false),
            Err(UriFault::UserInfo)
        );
    }

    proptest! {
        #[test]
        fn only_the_registered_text_matches(noise in "\\PC{1,12}", at in 0usize..28) {
            let registered = "https://rp.example/cb?a=1".to_owned();
            let mut changed = registered.clone();
            changed.insert_str(at.min(changed.len()), &noise);
            prop_assert!(ValidRedirect::matching(&changed, &[registered], false).is_none());
        }
    }
}
