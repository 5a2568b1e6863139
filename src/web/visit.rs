//! A visit: what every page knows of the browser that asks. Made once per
//! request, so that session, language and time agree within it.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, FromRequestParts, MatchedPath};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::HeaderMap;
use http::header::{ACCEPT_LANGUAGE, HeaderName, SET_COOKIE, USER_AGENT};
use http::request::Parts;

use super::address::client_address;
use super::cabinet;
use super::cookies::{Cookies, Name};
use super::moments::Zone;
use super::page::{Leaving, Page, Site};
use super::page_error::PageError;
use super::security_headers::{Watching, WithScript};
use crate::account::browser::Browser;
use crate::account::person::Person;
use crate::account::session::{EndReason, Session, SessionState};
use crate::app::App;
use crate::model::client::{Client, Localized};
use crate::model::secret::Secret;
use crate::model::timestamp::Timestamp;
use crate::protocol::authorization::flow::Flow;
use crate::protocol::params::Params;
use crate::protocol::session_management::browser_state;
use crate::texts::{Lang, Texts};
use crate::vault::Purpose;

const REFRESH: HeaderName = HeaderName::from_static("refresh");

/// Who asks, when, and in which language.
pub struct Visit {
    pub app: Arc<App>,
    pub now: Timestamp,
    pub texts: Texts,
    pub address: IpAddr,
    user_agent: String,
    /// The browser's cookie; new if it had none.
    browser: Secret,
    is_new_browser: bool,
    /// A language chosen by `?lang=`, to be remembered.
    chosen: Option<Lang>,
    session_secret: Option<Secret>,
    device: Option<Secret>,
    /// What frames find in this browser.
    state: Option<Secret>,
    /// The live session, if somebody is signed in.
    pub session: Option<Session>,
    /// Somebody was signed in, and their time ran out.
    pub session_expired: bool,
    /// Somebody was signed in, and the session was ended for this reason.
    pub session_ended: Option<EndReason>,
    /// The sealed flow of `?flow=`.
    pub flow_text: Option<String>,
    /// The same, opened.
    pub flow: Option<Flow>,
    path: String,
    /// The pattern of the route that was taken.
    route: String,
}

impl FromRequestParts<Arc<App>> for Visit {
    type Rejection = PageError;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, PageError> {
        let now = app.clock.now();
        let cookies = cookies(app);
        let headers = &parts.headers;
        let text = |name| {
            headers
                .get(name)
                .and_then(|value: &http::HeaderValue| value.to_str().ok())
                .unwrap_or_default()
        };
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
                .into_owned()
                .collect();
        let of_query = |name: &str| {
            query
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.clone())
        };
        let known_browser = cookies
            .get(headers, Name::Browser)
            .filter(|value| value.expose().len() == 43 + "ppb_".len());
        let is_new_browser = known_browser.is_none();
        let browser = known_browser.unwrap_or_else(|| app.entropy.secret("ppb_"));

        let session_secret = cookies.get(headers, Name::Session);
        let state = match &session_secret {
            Some(secret) => app.accounts.look_up_session(secret, now).await?,
            None => SessionState::Unknown,
        };
        let session_expired = matches!(state, SessionState::TimedOut);
        let session_ended = match state {
            SessionState::Ended(reason) => Some(reason),
            _ => None,
        };
        let session = match state {
            SessionState::Live(session) => {
                app.accounts.touch_session(&session, now).await?;
                Some(session)
            }
            _ => None,
        };
        let flow_text = of_query("flow");
        let flow = flow_text
            .as_deref()
            .and_then(|sealed| app.provider.open_flow(sealed, browser.expose(), now));
        let chosen = of_query("lang").as_deref().and_then(Lang::from_tag);
        let asked_by_client = flow
            .as_ref()
            .and_then(|flow| Lang::from_ui_locales(flow.ui_locales.as_deref()?));
        let lang = chosen
            .or_else(|| Lang::from_tag(cookies.get(headers, Name::Lang)?.expose()))
            .or(asked_by_client)
            .or_else(|| Lang::from_accept_language(text(ACCEPT_LANGUAGE)))
            .unwrap_or_default();
        let peer = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .map_or(SocketAddr::from(([0, 0, 0, 0], 0)), |peer| peer.0);
        Ok(Self {
            now,
            texts: Texts(lang),
            address: client_address(peer, headers, &app.config.trusted_proxies),
            user_agent: text(USER_AGENT).to_owned(),
            browser,
            is_new_browser,
            chosen,
            session_expired,
            session_ended,
            session_secret,
            device: cookies.get(headers, Name::Device),
            state: cookies.get(headers, Name::State),
            session,
            flow_text: flow.is_some().then_some(flow_text).flatten(),
            flow,
            path: parts
                .uri
                .path_and_query()
                .map_or_else(|| "/".to_owned(), ToString::to_string),
            route: parts
                .extensions
                .get::<MatchedPath>()
                .map_or_else(String::new, |route| route.as_str().to_owned()),
            app: app.clone(),
        })
    }
}

