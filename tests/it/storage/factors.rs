//! Second factors, backup codes, trusted devices.

use propusk::model::id::{AccountId, SessionId};
use propusk::model::ticket::SECOND_STEP;
use propusk::storage::{Effects, FactorRecord, RestsOn, Strengthened};

use super::{Empty, NOW, account, digest, effects, has_effects, later, session};

fn factor(id: &str, kind: &str) -> FactorRecord {
    FactorRecord {
        id: id.to_owned(),
        account_id: AccountId::from("anna"),
        kind: kind.to_owned(),
        kept_sealed: format!("sealed {id}"),
        credential: None,
        created_at: NOW,
        last_used_at: Some(NOW),
        last_step: None,
        preferred_at: None,
    }
}

fn anna() -> AccountId {
    AccountId::from("anna")
}

#[tokio::test]
async fn factors_are_added_named_preferred_and_removed() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    assert!(storage.factors_of(&anna()).await.unwrap().is_empty());
    let app = factor("app", "totp");
    assert!(
        storage
            .add_factor(app.clone(), effects("anna"))
            .await
            .unwrap()
    );
    assert!(has_effects(storage, "anna").await);
    let sms = factor("sms", "sms");
    assert!(
        storage
            .add_factor(sms.clone(), Effects::default())
            .await
            .unwrap()
    );
    let again = factor("sms 2", "sms");
    assert!(!storage.add_factor(again, Effects::default()).await.unwrap());
    let order = async || {
        let all = storage.factors_of(&anna()).await.unwrap();
        all.into_iter().map(|factor| factor.id).collect::<Vec<_>>()
    };
    assert_eq!(order().await, ["app", "sms"]);
    let prefer = |id: &str, at| storage.prefer_factor(id.to_owned(), anna(), at);
    assert!(prefer("sms", NOW).await.unwrap());
    assert_eq!(order().await, ["sms", "app"]);
    let other = AccountId::from("boris");
    assert!(
        !storage
            .prefer_factor("app".to_owned(), other.clone(), NOW)
            .await
            .unwrap()
    );
    let rename = |who| storage.rename_factor("app".to_owned(), who, "another".to_owned());
    assert!(!rename(other.clone()).await.unwrap());
    assert!(rename(anna()).await.unwrap());
    assert_eq!(
        storage.factors_of(&anna()).await.unwrap()[1].kept_sealed,
        "another"
    );
    let remove = |id: &str, who| storage.remove_factor(id.to_owned(), who, NOW, Effects::default());
    assert!(!remove("app", other).await.unwrap());
    assert!(remove("app", anna()).await.unwrap());
    assert!(!remove("app", anna()).await.unwrap());
    assert_eq!(order().await, ["sms"]);
    home.close().await;
}

#[tokio::test]
async fn a_step_is_used_once_and_none_before_it() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage
        .add_factor(factor("app", "totp"), Effects::default())
        .await
        .unwrap();
    let uses = |step| storage.use_factor("app".to_owned(), step, None, later(1));
    assert!(uses(Some(10)).await.unwrap());
    assert!(!uses(Some(10)).await.unwrap());
    assert!(!uses(Some(9)).await.unwrap());
    assert!(uses(Some(11)).await.unwrap());
    assert!(uses(None).await.unwrap());
    let found = storage.factors_of(&anna()).await.unwrap();
    assert_eq!(
        (found[0].last_step, found[0].last_used_at),
        (Some(11), Some(later(1)))
    );
    home.close().await;
}

#[tokio::test]
async fn a_backup_code_opens_once_and_goes_with_the_last_factor() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let list = |names: [&str; 2]| {
        let digests = names.map(digest).to_vec();
        storage.put_backup_codes(anna(), digests, NOW, Effects::default())
    };
    assert!(!list(["a", "b"]).await.unwrap(), "there is no factor");
    storage
        .add_factor(factor("app", "totp"), Effects::default())
        .await
        .unwrap();
    assert!(list(["a", "b"]).await.unwrap());
    let uses =
        |who: &str, code: &str| storage.use_backup_code(AccountId::from(who), digest(code), NOW);
    assert!(!uses("boris", "a").await.unwrap());
    assert!(uses("anna", "a").await.unwrap());
    assert!(!uses("anna", "a").await.unwrap());
    assert_eq!(storage.backup_codes_left(&anna()).await.unwrap(), 1);
    assert!(list(["c", "d"]).await.unwrap());
    assert!(!uses("anna", "b").await.unwrap(), "an earlier list");
    storage
        .remove_factor("app".to_owned(), anna(), NOW, Effects::default())
        .await
        .unwrap();
    assert_eq!(storage.backup_codes_left(&anna()).await.unwrap(), 0);
    home.close().await;
}

