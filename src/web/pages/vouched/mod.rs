//! Signing in, registering and proving who one is by the word of another: the
//! way to a bank and back, a signature, and what the citizen decides about what it says.

mod assertion;
mod bank;
mod buttons;
mod enter;
mod refusals;
pub mod signature;

pub use assertion::{prove, register, show};
pub use bank::{callback, leave};
pub use buttons::{BankButton, Wish, buttons, signature_action};
use enter::enter;
