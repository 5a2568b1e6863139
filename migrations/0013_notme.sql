-- What a citizen takes back who says "it was not me": what was removed or
-- replaced is kept for as long as the links in messages work.

-- The device a session began at: it is forgotten together with the session.
alter table sessions add column device text;

create table removed_factors (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    kind text not null,
    kept_sealed text not null,
    credential text,
    created_at bigint not null,
    last_used_at bigint,
    last_step bigint,
    preferred_at bigint,
    removed_at bigint not null
);
create index removed_factors_by_account on removed_factors (account_id, removed_at);
create index removed_factors_by_time on removed_factors (removed_at);

create table replaced_contacts (
    account_id text not null references accounts (id) on delete cascade,
    kind text not null,
    blind_index text not null,
    value_sealed text not null,
    created_at bigint not null,
    confirmed_at bigint,
    seen_at bigint,
    replaced_at bigint not null
);
create index replaced_contacts_by_account on replaced_contacts (account_id, replaced_at);
create index replaced_contacts_by_time on replaced_contacts (replaced_at);

-- Passwords that somebody else knows, until their owners have set others.
create table exposures (
    account_id text primary key references accounts (id) on delete cascade,
    at bigint not null,
    -- The event: contacts from before it are the owner's.
    since bigint not null,
    -- The kind of contact the link came by: whoever has only that proves nothing
    -- by it.
    told text not null,
    -- When the last second factor went with what was undone.
    unguarded_at bigint,
    -- What lies between these was undone.
    undone_since bigint,
    undone_at bigint,
    mended_at bigint
);

-- Accounts that their owners blocked themselves; a freeze is in force while the
-- account is blocked since then.
create table freezes (
    account_id text primary key references accounts (id) on delete cascade,
    at bigint not null
);

-- How somebody wants to be told of what; none for every way.
alter table accounts add column notices_sealed text;
