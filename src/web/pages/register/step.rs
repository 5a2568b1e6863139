//! How a registration under way travels from page to page: in the address,
//! sealed together with the browser it was given to. Elsewhere it means
//! nothing, whoever sees the address; registrations in two windows do not get
//! mixed up as they would in a cookie; nothing of it outlives its ticket.

use axum::response::Response;
use serde::{Deserialize, Serialize};

use crate::error::Result;
use crate::model::secret::Secret;
use crate::web::visit::Visit;

const CONTEXT: &str = "registration step";

#[derive(Serialize, Deserialize)]
struct Step {
    handle: String,
    browser: String,
}

/// The address of a step with what finds the registration, the flow kept.
pub fn href(visit: &Visit, path: &str, handle: &Secret) -> Result<String> {
    let sealed = seal(visit, handle)?;
    Ok(visit.with_flow_and(path, &[("step", &sealed)]))
}

/// The same in a flow that this page's own address does not carry. A flow of
/// another browser is left behind.
pub fn href_in_flow(
    visit: &Visit,
    path: &str,
    handle: &Secret,
    flow: Option<&str>,
) -> Result<String> {
    let provider = &visit.app.provider;
    let good = flow.filter(|flow| {
        provider
            .open_flow(flow, visit.browser_id(), visit.now)
            .is_some()
    });
    let sealed = seal(visit, handle)?;
    Ok(match good {
        Some(flow) => format!("{path}?flow={flow}&step={sealed}"),
        None => format!("{path}?step={sealed}"),
    })
}

/// What finds the registration of this address, if it was given to this
/// browser.
pub fn handle(visit: &Visit) -> Option<Secret> {
    named(visit, "step")
}

/// The same by another name: a sign-in that waits for a second factor may have
/// both.
pub fn named(visit: &Visit, name: &str) -> Option<Secret> {
    let sealed = visit.query(name)?;
    let plain = visit.app.vault.unseal(CONTEXT, &sealed).ok()?;
    let step: Step = serde_json::from_slice(&plain).ok()?;
    (step.browser == visit.browser_id()).then(|| Secret::new(step.handle))
}

/// To the first step, where it says that this registration is over.
pub fn over(visit: &Visit) -> Response {
    visit.go(&visit.with_flow_and("/register", &[("over", "yes")]))
}

/// A handle as it travels.
///
/// # Errors
/// Only internal ones.
pub fn seal(visit: &Visit, handle: &Secret) -> Result<String> {
    let step = Step {
        handle: handle.expose().to_owned(),
        browser: visit.browser_id().to_owned(),
    };
    visit.app.vault.seal(CONTEXT, &serde_json::to_vec(&step)?)
}