fn cookies(app: &App) -> Cookies {
    Cookies {
        https: app.config.is_https(),
    }
}

impl Visit {
    /// The browser as the account room wants to know it.
    pub fn browser(&self) -> Browser {
        Browser {
            address: self.address,
            user_agent: self.user_agent.clone(),
            device: self.device.clone(),
            session: self.session_secret.clone(),
        }
    }

    /// The text that names this browser; flows are bound to it.
    pub fn browser_id(&self) -> &str {
        self.browser.expose()
    }

    /// Goes on in a flow that this page's own address does not carry; one of
    /// another browser is left behind.
    pub fn resume(&mut self, flow: Option<String>) {
        let provider = &self.app.provider;
        self.flow = flow
            .as_deref()
            .and_then(|sealed| provider.open_flow(sealed, self.browser.expose(), self.now));
        self.flow_text = flow.filter(|_| self.flow.is_some());
    }

    /// Path and query that were asked for.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The pattern of the route that was taken; empty where there is none.
    pub fn route(&self) -> &str {
        &self.route
    }

    /// A parameter of the address, if it is there and not empty.
    pub fn query(&self, name: &str) -> Option<String> {
        let (_, query) = self.path.split_once('?')?;
        Params::parse(query.as_bytes()).get(name).map(str::to_owned)
    }

    /// What the hidden field `csrf` must hold: bound to the browser and to the
    /// session, so that it changes when somebody signs in.
    pub fn csrf(&self) -> String {
        let session = self
            .session_secret
            .as_ref()
            .filter(|_| self.session.is_some())
            .map_or("", Secret::expose);
        self.app.vault.digest_text(
            Purpose::Csrf,
            format!("{}\n{session}", self.browser.expose()).as_bytes(),
        )
    }

    /// The frame of a page.
    pub fn page(&self, citizen: Option<&Person>) -> Page {
        Page {
            console: Vec::new(),
            has_key: false,
            texts: self.texts,
            csrf: self.csrf(),
            path: self.path.clone(),
            citizen: citizen.map(|person| person.profile.full_name()),
            section: None,
            demo: self.app.config.demo,
            leaving: self.leaving().filter(|_| self.is_sent_here()),
            idle_minutes: self.app.config.session.idle_seconds / 60,
            watched: None,
        }
    }

