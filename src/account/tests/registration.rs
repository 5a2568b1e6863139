use super::*;
use crate::account::history::Status;
use crate::account::registration::{BeginRefused, CodeRefused, FinishRefused, Resent};
use crate::model::level::Level;
use crate::storage::HistoryFilter;

const PASSWORD: &str = "Берег-лодка7";

fn wrong(code: &str) -> String {
    let last = code.as_bytes()[5];
    format!(
        "{}{}",
        &code[..5],
        char::from(b'0' + (last - b'0' + 1) % 10)
    )
}

async fn finish(
    room: &Room,
    handle: &Secret,
    password: &str,
    now: Timestamp,
) -> Result<SignedIn, FinishRefused> {
    let password = Secret::new(password);
    room.accounts
        .finish_registration(handle, &password, &password, &browser(1), None, now)
        .await
}

#[tokio::test]
async fn by_phone_in_three_steps() {
    let room = room().await;
    let begun = room
        .accounts
        .begin_registration(&form("8 (900) 111-22-33"), &start(1), START)
        .await
        .unwrap();
    let pending = room
        .accounts
        .registration(&begun.handle, START)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            pending.contact.as_str(),
            pending.by_email,
            pending.tries_left
        ),
        ("+7 900 ***-**-33", false, 5)
    );
    assert_eq!(pending.flow.as_deref(), Some("flow"));
    let message = room.message(MessageKind::RegistrationCode, START).await;
    assert_eq!(
        (message.recipient.as_str(), message.minutes),
        ("+79001112233", 10)
    );
    assert!(!message.params.contains_key("link"));
    let code = &message.params["code"];
    let refused = room
        .accounts
        .confirm_code(&begun.handle, &wrong(code), START)
        .await;
    assert!(matches!(refused, Err(CodeRefused::Wrong { tries_left: 4 })));
    let refused = room
        .accounts
        .confirm_code(&begun.handle, "12 34", START)
        .await;
    assert!(matches!(refused, Err(CodeRefused::Malformed)));
    let pasted = format!(" {} {} ", &code[..3], &code[3..]);
    let handle = room
        .accounts
        .confirm_code(&begun.handle, &pasted, START)
        .await
        .unwrap();
    assert!(
        room.accounts
            .registration(&begun.handle, START)
            .await
            .unwrap()
            .is_none()
    );
    let waiting = room
        .accounts
        .confirmed(&handle, START)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (waiting.contact.as_str(), waiting.flow.as_deref()),
        ("+79001112233", Some("flow"))
    );
    let Err(FinishRefused::Problems(problems)) = finish(&room, &handle, "Лебедева", START).await
    else {
        panic!("a surname is no password");
    };
    assert_eq!(problems.len(), 3, "{problems:?}");
    let signed_in = finish(&room, &handle, PASSWORD, START).await.unwrap();
    assert_eq!(signed_in.duty, None);

    let person = room.accounts.load_person(&signed_in.account).await.unwrap();
    assert_eq!(
        (person.level(START), person.profile.full_name().as_str()),
        (Level::Simplified, "Ольга Лебедева")
    );
    assert!(person.phone.unwrap().confirmed && person.email.is_none());
    let session = room.session(&signed_in, START).await;
    assert_eq!(session.authentication.references(), ["sms", "pwd", "mfa"]);
    let filter = HistoryFilter {
        limit: 10,
        ..HistoryFilter::default()
    };
    let history = room
        .accounts
        .history(&signed_in.account, &filter)
        .await
        .unwrap();
    assert_eq!(
        (
            history.len(),
            history[0].status,
            history[0].details.device().as_str()
        ),
        (1, Status::Success, "Firefox 140, Linux")
    );
    let journal = room
        .accounts
        .journal(&signed_in.account, &filter, true)
        .await
        .unwrap();
    let mut actions: Vec<_> = journal.iter().map(|line| line.action.as_str()).collect();
    actions.sort_unstable();
    assert_eq!(
        actions,
        [
            "agreement_accepted",
            "agreement_accepted",
            "registered",
            "signed_in"
        ]
    );
    assert_eq!(
        room.accounts
            .unread_notices(&signed_in.account)
            .await
            .unwrap(),
        1
    );
    assert!(
        room.accounts
            .missing_agreements(&signed_in.account)
            .await
            .unwrap()
            .is_empty()
    );
    assert!(matches!(
        finish(&room, &handle, PASSWORD, START).await,
        Err(FinishRefused::Unknown)
    ));
    assert!(
        room.sign_in("+7 900 111 22 33", PASSWORD, &browser(2), START)
            .await
            .is_ok()
    );
}

