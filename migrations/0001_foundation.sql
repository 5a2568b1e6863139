-- Portable DDL for SQLite and PostgreSQL: TEXT and BIGINT only. Times are Unix
-- milliseconds; a nullable time stands where a flag would. Columns named
-- *_sealed hold ciphertexts (see src/vault), never plain personal data.

create table secrets (
    name text primary key,
    sealed text not null
);

create table signing_keys (
    kid text primary key,
    alg text not null,
    private_sealed text not null,
    public_jwk text not null,
    created_at bigint not null,
    active_from bigint not null,
    retired_at bigint
);

create table clients (
    id text primary key,
    version bigint not null,
    source text not null,
    metadata text not null,
    created_at bigint not null,
    updated_at bigint not null,
    disabled_at bigint
);

create table accounts (
    id text primary key,
    wrapped_key text not null,
    profile_sealed text not null,
    locale text not null,
    created_at bigint not null,
    updated_at bigint not null,
    blocked_at bigint
);

create table contacts (
    account_id text not null references accounts (id) on delete cascade,
    kind text not null,
    blind_index text not null,
    value_sealed text not null,
    created_at bigint not null,
    confirmed_at bigint,
    primary key (account_id, kind)
);
-- A confirmed contact belongs to one account; a declared one proves nothing.
create unique index contacts_confirmed on contacts (kind, blind_index) where confirmed_at is not null;
create index contacts_by_index on contacts (kind, blind_index);

create table agreements (
    account_id text not null references accounts (id) on delete cascade,
    document text not null,
    version text not null,
    accepted_at bigint not null,
    primary key (account_id, document, version)
);

create table passwords (
    account_id text not null references accounts (id) on delete cascade,
    hash text not null,
    set_at bigint not null,
    replaced_at bigint
);
create index passwords_by_account on passwords (account_id, set_at);

create table devices (
    digest text primary key,
    account_id text not null references accounts (id) on delete cascade,
    created_at bigint not null,
    last_used_at bigint not null
);
create index devices_by_account on devices (account_id);
create index devices_by_use on devices (last_used_at);

create table throttles (
    name text primary key,
    hits bigint not null,
    window_ends_at bigint not null,
    locked_until bigint,
    block_number text
);
create index throttles_by_block on throttles (block_number) where block_number is not null;

create table sessions (
    id text primary key,
    digest text not null unique,
    account_id text not null references accounts (id) on delete cascade,
    created_at bigint not null,
    last_seen_at bigint not null,
    idle_until bigint not null,
    expires_at bigint not null,
    authentication text not null,
    device_kind text not null,
    details_sealed text not null,
    ended_at bigint,
    end_reason text
);
create index sessions_by_account on sessions (account_id, created_at);
create index sessions_open on sessions (idle_until) where ended_at is null;

create table sign_ins (
    id text not null,
    account_id text not null references accounts (id) on delete cascade,
    at bigint not null,
    status text not null,
    device_kind text not null,
    factors text not null,
    client_id text,
    session_id text,
    details_sealed text not null,
    primary key (account_id, at, id)
);

create table journal (
    id text not null,
    account_id text not null references accounts (id) on delete cascade,
    at bigint not null,
    actor text not null,
    action text not null,
    details_sealed text not null,
    primary key (account_id, at, id)
);

create table notices (
    id text not null,
    account_id text not null references accounts (id) on delete cascade,
    at bigint not null,
    kind text not null,
    params_sealed text not null,
    read_at bigint,
    primary key (account_id, at, id)
);

create table outbox (
    id text primary key,
    channel text not null,
    message_sealed text not null,
    created_at bigint not null,
    next_try_at bigint not null,
    locked_until bigint not null,
    tries bigint not null,
    expires_at bigint not null,
    sent_at bigint,
    failed_at bigint,
    last_error text
);
create index outbox_due on outbox (next_try_at) where sent_at is null and failed_at is null;

create table consents (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    client_id text not null references clients (id) on delete cascade,
    asked text not null,
    scopes text not null,
    claims text not null,
    given_at bigint not null,
    decided_at bigint not null,
    expires_at bigint,
    expiry_notified_at bigint,
    lapse_recorded_at bigint,
    withdrawn_at bigint,
    last_used_at bigint
);
create unique index consents_active on consents (account_id, client_id) where withdrawn_at is null;
create index consents_by_account on consents (account_id, given_at);
-- Looked through every few seconds; most consents have no end or are past it.
create index consents_by_end on consents (expires_at)
    where expires_at is not null and withdrawn_at is null and lapse_recorded_at is null;

create table grants (
    id text primary key,
    client_id text not null references clients (id) on delete cascade,
    account_id text not null references accounts (id) on delete cascade,
    session_id text not null references sessions (id) on delete cascade,
    consent_id text not null references consents (id) on delete cascade,
    scopes text not null,
    claims text not null,
    authentication text not null,
    nonce text,
    created_at bigint not null,
    offline_at bigint,
    revoked_at bigint,
    -- Refresh tokens are derived from the seed and numbered; only the newest
    -- can be spent.
    refresh_seed text,
    refresh_number bigint,
    refresh_issued_at bigint,
    refresh_expires_at bigint
);
-- The only one: a grant is made with every entry to a site, and whose they are
-- is found by way of the account's sessions.
create index grants_by_session on grants (session_id);

create table tickets (
    kind text not null,
    digest text not null,
    payload text not null,
    created_at bigint not null,
    expires_at bigint not null,
    tries bigint not null,
    spent_at bigint,
    primary key (kind, digest)
);
create index tickets_by_expiry on tickets (expires_at);
