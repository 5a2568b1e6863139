//! Devices and their rights.

use propusk::model::device_rights::DeviceRights;
use propusk::model::id::{AccountId, SessionId};
use propusk::model::secret::Digest;
use propusk::storage::{
    DeviceRecord, Effects, RestsOn, RightsChange, RightsSet, SessionChoice, Storage,
};

use super::{Empty, NOW, account, digest, effects, later, password, session};

fn anna() -> AccountId {
    AccountId::from("anna")
}

/// A session of anna's that begins at a device.
async fn begin(storage: &Storage, id: &str, device: &str, before: Option<&str>) {
    let mut new = session(id, "anna");
    new.device = digest(device);
    new.device_before = before.map(digest);
    assert!(storage.start_session(new).await.unwrap());
}

async fn device(storage: &Storage, name: &str) -> Option<DeviceRecord> {
    let all = storage.devices_of(&anna(), 9).await.unwrap();
    all.into_iter().find(|device| device.digest == digest(name))
}

async fn rights(storage: &Storage, name: &str) -> Option<String> {
    device(storage, name).await.map(|device| device.rights)
}

async fn set(storage: &Storage, device: &str, rights: DeviceRights, by: &str) -> RightsSet {
    let change = RightsChange {
        account: anna(),
        device: digest(device),
        rights,
        by: SessionId::from(by),
        sure: false,
        effects: Effects::default(),
    };
    storage.set_device_rights(change, later(5)).await.unwrap()
}

#[tokio::test]
async fn rights_are_given_by_devices_that_have_them() {
    use DeviceRights::{Confirm, Full, View};
    let home = Empty::furnished().await;
    let storage = &home.storage;
    begin(storage, "s1", "home", None).await;
    assert_eq!(set(storage, "home", View, "s1").await, RightsSet::LastFull);
    begin(storage, "s2", "phone", None).await;
    let found = device(storage, "phone").await.unwrap();
    assert_eq!(found.session, Some(SessionId::from("s2")));
    assert!(found.details_sealed.is_some() && found.forgotten_at.is_none());

    assert_eq!(set(storage, "phone", Full, "s1").await, RightsSet::Same);
    assert_eq!(
        set(storage, "phone", Confirm, "s1").await,
        RightsSet::Changed
    );
    let seen = storage.load_session(&"s2".into()).await.unwrap().unwrap();
    assert_eq!(seen.rights.as_deref(), Some("confirm"));
    assert_eq!(seen.device, Some(digest("phone")));
    assert_eq!(
        set(storage, "phone", Full, "s2").await,
        RightsSet::Forbidden
    );
    assert_eq!(set(storage, "home", View, "s2").await, RightsSet::Forbidden);
    assert_eq!(set(storage, "phone", View, "s2").await, RightsSet::Changed);
    assert_eq!(
        set(storage, "strange", View, "s1").await,
        RightsSet::Unknown
    );
    assert_eq!(set(storage, "home", View, "s9").await, RightsSet::Forbidden);
    // A session that has ended gives nothing any more.
    let choice = SessionChoice::OfDevice(anna(), digest("home"));
    let ended = storage.end_sessions(
        choice,
        "ended_by_owner".to_owned(),
        true,
        later(6),
        Effects::default(),
    );
    ended.await.unwrap();
    let one = storage.load_session(&"s1".into()).await.unwrap().unwrap();
    let other = storage.load_session(&"s2".into()).await.unwrap().unwrap();
    assert!(one.ended_at.is_some() && other.ended_at.is_none());
    assert_eq!(
        set(storage, "phone", Full, "s1").await,
        RightsSet::Forbidden
    );
    home.close().await;
}

#[tokio::test]
async fn a_device_that_was_forgotten_comes_back_with_its_rights() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    begin(storage, "s1", "home", None).await;
    begin(storage, "s2", "phone", None).await;
    set(storage, "phone", DeviceRights::View, "s1").await;
    let new = password("anna", "hash 2", later(9));
    let kept = Some(digest("home"));
    storage
        .set_password(new, Some("s1".into()), kept, Effects::default())
        .await
        .unwrap();
    // Unknown, but for its rights.
    let known = storage.is_known_device(&digest("phone"), &anna()).await;
    assert!(!known.unwrap());
    assert!(
        device(storage, "phone")
            .await
            .unwrap()
            .forgotten_at
            .is_some()
    );
    // Another cookie, the same device.
    let mut again = session("s3", "anna");
    again.rests_on = RestsOn::Password(later(9));
    (again.device, again.device_before) = (digest("phone again"), Some(digest("phone")));
    assert!(storage.start_session(again).await.unwrap());
    assert_eq!(
        rights(storage, "phone again").await.as_deref(),
        Some("view")
    );
    assert_eq!(rights(storage, "phone").await, None);
    // Whoever is let in by a session has no more rights than that.
    let mut let_in = session("s4", "anna");
    let_in.rests_on = RestsOn::Session("s3".into());
    let_in.device = digest("let in");
    assert!(storage.start_session(let_in).await.unwrap());
    assert_eq!(rights(storage, "let in").await.as_deref(), Some("view"));
    home.close().await;
}

#[tokio::test]
async fn a_device_is_forgotten_with_its_sessions_and_by_its_owner_only() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage.register_account(account("boris")).await.unwrap();
    begin(storage, "s1", "home", None).await;
    begin(storage, "s2", "phone", None).await;
    let forget = async |owner: &str, device: Digest| {
        let lines = effects(&format!("{owner} forgets"));
        storage
            .forget_device(AccountId::from(owner), device, NOW, lines)
            .await
            .unwrap()
    };
    assert!(!forget("boris", digest("phone")).await);
    assert!(forget("anna", digest("phone")).await);
    assert!(!forget("anna", digest("phone")).await);
    let open = storage.open_sessions(&anna(), NOW).await.unwrap();
    assert_eq!(open.len(), 1);
    assert_eq!(rights(storage, "home").await.as_deref(), Some("full"));
    home.close().await;
}
