use super::*;

#[tokio::test]
async fn demo_citizens_are_made_once_with_every_field() {
    let room = room().await.seeded().await.seeded().await;
    for citizen in &DEMO_CITIZENS {
        let signed_in = room
            .sign_in(citizen.snils, DEMO_PASSWORD, &browser(1), START)
            .await
            .unwrap();
        let person = room.accounts.load_person(&signed_in.account).await.unwrap();
        assert!(
            person.phone.as_ref().unwrap().confirmed && person.email.as_ref().unwrap().confirmed
        );
        let profile = &person.profile;
        assert!(
            !profile.middle_name.is_empty()
                && !profile.gender.is_empty()
                && !profile.address.is_empty()
        );
        assert!(jiff::tz::TimeZone::get(&profile.zoneinfo).is_ok());
        let personal = room
            .accounts
            .personal_parts(&signed_in.account)
            .await
            .unwrap();
        assert!(crate::account::password_policy::check(DEMO_PASSWORD, &personal).is_empty());
    }
}

#[tokio::test]
async fn synthetic_accounts_share_a_password_and_are_made_once() {
    let room = room().await;
    let mut told = Vec::new();
    for count in [1500, 2100] {
        room.accounts
            .load_accounts(count, "Shared-1", START, |done| told.push(done))
            .await
            .unwrap();
    }
    assert_eq!(told, [1000, 1500, 1000, 2000, 2100]);
    for phone in ["+79000000001", "+79000001500", "+79000002100"] {
        assert!(
            room.sign_in(phone, "Shared-1", &browser(1), START)
                .await
                .is_ok(),
            "{phone}"
        );
    }
    assert!(
        room.sign_in("+79000002101", "Shared-1", &browser(1), START)
            .await
            .is_err()
    );
}
