//! Registration, in three steps: who you are, the code, the password. A step
//! is a file; each is reached with what the one before gave ([`step`]).

mod begin;
mod code;
mod link;
mod password;
pub mod step;

pub use begin::{show, submit};
pub use code::{code, resend, submit_code};
pub use link::{link, open_link};
pub use password::{finish, password};
