//! The pages, one file each: what a page shows, and who fills it.

pub mod account;
pub mod agreements;
pub mod consent;
pub mod demo_messages;
pub mod error;
pub mod form_post;
pub mod home;
pub mod password_renew;
pub mod register;
pub mod sign_in;
pub mod sign_out;
