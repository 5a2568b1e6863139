//! Who is at the portal: one record per browser, found by a cookie. Everything
//! that must not travel through the browser (tokens, nonces, PKCE verifiers)
//! stays here. A real portal would keep it in its database.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::{HeaderMap, header};
use openidconnect::{CsrfToken, Nonce, PkceCodeVerifier, RefreshToken, SubjectIdentifier};

use crate::provider::IdToken;
use crate::settings::Settings;
use crate::texts::{Language, Notice};

const VISIT_SECONDS: u64 = 12 * 60 * 60;
const SIGN_IN_SECONDS: u64 = 15 * 60;
/// A visitor without cookies makes a record with each page, so there is a limit.
const MOST_VISITS: usize = 10_000;
/// As many tabs of one browser may be on their way to the provider.
const MOST_PENDING: usize = 8;

/// One browser.
#[derive(Default)]
pub struct Visit {
    pub language: Language,
    /// Repeated by our forms; another site cannot read it.
    pub csrf: String,
    /// Sign-ins under way, by `state`: each tab has its own.
    pub pending: HashMap<String, PendingSignIn>,
    pub session: Option<Session>,
    /// `state` of the sign-out that is under way.
    pub signing_out: Option<String>,
    /// Shown on the next page, once.
    pub notice: Option<Notice>,
    pub refresh_result: Option<Notice>,
    last_seen: u64,
}

impl Visit {
    /// Somebody who has just come, in the language of their browser.
    pub fn of(headers: &HeaderMap) -> Self {
        Self {
            language: Language::of_browser(headers),
            ..Self::default()
        }
    }
}

/// What must be remembered between leaving for the provider and coming back.
pub struct PendingSignIn {
    pub nonce: Nonce,
    pub pkce_verifier: PkceCodeVerifier,
    pub began_at: u64,
}

/// A person who signed in.
pub struct Session {
    pub subject: SubjectIdentifier,
    /// The provider's session, by which it tells us that it ended.
    pub sid: Option<String>,
    pub claims: serde_json::Map<String, serde_json::Value>,
    /// Kept whole: signing out needs it as `id_token_hint`.
    pub id_token: IdToken,
    pub refresh_token: Option<RefreshToken>,
}

impl Visit {
    /// Notes a sign-in under way, forgetting those that were given up.
    pub fn remember(&mut self, state: String, pending: PendingSignIn, now: u64) {
        self.pending
            .retain(|_, old| now < old.began_at + SIGN_IN_SECONDS);
        if self.pending.len() >= MOST_PENDING {
            self.pending.clear();
        }
        self.pending.insert(state, pending);
    }

    /// Takes a sign-in out by its `state`, so that no answer is used twice.
    pub fn take_pending(&mut self, state: &str, now: u64) -> Option<PendingSignIn> {
        self.pending
            .remove(state)
            .filter(|pending| now < pending.began_at + SIGN_IN_SECONDS)
    }
}

/// All visits, by the secret in the cookie.
#[derive(Default)]
pub struct Visits(Mutex<HashMap<String, Visit>>);

impl Visits {
    /// The visit that the request's cookie names, if it is alive.
    pub fn find(&self, settings: &Settings, headers: &HeaderMap, now: u64) -> Option<String> {
        let name = cookie_name(settings);
        let id = headers
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(cookie::Cookie::split_parse)
            .filter_map(Result::ok)
            .find(|cookie| cookie.name() == name)?
            .value()
            .to_owned();
        let mut visits = self.lock();
        let visit = visits
            .get_mut(&id)
            .filter(|visit| now < visit.last_seen + VISIT_SECONDS)?;
        visit.last_seen = now;
        Some(id)
    }

    /// A new visit.
    pub fn open(&self, visit: Visit, now: u64) -> String {
        let id = CsrfToken::new_random().into_secret();
        let mut visits = self.lock();
        if visits.len() >= MOST_VISITS {
            visits.retain(|_, old| old.session.is_some() && now < old.last_seen + VISIT_SECONDS);
        }
        visits.insert(
            id.clone(),
            Visit {
                csrf: CsrfToken::new_random().into_secret(),
                last_seen: now,
                ..visit
            },
        );
        id
    }

    /// Gives the visit a new cookie. Done when a person signs in, or else
    /// somebody who planted a known cookie would be signed in with them.
    pub fn renew(&self, id: &str, now: u64) -> String {
        let visit = self.lock().remove(id).unwrap_or_default();
        self.open(visit, now)
    }

    /// Reads or changes one visit.
    pub fn with<T>(&self, id: &str, change: impl FnOnce(&mut Visit) -> T) -> Option<T> {
        self.lock().get_mut(id).map(change)
    }

    /// Reads or changes one visit, but only if the form carried its secret.
    pub fn with_csrf<T>(
        &self,
        id: &str,
        csrf: &str,
        change: impl FnOnce(&mut Visit) -> T,
    ) -> Option<T> {
        // The comparison need not hide its time: each guess needs the cookie too.
        self.lock()
            .get_mut(id)
            .filter(|visit| visit.csrf == csrf)
            .map(change)
    }

    /// Ends every session that matches, and says so on those browsers' next page.
    pub fn end_sessions(&self, matches: impl Fn(&Session) -> bool) {
        for visit in self.lock().values_mut() {
            if visit.session.as_ref().is_some_and(&matches) {
                visit.session = None;
                visit.notice = Some(Notice::EndedByProvider);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Visit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Cookies ignore ports (RFC 6265 §8.5): two portals on one host would
/// overwrite each other's, so the port is in the name.
fn cookie_name(settings: &Settings) -> String {
    if settings.public_url().scheme() == "https" {
        format!("__Host-portal_visit_{}", settings.listen.port())
    } else {
        format!("portal_visit_{}", settings.listen.port())
    }
}

/// The `Set-Cookie` header. `Lax`, because the way back from the provider is a
/// navigation that another site began.
pub fn set_cookie(settings: &Settings, id: &str) -> [(header::HeaderName, String); 1] {
    let cookie = cookie::Cookie::build((cookie_name(settings), id))
        .path("/")
        .http_only(true)
        .secure(settings.public_url().scheme() == "https")
        .same_site(cookie::SameSite::Lax);
    [(header::SET_COOKIE, cookie.to_string())]
}
