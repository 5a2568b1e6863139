//! The ESIA dialect, spoken by programs written for ESIA.

mod errors;
mod keys;
mod permissions;
mod resources;
mod road;
mod signatures;
