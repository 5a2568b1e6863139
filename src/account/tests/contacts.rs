use super::*;
use crate::account::contacts::ContactRefused;
use crate::account::registration::{CodeRefused, Resent};

const NEW_PHONE: &str = "+7 900 555-09-09";

async fn anna(room: &Room) -> Session {
    let signed_in = room
        .sign_in(DEMO_CITIZENS[0].phone, DEMO_PASSWORD, &browser(1), START)
        .await
        .unwrap();
    room.messages(START).await;
    room.session(&signed_in, START).await
}

#[tokio::test]
async fn a_new_phone_is_confirmed_and_the_old_contacts_are_told() {
    let room = room().await.seeded().await;
    let session = anna(&room).await;
    let begun = room
        .accounts
        .begin_contact_change(&session, None, NEW_PHONE, &browser(1), START)
        .await
        .unwrap();
    let code = room.message(MessageKind::ContactCode, START).await;
    assert_eq!(code.recipient, "+79005550909");
    let pending = room
        .accounts
        .contact_change(&session, &begun.handle, START)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(pending.contact, "+7 900 ***-**-09");
    room.accounts
        .confirm_contact_change(
            &session,
            &begun.handle,
            &code.params["code"],
            &browser(1),
            START,
        )
        .await
        .unwrap();
    let told: Vec<_> = room
        .messages(START)
        .await
        .into_iter()
        .map(|m| (m.kind, m.recipient))
        .collect();
    assert_eq!(told.len(), 2);
    assert!(told.contains(&(MessageKind::ContactChanged, "+79005550101".to_owned())));
    let person = room.accounts.load_person(&session.account).await.unwrap();
    assert_eq!(person.phone.unwrap().value.as_str(), "+79005550909");
    assert!(
        room.sign_in(NEW_PHONE, DEMO_PASSWORD, &browser(2), START)
            .await
            .is_ok()
    );
    assert!(
        room.sign_in(DEMO_CITIZENS[0].phone, DEMO_PASSWORD, &browser(3), START)
            .await
            .is_err()
    );
    let again = room
        .accounts
        .confirm_contact_change(&session, &begun.handle, "123456", &browser(1), START)
        .await;
    assert!(matches!(again, Err(CodeRefused::Unknown)));
}

#[tokio::test]
async fn an_old_proof_asks_for_the_password() {
    let room = room().await.seeded().await;
    let session = anna(&room).await;
    let later = START.plus(minutes(6));
    let begin = async |password: Option<&str>| {
        let password = password.map(Secret::new);
        room.accounts
            .begin_contact_change(&session, password.as_ref(), NEW_PHONE, &browser(1), later)
            .await
    };
    assert!(matches!(begin(None).await, Err(ContactRefused::NeedsProof)));
    assert!(
        matches!(begin(Some("wrong")).await, Err(ContactRefused::Problems(problems)) if fields(&problems) == ["current_password"])
    );
    assert!(begin(Some(DEMO_PASSWORD)).await.is_ok());
}

#[tokio::test]
async fn attack_23_another_persons_contact_is_not_told() {
    let room = room().await.seeded().await;
    let session = anna(&room).await;
    let theirs = DEMO_CITIZENS[1].email;
    let begun = room
        .accounts
        .begin_contact_change(&session, None, theirs, &browser(1), START)
        .await
        .unwrap();
    room.message(MessageKind::RegistrationContactTaken, START)
        .await;
    let refused = room
        .accounts
        .confirm_contact_change(&session, &begun.handle, "123456", &browser(1), START)
        .await;
    assert!(matches!(refused, Err(CodeRefused::Wrong { tries_left: 4 })));
    let later = START.plus(minutes(1));
    assert_eq!(
        room.accounts
            .resend_contact_code(&session, &begun.handle, later)
            .await
            .unwrap(),
        Resent::Sent
    );
}

#[tokio::test]
async fn attack_45_a_change_belongs_to_its_citizen() {
    let room = room().await.seeded().await;
    let session = anna(&room).await;
    let begun = room
        .accounts
        .begin_contact_change(&session, None, NEW_PHONE, &browser(1), START)
        .await
        .unwrap();
    let code = room.message(MessageKind::ContactCode, START).await.params["code"].clone();
    let timur = room
        .sign_in(DEMO_CITIZENS[1].phone, DEMO_PASSWORD, &browser(4), START)
        .await
        .unwrap();
    let timur = room.session(&timur, START).await;
    let stolen = room
        .accounts
        .confirm_contact_change(&timur, &begun.handle, &code, &browser(4), START)
        .await;
    assert!(matches!(stolen, Err(CodeRefused::Unknown)));
    assert!(
        room.accounts
            .contact_change(&timur, &begun.handle, START)
            .await
            .unwrap()
            .is_none()
    );
    // A registration's handle is of another kind (attack 11).
    let registration = room
        .accounts
        .begin_registration(&form("a@example.ru"), &start(1), START)
        .await
        .unwrap();
    assert!(
        room.accounts
            .contact_change(&session, &registration.handle, START)
            .await
            .unwrap()
            .is_none()
    );
}
