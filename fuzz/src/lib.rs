//! The rooms that are fuzzed, compiled by themselves: the whole server, with
//! the sanitizer in it, takes half an hour and nine gigabytes to compile.

#[path = "../../src/error.rs"]
pub mod error;
pub mod model;
pub mod registered;
#[path = "../../src/signature/mod.rs"]
pub mod signature;
