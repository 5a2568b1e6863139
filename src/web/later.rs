//! Answers that ask to come back later, and how the moment is told.

use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use http::header::RETRY_AFTER;

use super::moments::Moment;
use super::visit::Visit;
use crate::model::timestamp::Timestamp;

/// Beyond this an hour alone might be one of another day.
const SAME_DAY: Duration = Duration::from_secs(12 * 3600);
const MINUTE: i64 = 60_000;

/// A moment from which on something may be tried again: in whole minutes, and
/// never told too early.
pub fn from(visit: &Visit, at: Timestamp) -> Moment {
    let up = at.millis().rem_euclid(MINUTE);
    let rounded = if up == 0 { 0 } else { MINUTE - up };
    until(
        visit,
        Timestamp::from_millis(at.millis().saturating_add(rounded)),
    )
}

/// A moment until which something lasts.
pub fn until(visit: &Visit, at: Timestamp) -> Moment {
    let zone = visit.zone(None);
    if at.since(visit.now) < SAME_DAY {
        zone.clock(at)
    } else {
        zone.date_time(at)
    }
}

/// The same page, marked as a refusal that ends by itself.
pub fn refusal(mut response: Response, status: StatusCode, wait: Duration) -> Response {
    *response.status_mut() = status;
    let seconds = seconds(wait);
    response.headers_mut().insert(RETRY_AFTER, seconds.into());
    response
}

/// Whole seconds, rounded up: an earlier try would be in vain.
pub const fn seconds(wait: Duration) -> u64 {
    wait.as_millis().div_ceil(1000) as u64
}
