//! Signing in with an identifier and a password.

pub mod code;
pub mod qr;
mod submit;

pub use submit::{submit, submit_key};

use askama::Template;
use axum::response::Response;

use crate::account::factor::key::Challenge;
use crate::account::person::Person;
use crate::account::session::EndReason;
use crate::protocol::authorization::Step;
use crate::web::asked::Asked;
use crate::web::cabinet::{citizen, section_path};
use crate::web::form::Problems;
use crate::web::moments::Moment;
use crate::web::oauth::authorize::allow_return;
use crate::web::page::{Page, Site};
use crate::web::page_error::PageError;
use crate::web::pages::approve;
use crate::web::pages::register::step;
use crate::web::pages::vouched::{BankButton, Wish, buttons, signature_action};
use crate::web::security_headers::WithScript;
use crate::web::visit::Visit;

/// `/sign-in`
#[derive(Template)]
#[template(path = "sign_in.html")]
pub struct SignInPage {
    /// The frame.
    pub page: Page,
    /// Where the form goes, with the flow it belongs to.
    pub action: String,
    /// Wrong fields: `username`, `password`.
    pub problems: Problems,
    /// What was typed as the identifier, or the hint of the site that asks.
    pub username: String,
    /// The site that sent the citizen here.
    pub site: Option<Site>,
    /// Why the form is shown, if not for the first time.
    pub notice: Option<SignInNotice>,
    /// Registration, with the same flow.
    pub register_href: String,
    /// Where access is recovered, with the same flow.
    pub recover_href: String,
    /// Banks one may sign in through.
    pub banks: Vec<BankButton>,
    /// Where signing in with a certificate begins, if that is possible.
    pub signature: Option<String>,
    /// Signing in by SNILS, phone and a code, or by a QR code; none where
    /// something asserted waits for the account.
    pub others: Option<Others>,
    /// What a key of whoever is there is asked; none where keys cannot be used.
    pub challenge: Option<Challenge>,
    /// Where its answer goes.
    pub key_action: String,
    /// What a bank says waits to be linked to the account.
    pub links: bool,
}

/// Other ways to sign in, with the same flow.
#[derive(Clone, Debug)]
pub struct Others {
    pub code_href: String,
    pub qr_action: String,
}

/// What is said above the form.
#[derive(Clone, Debug)]
pub enum SignInNotice {
    /// The session ended by time-out (requirement C7).
    SessionExpired,
    /// No key of an account answered.
    BadKey,
    /// The time to give a second factor ran out.
    SecondOver,
    /// The request of the site is out of date: there is nothing to go back to.
    FlowOver,
    /// The session was ended by the citizen from another one.
    SignedOut,
    /// The password was changed elsewhere.
    PasswordChanged,
    /// The site asked for the password once more (`prompt=login`, `max_age`).
    Again,
    /// We ask for the password once more before something critical.
    ProveAgain,
    /// Identifier and password do not fit together; which is wrong is not told (A8).
    BadCredentials,
    /// Password sign-in is locked (requirement C6).
    Locked {
        /// When it opens again.
        until: Moment,
        /// Number by which support finds the block.
        block: String,
    },
    /// Too many wrong passwords came from this network.
    TooMany {
        /// When the next one may be tried.
        until: Moment,
    },
    /// The account is blocked. Told to those who know the password only.
    Blocked,
    /// The sign-in is too unlike earlier ones. Told to those who know the
    /// password only.
    Unusual,
    /// The account was frozen and is not any more.
    Unfrozen,
    /// The code by phone was right, but this account asks for the password.
    NeedsPassword,
    /// A sign-in by QR code or phone was refused, or its time ran out.
    WayOver,
    /// A new password was set without the old one.
    Recovered,
    /// Too many are signing in; the password was not checked.
    Busy,
}

/// The page, unless there is nothing to sign in for.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    let asked = Asked::of_flow(&visit).await?;
    let person = citizen(&visit).await?;
    let demanded = asked
        .as_ref()
        .is_some_and(|asked| asked.next_step(visit.now) == Step::SignIn);
    let wanted = visit.query("again").is_some() || visit.query("switch").is_some();
    if person.is_some() && !demanded && !wanted {
        return Ok(onward(&visit));
    }
    let mut view = view(&visit, asked.as_ref(), person.as_deref())?;
    view.notice = first_notice(&visit, person.is_some());
    let hint = asked
        .as_ref()
        .and_then(|asked| asked.request.login_hint.clone());
    view.username = match (hint, &person) {
        (Some(hint), _) => hint,
        (None, Some(person)) if visit.query("switch").is_none() => person.username(),
        _ => String::new(),
    };
    answer(&visit, asked.as_ref(), &view)
}

