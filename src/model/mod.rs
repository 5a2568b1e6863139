//! Values and their legal transitions: no input or output, no clock.

pub mod acr;
pub mod algorithm;
pub mod authentication;
pub mod client;
pub mod device_rights;
pub mod digits;
pub mod email;
pub mod evidence;
pub mod id;
pub mod identifier;
pub mod inn;
pub mod level;
pub mod passport;
pub mod phone;
pub mod profile;
pub mod redirect;
pub mod response_type;
pub mod role;
pub mod scope;
pub mod secret;
pub mod security_profile;
pub mod snils;
pub mod ticket;
pub mod timestamp;
pub mod track;
