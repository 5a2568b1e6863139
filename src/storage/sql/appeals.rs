//! Access that is recovered by a form: an application, two operators, a waiting
//! time, a new password. Each step is one guarded statement.

use super::{
    Conn, Result, accounts, centres, factors, history, passwords, query, query_as, query_scalar,
    recoveries, sessions, tickets,
};
use crate::model::id::AccountId;
use crate::model::secret::Digest;
use crate::model::timestamp::Timestamp;
use crate::storage::{
    AppealDecision, AppealEnded, AppealFinish, AppealRecord, AppealRuling, AuditRecord, Completed,
    Effects, Redeemed, StoredFile,
};

/// An application that is under way at `$2`.
const OPEN: &str = "closed_at is null and (confirmed_at is null and expires_at > $2
                                           or lapses_at > $2)";
/// One that the operator `$2` holds at `$3`, at work at the centre `$4`, and that
/// is not about themselves.
const HELD: &str = "number = $1 and claimed_by = $2 and claimed_until > $3
     and closed_at is null and confirmed_at is null and expires_at > $3
     and coalesce(account_id, '') <> $2 and coalesce(account_id, '') = $5
     and exists (select 1 from operators o join centres c on c.id = o.centre_id
                 where o.account_id = $2 and o.centre_id = $4 and o.role = 'support'
                   and o.disabled_at is null and c.closed_at is null)";

