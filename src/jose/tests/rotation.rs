//! Rotation as algebra, over arbitrary histories of a family of keys.

use std::time::Duration;

use proptest::prelude::*;

use crate::jose::rotation::{KeyTimes, Stage, active, stage};
use crate::model::timestamp::Timestamp;

/// Times are small, so that ties and overlaps are frequent.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

fn key() -> impl Strategy<Value = KeyTimes> {
    (0i64..30, 0i64..20, prop::option::of(0i64..60)).prop_map(|(made, ahead, life)| KeyTimes {
        created_at: at(made),
        active_from: at(made + ahead),
        retired_at: life.map(|life| at(made + life)),
    })
}

fn family() -> impl Strategy<Value = Vec<KeyTimes>> {
    prop::collection::vec(key(), 1..6)
}

proptest! {
    #[test]
    fn at_most_one_key_is_active_and_one_whenever_any_may_sign(
        keys in family(), now in 0i64..100, longest in 0u64..20
    ) {
        let longest = Duration::from_millis(longest);
        let stages: Vec<_> = (0..keys.len())
            .map(|key| stage(&keys, key, at(now), longest))
            .collect();
        let active_now = stages.iter().filter(|s| **s == Stage::Active).count();
        let any = keys.iter().any(|key| {
            key.active_from <= at(now) && key.retired_at.is_none_or(|retired| retired > at(now))
        });
        prop_assert_eq!(active_now, usize::from(any));
        let signer = active(&keys, at(now));
        prop_assert_eq!(signer.is_some(), any);
        if let Some(signer) = signer {
            prop_assert_eq!(stages[signer], Stage::Active);
        }
    }

    #[test]
    fn the_key_of_a_living_token_is_published_unless_withdrawn(
        keys in family(), signed in 0i64..80, age in 0i64..20, longest in 0i64..20
    ) {
        prop_assume!(age < longest);
        let Some(signer) = active(&keys, at(signed)) else { return Ok(()) };
        let now = at(signed + age);
        let seen = stage(&keys, signer, now, Duration::from_millis(longest.unsigned_abs()));
        let withdrawn = keys[signer].retired_at.is_some_and(|retired| retired <= now);
        prop_assert_eq!(seen.is_published(), !withdrawn);
    }

    #[test]
    fn a_key_is_published_before_it_signs(keys in family(), now in 0i64..80) {
        for (at_index, key) in keys.iter().enumerate() {
            let waiting = key.created_at <= at(now) && at(now) < key.active_from;
            let withdrawn = key.retired_at.is_some_and(|retired| retired <= at(now));
            if waiting && !withdrawn {
                prop_assert_eq!(
                    stage(&keys, at_index, at(now), Duration::ZERO),
                    Stage::Published
                );
            }
        }
    }

    #[test]
    fn a_forgotten_key_comes_back_only_by_signing_again(
        keys in family(), longest in 0u64..20
    ) {
        let longest = Duration::from_millis(longest);
        for key in 0..keys.len() {
            let mut before = stage(&keys, key, at(0), longest);
            for now in 1..120 {
                let after = stage(&keys, key, at(now), longest);
                let legal = match before {
                    Stage::Published => true,
                    Stage::Active => after != Stage::Published,
                    Stage::Passing => after != Stage::Published,
                    Stage::Expired => !matches!(after, Stage::Published | Stage::Passing),
                    Stage::Retired => after == Stage::Retired,
                };
                prop_assert!(legal, "{before:?} to {after:?} at {now}");
                before = after;
            }
        }
    }
}

#[test]
fn a_first_key_signs_at_once_and_its_successor_waits() {
    let ahead = Duration::from_secs(60);
    let first = KeyTimes::of_new(at(5), false, ahead);
    assert_eq!(first.active_from, at(5));
    let second = KeyTimes::of_new(at(9), true, ahead);
    assert_eq!(second.active_from, at(60_009));
}

#[test]
fn when_the_successor_is_withdrawn_the_old_key_signs_again() {
    let old = KeyTimes::of_new(at(0), false, Duration::ZERO);
    let mut new = KeyTimes::of_new(at(10), true, Duration::from_millis(10));
    new.retired_at = Some(at(30));
    let keys = [old, new];
    let longest = Duration::from_millis(5);
    let seen = |now| stage(&keys, 0, at(now), longest);
    assert_eq!(seen(19), Stage::Active);
    assert_eq!(seen(24), Stage::Passing);
    assert_eq!(seen(25), Stage::Expired);
    assert_eq!(seen(30), Stage::Active);
}
