//! The endpoints of OAuth and OpenID Connect over HTTP: reading requests,
//! rendering answers and errors as their standards say.

mod answer;
pub mod authorize;
mod body;
pub mod documents;
pub mod end_session;
mod round;
mod shown_certificate;
pub mod tokens;
pub mod userinfo;
