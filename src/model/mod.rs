//! Values and their legal transitions: no input or output, no clock.

pub mod acr;
pub mod algorithm;
pub mod assertion_algorithm;
pub mod authentication;
pub mod certificate_subject;
pub mod client;
pub mod device_rights;
pub mod digits;
pub mod distinguished_name;
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
pub mod role;
pub mod scope;
pub mod secret;
pub mod snils;
pub mod ticket;
pub mod timestamp;
pub mod track;