#[tokio::test]
async fn attack_48_a_link_works_anywhere_but_once() {
    let room = room().await;
    let begun = room
        .accounts
        .begin_registration(&form("Olga@Example.ru"), &start(1), START)
        .await
        .unwrap();
    let message = room.message(MessageKind::RegistrationCode, START).await;
    assert_eq!(message.recipient, "Olga@example.ru");
    let link = &message.params["link"];
    let token = Secret::new(
        link.strip_prefix("https://id.example.ru/register/link?token=")
            .unwrap(),
    );
    for _ in 0..3 {
        // Mail scanners look at links.
        let pending = room
            .accounts
            .registration_link(&token, START)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(pending.contact, "O***@example.ru");
    }
    // A link is no code, no handle and no confirmed contact (attack 11).
    assert!(
        room.accounts
            .registration(&token, START)
            .await
            .unwrap()
            .is_none()
    );
    assert!(
        room.accounts
            .confirmed(&token, START)
            .await
            .unwrap()
            .is_none()
    );
    let late = START.plus(minutes(10));
    assert!(
        room.accounts
            .redeem_link(&token, late)
            .await
            .unwrap()
            .is_none()
    );
    let redeemed = room
        .accounts
        .redeem_link(&token, START)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(redeemed.flow.as_deref(), Some("flow"));
    assert!(
        room.accounts
            .redeem_link(&token, START)
            .await
            .unwrap()
            .is_none()
    );
    let code = room
        .accounts
        .confirm_code(&begun.handle, &message.params["code"], START)
        .await;
    assert!(
        matches!(code, Err(CodeRefused::Unknown)),
        "code and link are one"
    );
    let signed_in = finish(&room, &redeemed.handle, PASSWORD, START)
        .await
        .unwrap();
    let session = room.session(&signed_in, START).await;
    assert_eq!(
        session.authentication.references(),
        ["urn:propusk:amr:email", "pwd"]
    );
}

#[tokio::test]
async fn another_code_kills_the_one_before() {
    let room = room().await;
    let begun = room
        .accounts
        .begin_registration(&form("olga@example.ru"), &start(1), START)
        .await
        .unwrap();
    let first = room.message(MessageKind::RegistrationCode, START).await;
    let soon = START.plus(Duration::from_secs(59));
    let at = START.plus(minutes(1));
    assert_eq!(
        room.accounts
            .resend_code(&begun.handle, soon)
            .await
            .unwrap(),
        Resent::TooSoon { at }
    );
    let (one, two) = tokio::join!(
        room.accounts.resend_code(&begun.handle, at),
        room.accounts.resend_code(&begun.handle, at)
    );
    let sent = [one.unwrap(), two.unwrap()]
        .iter()
        .filter(|resent| **resent == Resent::Sent)
        .count();
    assert_eq!(sent, 1);
    let second = room.message(MessageKind::RegistrationCode, at).await;
    let token =
        |message: &OutgoingMessage| Secret::new(message.params["link"].split_once('=').unwrap().1);
    assert!(
        room.accounts
            .redeem_link(&token(&first), at)
            .await
            .unwrap()
            .is_none()
    );
    let refused = room
        .accounts
        .confirm_code(&begun.handle, &first.params["code"], at)
        .await;
    assert!(matches!(refused, Err(CodeRefused::Wrong { .. })));
    let late = at.plus(minutes(10));
    let refused = room
        .accounts
        .confirm_code(&begun.handle, &second.params["code"], late)
        .await;
    assert!(matches!(refused, Err(CodeRefused::Expired)));
    assert!(
        room.accounts
            .confirm_code(&begun.handle, &second.params["code"], at)
            .await
            .is_ok()
    );
    assert_eq!(
        room.accounts
            .resend_code(&begun.handle, late)
            .await
            .unwrap(),
        Resent::Unknown
    );
}

#[tokio::test]
async fn attack_20_codes_are_counted_per_code_and_per_contact() {
    let room = room().await;
    let begun = room
        .accounts
        .begin_registration(&form("olga@example.ru"), &start(1), START)
        .await
        .unwrap();
    let code = room
        .message(MessageKind::RegistrationCode, START)
        .await
        .params["code"]
        .clone();
    let tries = (0..20).map(|_| room.accounts.confirm_code(&begun.handle, "000000", START));
    let outcomes = futures_util::future::join_all(tries).await;
    let compared =
        |outcome: &&Result<Secret, CodeRefused>| matches!(outcome, Err(CodeRefused::Wrong { .. }));
    assert_eq!(
        outcomes.iter().filter(compared).count(),
        4,
        "the fifth says that none is left"
    );
    let right = room
        .accounts
        .confirm_code(&begun.handle, &code, START)
        .await;
    assert!(matches!(
        right,
        Err(CodeRefused::UsedUp | CodeRefused::TooMany { .. })
    ));

    // Over several flows and addresses the contact stays closed.
    let other = room
        .accounts
        .begin_registration(&form("OLGA@example.RU"), &start(9), START)
        .await
        .unwrap();
    let code = room
        .message(MessageKind::RegistrationCode, START)
        .await
        .params["code"]
        .clone();
    let right = room
        .accounts
        .confirm_code(&other.handle, &code, START)
        .await;
    assert!(matches!(right, Err(CodeRefused::TooMany { .. })));
    let later = START.plus(minutes(10));
    let right = room
        .accounts
        .confirm_code(&other.handle, &code, later.minus(Duration::from_millis(1)))
        .await;
    assert!(matches!(right, Err(CodeRefused::TooMany { .. })));
}

