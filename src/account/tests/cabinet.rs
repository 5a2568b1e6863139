use super::*;
use crate::account::history::Status;
use crate::account::new_password::NewPassword;
use crate::account::password_change::ChangeRefused;
use crate::account::profile::{ProfileForm, ProfileRefused};
use crate::account::session::{EndReason, SessionState};
use crate::storage::HistoryFilter;
use crate::texts::Texts;

const NEW: &str = "Берег-лодка7";

fn all() -> HistoryFilter {
    HistoryFilter {
        limit: 100,
        ..HistoryFilter::default()
    }
}

async fn anna(room: &Room, last: u8, now: Timestamp) -> (SignedIn, Session) {
    let phone = DEMO_CITIZENS[0].phone;
    let signed_in = room
        .sign_in(phone, DEMO_PASSWORD, &browser(last), now)
        .await
        .unwrap();
    let session = room.session(&signed_in, now).await;
    (signed_in, session)
}

#[tokio::test]
async fn sessions_end_when_idle_and_when_old() {
    let room = room().await.seeded().await;
    let (signed_in, session) = anna(&room, 1, START).await;
    let find = |at| room.accounts.find_session(&signed_in.session, at);
    assert!(find(START.plus(minutes(14))).await.unwrap().is_some());
    assert!(find(START.plus(minutes(15))).await.unwrap().is_none());
    // Touched in time it lives on, but twelve hours at most.
    let mut now = START;
    let mut live = session;
    while now < START.plus(minutes(12 * 60 - 10)) {
        now = now.plus(minutes(10));
        live = find(now).await.unwrap().expect("used every ten minutes");
        room.accounts.touch_session(&live, now).await.unwrap();
    }
    assert!(find(START.plus(minutes(12 * 60))).await.unwrap().is_none());
    let state = room
        .accounts
        .look_up_session(&signed_in.session, START.plus(minutes(13 * 60)))
        .await
        .unwrap();
    assert!(matches!(state, SessionState::TimedOut));
    room.accounts
        .sweep_sessions(START.plus(minutes(13 * 60)))
        .await
        .unwrap();
    let state = room
        .accounts
        .look_up_session(&signed_in.session, START.plus(minutes(13 * 60)))
        .await
        .unwrap();
    assert!(matches!(state, SessionState::TimedOut));
    let history = room.accounts.history(&live.account, &all()).await.unwrap();
    assert_eq!(
        (history[0].status, history[0].details.address.as_str()),
        (Status::TimedOut, "192.0.2.1")
    );
    assert_eq!(history[0].session.as_ref(), Some(&live.id));
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_owner_only() {
    let room = room().await.seeded().await;
    let (_, here) = anna(&room, 1, START).await;
    let (there, _) = anna(&room, 2, START).await;
    let (third, _) = anna(&room, 3, START).await;
    let timur = room
        .sign_in(DEMO_CITIZENS[1].phone, DEMO_PASSWORD, &browser(4), START)
        .await
        .unwrap();
    let open = room
        .accounts
        .open_sessions(&here.account, START)
        .await
        .unwrap();
    assert_eq!(open.len(), 3);
    assert!(
        open.iter()
            .any(|session| session.details.address == "192.0.2.2")
    );
    let end = |id| room.accounts.end_session(&here, id, &BROWSER, START);
    assert!(end(&timur.session_id).await.unwrap().is_none());
    assert!(
        room.accounts
            .find_session(&timur.session, START)
            .await
            .unwrap()
            .is_some()
    );
    assert!(end(&there.session_id).await.unwrap().is_some());
    assert!(end(&there.session_id).await.unwrap().is_none());
    let state = room
        .accounts
        .look_up_session(&there.session, START)
        .await
        .unwrap();
    assert!(matches!(
        state,
        SessionState::Ended(EndReason::EndedByOwner)
    ));
    let (ended, _) = room
        .accounts
        .end_other_sessions(&here, &browser(1), START)
        .await
        .unwrap();
    assert_eq!(ended, 1);
    assert!(
        room.accounts
            .find_session(&third.session, START)
            .await
            .unwrap()
            .is_none()
    );
    room.accounts
        .sign_out(&here, &browser(1), START)
        .await
        .unwrap();
    let statuses: Vec<_> = room.accounts.history(&here.account, &all()).await.unwrap();
    let out = statuses
        .iter()
        .filter(|line| line.status == Status::SignedOut)
        .count();
    assert_eq!(out, 2);
    let notices = room
        .accounts
        .notices(&here.account, Texts(Lang::Ru), 10, 0)
        .await
        .unwrap();
    assert!(
        notices
            .iter()
            .all(|notice| !notice.read && !notice.title.is_empty())
    );
    room.accounts
        .mark_notices_read(&timur.account, Some(&notices[0].id), START)
        .await
        .unwrap();
    let unread = room.accounts.unread_notices(&here.account).await.unwrap();
    assert_eq!(unread, notices.len() as u64, "only the owner marks");
    room.accounts
        .mark_notices_read(&here.account, None, START)
        .await
        .unwrap();
    assert_eq!(
        room.accounts.unread_notices(&here.account).await.unwrap(),
        0
    );
}

static BROWSER: std::sync::LazyLock<Browser> = std::sync::LazyLock::new(|| browser(1));

#[tokio::test]
async fn a_changed_password_ends_every_other_session() {
    let room = room().await.seeded().await;
    let (signed_in, here) = anna(&room, 1, START).await;
    let (there, _) = anna(&room, 2, START).await;
    room.messages(START).await;
    let change = async |current: &str, password: &str, repeat: &str| {
        let (current, password, repeat) = (
            Secret::new(current),
            Secret::new(password),
            Secret::new(repeat),
        );
        let new = NewPassword {
            password: &password,
            repeat: &repeat,
        };
        room.accounts
            .change_password(&here, &current, new, &browser(1), START)
            .await
    };
    let Err(ChangeRefused::Problems(problems)) = change("wrong", "Sokolova1!", "other").await
    else {
        panic!("wrong in every field");
    };
    assert_eq!(
        fields(&problems),
        ["current_password", "password", "password_repeat"]
    );
    let Err(ChangeRefused::Problems(problems)) =
        change(DEMO_PASSWORD, DEMO_PASSWORD, DEMO_PASSWORD).await
    else {
        panic!("the same again");
    };
    assert_eq!(problems[0].text().0, "problem-password-history");
    change(DEMO_PASSWORD, NEW, NEW).await.unwrap();
    let message = room.message(MessageKind::PasswordChanged, START).await;
    assert_eq!(message.recipient, "anna.sokolova@example.ru");
    assert!(
        room.accounts
            .find_session(&signed_in.session, START)
            .await
            .unwrap()
            .is_some()
    );
    let state = room
        .accounts
        .look_up_session(&there.session, START)
        .await
        .unwrap();
    assert!(matches!(
        state,
        SessionState::Ended(EndReason::PasswordChanged)
    ));
    assert!(
        room.sign_in(DEMO_CITIZENS[0].phone, NEW, &browser(5), START)
            .await
            .is_ok()
    );
    let refused = room
        .sign_in(DEMO_CITIZENS[0].phone, DEMO_PASSWORD, &browser(6), START)
        .await;
    assert!(matches!(refused, Err(SignInRefused::BadCredentials)));
    // A stolen session is no door to guessing.
    for _ in 0..4 {
        assert!(matches!(
            change("wrong", DEMO_PASSWORD, DEMO_PASSWORD).await,
            Err(ChangeRefused::Problems(_))
        ));
    }
    assert!(matches!(
        change("wrong", DEMO_PASSWORD, DEMO_PASSWORD).await,
        Err(ChangeRefused::Locked { .. })
    ));
    assert!(matches!(
        change(NEW, "Река-парус9!", "Река-парус9!").await,
        Err(ChangeRefused::Locked { .. })
    ));
}

/// Whoever stole the cookie of another browser has no tries of their own left.
#[tokio::test]
async fn a_changed_password_leaves_one_browser_known() {
    let room = room().await.seeded().await;
    let phone = DEMO_CITIZENS[0].phone;
    let (first, here) = anna(&room, 1, START).await;
    let (second, _) = anna(&room, 2, START).await;
    let (mine, other) = (
        returning(&browser(1), &first),
        returning(&browser(2), &second),
    );
    let new = Secret::new(NEW);
    let twice = NewPassword {
        password: &new,
        repeat: &new,
    };
    let current = Secret::new(DEMO_PASSWORD);
    room.accounts
        .change_password(&here, &current, twice, &mine, START)
        .await
        .unwrap();
    room.messages(START).await;
    let again = room.sign_in(phone, NEW, &mine, START).await.unwrap();
    assert_eq!(again.device, first.device);
    assert!(room.messages(START).await.is_empty());
    let anew = room.sign_in(phone, NEW, &other, START).await.unwrap();
    assert_ne!(anew.device, second.device);
    room.message(MessageKind::SignInNewDevice, START).await;
}

#[tokio::test]
async fn attack_46_a_profile_has_its_fields_and_no_more() {
    let room = room().await.seeded().await;
    let (_, here) = anna(&room, 1, START).await;
    let later = START.plus(minutes(1));
    let before = room.accounts.load_person(&here.account).await.unwrap();
    let form = ProfileForm::of(&before);
    assert_eq!(
        (form.birth_date.as_str(), form.snils.as_str()),
        ("24.03.1990", "112-233-445 95")
    );
    let changed = ProfileForm {
        family_name: "Волкова".to_owned(),
        snils: "12345678964".to_owned(),
        ..form.clone()
    };
    room.accounts
        .change_profile(&here, &changed, &browser(1), later)
        .await
        .unwrap();
    let after = room.accounts.load_person(&here.account).await.unwrap();
    assert_eq!(after.profile.family_name, "Волкова");
    assert_eq!(
        after
            .snils
            .as_ref()
            .map(|s| (s.value.as_str(), s.confirmed)),
        Some(("12345678964", false))
    );
    assert_eq!(
        (&after.phone, &after.email, after.level(later)),
        (&before.phone, &before.email, before.level(later))
    );
    assert_eq!(after.profile.zoneinfo, before.profile.zoneinfo);
    let journal = room
        .accounts
        .journal(&here.account, &all(), false)
        .await
        .unwrap();
    assert_eq!(
        (journal[0].action.as_str(), journal[0].subject.as_deref()),
        ("profile_changed", Some("family_name snils"))
    );
    let refused = room
        .accounts
        .change_profile(&here, &ProfileForm::default(), &browser(1), later)
        .await;
    assert!(
        matches!(refused, Err(ProfileRefused::Problems(problems)) if fields(&problems) == ["family_name", "given_name"])
    );
}
