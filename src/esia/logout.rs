//! `/idp/ext/Logout`: a relying party ends the session and wants the person
//! back. It shows no token, so that nothing but the page it comes from says
//! that it is meant.

use super::Esia;
use super::client_secret::not_authorized;
use super::error::{Code, EsiaError, EsiaRefused};
use super::params::require;
use crate::model::client::Client;
use crate::model::redirect::{ValidRedirect, is_on};
use crate::protocol::params::Params;

/// A request to end the session.
pub struct Logout {
    pub client: Client,
    pub to: Option<ValidRedirect>,
}

impl Esia {
    /// Reads the parameters; those of OpenID Connect are taken, too.
    ///
    /// # Errors
    /// For a page: the client is unknown, the address under none of its
    /// domains.
    pub async fn logout(&self, params: &Params) -> Result<Logout, EsiaRefused> {
        let client = self.client(require(params, "client_id")?).await?;
        let client = client.ok_or_else(not_authorized)?;
        let domains = client.esia.as_ref().map(|esia| esia.domains.as_slice());
        let to = params
            .get("redirect_url")
            .or_else(|| params.get("post_logout_redirect_uri"));
        let to = match to {
            None => None,
            Some(to) => Some(
                ValidRedirect::under(to, domains.unwrap_or_default()).ok_or_else(wrong_redirect)?,
            ),
        };
        Ok(Logout {
            client: client.client.clone(),
            to,
        })
    }
}

fn wrong_redirect() -> EsiaError {
    Code::WrongRedirect.because("redirect_url is under no domain of the client")
}

/// Whether nobody on the way can have made up the page.
fn is_safe(page: &str) -> bool {
    ValidRedirect::under(page, &["localhost".to_owned(), "127.0.0.1".to_owned()]).is_some()
        || page.starts_with("https://")
}

impl Logout {
    /// Whether the person comes from a page of the relying party: a link on a
    /// strange page must not sign anybody out.
    pub fn comes_from_client(&self, referrer: Option<&str>) -> bool {
        let domains = self
            .client
            .esia
            .as_ref()
            .map(|esia| esia.domains.as_slice());
        let is_its = |page: &str| is_on(page, domains.unwrap_or_default()) && is_safe(page);
        referrer.is_some_and(is_its)
    }
}
