use proptest::prelude::*;

use super::*;
use crate::model::passport::Passport;

fn person() -> (Profile, Snils) {
    let profile = Profile {
        family_name: "Соколова".to_owned(),
        given_name: "Анна".to_owned(),
        middle_name: "Павловна".to_owned(),
        birthdate: "1990-03-24".to_owned(),
        gender: "female".to_owned(),
        passport: Some(Passport {
            series: "1810".to_owned(),
            number: "123456".to_owned(),
            issued_on: "2010-04-20".to_owned(),
            department_code: "340-001".to_owned(),
            issued_by: "ОВД".to_owned(),
        }),
        ..Profile::default()
    };
    (profile, Snils::parse("112-233-445 95").unwrap())
}

fn facts() -> Facts {
    let (profile, snils) = person();
    Facts::of(&profile, Some(&snils))
}

fn piece(source: Source, at: i64, covers: Facts) -> Evidence {
    Evidence {
        source,
        given_by: String::new(),
        at: Timestamp::from_seconds(at),
        expires_at: None,
        withdrawn_at: None,
        covers,
    }
}

fn level(evidence: &[Evidence], facts: &Facts, now: i64) -> Level {
    Identity::of(evidence, facts, Timestamp::from_seconds(now)).level()
}

#[test]
fn data_and_holder_are_two_questions() {
    let facts = facts();
    let check = piece(Source::Registry, 10, facts.clone());
    let proof = piece(Source::ServiceCentre, 20, facts.only(&[Attribute::Snils]));
    assert_eq!(level(&[], &facts, 30), Level::Simplified);
    assert_eq!(
        level(std::slice::from_ref(&check), &facts, 30),
        Level::Standard
    );
    // Somebody who was seen is nobody in particular until the data are checked.
    assert_eq!(
        level(std::slice::from_ref(&proof), &facts, 30),
        Level::Simplified
    );
    let both = [check, proof];
    assert_eq!(level(&both, &facts, 30), Level::Verified);
    assert_eq!(level(&both, &facts, 15), Level::Standard);
    assert_eq!(level(&both, &facts, 5), Level::Simplified);
}

#[test]
fn another_name_makes_a_check_worthless_and_another_snils_everything() {
    let (mut profile, snils) = person();
    let before = facts();
    let evidence = [
        piece(Source::Registry, 10, before.clone()),
        piece(Source::Bank, 20, before.only(&[Attribute::Snils])),
    ];
    profile.family_name = "Петрова".to_owned();
    let married = Facts::of(&profile, Some(&snils));
    assert_eq!(level(&evidence, &married, 30), Level::Simplified);
    let renewed = [
        evidence[0].clone(),
        evidence[1].clone(),
        piece(Source::Registry, 40, married.clone()),
    ];
    assert_eq!(level(&renewed, &married, 50), Level::Verified);
    let other = Snils::parse("087-654-303 00").unwrap();
    assert_eq!(
        level(&renewed, &Facts::of(&profile, Some(&other)), 50),
        Level::Simplified
    );
    assert_eq!(
        level(&renewed, &Facts::of(&profile, None), 50),
        Level::Simplified
    );
}

#[test]
fn a_check_of_less_than_everything_checks_nothing() {
    let facts = facts();
    for left_out in CHECK_COVERS {
        let rest: Vec<_> = CHECK_COVERS
            .into_iter()
            .filter(|name| *name != left_out)
            .collect();
        let evidence = [piece(Source::Registry, 10, facts.only(&rest))];
        assert_eq!(
            level(&evidence, &facts, 20),
            Level::Simplified,
            "{left_out:?}"
        );
    }
}

fn is_of_data(source: Source) -> bool {
    matches!(
        source,
        Source::Registry | Source::BankRecords | Source::TwoOperators
    )
}

