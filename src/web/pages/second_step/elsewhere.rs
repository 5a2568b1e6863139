//! The second factor from another browser: a code and a number are shown until
//! somebody has answered there.

use axum::response::Response;

use super::{SECOND, address, kept, over};
use crate::account::approval::{AskRefused, Awaited};
use crate::account::second_step::Way;
use crate::error::Result;
use crate::model::secret::Secret;
use crate::web::later;
use crate::web::moments::Moment;
use crate::web::page_error::PageError;
use crate::web::pages::register::step;
use crate::web::qr::picture;
use crate::web::visit::Visit;

/// How far it is.
pub enum Elsewhere {
    NotAsked,
    Asked {
        /// The code, as SVG.
        qr: String,
        /// The number that is to be named.
        number: String,
        until: Moment,
        /// This page, to look once more.
        again_href: String,
    },
    /// Somebody has agreed.
    Agreed,
    /// It was refused, or its time is over.
    Over,
}

/// The parameter that carries what finds the question.
pub const ASKED: &str = "asked";

/// What finds the question of this address.
pub fn asked(visit: &Visit) -> Option<Secret> {
    step::named(visit, ASKED)
}

/// How far the question of this address is.
pub async fn state(visit: &Visit, step: &Secret) -> Result<Elsewhere, PageError> {
    let Some(waiting) = asked(visit) else {
        return Ok(Elsewhere::NotAsked);
    };
    let awaited = visit.app.accounts.awaited(&waiting, visit.now).await?;
    Ok(match awaited {
        Awaited::Over => Elsewhere::Over,
        Awaited::Agreed { .. } => Elsewhere::Agreed,
        Awaited::Asked(question) => Elsewhere::Asked {
            qr: picture(&question.link)?,
            number: question.number,
            until: later::until(visit, question.expires_at),
            again_href: address(visit, step, Some(Way::Elsewhere))?,
        },
    })
}

/// Asks, and goes to where the answer is awaited; or the words of the refusal.
pub async fn ask(visit: &Visit, step: &Secret) -> Result<Result<Response, String>, PageError> {
    let browser = visit.browser();
    let accounts = &visit.app.accounts;
    let asked = accounts.ask_elsewhere(step, &browser, visit.now).await;
    match asked {
        Ok(Some(waiting)) => {
            let (second, asked) = (step::seal(visit, step)?, step::seal(visit, &waiting)?);
            let params = [
                (SECOND, second.as_str()),
                ("way", Way::Elsewhere.as_str()),
                (ASKED, asked.as_str()),
            ];
            Ok(Ok(visit.go(&kept(visit, "/sign-in/second", &params))))
        }
        Ok(None) => Ok(Ok(over(visit))),
        Err(AskRefused::TooMany { retry_after }) => {
            let at = later::from(visit, visit.now.plus(retry_after));
            let texts = visit.texts;
            Ok(Err(texts.say(
                "problem-second-asked-often",
                "time",
                at.text,
            )))
        }
        Err(AskRefused::Internal(error)) => Err(error.into()),
    }
}
