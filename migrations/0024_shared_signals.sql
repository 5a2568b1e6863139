-- Shared Signals (OpenID Shared Signals Framework 1.0): one stream of a relying
-- party that wants to be told, and what waits to be told on it.
create table streams (
    id text primary key,
    -- One stream for each client: a second one is refused.
    client_id text not null unique references clients (id) on delete cascade,
    version bigint not null,
    -- 'push' (RFC 8935) or 'poll' (RFC 8936).
    delivery text not null,
    endpoint_url text,
    authorization_sealed text,
    -- A JSON list as the client gave it, and what of it we have: names divided
    -- by blanks.
    events_requested text not null,
    events_delivered text not null,
    description text,
    status text not null,
    status_reason text,
    created_at bigint not null,
    -- When a verification was last asked for.
    verified_at bigint,
    -- Deliveries: one node at a time has the stream, so that nothing overtakes.
    locked_until bigint not null,
    next_try_at bigint not null,
    tries bigint not null,
    last_delivered_at bigint,
    last_error text
);

-- What waits. Told rows are deleted. The account is none where it is about the
-- stream itself; it is no foreign key, as the end of an account is told too. Nor
-- is the stream: one that ends in this moment must not make a sign-out fail.
create table stream_events (
    stream_id text not null,
    jti text not null,
    seq bigint not null,
    account_id text,
    signal text not null,
    session_id text,
    particulars text not null,
    at bigint not null,
    primary key (stream_id, jti)
);
create index stream_events_in_order on stream_events (stream_id, seq);
create index stream_events_of_account on stream_events (account_id);

-- Subjects, as the client knows them, that it does not want to be told about.
create table stream_exclusions (
    stream_id text not null references streams (id) on delete cascade,
    subject text not null,
    primary key (stream_id, subject)
);

-- The level of an account that was last told on a stream: a change is told once.
create table stream_levels (
    stream_id text not null references streams (id) on delete cascade,
    account_id text not null,
    level text not null,
    primary key (stream_id, account_id)
);
create index stream_levels_of_account on stream_levels (account_id);
