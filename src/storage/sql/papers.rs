//! Accounts that operators make from papers. A SNILS has three standings: what a
//! citizen declares holds nobody off; what an operator saw signs in and holds
//! off other desks, until the registries have spoken; what they confirmed is
//! the account's own.

use super::{
    Conn, Result, accounts, centres, devices, history, passwords, proofing, query, query_scalar,
    recoveries, sessions,
};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    AuditRecord, ContactRecord, Effects, PapersAccount, PasswordRecord, Registered, SessionChoice,
};

pub async fn snils_holder(conn: &mut Conn, blind_index: &str) -> Result<Option<AccountId>> {
    query_scalar::<AccountId>(
        "select account_id from contacts
         where kind = 'snils' and blind_index = $1
           and (confirmed_at is not null or seen_at is not null)
         order by case when confirmed_at is null then 1 else 0 end limit 1",
    )
    .bind(blind_index)
    .fetch_optional(conn)
    .await
}

pub async fn register_from_papers(conn: &mut Conn, new: PapersAccount) -> Result<Registered> {
    for contact in &new.account.contacts {
        if snils_holder(conn, &contact.blind_index).await?.is_some() {
            return Ok(Registered::ContactTaken);
        }
    }
    // Seen at two desks in the same moment: the unique index refuses one.
    if accounts::insert(conn, &new.account).await? == Registered::ContactTaken {
        return Ok(Registered::ContactTaken);
    }
    let stale_before = new.submission.created_at;
    proofing::insert_submission(conn, new.submission, new.registries, stale_before).await?;
    proofing::insert_evidence(conn, new.evidence).await?;
    centres::insert_audit(conn, new.audit).await?;
    history::record(conn, new.account.effects).await?;
    Ok(Registered::Created)
}

pub async fn replace_temporary(
    conn: &mut Conn,
    new: PasswordRecord,
    audit: AuditRecord,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &new.account_id).await?;
    let replaced = query(
        "update passwords set replaced_at = $2
         where account_id = $1 and replaced_at is null and temporary_until is not null
           and exists (select 1 from accounts where id = $1 and blocked_at is null)",
    )
    .bind(&new.account_id)
    .bind(new.set_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if replaced == 0 {
        return Ok(false);
    }
    passwords::insert(conn, &new).await?;
    devices::forget(conn, &new.account_id, None, new.set_at).await?;
    // No token was issued in them: there was a duty to see to first.
    let choice = SessionChoice::All(new.account_id);
    let reason = "password_changed".to_owned();
    sessions::end_sessions(conn, choice, reason, true, new.set_at, Effects::default()).await?;
    centres::insert_audit(conn, audit).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn restore_login(
    conn: &mut Conn,
    new: PasswordRecord,
    doubted: Timestamp,
    audit: AuditRecord,
    effects: Effects,
) -> Result<bool> {
    let (account, now) = (new.account_id.clone(), new.set_at);
    sessions::hold_account(conn, &account).await?;
    let open = query_scalar::<i64>(
        "select count(*) from accounts where id = $1 and blocked_at is null
           and (restricted_until is null or restricted_until <= $2)
           and not exists (select 1 from operators where account_id = $1)
           and not exists (select 1 from exposures
                           where account_id = $1 and mended_at is null and at > $3)",
    )
    .bind(&account)
    .bind(now)
    .bind(doubted)
    .fetch_one(&mut *conn)
    .await?;
    if open == 0 {
        return Ok(false);
    }
    recoveries::defend(conn, &account, now).await?;
    passwords::set_password(conn, new, None, None, effects).await?;
    centres::insert_audit(conn, audit).await?;
    Ok(true)
}

pub async fn lift_at_desk(
    conn: &mut Conn,
    account: AccountId,
    seen: Timestamp,
    now: Timestamp,
    audit: AuditRecord,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &account).await?;
    let lifted = query(
        "update accounts set restricted_until = null
         where id = $1 and restricted_until = $2 and restricted_until > $3
           and blocked_at is null
           and not exists (select 1 from operators where account_id = $1)",
    )
    .bind(&account)
    .bind(seen)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if lifted == 0 {
        return Ok(false);
    }
    // The papers say who stands at the desk, not whose sign-in was doubted.
    devices::forget(conn, &account, None, now).await?;
    let choice = SessionChoice::All(account);
    let reason = "ended_by_owner".to_owned();
    sessions::end_sessions(conn, choice, reason, true, now, Effects::default()).await?;
    centres::insert_audit(conn, audit).await?;
    history::record(conn, effects).await?;
    Ok(true)
}

/// Takes a SNILS away from accounts that have it from a desk only, when it is
/// confirmed for another: neither a slip of the pen nor an operator who means
/// harm may keep a stranger's number from its owner.
pub(super) async fn release(conn: &mut Conn, confirmed: &ContactRecord) -> Result<()> {
    if confirmed.kind != "snils" || confirmed.confirmed_at.is_none() {
        return Ok(());
    }
    query(
        "delete from contacts
         where kind = 'snils' and blind_index = $1 and account_id <> $2 and seen_at is not null",
    )
    .bind(&confirmed.blind_index)
    .bind(&confirmed.account_id)
    .execute(conn)
    .await
    .map(drop)
}

/// The registries know nobody with these data: the SNILS still signs in, so that
/// the citizen can mend them, but is worth no more than a declaration, and a
/// desk may make an account for whoever comes with the card.
pub(super) async fn doubt(conn: &mut Conn, account: &AccountId) -> Result<()> {
    query("update contacts set seen_at = null where account_id = $1 and seen_at is not null")
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
}
