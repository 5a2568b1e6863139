//! The judgement by itself.

use std::time::Duration;

use super::super::pace::{Counts, Limits, Order, Seen};

const LIMITS: Limits = Limits {
    header_time: Duration::from_secs(8),
    idle_time: Duration::from_secs(64),
};

/// The orders over `periods` of a second, and what the connection did in each.
fn orders(periods: usize, mut act: impl FnMut(usize, &mut Counts)) -> Vec<Order> {
    let mut seen = Seen::default();
    let mut counts = Counts::default();
    let judged = (0..periods).map(|period| {
        act(period, &mut counts);
        seen.judge(counts, &LIMITS)
    });
    judged.collect()
}

/// The period of the first order to end.
fn ended(orders: &[Order]) -> Option<(usize, Order)> {
    let at = orders.iter().position(|order| *order != Order::Keep)?;
    Some((at, orders[at]))
}

#[test]
fn a_busy_connection_is_kept() {
    let busy = orders(1000, |_, counts| {
        counts.requests += 1;
        counts.reads += 1;
        counts.writes += 1;
    });
    assert_eq!(ended(&busy), None);
}

#[test]
fn a_request_each_minute_is_kept() {
    let seldom = orders(1000, |period, counts| {
        if period % 60 == 0 {
            counts.requests += 1;
            counts.reads += 1;
        }
    });
    assert_eq!(ended(&seldom), None);
}

#[test]
fn a_late_header_has_its_own_time_and_no_more() {
    let in_time = orders(60, |period, counts| match period {
        0 | 57 => {
            counts.requests += 1;
            counts.reads += 1;
        }
        // After a long pause it comes in pieces.
        50..57 => counts.reads += 1,
        _ => {}
    });
    assert_eq!(ended(&in_time), None);
    let late = orders(60, |period, counts| match period {
        0 => {
            counts.requests += 1;
            counts.reads += 1;
        }
        40.. => counts.reads += 1,
        _ => {}
    });
    assert_eq!(ended(&late), Some((47, Order::Drop)));
}

#[test]
fn idleness_ends_gently_and_then_at_once() {
    let idle = orders(100, |period, counts| {
        counts.requests = 1.max(period.min(1) as u32)
    });
    assert_eq!(ended(&idle), Some((64, Order::Finish)));
    assert_eq!(idle[71], Order::Finish);
    assert_eq!(idle[72], Order::Drop);
}

#[test]
fn http_2_frames_are_no_header_and_no_activity() {
    let pinging = orders(100, |_, counts| {
        counts.multiplexed = true;
        counts.requests = 1;
        counts.reads += 1;
        counts.writes += 1;
    });
    assert_eq!(ended(&pinging), Some((64, Order::Finish)));
}

#[test]
fn a_running_request_is_kept_while_bytes_move() {
    let download = orders(1000, |_, counts| {
        (counts.requests, counts.running) = (1, 1);
        counts.writes += 1;
    });
    assert_eq!(ended(&download), None);
    let stalled = orders(1000, |_, counts| (counts.requests, counts.running) = (1, 1));
    assert_eq!(ended(&stalled).map(|(_, order)| order), Some(Order::Drop));
}