/// Into the flow, to the part of the cabinet that was asked for, or to its
/// first page.
pub fn onward(visit: &Visit) -> Response {
    // What was asserted of the citizen waits for them to have signed in.
    if let Some(step) = visit
        .query("step")
        .filter(|_| step::handle(visit).is_some())
    {
        return visit.go(&visit.with_flow_and("/assertion", &[("step", &step)]));
    }
    // Who was asked by another browser answers first.
    if let Some(ask) = approve::asked(visit) {
        return visit.go(&format!("/approve?ask={ask}"));
    }
    match section_path(visit.query("to").as_deref()) {
        Some(path) if visit.flow.is_none() => visit.go(&path),
        _ => visit.onward(),
    }
}

fn first_notice(visit: &Visit, is_signed_in: bool) -> Option<SignInNotice> {
    if is_signed_in && visit.query("switch").is_some() {
        None
    } else if visit.query("recovered").is_some() {
        Some(SignInNotice::Recovered)
    } else if visit.query("unfrozen").is_some() {
        Some(SignInNotice::Unfrozen)
    } else if is_signed_in && visit.query("again").is_some() {
        Some(SignInNotice::ProveAgain)
    } else if is_signed_in {
        Some(SignInNotice::Again)
    } else if visit.flow.is_none() && visit.query("flow").is_some() {
        Some(SignInNotice::FlowOver)
    } else if visit.query("over").is_some() {
        Some(SignInNotice::SecondOver)
    } else if visit.query("by").as_deref() == Some("password") {
        Some(SignInNotice::NeedsPassword)
    } else if visit.query("by").is_some() {
        Some(SignInNotice::WayOver)
    } else if visit.session_expired {
        Some(SignInNotice::SessionExpired)
    } else {
        match visit.session_ended {
            Some(EndReason::EndedByOwner) => Some(SignInNotice::SignedOut),
            Some(EndReason::PasswordChanged) => Some(SignInNotice::PasswordChanged),
            _ => None,
        }
    }
}

fn view(
    visit: &Visit,
    asked: Option<&Asked>,
    person: Option<&Person>,
) -> Result<SignInPage, PageError> {
    // What the page was asked to be stays in its address.
    let kept: Vec<(&str, String)> = ["to", "again", "switch"]
        .into_iter()
        .filter_map(|name| Some((name, visit.query(name)?)))
        .filter(|(_, value)| value.bytes().all(|byte| byte.is_ascii_lowercase()))
        .collect();
    let step = visit
        .query("step")
        .filter(|_| step::handle(visit).is_some());
    let links = step.is_some();
    let ask = approve::asked(visit);
    let accounts = &visit.app.accounts;
    let wish = match visit.query("again") {
        Some(_) => Wish::EnterAgain,
        None => Wish::Enter,
    };
    let kept: Vec<(&str, &str)> = kept
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .chain(step.as_deref().map(|step| ("step", step)))
        .chain(ask.as_deref().map(|ask| ("ask", ask)))
        .collect();
    Ok(SignInPage {
        page: visit.page(person),
        action: visit.with_flow_and("/sign-in", &kept),
        problems: Problems::none(),
        username: String::new(),
        site: asked.map(|asked| visit.site(&asked.request.client)),
        notice: None,
        register_href: visit.with_flow("/register"),
        recover_href: visit.with_flow("/recover"),
        // Whoever comes to link one signs in with what they have.
        banks: if links {
            Vec::new()
        } else {
            buttons(visit, wish)
        },
        challenge: accounts
            .has_keys()
            .then(|| accounts.challenge_anybody(visit.browser_id(), visit.now))
            .transpose()?,
        others: (!links).then(|| Others {
            code_href: visit.with_flow_and("/sign-in/code", &kept),
            qr_action: visit.with_flow_and("/sign-in/qr", &kept),
        }),
        key_action: visit.with_flow_and("/sign-in/key", &kept),
        signature: (!links).then(|| signature_action(visit, wish)).flatten(),
        links,
    })
}

fn answer(visit: &Visit, asked: Option<&Asked>, view: &SignInPage) -> Result<Response, PageError> {
    let mut response = visit.show(view)?;
    if view.challenge.is_some() {
        response.extensions_mut().insert(WithScript);
    }
    if let Some(asked) = asked {
        allow_return(&mut response, &asked.request);
    }
    Ok(response)
}
