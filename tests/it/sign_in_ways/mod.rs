//! Ways to sign in beside the password: by a QR code and a number to compare,
//! and by SNILS with a phone.

pub mod code;
pub mod qr;
