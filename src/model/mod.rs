//! Values and their legal transitions: no input or output, no clock.

pub mod algorithm;
pub mod id;
pub mod secret;
pub mod ticket;
pub mod timestamp;