#[tokio::test]
async fn codes_to_one_contact_are_few() {
    let room = room().await;
    for n in 0..5 {
        let begun = room
            .accounts
            .begin_registration(&form("89001112233"), &start(n), START)
            .await;
        assert!(begun.is_ok());
    }
    let refused = room
        .accounts
        .begin_registration(&form("+7 900 111-22-33"), &start(7), START)
        .await;
    assert!(
        matches!(refused, Err(BeginRefused::TooMany { retry_after }) if retry_after == minutes(60))
    );
    assert_eq!(room.messages(START).await.len(), 5);
    let mut sent = 5;
    for hour in 1..5 {
        let now = START.plus(minutes(61 * hour));
        while room
            .accounts
            .begin_registration(&form("89001112233"), &start(7), now)
            .await
            .is_ok()
        {
            sent += 1;
        }
    }
    assert_eq!(sent, 10, "ten a day");
}

#[tokio::test]
async fn attack_23_a_contact_in_use_is_not_told_but_its_owner_is() {
    let room = room().await.seeded().await;
    let known = DEMO_CITIZENS[0].phone;
    let begun = room
        .accounts
        .begin_registration(&form(known), &start(1), START)
        .await
        .unwrap();
    let message = room
        .message(MessageKind::RegistrationContactTaken, START)
        .await;
    assert_eq!(message.recipient, "+79005550101");
    assert!(!message.params.contains_key("code"));
    let unknown = room
        .accounts
        .begin_registration(&form("+7 900 555-99-99"), &start(1), START)
        .await
        .unwrap();
    room.message(MessageKind::RegistrationCode, START).await;
    for (handle, last) in [(&begun.handle, "01"), (&unknown.handle, "99")] {
        let pending = room
            .accounts
            .registration(handle, START)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(pending.contact, format!("+7 900 ***-**-{last}"));
        for tries_left in (1..5).rev() {
            let refused = room.accounts.confirm_code(handle, "123450", START).await;
            assert!(
                matches!(refused, Err(CodeRefused::Wrong { tries_left: left }) if left == tries_left)
            );
        }
        let refused = room.accounts.confirm_code(handle, "123450", START).await;
        assert!(matches!(refused, Err(CodeRefused::UsedUp)));
        let at = START.plus(minutes(1));
        assert_eq!(
            room.accounts.resend_code(handle, at).await.unwrap(),
            Resent::Sent
        );
    }
    // No code fits the taken one, not even by luck.
    for guess in 0..3 {
        let guess = format!("{guess:06}");
        assert!(
            room.accounts
                .confirm_code(&begun.handle, &guess, START.plus(minutes(2)))
                .await
                .is_err()
        );
    }
}

#[tokio::test]
async fn of_two_who_confirm_one_contact_one_wins() {
    let room = room().await;
    let mut handles = Vec::new();
    for n in 0..2 {
        let begun = room
            .accounts
            .begin_registration(&form("olga@example.ru"), &start(n), START)
            .await
            .unwrap();
        let code = room
            .message(MessageKind::RegistrationCode, START)
            .await
            .params["code"]
            .clone();
        handles.push(
            room.accounts
                .confirm_code(&begun.handle, &code, START)
                .await
                .unwrap(),
        );
    }
    assert!(finish(&room, &handles[0], PASSWORD, START).await.is_ok());
    assert!(matches!(
        finish(&room, &handles[1], PASSWORD, START).await,
        Err(FinishRefused::ContactTaken)
    ));
    let late = START.plus(minutes(31));
    assert!(
        room.accounts
            .confirmed(&handles[1], late)
            .await
            .unwrap()
            .is_none()
    );
}

#[tokio::test]
async fn attack_18_no_step_is_skipped() {
    let room = room().await;
    let begun = room
        .accounts
        .begin_registration(&form("olga@example.ru"), &start(1), START)
        .await
        .unwrap();
    assert!(matches!(
        finish(&room, &begun.handle, PASSWORD, START).await,
        Err(FinishRefused::Unknown)
    ));
    let nobody = Secret::new("ppg_nobody");
    assert!(matches!(
        finish(&room, &nobody, PASSWORD, START).await,
        Err(FinishRefused::Unknown)
    ));
    let refused = room.accounts.confirm_code(&nobody, "123456", START).await;
    assert!(matches!(refused, Err(CodeRefused::Unknown)));
    let refused = room
        .accounts
        .begin_registration(&RegistrationForm::default(), &start(1), START)
        .await;
    let Err(BeginRefused::Problems(problems)) = refused else {
        panic!("an empty form")
    };
    assert_eq!(
        fields(&problems),
        ["family_name", "given_name", "contact", "terms", "privacy"]
    );
}
