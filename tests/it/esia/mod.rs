//! The ESIA dialect, spoken by programs written for ESIA.

mod command;
mod errors;
mod keys;
mod organisation;
mod permissions;
mod resources;
mod road;
mod signatures;
