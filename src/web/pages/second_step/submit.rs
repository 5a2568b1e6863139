//! The form of the second step, and the button that sends a code.

use axum::response::Response;

use super::{address, admitted, answer, elsewhere, over, under_way};
use crate::account::factor::enrolled::Kind;
use crate::account::registration::Resent;
use crate::account::second_step::{Given, Proved, SecondRefused, Way};
use crate::account::sign_in::Admitted;
use crate::model::secret::Secret;
use crate::texts::key;
use crate::web::form::Problems;
use crate::web::later;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::pages::sign_in::onward;
use crate::web::posted::Posted;
use crate::web::visit::Visit;

/// Checks what was given.
pub async fn submit(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    let form = posted.checked(&visit)?;
    let Some((handle, _, way)) = under_way(&visit).await? else {
        return Ok(over(&visit));
    };
    let waiting = elsewhere::asked(&visit);
    let given = Given {
        way,
        code: match way {
            Way::Factor(Kind::Key) => form.text("answer"),
            Way::Elsewhere => waiting.as_ref().map_or("", Secret::expose),
            _ => form.text("code"),
        },
        challenge: form.text("challenge"),
        trust: form.ticked("trust"),
    };
    let accounts = &visit.app.accounts;
    let browser = visit.browser();
    let proved = accounts
        .prove_second(&handle, given, &browser, visit.now)
        .await;
    visit.app.outbox.wake();
    let texts = visit.texts;
    let problem = match proved {
        Ok(Proved::SignedIn(signed_in)) => {
            return admitted(&visit, Admitted::SignedIn(signed_in));
        }
        Ok(Proved::Strengthened(secret)) => {
            let mut response = onward(&visit);
            visit.renew_session(&mut response, &secret);
            return Ok(response);
        }
        Ok(Proved::Next(handle)) => return Ok(visit.go(&address(&visit, &handle, None)?)),
        Ok(Proved::Recovering(handle)) => {
            return Ok(visit.go(&step::href(&visit, "/recover/password", &handle)?));
        }
        Ok(Proved::Thawed) => {
            return Ok(visit.go(&visit.with_flow_and("/sign-in", &[("unfrozen", "yes")])));
        }
        Err(SecondRefused::Over) => return Ok(over(&visit)),
        // Not answered yet, or answered otherwise: the page says which.
        Err(SecondRefused::Malformed | SecondRefused::CodeOver) if way == Way::Elsewhere => {
            return Ok(visit.go(&address(&visit, &handle, Some(way))?));
        }
        Err(SecondRefused::Malformed | SecondRefused::Wrong) if way == Way::Factor(Kind::Key) => {
            texts.t(key("problem-key"))
        }
        Err(SecondRefused::Malformed) if given.code.trim().is_empty() => {
            texts.t(key("problem-code-empty"))
        }
        Err(SecondRefused::Malformed) if way == Way::Backup => {
            texts.t(key("problem-second-backup-format"))
        }
        Err(SecondRefused::Malformed) => texts.t(key("problem-code-format")),
        Err(SecondRefused::Wrong) if super::sends(way) => texts.t("problem-code-wrong"),
        Err(SecondRefused::Wrong) => texts.t(key("problem-second-wrong")),
        Err(SecondRefused::CodeOver) => texts.t(key("problem-code-expired")),
        Err(SecondRefused::TooMany { retry_after }) => {
            let at = later::from(&visit, visit.now.plus(retry_after));
            texts.say("problem-second-too-many", "time", at.text)
        }
        Err(SecondRefused::Internal(error)) => return Err(error.into()),
    };
    complain(&visit, problem).await
}

/// Sends a code, the first or another.
pub async fn send(visit: Visit, posted: Posted) -> Result<Response, PageError> {
    posted.checked(&visit)?;
    let Some((handle, _, way)) = under_way(&visit).await? else {
        return Ok(over(&visit));
    };
    let kind = match way {
        Way::Factor(kind) => kind,
        Way::Elsewhere => {
            return match elsewhere::ask(&visit, &handle).await? {
                Ok(response) => Ok(response),
                Err(problem) => complain(&visit, problem).await,
            };
        }
        Way::Backup => return Ok(visit.go(&address(&visit, &handle, Some(way))?)),
    };
    let accounts = &visit.app.accounts;
    let sent = accounts.send_step_code(&handle, kind, visit.now).await?;
    visit.app.outbox.wake();
    let texts = visit.texts;
    let problem = match sent {
        Resent::Sent => return Ok(visit.go(&address(&visit, &handle, Some(way))?)),
        Resent::Unknown => return Ok(over(&visit)),
        Resent::TooSoon { at } => {
            let at = later::from(&visit, at);
            texts.say("problem-code-resend-soon", "time", at.text)
        }
        Resent::TooMany { .. } => texts.t("problem-code-resend-limit"),
    };
    complain(&visit, problem).await
}

async fn complain(visit: &Visit, problem: String) -> Result<Response, PageError> {
    let mut problems = Problems::none();
    problems.add("code", problem);
    answer(visit, problems).await
}
