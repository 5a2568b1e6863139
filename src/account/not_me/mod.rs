//! "It was not me": every message about something a thief would do holds a link
//! that takes it back. The link only takes away: whoever reads a stranger's
//! mailbox gains nothing by it (attack row 48).

mod exposure;
mod link;
mod told;

pub(super) use exposure::{Healing, is_more_than_password};
pub use link::{FoundLink, LinkUsed};
pub(super) use told::{Happening, Sent};
