//! When to try again. Pure: tries, moments and a random byte pair in, a moment
//! out.

use std::time::Duration;

use crate::entropy::Entropy;
use crate::model::timestamp::Timestamp;

/// Waits after the first, second, … try; the last one repeats.
const WAITS: [u64; 6] = [5, 15, 60, 300, 900, 3600];

/// A gateway is not asked again sooner.
const SHORTEST: Duration = Duration::from_secs(5);

/// The next try after `tries` that failed, or none when the time is over. A
/// fifth more or less of each wait keeps messages that failed together from
/// coming back together. Where the whole wait does not fit any more, half of
/// what is left is waited: a code that can still be used is not given up.
pub fn next_try(
    tries: i64,
    deadline: Timestamp,
    entropy: &Entropy,
    now: Timestamp,
) -> Option<Timestamp> {
    let step = usize::try_from(tries.saturating_sub(1)).unwrap_or_default();
    let wait = Duration::from_secs(WAITS[step.min(WAITS.len() - 1)]);
    let jitter = u32::from(u16::from_be_bytes(entropy.bytes::<2>())) * 400 / 65_536;
    let wait = (wait * (800 + jitter) / 1000).max(SHORTEST);
    let left = deadline.since(now);
    if wait < left {
        return Some(now.plus(wait));
    }
    (left / 2 >= SHORTEST).then(|| now.plus(left / 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_an_hour_and_are_jittered() {
        let entropy = Entropy::seeded(b"retry");
        let now = Timestamp::from_seconds(1_000_000);
        let far = now.plus(Duration::from_secs(86_400));
        for tries in 1..20 {
            let planned = WAITS[(tries - 1).min(WAITS.len() - 1)];
            let mut seen = std::collections::BTreeSet::new();
            for _ in 0..50 {
                let count = i64::try_from(tries).unwrap();
                let wait = next_try(count, far, &entropy, now).unwrap().since(now);
                let planned = Duration::from_secs(planned);
                assert!(wait >= (planned * 4 / 5).max(SHORTEST), "{tries}: {wait:?}");
                assert!(wait < planned * 6 / 5, "{tries}: {wait:?}");
                seen.insert(wait);
            }
            assert!(seen.len() > 10, "no jitter after {tries}");
        }
    }

    #[test]
    fn a_code_is_tried_while_it_can_still_be_used() {
        let entropy = Entropy::seeded(b"retry");
        let sent = Timestamp::from_seconds(1_000_000);
        let over = sent.plus(Duration::from_secs(600));
        let (mut now, mut tries) = (sent, 1);
        while let Some(next) = next_try(tries, over, &entropy, now) {
            assert!(next > now && next < over);
            (now, tries) = (next, tries + 1);
        }
        assert!(over.since(now) <= SHORTEST * 2, "given up early");
        assert!((7..=14).contains(&tries), "{tries} tries");
    }

    #[test]
    fn nothing_is_tried_after_its_term() {
        let entropy = Entropy::seeded(b"retry");
        let end = Timestamp::from_seconds(1_000_000);
        assert_eq!(next_try(30, end, &entropy, end), None);
    }
}