    /// A text of a client in the language of the page.
    pub fn localized<'a>(&self, text: &'a Localized) -> &'a str {
        match self.texts.lang() {
            Lang::Ru => &text.ru,
            Lang::En => &text.en,
        }
    }

    /// A client as pages show it.
    pub fn site(&self, client: &Client) -> Site {
        Site {
            name: self.localized(&client.name).to_owned(),
            logo: client.logo_uri.clone(),
        }
    }

    /// Times in the citizen's zone and the language of the page.
    pub fn zone(&self, person: Option<&Person>) -> Zone {
        let lang = self.texts.lang();
        person
            .and_then(|person| Zone::named(&person.profile.zoneinfo, lang))
            .unwrap_or_else(|| Zone::moscow(lang))
    }

    /// A local address with the flow, if there is one.
    pub fn with_flow(&self, path: &str) -> String {
        match &self.flow_text {
            Some(flow) => format!("{path}?flow={flow}"),
            None => path.to_owned(),
        }
    }

    /// A local address with the flow and these parameters, whose values need
    /// no escaping.
    pub fn with_flow_and(&self, path: &str, params: &[(&str, &str)]) -> String {
        params
            .iter()
            .fold(self.with_flow(path), |href, (name, value)| {
                let mark = if href.contains('?') { '&' } else { '?' };
                format!("{href}{mark}{name}={value}")
            })
    }

    /// Where to go when nothing is left to do here: back into the flow, or to
    /// the cabinet.
    pub fn onward(&self) -> Response {
        self.go(&match &self.flow_text {
            Some(flow) => format!("/oauth/authorize?flow={flow}"),
            None => "/account".to_owned(),
        })
    }

    /// A page, with the cookies this visit sets.
    ///
    /// # Errors
    /// When the template fails.
    pub fn show(&self, template: &impl askama::Template) -> Result<Response, PageError> {
        let html = template
            .render()
            .map_err(|error| PageError::from(crate::error::Internal::from(error)))?;
        let mut response = self.with_cookies(Html(html).into_response());
        let Some(Leaving { seconds, href }) = self.leaving() else {
            return Ok(response);
        };
        if self.is_sent_here() {
            // Programs that play a person whom a site sent here wait as long as
            // the header says: there a script of the page leaves.
            response.extensions_mut().insert(WithScript);
        } else {
            let header = format!("{seconds}; url={href}");
            let header = http::HeaderValue::from_str(&header).unwrap_or_else(|_| seconds.into());
            response.headers_mut().insert(REFRESH, header);
        }
        Ok(response)
    }

    /// Whether a site sent the person to this page.
    fn is_sent_here(&self) -> bool {
        let by_site = ["/oauth/", "/aas/", "/idp/"];
        self.flow_text.is_some() || by_site.iter().any(|way| self.route.starts_with(way))
    }

    /// A page that waits: it looks at `page.watched` by itself, and is not left
    /// meanwhile as an idle one is.
    ///
    /// # Errors
    /// When the template fails.
    pub fn show_watched(&self, template: &impl askama::Template) -> Result<Response, PageError> {
        let mut response = self.show(template)?;
        response.headers_mut().remove(REFRESH);
        response.extensions_mut().insert(Watching);
        Ok(response)
    }

    /// When nothing happens any more, the browser leaves the page by itself as
    /// the session ends: nobody else finds the personal data on the screen, and
    /// the citizen reads why (requirement C7).
    fn leaving(&self) -> Option<Leaving> {
        let session = self.session.as_ref()?;
        let idle = self.app.config.session.idle_seconds;
        let left = session.expires_at.since(self.now).as_secs();
        Some(Leaving {
            seconds: idle.min(left) + 5,
            href: cabinet::sign_in_href(self),
        })
    }

    /// A redirect to an address on this server (303: a POST becomes a GET).
    pub fn go(&self, to: &str) -> Response {
        self.with_cookies(Redirect::to(to).into_response())
    }

    /// Adds the cookies this visit sets.
    pub fn with_cookies(&self, mut response: Response) -> Response {
        let cookies = cookies(&self.app);
        let headers = response.headers_mut();
        if self.is_new_browser {
            headers.append(
                SET_COOKIE,
                cookies.set(Name::Browser, self.browser.expose()),
            );
        }
        if let Some(lang) = self.chosen {
            headers.append(SET_COOKIE, cookies.set(Name::Lang, lang.as_str()));
        }
        let state = self.session.as_ref();
        let state = state.map(|session| browser_state(&self.app.vault, &session.id));
        match (&state, &self.state) {
            (Some(state), had) if had.as_ref().is_none_or(|had| had.expose() != state) => {
                headers.append(SET_COOKIE, cookies.set(Name::State, state));
            }
            (None, Some(_)) => {
                headers.append(SET_COOKIE, cookies.clear(Name::State));
            }
            _ => {}
        }
        response
    }

    /// Signs the browser in. The session is always a new one, and forms are bound
    /// to it, so that nothing prepared before is worth anything after (attack
    /// row 16).
    pub fn sign_in(&self, response: &mut Response, session: &Secret, device: &Secret) {
        let cookies = cookies(&self.app);
        let headers = response.headers_mut();
        headers.append(SET_COOKIE, cookies.set(Name::Session, session.expose()));
        headers.append(SET_COOKIE, cookies.set(Name::Device, device.expose()));
    }

    /// Gives the browser the new secret of its session, which became stronger.
    pub fn renew_session(&self, response: &mut Response, session: &Secret) {
        let cookie = cookies(&self.app).set(Name::Session, session.expose());
        response.headers_mut().append(SET_COOKIE, cookie);
    }

    /// Signs the browser out.
    pub fn sign_out(&self, response: &mut Response) {
        response.headers_mut().remove(REFRESH);
        clear_session(&self.app, response.headers_mut());
    }
}

/// Takes the session cookie back.
fn clear_session(app: &App, headers: &mut HeaderMap) {
    let cookies = cookies(app);
    headers.append(SET_COOKIE, cookies.clear(Name::Session));
    headers.append(SET_COOKIE, cookies.clear(Name::State));
}
