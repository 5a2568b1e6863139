//! The endpoints of OAuth and OpenID Connect over HTTP: reading requests,
//! rendering answers and errors as their standards say.

pub mod answer;
pub mod authorize;
pub mod backchannel;
pub mod bearer;
mod body;
mod call;
pub mod check_session;
pub mod device;
pub mod documents;
pub mod end_session;
pub mod register;
mod round;
pub mod shared_signals;
mod shown_certificate;
pub mod tokens;
pub mod userinfo;
