-- Access that is being recovered without a second factor: a waiting time in
-- which every contact is told and may cancel it.

create table recoveries (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    -- The contact the code went to: only with it can the recovery be finished.
    contact_kind text not null,
    begun_at bigint not null,
    -- From then on a new password may be set …
    opens_at bigint not null,
    -- … until then.
    lapses_at bigint not null,
    told_at bigint not null,
    cancelled_at bigint,
    done_at bigint
);
create index recoveries_by_account on recoveries (account_id, begun_at);
create index recoveries_to_tell on recoveries (told_at)
    where cancelled_at is null and done_at is null;
create index recoveries_by_end on recoveries (lapses_at);
