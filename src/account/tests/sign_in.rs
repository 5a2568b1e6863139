use super::*;
use crate::account::agreements::Document;
use crate::account::history::Status;
use crate::account::new_password::NewPassword;
use crate::account::session::SessionState;
use crate::account::sign_in::Duty;
use crate::model::id::AccountId;
use crate::storage::HistoryFilter;

fn anna() -> &'static str {
    DEMO_CITIZENS[0].phone
}

async fn statuses(room: &Room, account: &AccountId) -> Vec<Status> {
    let filter = HistoryFilter {
        limit: 100,
        ..HistoryFilter::default()
    };
    room.accounts
        .history(account, &filter)
        .await
        .unwrap()
        .iter()
        .map(|line| line.status)
        .collect()
}

fn is_bad(outcome: &Result<SignedIn, SignInRefused>) -> bool {
    matches!(outcome, Err(SignInRefused::BadCredentials))
}

#[tokio::test]
async fn by_any_identifier_in_any_notation() {
    let room = room().await.seeded().await;
    for text in [
        "8 900 555 01 01",
        "９００-555-01-01",
        "ANNA.Sokolova@example.RU",
        "11223344595",
    ] {
        let signed_in = room
            .sign_in(text, DEMO_PASSWORD, &browser(1), START)
            .await
            .unwrap();
        let person = room.accounts.load_person(&signed_in.account).await.unwrap();
        assert_eq!(person.profile.given_name, "Анна", "{text}");
    }
    assert!(is_bad(
        &room
            .sign_in(anna(), "propusk-2026!", &browser(1), START)
            .await
    ));
    assert!(is_bad(
        &room
            .sign_in("anna", DEMO_PASSWORD, &browser(1), START)
            .await
    ));
    assert!(is_bad(
        &room
            .sign_in(anna(), &"x".repeat(100_000), &browser(1), START)
            .await
    ));
    assert!(is_bad(&room.sign_in(anna(), "", &browser(1), START).await));
}

#[tokio::test]
async fn a_new_device_is_told_and_a_known_one_is_not() {
    let room = room().await.seeded().await;
    let first = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), START)
        .await
        .unwrap();
    let message = room.message(MessageKind::SignInNewDevice, START).await;
    assert_eq!(message.recipient, "anna.sokolova@example.ru");
    assert_eq!(message.params["place"], "192.0.2.1");
    let again = returning(&browser(1), &first);
    let second = room
        .sign_in(anna(), DEMO_PASSWORD, &again, START.plus(minutes(1)))
        .await
        .unwrap();
    assert!(room.messages(START).await.is_empty());
    assert_eq!(second.device, first.device);
    // The session of before has ended, and the secret is another (attack 16).
    assert_ne!(second.session, first.session);
    let state = room
        .accounts
        .look_up_session(&first.session, START.plus(minutes(1)))
        .await
        .unwrap();
    assert!(matches!(state, SessionState::Ended(_)));
}

#[tokio::test]
async fn attack_17_the_next_user_of_a_browser_gets_nothing_of_the_last() {
    let room = room().await.seeded().await;
    let anna = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), START)
        .await
        .unwrap();
    let shared = returning(&browser(1), &anna);
    let timur = room
        .sign_in(DEMO_CITIZENS[1].phone, DEMO_PASSWORD, &shared, START)
        .await
        .unwrap();
    assert_ne!(timur.account, anna.account);
    assert_ne!(timur.device, anna.device);
    assert!(
        room.accounts
            .find_session(&anna.session, START)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn attack_16_a_planted_device_cookie_does_not_become_known() {
    let room = room().await.seeded().await;
    let planted = Secret::new("ppd_planted");
    let victim = Browser {
        device: Some(planted.clone()),
        session: Some(planted.clone()),
        ..browser(1)
    };
    let signed_in = room
        .sign_in(anna(), DEMO_PASSWORD, &victim, START)
        .await
        .unwrap();
    assert!(signed_in.device != planted && signed_in.session != planted);
}

#[tokio::test]
async fn five_wrong_passwords_close_the_door_for_half_an_hour() {
    let room = room().await.seeded().await;
    let known = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), START)
        .await
        .unwrap();
    room.messages(START).await;
    for _ in 0..4 {
        assert!(is_bad(
            &room.sign_in(anna(), "wrong", &browser(2), START).await
        ));
    }
    let Err(SignInRefused::Locked {
        until,
        block_number,
    }) = room.sign_in(anna(), "wrong", &browser(2), START).await
    else {
        panic!("the fifth locks");
    };
    assert_eq!((until, block_number.len()), (START.plus(minutes(30)), 8));
    let message = room.message(MessageKind::SignInLocked, START).await;
    assert_eq!(message.params["block"], block_number);
    // Even the right password does not help a stranger now, from anywhere.
    let refused = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(3), START)
        .await;
    assert!(
        matches!(refused, Err(SignInRefused::Locked { block_number: number, .. }) if number == block_number)
    );
    let open = START.plus(minutes(30));
    // Knocking does not lengthen it.
    assert!(
        room.sign_in(anna(), DEMO_PASSWORD, &browser(3), open)
            .await
            .is_ok()
    );
    let lines = statuses(&room, &known.account).await;
    let count = |status| lines.iter().filter(|line| **line == status).count();
    let counted = [Status::Success, Status::Failure, Status::Blocked].map(count);
    assert_eq!(counted, [2, 5, 1]);
}

