//! The authorization endpoint: a table of checks makes a request out of
//! parameters, one pure function says what must happen next, and when nothing
//! must, the request is answered.

mod answer;
mod arrival;
pub mod authorized;
pub mod awaited;
pub mod checks;
pub mod code;
pub mod flow;
pub mod next_step;
pub mod prompt;
pub mod pushed;
pub mod request;
pub(super) mod request_object;
pub mod requested_claims;
pub mod response;

pub use arrival::arrive;
pub use next_step::{Step, next_step};
pub use request::AuthorizationRequest;
pub use response::{Answer, AuthorizationRefused, Outcome};
