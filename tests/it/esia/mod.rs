//! The ESIA dialect, spoken by programs written for ESIA.

mod errors;
mod permissions;
mod resources;
mod road;
mod signatures;
