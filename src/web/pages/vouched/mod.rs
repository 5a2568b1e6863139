//! Signing in, registering and proving who one is by the word of another: the
//! way to a bank and back, and what the citizen decides about what it says.

mod assertion;
mod bank;
mod buttons;

pub use assertion::{prove, register, show};
pub use bank::{callback, leave};
pub use buttons::{BankButton, buttons};
