//! Accounts, their contacts and accepted documents.

use std::sync::Arc;

use super::{
    Conn, Result, centres, history, papers, passwords, proof_codes, proofing, query, query_as,
    query_scalar, recoveries, sessions, signals,
};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    AccountRecord, AgreementRecord, ContactRecord, Effects, LoadedAccount, NewAccount, Registered,
    SessionChoice,
};

pub async fn find_account(conn: &mut Conn, id: &AccountId) -> Result<Option<AccountRecord>> {
    query_as::<AccountRecord>("select * from accounts where id = $1 and erased_at is null")
        .bind(id)
        .fetch_optional(conn)
        .await
}

pub async fn find_by_contact(
    conn: &mut Conn,
    kind: &str,
    blind_index: &str,
) -> Result<Option<AccountId>> {
    query_scalar::<AccountId>(
        "select account_id from contacts where kind = $1 and blind_index = $2
         order by case when confirmed_at is not null then 0
                       when seen_at is not null then 1 else 2 end, created_at limit 1",
    )
    .bind(kind)
    .bind(blind_index)
    .fetch_optional(conn)
    .await
}

pub async fn contacts_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<ContactRecord>> {
    query_as::<ContactRecord>("select * from contacts where account_id = $1 order by kind")
        .bind(account)
        .fetch_all(conn)
        .await
}

pub async fn register_account(conn: &mut Conn, new: NewAccount) -> Result<Registered> {
    let registered = insert(conn, &new).await?;
    if registered == Registered::Created {
        history::record(conn, new.effects).await?;
    }
    Ok(registered)
}

/// Everything of a new account but its effects.
pub(super) async fn insert(conn: &mut Conn, new: &NewAccount) -> Result<Registered> {
    insert_account(conn, &new.account).await?;
    for contact in &new.contacts {
        if insert_contact(conn, contact).await? == Registered::ContactTaken {
            query("delete from accounts where id = $1")
                .bind(&new.account.id)
                .execute(conn)
                .await?;
            return Ok(Registered::ContactTaken);
        }
    }
    insert_agreements(conn, &new.account.id, &new.agreements).await?;
    if let Some(password) = &new.password {
        passwords::insert(conn, password).await?;
    }
    Ok(Registered::Created)
}

pub async fn load_accounts(conn: &mut Conn, new: Arc<Vec<LoadedAccount>>) -> Result<()> {
    for loaded in new.iter() {
        if register_account(conn, loaded.account.clone()).await? != Registered::Created {
            continue;
        }
        for evidence in &loaded.evidence {
            proofing::insert_evidence(conn, evidence.clone()).await?;
        }
        if let Some(visit) = &loaded.visit {
            centres::open_visit(conn, visit.clone(), Effects::default()).await?;
        }
    }
    Ok(())
}

async fn insert_account(conn: &mut Conn, account: &AccountRecord) -> Result<()> {
    query(
        "insert into accounts (id, wrapped_key, profile_sealed, locale, created_at, updated_at)
         values ($1, $2, $3, $4, $5, $5)",
    )
    .bind(&account.id)
    .bind(&account.wrapped_key)
    .bind(&account.profile_sealed)
    .bind(&account.locale)
    .bind(account.created_at)
    .execute(conn)
    .await
    .map(drop)
}

async fn insert_contact(conn: &mut Conn, contact: &ContactRecord) -> Result<Registered> {
    papers::release(conn, contact).await?;
    let added = query(
        "insert into contacts (account_id, kind, blind_index, value_sealed, created_at, confirmed_at,
                               seen_at)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
    )
    .bind(&contact.account_id)
    .bind(&contact.kind)
    .bind(&contact.blind_index)
    .bind(&contact.value_sealed)
    .bind(contact.created_at)
    .bind(contact.confirmed_at)
    .bind(contact.seen_at)
    .execute(conn)
    .await?
    .rows_affected();
    Ok(if added == 1 {
        Registered::Created
    } else {
        Registered::ContactTaken
    })
}

async fn insert_agreements(
    conn: &mut Conn,
    account: &AccountId,
    agreements: &[AgreementRecord],
) -> Result<()> {
    for agreement in agreements {
        query(
            "insert into agreements (account_id, document, version, accepted_at)
             values ($1, $2, $3, $4) on conflict do nothing",
        )
        .bind(account)
        .bind(&agreement.document)
        .bind(&agreement.version)
        .bind(agreement.accepted_at)
        .execute(&mut *conn)
        .await?;
    }
    Ok(())
}

