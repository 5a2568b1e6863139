//! Calls that must not be made, and answers that must not be waited for.

mod addresses;
mod calls;
mod server;
