//! The end of an account: its key, everything that was sealed with it and
//! whatever it is found by are deleted. What is kept names nobody: when the
//! account was, which documents it accepted, what it allowed to whom and when,
//! and what operators did.

use super::{Conn, Result, outbox, query, query_as, query_scalar, sessions, signals};
use crate::model::id::AccountId;
use crate::model::timestamp::Timestamp;
use crate::storage::{EndedGrant, Erased, Erasure};

/// Everything of the account `$1` that goes. Rows that hang on others go with
/// them: answers of registries, versions of documents, grants.
const GONE: [&str; 38] = [
    "delete from contacts where account_id = $1",
    "delete from passwords where account_id = $1",
    "delete from devices where account_id = $1",
    "delete from push_subscriptions where account_id = $1",
    "delete from tickets where account_id = $1",
    "delete from sessions where account_id = $1",
    "delete from sign_ins where account_id = $1",
    "delete from journal where account_id = $1",
    "delete from notices where account_id = $1",
    "delete from submissions where account_id = $1",
    "delete from evidence where account_id = $1",
    "delete from visits where account_id = $1",
    "delete from links where account_id = $1",
    "delete from proof_codes where account_id = $1",
    "delete from letters where account_id = $1",
    "delete from documents where account_id = $1",
    "delete from photograph_cases where account_id = $1",
    "delete from files where account_id = $1",
    "delete from factors where account_id = $1",
    "delete from removed_factors where account_id = $1",
    "delete from replaced_contacts where account_id = $1",
    "delete from exposures where account_id = $1",
    "delete from freezes where account_id = $1",
    "delete from recoveries where account_id = $1",
    "delete from appeals where account_id = $1",
    "delete from vouch_requests where account_id = $1",
    "delete from vouch_requests where contact_id = $1",
    "delete from trusted_contacts where account_id = $1",
    "delete from trusted_contacts where contact_id = $1",
    "delete from backup_codes where account_id = $1",
    "delete from overrides where account_id = $1",
    "delete from support_requests where account_id = $1",
    "delete from lifted_locks where id in (select id from audit where account_id = $1)",
    "delete from throttles where account_id = $1",
    "delete from risk_decisions where account_id = $1",
    "delete from stream_levels where account_id = $1",
    "delete from esia_people where account_id = $1",
    // That there is no account any more is still to be told.
    "delete from stream_events where account_id = $1 and signal <> 'account-purged'",
];

pub async fn erase_account(conn: &mut Conn, erasure: Erasure, now: Timestamp) -> Result<Erased> {
    let account = erasure.account;
    // The account first, then sessions, then consents, as everywhere: of two
    // that wait for each other one dies.
    sessions::hold_account(conn, &account).await?;
    let works = query_scalar::<i64>(
        "select count(*) from operators where account_id = $1 and disabled_at is null",
    )
    .bind(&account)
    .fetch_one(&mut *conn)
    .await?;
    if works > 0 {
        return Ok(Erased::Operator);
    }
    // Blocked as well: whatever asks only for that begins nothing here.
    let erased = query(
        "update accounts set wrapped_key = '', profile_sealed = '', notices_sealed = null, locale = '',
             updated_at = $2,
             blocked_at = coalesce(blocked_at, $2), erased_at = $2, erased_by = $3
         where id = $1 and erased_at is null",
    )
    .bind(&account)
    .bind(now)
    .bind(erasure.by)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    if erased == 0 {
        return Ok(Erased::Unknown);
    }
    // While it is still known who was allowed to know of the account.
    signals::tell_erased(conn, &account, erasure.by, now).await?;
    end_grants(conn, &account, now).await?;
    for address in erasure.recipients {
        query("delete from outbox where recipient = $1 and sent_at is null and failed_at is null")
            .bind(address)
            .execute(&mut *conn)
            .await?;
    }
    query("delete from outbox where channel = 'push' and recipient = $1")
        .bind(&account)
        .execute(&mut *conn)
        .await?;
    delete_rows(conn, &account).await?;
    for message in erasure.farewell {
        outbox::insert(conn, message).await?;
    }
    Ok(Erased::Now)
}

/// Withdraws what was allowed, and tells every site that the person is still
/// signed in to, or that holds tokens.
async fn end_grants(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(
        "update sessions set ended_at = coalesce(ended_at, $2), end_reason = case when ended_at is null
             then 'erased' else end_reason end where account_id = $1",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query("update consents set withdrawn_at = $2 where account_id = $1 and withdrawn_at is null")
        .bind(account)
        .bind(now)
        .execute(&mut *conn)
        .await?;
    let told = query_as::<EndedGrant>(
        "update grants set revoked_at = coalesce(revoked_at, $2)
         where session_id in (select id from sessions where account_id = $1)
           and (revoked_at is null
                or session_id in (select id from sessions
                                  where account_id = $1 and end_reason = 'erased'))
         returning id as grant_id, client_id, account_id, session_id",
    )
    .bind(account)
    .bind(now)
    .fetch_all(&mut *conn)
    .await?;
    // Who was told when a session ended, and held tokens beyond it, is told once more.
    for grant in &told {
        query("delete from outbox where id = $1 and coalesce(sent_at, failed_at) is not null")
            .bind(format!("logout-{}", grant.grant_id))
            .execute(&mut *conn)
            .await?;
    }
    outbox::tell_clients(conn, &told, now).await
}

async fn delete_rows(conn: &mut Conn, account: &AccountId) -> Result<()> {
    for statement in GONE {
        query(statement).bind(account).execute(&mut *conn).await?;
    }
    Ok(())
}

/// For how long a step that had begun before the deletion may still write.
const LATE: i64 = 3_600_000;
/// How long what is kept is kept: as long as anybody may go to court about it
/// (three years, Civil Code art. 196), counted from the deletion.
const KEPT: i64 = 3 * 365 * 86_400_000;

pub async fn purge_erased(conn: &mut Conn, limit: i64, now: Timestamp) -> Result<u64> {
    let late = query_scalar::<AccountId>(
        "select id from accounts where erased_at > $1 order by erased_at limit $2",
    )
    .bind(now.millis() - LATE)
    .bind(limit)
    .fetch_all(&mut *conn)
    .await?;
    for account in late {
        delete_rows(conn, &account).await?;
    }
    query(
        "delete from accounts where id in
             (select id from accounts where erased_at < $1 limit $2)",
    )
    .bind(now.millis() - KEPT)
    .bind(limit)
    .execute(conn)
    .await
    .map(|gone| gone.rows_affected())
}