pub async fn put_profile(
    conn: &mut Conn,
    account: AccountId,
    profile_sealed: String,
    declared: Vec<ContactRecord>,
    read_at: Timestamp,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let replaced = query(
        "update accounts set profile_sealed = $2, updated_at = $3
         where id = $1 and updated_at = $4 and erased_at is null",
    )
    .bind(&account)
    .bind(profile_sealed)
    .bind(now)
    .bind(read_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if replaced == 0 {
        return Ok(false);
    }
    query(
        "delete from contacts
         where account_id = $1 and confirmed_at is null and seen_at is null",
    )
    .bind(&account)
    .execute(&mut *conn)
    .await?;
    for contact in &declared {
        insert_contact(conn, contact).await?;
    }
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn confirm_contact(
    conn: &mut Conn,
    contact: ContactRecord,
    now: Timestamp,
    effects: Effects,
) -> Result<Registered> {
    // The account first, as everywhere: of two that wait for each other one dies.
    sessions::hold_account(conn, &contact.account_id).await?;
    // Deleted meanwhile, it must not keep a contact from anybody.
    if find_account(conn, &contact.account_id).await?.is_none() {
        return Ok(Registered::ContactTaken);
    }
    if is_taken(conn, &contact).await? {
        return Ok(Registered::ContactTaken);
    }
    // Kept for a while: a thief may be changing it.
    query(
        "insert into replaced_contacts (account_id, kind, blind_index, value_sealed, created_at,
                                        confirmed_at, seen_at, replaced_at)
         select account_id, kind, blind_index, value_sealed, created_at, confirmed_at, seen_at,
                cast($3 as bigint)
         from contacts where account_id = $1 and kind = $2",
    )
    .bind(&contact.account_id)
    .bind(&contact.kind)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    take_contact(conn, &contact).await?;
    // Codes that went to the one before prove nothing any more.
    recoveries::void_steps(conn, &contact.account_id, now).await?;
    query("update accounts set updated_at = $2 where id = $1")
        .bind(&contact.account_id)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    history::record(conn, effects).await?;
    Ok(Registered::Created)
}

/// Whether a contact is confirmed for another account, or is a SNILS in the
/// place of another one that was confirmed: its holder is another person.
pub(super) async fn is_taken(conn: &mut Conn, contact: &ContactRecord) -> Result<bool> {
    query_scalar::<i64>(
        "select count(*) from contacts
         where kind = $1 and confirmed_at is not null
           and (blind_index = $2 and account_id <> $3
                or kind = 'snils' and blind_index <> $2 and account_id = $3)",
    )
    .bind(&contact.kind)
    .bind(&contact.blind_index)
    .bind(&contact.account_id)
    .fetch_one(conn)
    .await
    .map(|taken| taken > 0)
}

/// Puts a confirmed contact in the place of the account's own of that kind,
/// unless it is taken.
pub(super) async fn take_contact(conn: &mut Conn, contact: &ContactRecord) -> Result<Registered> {
    if is_taken(conn, contact).await? {
        return Ok(Registered::ContactTaken);
    }
    papers::release(conn, contact).await?;
    // Confirmed for another in this very moment, through another node: the
    // unique index refuses, and nothing of this transaction stays.
    query(
        "insert into contacts (account_id, kind, blind_index, value_sealed, created_at, confirmed_at)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (account_id, kind) do update
         set blind_index = excluded.blind_index, value_sealed = excluded.value_sealed,
             created_at = excluded.created_at, confirmed_at = excluded.confirmed_at,
             seen_at = null",
    )
    .bind(&contact.account_id)
    .bind(&contact.kind)
    .bind(&contact.blind_index)
    .bind(&contact.value_sealed)
    .bind(contact.created_at)
    .bind(contact.confirmed_at)
    .execute(conn)
    .await?;
    Ok(Registered::Created)
}

pub async fn agreements_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<AgreementRecord>> {
    query_as::<AgreementRecord>(
        "select document, version, accepted_at from agreements
         where account_id = $1 order by accepted_at",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn accept_agreements(
    conn: &mut Conn,
    account: AccountId,
    agreements: Vec<AgreementRecord>,
    effects: Effects,
) -> Result<()> {
    insert_agreements(conn, &account, &agreements).await?;
    history::record(conn, effects).await
}

/// Whether the account is as it was read, and not blocked; from here to the end
/// of the transaction it stays so.
pub(super) async fn is_as_read(
    conn: &mut Conn,
    account: &AccountId,
    read_at: Timestamp,
) -> Result<bool> {
    sessions::hold_account(conn, account).await?;
    let found = query_scalar::<Timestamp>(
        "select updated_at from accounts where id = $1 and blocked_at is null",
    )
    .bind(account)
    .fetch_optional(conn)
    .await?;
    Ok(found == Some(read_at))
}

pub async fn block_account(
    conn: &mut Conn,
    account: AccountId,
    blocked_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    signals::tell_blocked(conn, &account, blocked_at, now).await?;
    block(conn, account, blocked_at, now).await
}

/// The same untold.
pub(super) async fn block(
    conn: &mut Conn,
    account: AccountId,
    blocked_at: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    query(
        "update accounts set blocked_at = $2, updated_at = $3 where id = $1 and erased_at is null",
    )
    .bind(&account)
    .bind(blocked_at)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    if blocked_at.is_some() {
        proof_codes::withdraw(conn, &account, now).await?;
        super::overrides::close(conn, &account, now).await?;
        let choice = SessionChoice::All(account);
        let reason = "blocked".to_owned();
        sessions::end_sessions(conn, choice, reason, true, now, Effects::default()).await?;
    }
    Ok(())
}

pub async fn put_notice_settings(
    conn: &mut Conn,
    account: AccountId,
    sealed: String,
    effects: Effects,
) -> Result<()> {
    query("update accounts set notices_sealed = $2 where id = $1")
        .bind(account)
        .bind(sealed)
        .execute(&mut *conn)
        .await?;
    history::record(conn, effects).await
}