#[tokio::test]
async fn a_key_is_found_by_its_credential_and_opens_a_session() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let key = FactorRecord {
        credential: Some("credential".to_owned()),
        ..factor("key", "key")
    };
    assert!(
        storage
            .add_factor(key.clone(), Effects::default())
            .await
            .unwrap()
    );
    let twin = FactorRecord {
        id: "twin".to_owned(),
        ..key
    };
    assert!(!storage.add_factor(twin, Effects::default()).await.unwrap());
    let found = storage.find_key("credential").await.unwrap();
    assert_eq!(found.map(|key| key.id).as_deref(), Some("key"));
    assert!(storage.find_key("other").await.unwrap().is_none());
    let by_key = |id: &str, key: &str| {
        let mut new = session(id, "anna");
        new.rests_on = RestsOn::Factor(key.to_owned());
        storage.start_session(new)
    };
    assert!(by_key("s1", "key").await.unwrap());
    assert!(!by_key("s2", "gone").await.unwrap());
    home.close().await;
}

#[tokio::test]
async fn a_trusted_device_is_trusted_until_factors_change() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    storage
        .add_factor(factor("app", "totp"), Effects::default())
        .await
        .unwrap();
    let device = digest("device of anna");
    let mut new = session("s1", "anna");
    new.trust_until = Some(later(100));
    assert!(storage.start_session(new).await.unwrap());
    let until = async || storage.trusted_until(&device, &anna()).await.unwrap();
    assert_eq!(until().await, Some(later(100)));
    // Another sign-in does not take it back.
    assert!(storage.start_session(session("s2", "anna")).await.unwrap());
    assert_eq!(until().await, Some(later(100)));
    storage
        .add_factor(factor("sms", "sms"), Effects::default())
        .await
        .unwrap();
    assert_eq!(until().await, None);
    // The device of one person is not trusted with another's account.
    storage.register_account(account("vera")).await.unwrap();
    let vera = AccountId::from("vera");
    assert_eq!(storage.trusted_until(&device, &vera).await.unwrap(), None);
    home.close().await;
}

#[tokio::test]
async fn a_step_begins_one_session_or_strengthens_it_once() {
    let home = Empty::furnished().await;
    let storage = &home.storage;
    let ticket = async |name: &str| {
        let digest = digest(name);
        storage
            .put_ticket(SECOND_STEP, digest.clone(), String::new(), NOW, later(600))
            .await
            .unwrap();
        Some((SECOND_STEP, digest))
    };
    let step = ticket("step").await;
    let begin = |id: &str| {
        let mut new = session(id, "anna");
        new.ticket = step.clone();
        storage.start_session(new)
    };
    assert!(begin("s1").await.unwrap());
    assert!(!begin("s2").await.unwrap(), "the ticket is spent");

    let stronger = |ticket, was: &str, secret: &str| {
        let new = Strengthened {
            session: SessionId::from("s1"),
            was: was.to_owned(),
            authentication: "{\"more\":1}".to_owned(),
            digest: digest(secret),
            ticket,
            effects: effects("anna"),
        };
        storage.strengthen_session(new, NOW)
    };
    let up = ticket("up").await;
    assert!(!stronger(None, "other", "x").await.unwrap());
    assert!(stronger(up.clone(), "{}", "new").await.unwrap());
    assert!(has_effects(storage, "anna").await);
    assert!(!stronger(up, "{\"more\":1}", "newer").await.unwrap());
    assert!(storage.find_session(&digest("s1")).await.unwrap().is_none());
    let found = storage.find_session(&digest("new")).await.unwrap().unwrap();
    assert_eq!(found.authentication, "{\"more\":1}");
    home.close().await;
}
