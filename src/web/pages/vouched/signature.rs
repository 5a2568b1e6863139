//! Signing with a certificate: a file to download, any program that signs, and
//! the signature back (requirements A6, B7, C3).

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};

use super::enter;
use super::refusals::refusal_key;
use crate::account::proofing::e_signature::{
    Authorities, ChallengeState, Holder, LONGEST_FILE, SignRefused, SignatureRefused,
};
use crate::texts::key;
use crate::web::cabinet::citizen;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page::Page;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::posted::Posted;
use crate::web::security_headers::WithScript;
use crate::web::upload::{Upload, UploadedByAnyone};
use crate::web::visit::Visit;

/// `/signature`
#[derive(Template)]
#[template(path = "vouched/signature.html")]
pub struct SignaturePage {
    /// The frame.
    pub page: Page,
    /// Wrong fields: `file`.
    pub problems: Problems,
    /// The steps, while the file is good.
    pub steps: Option<Steps>,
    /// Why there is nothing to sign.
    pub over: String,
    /// Another file.
    pub begin_action: String,
    /// Whether it is to prove somebody who is signed in.
    pub proves: bool,
    /// Back without signing.
    pub back_href: String,
}

/// What is signed and where the signature goes.
pub struct Steps {
    pub file_href: String,
    pub action: String,
    pub until: Moment,
    /// The text in base64, for a browser that signs by itself: in a page its
    /// lines would end otherwise.
    pub text: String,
    /// A signature that was pasted.
    pub pasted: String,
}

/// How much a form may hold: a file that is too large is told so in its place
/// while it is not far too large.
pub const LONGEST_UPLOAD: usize = 16 * LONGEST_FILE;

/// Makes a text to sign.
pub async fn begin(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let proves = posted.checked(&visit)?.ticked("prove");
    let accounts = &visit.app.accounts;
    let asked_by = match &visit.session {
        Some(session) if proves => {
            if !accounts.is_proven(session, visit.now).await? {
                let params = [("again", "yes"), ("to", "level")];
                return Ok(visit.go(&visit.with_flow_and("/sign-in", &params)));
            }
            Some(&session.account)
        }
        None if proves => return Ok(visit.go(&visit.with_flow_and("/sign-in", &[("to", "level")]))),
        _ => None,
    };
    let texts = visit.texts;
    let zone = visit.zone(None);
    let purpose = if proves {
        key("signature-text-prove")
    } else {
        key("signature-text-enter")
    };
    let write = |number: &str, until| {
        let values = [
            ("site", visit.app.config.issuer.clone()),
            ("purpose", texts.t(purpose)),
            ("time", zone.date_time(visit.now).text),
            ("until", zone.date_time(until).text),
            ("number", number.to_owned()),
        ];
        let text = texts.with("signature-text", &values);
        // Lines end as programs that take the file for a letter would end them:
        // what they sign is the same then.
        text.lines().map(|line| format!("{line}\r\n")).collect()
    };
    let token = visit.csrf();
    let number = accounts
        .new_challenge(Holder(&token), asked_by, write, visit.now)
        .await?;
    Ok(visit.go(&here(&visit, "/signature", &number)))
}

/// The page.
pub async fn show(visit: Visit) -> Result<Response, PageError> {
    answer(&visit, Problems::none(), "").await
}

/// The file.
pub async fn file(visit: Visit) -> Result<Response, PageError> {
    let ChallengeState::Open(challenge) = state(&visit).await? else {
        return Err(PageError::NotFound);
    };
    let response = (
        [
            (
                CONTENT_TYPE,
                HeaderValue::from_static("text/plain; charset=utf-8"),
            ),
            (
                CONTENT_DISPOSITION,
                HeaderValue::from_static("attachment; filename=\"propusk.txt\""),
            ),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ],
        challenge.text,
    );
    Ok(visit.with_cookies(response.into_response()))
}