pub async fn open_appeal(
    conn: &mut Conn,
    new: AppealRecord,
    files: Vec<StoredFile>,
    ticket: (&'static str, Digest),
    effects: Effects,
) -> Result<bool> {
    let (kind, digest) = ticket;
    let known = query_scalar::<i64>("select count(*) from appeals where number = $1")
        .bind(&new.number)
        .fetch_one(&mut *conn)
        .await?;
    if known > 0
        || !matches!(
            tickets::redeem_ticket(conn, kind, digest, new.created_at).await?,
            Redeemed::Fresh(_)
        )
    {
        return Ok(false);
    }
    query(
        "insert into appeals (number, account_id, wrapped_key, data_sealed, created_at, expires_at)
         values ($1, $2, $3, $4, $5, $6)",
    )
    .bind(&new.number)
    .bind(new.account_id)
    .bind(new.wrapped_key)
    .bind(new.data_sealed)
    .bind(new.created_at)
    .bind(new.expires_at)
    .execute(&mut *conn)
    .await?;
    for file in files {
        query(
            "insert into appeal_files (id, appeal_number, kind, media_type, content_sealed)
             values ($1, $2, $3, $4, $5)",
        )
        .bind(file.id)
        .bind(&new.number)
        .bind(file.kind)
        .bind(file.media_type)
        .bind(file.content_sealed)
        .execute(&mut *conn)
        .await?;
    }
    history::record(conn, effects).await?;
    Ok(true)
}

pub async fn find_appeal(conn: &mut Conn, number: &str) -> Result<Option<AppealRecord>> {
    query_as::<AppealRecord>("select * from appeals where number = $1")
        .bind(number)
        .fetch_optional(conn)
        .await
}

pub async fn appeals_of(conn: &mut Conn, account: &AccountId) -> Result<Vec<AppealRecord>> {
    query_as::<AppealRecord>(
        "select * from appeals where account_id = $1 order by created_at desc, number",
    )
    .bind(account)
    .fetch_all(conn)
    .await
}

pub async fn appeal_queue(
    conn: &mut Conn,
    but_of: &AccountId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<AppealRecord>> {
    query_as::<AppealRecord>(
        "select * from appeals
         where closed_at is null and confirmed_at is null and expires_at > $2
           and coalesce(account_id, '') <> $1
         order by created_at, number limit $3",
    )
    .bind(but_of)
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn claim_appeal(
    conn: &mut Conn,
    number: String,
    until: Timestamp,
    audit: AuditRecord,
    effects: Effects,
) -> Result<bool> {
    let claimed = query(
        "update appeals set claimed_by = $2, claimed_until = $4
         where number = $1 and coalesce(account_id, '') <> $2
           and closed_at is null and confirmed_at is null and expires_at > $3
           and coalesce(proposed_by, '') <> $2
           and (claimed_by = $2 or coalesce(claimed_until, 0) <= $3)",
    )
    .bind(number)
    .bind(&audit.operator_id)
    .bind(audit.at)
    .bind(until)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    if claimed {
        centres::insert_audit(conn, audit).await?;
    }
    history::record_if(conn, claimed, effects).await
}

pub async fn claimed_appeal(
    conn: &mut Conn,
    number: &str,
    operator: &AccountId,
    now: Timestamp,
) -> Result<Option<AppealRecord>> {
    query_as::<AppealRecord>(
        "select * from appeals
         where number = $1 and claimed_by = $2 and claimed_until > $3
           and closed_at is null and confirmed_at is null and expires_at > $3
           and coalesce(account_id, '') <> $2",
    )
    .bind(number)
    .bind(operator)
    .bind(now)
    .fetch_optional(conn)
    .await
}

pub async fn release_appeal(
    conn: &mut Conn,
    number: String,
    operator: AccountId,
    now: Timestamp,
) -> Result<bool> {
    query(
        "update appeals set claimed_by = null, claimed_until = null
         where number = $1 and claimed_by = $2 and claimed_until > $3 and closed_at is null",
    )
    .bind(number)
    .bind(operator)
    .bind(now)
    .execute(conn)
    .await
    .map(|done| done.rows_affected() > 0)
}

pub async fn appeal_files(conn: &mut Conn, number: &str) -> Result<Vec<(String, String)>> {
    query_as::<(String, String)>(
        "select id, kind from appeal_files where appeal_number = $1 order by kind, id",
    )
    .bind(number)
    .fetch_all(conn)
    .await
}

pub async fn find_appeal_file(
    conn: &mut Conn,
    number: &str,
    id: &str,
) -> Result<Option<StoredFile>> {
    query_as::<StoredFile>(
        "select id, kind, media_type, content_sealed from appeal_files
         where id = $2 and appeal_number = $1",
    )
    .bind(number)
    .bind(id)
    .fetch_optional(conn)
    .await
}

/// Whether access to an account may be given to anybody by a form: it is open,
/// no operator's, and its owner has not just defended it.
async fn may_recover(conn: &mut Conn, account: &AccountId, doubted: Timestamp) -> Result<bool> {
    query_scalar::<i64>(
        "select count(*) from accounts where id = $1 and blocked_at is null
           and not exists (select 1 from operators where account_id = $1)
           and not exists (select 1 from exposures
                           where account_id = $1 and mended_at is null and at > $2)",
    )
    .bind(account)
    .bind(doubted)
    .fetch_one(conn)
    .await
    .map(|open| open == 1)
}

pub async fn decide_appeal(
    conn: &mut Conn,
    decision: AppealDecision,
    now: Timestamp,
) -> Result<Completed> {
    let AppealDecision {
        number,
        ruling,
        doubted,
        audit,
        effects,
    } = decision;
    if let Some(account) = &audit.account_id {
        sessions::hold_account(conn, account).await?;
    }
    if !matches!(ruling, AppealRuling::Refuse { .. }) {
        let Some(account) = &audit.account_id else {
            return Ok(Completed::Stale);
        };
        if !may_recover(conn, account, doubted).await? {
            return Ok(Completed::Stale);
        }
    }
    let account = audit.account_id.clone();
    let account = account.unwrap_or_else(|| AccountId::from(""));
    let statement = match ruling {
        AppealRuling::Propose { .. } => query(const_format::concatcp!(
            "update appeals set proposed_by = $2, proposed_at = $3, lost_at = $6,
                                claimed_by = null, claimed_until = null
             where proposed_at is null and ",
            HELD
        )),
        // Two people, both at work, and nobody else has come as far.
        AppealRuling::Confirm { .. } => query(const_format::concatcp!(
            "update appeals set confirmed_by = $2, confirmed_at = $3, opens_at = $7,
                                lapses_at = $8, erase_at = $9, told_at = $3,
                                lost_at = case when lost_at is null then null
                                               else cast($6 as bigint) end,
                                claimed_by = null, claimed_until = null
             where proposed_by <> $2 and ",
            HELD,
            " and exists (select 1 from operators o join centres c on c.id = o.centre_id
                          where o.account_id = appeals.proposed_by and o.role = 'support'
                            and o.disabled_at is null and c.closed_at is null)
              and not exists (select 1 from appeals other
                              where other.account_id = appeals.account_id
                                and other.confirmed_at is not null
                                and other.closed_at is null and other.lapses_at > $3)"
        )),
        AppealRuling::Refuse { .. } => query(const_format::concatcp!(
            "update appeals set closed_at = $3, outcome = 'refused', erase_at = $6,
                                claimed_by = null, claimed_until = null
             where ",
            HELD
        )),
    };
    let statement = statement
        .bind(&number)
        .bind(&audit.operator_id)
        .bind(now)
        .bind(&audit.centre_id)
        .bind(account);
    let statement = match ruling {
        AppealRuling::Propose { lost } => statement.bind(lost.then_some(now)),
        AppealRuling::Confirm {
            lost,
            opens_at,
            lapses_at,
            erase_at,
        } => statement
            .bind(lost.then_some(now))
            .bind(opens_at)
            .bind(lapses_at)
            .bind(erase_at),
        AppealRuling::Refuse { erase_at } => statement.bind(erase_at),
    };
    if statement.execute(&mut *conn).await?.rows_affected() == 0 {
        return Ok(Completed::Before);
    }
    centres::insert_audit(conn, audit).await?;
    history::record(conn, effects).await?;
    Ok(Completed::Now)
}

pub async fn cancel_appeal(
    conn: &mut Conn,
    number: String,
    account: AccountId,
    erase_at: Timestamp,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    sessions::hold_account(conn, &account).await?;
    let cancelled = query(const_format::concatcp!(
        "update appeals set closed_at = $2, outcome = 'cancelled', erase_at = $4
         where number = $1 and account_id = $3 and ",
        OPEN
    ))
    .bind(&number)
    .bind(now)
    .bind(account)
    .bind(erase_at)
    .execute(&mut *conn)
    .await?
    .rows_affected()
        == 1;
    history::record_if(conn, cancelled, effects).await
}

pub async fn appeals_to_tell(
    conn: &mut Conn,
    before: Timestamp,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<AppealRecord>> {
    query_as::<AppealRecord>(
        "select * from appeals
         where confirmed_at is not null and closed_at is null and lapses_at > $2
           and told_at <= $1
         order by told_at limit $3",
    )
    .bind(before)
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn announce_appeal(
    conn: &mut Conn,
    number: String,
    told_at: Timestamp,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let told = query(
        "update appeals set told_at = $2
         where number = $1 and told_at = $3 and closed_at is null and lapses_at > $2",
    )
    .bind(number)
    .bind(now)
    .bind(told_at)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, told == 1, effects).await
}

pub async fn appeals_to_open(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<AppealRecord>> {
    query_as::<AppealRecord>(
        "select * from appeals
         where opens_at <= $1 and lapses_at > $1 and opened_at is null and closed_at is null
         order by opens_at limit $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn let_appeal_in(
    conn: &mut Conn,
    number: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let opened = query(
        "update appeals set opened_at = $2
         where number = $1 and opens_at <= $2 and lapses_at > $2 and opened_at is null
           and closed_at is null",
    )
    .bind(number)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, opened == 1, effects).await
}

pub async fn finish_appeal(
    conn: &mut Conn,
    new: AppealFinish,
    now: Timestamp,
) -> Result<AppealEnded> {
    let account = new.password.account_id.clone();
    let (kind, digest) = new.ticket;
    sessions::hold_account(conn, &account).await?;
    let ready = query_scalar::<i64>(
        "select coalesce(lost_at, 0) from appeals
         where number = $1 and account_id = $2 and confirmed_at is not null
           and opens_at <= $3 and lapses_at > $3 and closed_at is null",
    )
    .bind(&new.number)
    .bind(&account)
    .bind(now)
    .fetch_optional(&mut *conn)
    .await?;
    let Some(lost_at) = ready else {
        return Ok(AppealEnded::Over);
    };
    if !may_recover(conn, &account, new.doubted).await? {
        return Ok(AppealEnded::Over);
    }
    if accounts::is_taken(conn, &new.contact).await? {
        return Ok(AppealEnded::ContactTaken);
    }
    if !matches!(
        tickets::redeem_ticket(conn, kind, digest, now).await?,
        Redeemed::Fresh(_)
    ) {
        return Ok(AppealEnded::Over);
    }
    query(
        "update appeals set closed_at = $2, erase_at = $4,
                            outcome = case when number = $1 then 'done' else 'replaced' end
         where account_id = $3 and closed_at is null",
    )
    .bind(&new.number)
    .bind(now)
    .bind(&account)
    .bind(new.erase_at)
    .execute(&mut *conn)
    .await?;
    if lost_at > 0 {
        factors::remove_all(conn, &account, now).await?;
    }
    replace_contacts(conn, &account, now).await?;
    accounts::take_contact(conn, &new.contact).await?;
    query(
        "update accounts set updated_at = $3,
             restricted_until = case when restricted_until > $2 then restricted_until else $2 end
         where id = $1",
    )
    .bind(&account)
    .bind(new.restricted_until)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    recoveries::defend(conn, &account, now).await?;
    passwords::set_password(conn, new.password, None, None, new.effects).await?;
    Ok(AppealEnded::Done)
}

/// Whoever has lost every contact is reached by none of them: they go, and are
/// kept aside while the owner may want them back.
async fn replace_contacts(conn: &mut Conn, account: &AccountId, now: Timestamp) -> Result<()> {
    query(
        "insert into replaced_contacts (account_id, kind, blind_index, value_sealed, created_at,
                                        confirmed_at, seen_at, replaced_at)
         select account_id, kind, blind_index, value_sealed, created_at, confirmed_at, seen_at,
                cast($2 as bigint)
         from contacts where account_id = $1 and kind in ('phone', 'email')",
    )
    .bind(account)
    .bind(now)
    .execute(&mut *conn)
    .await?;
    query("delete from contacts where account_id = $1 and kind in ('phone', 'email')")
        .bind(account)
        .execute(conn)
        .await
        .map(drop)
}

pub async fn overdue_appeals(
    conn: &mut Conn,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<AppealRecord>> {
    query_as::<AppealRecord>(
        "select * from appeals
         where closed_at is null and coalesce(lapses_at, expires_at) <= $1
         order by created_at limit $2",
    )
    .bind(now)
    .bind(limit)
    .fetch_all(conn)
    .await
}

pub async fn expire_appeal(
    conn: &mut Conn,
    number: String,
    now: Timestamp,
    effects: Effects,
) -> Result<bool> {
    let expired = query(
        "update appeals set closed_at = $2, outcome = 'expired', erase_at = $2
         where number = $1 and closed_at is null and coalesce(lapses_at, expires_at) <= $2",
    )
    .bind(number)
    .bind(now)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    history::record_if(conn, expired == 1, effects).await
}

pub async fn erase_appeals(conn: &mut Conn, now: Timestamp, limit: i64) -> Result<u64> {
    // Photographs go in their time after the decision, the rest when it is over.
    let files = query(
        "delete from appeal_files where id in
             (select f.id from appeal_files f join appeals a on a.number = f.appeal_number
              where a.erase_at <= $1 limit $2)",
    )
    .bind(now)
    .bind(limit)
    .execute(&mut *conn)
    .await?
    .rows_affected();
    let data = query(
        "update appeals set wrapped_key = '', data_sealed = '', erased_at = $1
         where number in (select number from appeals
                          where erased_at is null and erase_at <= $1 and closed_at is not null
                          limit $2)",
    )
    .bind(now)
    .bind(limit)
    .execute(conn)
    .await?
    .rows_affected();
    Ok(files + data)
}