#[tokio::test]
async fn attack_22_nobody_locks_a_person_out_of_a_known_device() {
    let room = room().await.seeded().await;
    let first = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), START)
        .await
        .unwrap();
    for _ in 0..10 {
        assert!(
            room.sign_in(anna(), "wrong", &browser(2), START)
                .await
                .is_err()
        );
    }
    let home = returning(&browser(1), &first);
    assert!(
        room.sign_in(anna(), DEMO_PASSWORD, &home, START)
            .await
            .is_ok()
    );
    // The known device has its own five, and they do not help strangers.
    for _ in 0..4 {
        assert!(is_bad(&room.sign_in(anna(), "wrong", &home, START).await));
    }
    let refused = room.sign_in(anna(), "wrong", &home, START).await;
    assert!(matches!(refused, Err(SignInRefused::Locked { .. })));
    let refused = room.sign_in(anna(), DEMO_PASSWORD, &home, START).await;
    assert!(matches!(refused, Err(SignInRefused::Locked { .. })));
    // Somebody else's device cookie is a stranger's.
    let timur = room
        .sign_in(DEMO_CITIZENS[1].phone, DEMO_PASSWORD, &browser(4), START)
        .await
        .unwrap();
    let foreign = returning(&browser(4), &timur);
    let refused = room.sign_in(anna(), DEMO_PASSWORD, &foreign, START).await;
    assert!(matches!(refused, Err(SignInRefused::Locked { .. })));
}

#[tokio::test]
async fn attack_21_another_identifier_is_no_fresh_start() {
    let room = room().await.seeded().await;
    let citizen = &DEMO_CITIZENS[0];
    for text in [
        citizen.phone,
        "89005550101",
        citizen.email,
        "ANNA.SOKOLOVA@EXAMPLE.RU",
        citizen.snils,
    ] {
        assert!(
            is_bad(&room.sign_in(text, "wrong", &browser(2), START).await),
            "{text}"
        );
    }
    // The account is closed, but no identifier tells that it belongs to the others.
    for text in [citizen.phone, citizen.email, citizen.snils] {
        assert!(
            is_bad(&room.sign_in(text, DEMO_PASSWORD, &browser(3), START).await),
            "{text}"
        );
    }
    room.message(MessageKind::SignInLocked, START).await;
    assert!(
        room.sign_in(
            citizen.email,
            DEMO_PASSWORD,
            &browser(3),
            START.plus(minutes(31))
        )
        .await
        .is_ok()
    );
}

#[tokio::test]
async fn attack_23_the_unknown_are_answered_and_locked_like_the_known() {
    let room = room().await.seeded().await;
    let mut told = Vec::new();
    for text in [
        anna(),
        "+7 900 555-77-77",
        "nobody@example.ru",
        "087-654-303 00",
    ] {
        let mut answers = Vec::new();
        for _ in 0..7 {
            answers.push(
                match room.sign_in(text, "wrong", &browser(2), START).await {
                    Err(SignInRefused::Locked {
                        until,
                        block_number,
                    }) => format!("{} {}", until.millis(), block_number.len()),
                    Err(refused) => format!("{refused:?}"),
                    Ok(_) => "in".to_owned(),
                },
            );
        }
        told.push(answers);
    }
    assert!(told.iter().all(|answers| *answers == told[0]), "{told:?}");
    assert!(told[0][3].starts_with("Bad") && !told[0][4].starts_with("Bad"));
}

#[tokio::test]
async fn attack_20_of_many_tries_at_once_few_are_looked_at() {
    let mut settings = quick();
    settings.password.hashing.threads = 1;
    settings.password.hashing.passes = 4000;
    let room = Arc::new(room_with(settings).await.seeded().await);
    let send = |password: &'static str, from| {
        let room = Arc::clone(&room);
        tokio::spawn(async move { room.sign_in(anna(), password, &browser(from), START).await })
    };
    let wrong: Vec<_> = (0..30).map(|n| send("wrong", n)).collect();
    while room.accounts.hashes_waiting() < 4 {
        tokio::task::yield_now().await;
    }
    // Five are being looked at; whoever comes now waits for what they are.
    let right = send(DEMO_PASSWORD, 99).await.unwrap();
    assert!(
        matches!(right, Err(SignInRefused::Locked { .. })),
        "{right:?}"
    );
    let mut bad = 0;
    for outcome in futures_util::future::join_all(wrong).await {
        bad += usize::from(is_bad(&outcome.unwrap()));
    }
    assert_eq!(bad, 4);
}