#[test]
fn a_bank_that_knows_everything_and_vouches_needs_no_registry() {
    let facts = facts();
    let records = piece(Source::BankRecords, 10, facts.only(&CHECK_COVERS));
    let word = piece(Source::Bank, 10, facts.only(&PROOF_OF_HOLDER));
    assert_eq!(
        level(std::slice::from_ref(&records), &facts, 20),
        Level::Standard
    );
    // Its word alone says who holds the account, not that the data are right.
    assert_eq!(
        level(std::slice::from_ref(&word), &facts, 20),
        Level::Simplified
    );
    assert_eq!(level(&[records.clone(), word], &facts, 20), Level::Verified);
    // Nor do records vouch for anybody, however often they are shown.
    assert_eq!(
        level(&[records.clone(), records], &facts, 20),
        Level::Standard
    );
}

#[test]
fn two_operators_stand_for_data_and_not_for_the_holder() {
    let facts = facts();
    let data = piece(Source::TwoOperators, 10, facts.clone());
    let seen = piece(Source::ServiceCentre, 10, facts.only(&PROOF_OF_HOLDER));
    let alone = std::slice::from_ref(&data);
    assert_eq!(level(alone, &facts, 20), Level::Standard);
    assert_eq!(level(&[data, seen], &facts, 20), Level::Verified);
}

fn any_evidence() -> impl Strategy<Value = Evidence> {
    (
        0..Source::ALL.len(),
        0_i64..100,
        proptest::option::of(0_i64..100),
        proptest::option::of(0_i64..100),
        proptest::sample::subsequence(Attribute::ALL.to_vec(), 0..=Attribute::ALL.len()),
        any::<bool>(),
    )
        .prop_map(|(source, at, expires, withdrawn, covers, stale)| {
            let (mut profile, snils) = person();
            if stale {
                profile.family_name = "Другая".to_owned();
            }
            Evidence {
                source: Source::ALL[source],
                given_by: String::new(),
                at: Timestamp::from_seconds(at),
                expires_at: expires.map(Timestamp::from_seconds),
                withdrawn_at: withdrawn.map(Timestamp::from_seconds),
                covers: Facts::of(&profile, Some(&snils)).only(&covers),
            }
        })
}

proptest! {
    /// The level is never above what a plain reading of each piece supports.
    #[test]
    fn no_sequence_of_events_gives_a_level_above_its_evidence(
        evidence in proptest::collection::vec(any_evidence(), 0..8), now in 0_i64..120,
    ) {
        let facts = facts();
        let moment = Timestamp::from_seconds(now);
        let alive = |piece: &&Evidence| {
            piece.at <= moment
                && piece.expires_at.is_none_or(|end| end > moment)
                && piece.withdrawn_at.is_none_or(|end| end > moment)
                && piece.covers.0.iter().all(|(name, digest)| facts.0[name] == *digest)
        };
        let checks = evidence.iter().filter(alive)
            .filter(|piece| is_of_data(piece.source) && piece.covers.0.len() >= 7)
            .filter(|piece| piece.covers.0.contains_key(&Attribute::Passport)).count();
        let proofs = evidence.iter().filter(alive)
            .filter(|piece| !is_of_data(piece.source))
            .filter(|piece| piece.covers.0.contains_key(&Attribute::Snils)).count();
        let level = level(&evidence, &facts, now);
        if level >= Level::Standard {
            prop_assert!(checks > 0);
        }
        prop_assert_eq!(level == Level::Verified, level >= Level::Standard && proofs > 0);
    }

    /// Taking evidence away, or time that only ends things, never raises a level.
    #[test]
    fn less_evidence_is_never_a_higher_level(
        evidence in proptest::collection::vec(any_evidence(), 1..8), gone in 0_usize..8, now in 100_i64..120,
    ) {
        let facts = facts();
        let mut less = evidence.clone();
        less.remove(gone % evidence.len());
        prop_assert!(level(&less, &facts, now) <= level(&evidence, &facts, now));
        prop_assert!(level(&evidence, &facts, now + 1000) <= level(&evidence, &facts, now));
    }

    /// Events in another order are the same events.
    #[test]
    fn the_order_of_the_list_says_nothing(
        evidence in proptest::collection::vec(any_evidence(), 0..8), now in 0_i64..120,
    ) {
        let facts = facts();
        let mut turned = evidence.clone();
        turned.reverse();
        prop_assert_eq!(level(&turned, &facts, now), level(&evidence, &facts, now));
    }
}