/// The signature.
pub async fn submit(visit: Visit, uploaded: UploadedByAnyone) -> Result<Response, PageError> {
    let form = uploaded.checked(&visit)?;
    let authorities = authorities(&visit)?;
    let Some(signature) = signature_of(&form) else {
        let text = visit.texts.t(key("signature-empty"));
        return answer(&visit, one(text), "").await;
    };
    let pasted = form.text("signature");
    let (token, number) = (visit.csrf(), visit.query("number").unwrap_or_default());
    let accounts = &visit.app.accounts;
    let signed = accounts
        .signed(
            Holder(&token),
            &number,
            signature,
            authorities,
            visit.address,
            visit.now,
        )
        .await;
    let (asserted, challenge) = match signed {
        Ok(signed) => signed,
        Err(SignRefused::Challenge(_)) => return answer(&visit, Problems::none(), "").await,
        Err(SignRefused::Signature(refused)) => {
            tracing::info!(reason = ?refused, "a signature was not taken");
            return answer(&visit, one(refused_text(&visit, refused)), pasted).await;
        }
        Err(SignRefused::TooMany { retry_after }) => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            let text = visit.texts.say("signature-too-many", "time", at.text);
            let response = answer(&visit, one(text), pasted).await?;
            let status = StatusCode::TOO_MANY_REQUESTS;
            return Ok(later::refusal(response, status, retry_after));
        }
        Err(SignRefused::Internal(error)) => return Err(error.into()),
    };
    if let Some(account) = &challenge.asked_by {
        let handle = accounts
            .hold_assertion(asserted, Some(account), visit.now)
            .await?;
        return Ok(visit.go(&step::href(&visit, "/assertion", &handle)?));
    }
    enter(&visit, asserted, visit.query("again").is_some()).await
}

/// A file, or what a browser put into the field.
fn signature_of(form: &Upload) -> Option<Vec<u8>> {
    let pasted = form.text("signature").trim();
    match form.file("file") {
        Some(file) => Some(file.to_vec()),
        None if pasted.is_empty() => None,
        None => Some(pasted.as_bytes().to_vec()),
    }
}

fn refused_text(visit: &Visit, refused: SignatureRefused) -> String {
    visit.texts.t(refusal_key(refused))
}

fn one(text: String) -> Problems {
    let mut problems = Problems::none();
    problems.add("file", text);
    problems
}

/// Whom this server trusts: without anybody these pages are not there.
fn authorities(visit: &Visit) -> Result<&Authorities, PageError> {
    visit.app.authorities.as_ref().ok_or(PageError::NotFound)
}

async fn state(visit: &Visit) -> Result<ChallengeState, PageError> {
    let (token, number) = (visit.csrf(), visit.query("number").unwrap_or_default());
    let accounts = &visit.app.accounts;
    let state = accounts.challenge(Holder(&token), &number, visit.now).await;
    Ok(state?)
}

/// A page of this text, with what a sign-in for something critical carries.
fn here(visit: &Visit, path: &str, number: &str) -> String {
    let mut params = vec![("number", number)];
    params.extend(visit.query("again").map(|_| ("again", "yes")));
    visit.with_flow_and(path, &params)
}

async fn answer(visit: &Visit, problems: Problems, pasted: &str) -> Result<Response, PageError> {
    let number = visit.query("number").unwrap_or_default();
    let (open, over) = match state(visit).await? {
        ChallengeState::Open(challenge) => (Some(challenge), ""),
        ChallengeState::Expired => (None, key("signature-expired")),
        ChallengeState::Used => (None, key("signature-used")),
        ChallengeState::Unknown => (None, key("signature-unknown")),
    };
    let here = |path| here(visit, path, &number);
    let person = citizen(visit).await?;
    let proves = visit.session.is_some();
    let mut response = visit.show(&SignaturePage {
        page: visit.page(person.as_deref()),
        problems,
        over: if over.is_empty() {
            String::new()
        } else {
            visit.texts.t(over)
        },
        steps: open.map(|challenge| Steps {
            file_href: here("/signature/file"),
            action: here("/signature"),
            until: later::until(visit, challenge.expires_at),
            text: STANDARD.encode(challenge.text),
            pasted: pasted.to_owned(),
        }),
        begin_action: match visit.query("again") {
            Some(_) => visit.with_flow_and("/signature/begin", &[("again", "yes")]),
            None => visit.with_flow("/signature/begin"),
        },
        proves,
        back_href: visit.with_flow(if proves { "/account/level" } else { "/sign-in" }),
    })?;
    response.extensions_mut().insert(WithScript);
    Ok(response)
}