#[tokio::test]
async fn one_address_cannot_try_many_accounts() {
    let mut settings = quick();
    settings.limits.wrong_passwords_per_address = 10;
    let room = room_with(settings).await.seeded().await;
    let phone = DEMO_CITIZENS[1].phone;
    let timur = room
        .sign_in(phone, DEMO_PASSWORD, &browser(9), START)
        .await
        .unwrap();
    for n in 0..10 {
        let text = format!("+7 900 777-00-{n:02}");
        assert!(is_bad(
            &room.sign_in(&text, "wrong", &browser(9), START).await
        ));
    }
    let refused = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(9), START)
        .await;
    assert!(
        matches!(refused, Err(SignInRefused::TooMany { retry_after }) if retry_after == minutes(10))
    );
    let known = returning(&browser(9), &timur);
    assert!(
        room.sign_in(phone, DEMO_PASSWORD, &known, START)
            .await
            .is_ok()
    );
    assert!(
        room.sign_in(anna(), DEMO_PASSWORD, &browser(8), START)
            .await
            .is_ok()
    );
    assert!(
        room.sign_in(anna(), DEMO_PASSWORD, &browser(9), START.plus(minutes(10)))
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn right_passwords_are_not_counted() {
    let room = room().await.seeded().await;
    for n in 0..120 {
        let signed_in = room
            .sign_in(
                anna(),
                DEMO_PASSWORD,
                &browser(1),
                START.plus(Duration::from_secs(n)),
            )
            .await;
        assert!(signed_in.is_ok(), "{n}");
    }
}

#[tokio::test]
async fn a_blocked_account_and_the_history_of_a_flood() {
    let room = room().await.seeded().await;
    let signed_in = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), START)
        .await
        .unwrap();
    room.storage
        .block_account(signed_in.account.clone(), Some(START), START)
        .await
        .unwrap();
    assert!(is_bad(
        &room.sign_in(anna(), "wrong", &browser(1), START).await
    ));
    let refused = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), START)
        .await;
    assert!(matches!(refused, Err(SignInRefused::Blocked)));
    for n in 0..60 {
        assert!(
            room.sign_in(anna(), "wrong", &browser(n), START)
                .await
                .is_err()
        );
    }
    let lines = statuses(&room, &signed_in.account).await;
    assert!(lines.len() < 35, "attack 53: {} lines", lines.len());
}

#[tokio::test]
async fn older_hashes_are_renewed_at_sign_in() {
    let room = room().await.seeded().await;
    let mut settings = quick();
    settings.password.hashing.passes = 2;
    let entropy = Entropy::seeded(b"newer");
    let newer = Accounts::new(
        room.storage.clone(),
        Arc::clone(&room.vault),
        entropy,
        settings,
        ISSUER,
    )
    .unwrap();
    let password = Secret::new(DEMO_PASSWORD);
    let signed_in = room
        .admitted(&newer, anna(), &password, &browser(1), START)
        .await
        .unwrap();
    let stored = room
        .storage
        .passwords_of(&signed_in.account, 5)
        .await
        .unwrap();
    assert!(
        stored.len() == 1 && stored[0].hash.contains("t=2"),
        "{stored:?}"
    );
    assert!(
        room.admitted(&newer, anna(), &password, &browser(1), START)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn duties_come_first() {
    let room = room().await.seeded().await;
    let late = START.plus(minutes(90 * 24 * 60));
    let signed_in = room
        .sign_in(anna(), DEMO_PASSWORD, &browser(1), late)
        .await
        .unwrap();
    assert_eq!(signed_in.duty, Some(Duty::RenewPassword));
    let session = room.session(&signed_in, late).await;
    let (old, new) = (Secret::new(DEMO_PASSWORD), Secret::new("Берег-лодка7"));
    let here = browser(1);
    let twice = |password| NewPassword {
        password,
        repeat: password,
    };
    let renew = |password, at| {
        room.accounts
            .renew_password(&session, twice(password), &here, at)
    };
    assert!(renew(&old, late).await.is_err(), "the same again");
    assert!(
        renew(&new, late.plus(minutes(6))).await.is_err(),
        "too late"
    );
    renew(&new, late).await.unwrap();
    assert!(renew(&new, late).await.is_err(), "no longer due");
    assert_eq!(
        room.accounts.duty(&session.account, late).await.unwrap(),
        None
    );

    let mut settings = quick();
    settings.agreements.terms = "2".to_owned();
    let entropy = Entropy::seeded(b"newer");
    let newer = Accounts::new(
        room.storage.clone(),
        Arc::clone(&room.vault),
        entropy,
        settings,
        ISSUER,
    )
    .unwrap();
    let signed_in = room
        .admitted(&newer, anna(), &new, &browser(1), late)
        .await
        .unwrap();
    assert_eq!(
        signed_in.duty,
        Some(Duty::AcceptAgreements(vec![Document::Terms]))
    );
    let session = room.session(&signed_in, late).await;
    newer
        .accept_agreements(&session, &[Document::Terms], &browser(1), late)
        .await
        .unwrap();
    assert_eq!(newer.duty(&session.account, late).await.unwrap(), None);
}
