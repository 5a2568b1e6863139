-- Roles of operators, locks that support opens by their number, and requests
-- that citizens write to support.

alter table operators add column role text not null default 'centre';

-- Whom a counter is about, if anybody, and when it closed: its name is a digest.
alter table throttles add column account_id text;
alter table throttles add column locked_at bigint;

create table lifted_locks (
    -- That of the line in the audit.
    id text primary key,
    block_number text not null,
    at bigint not null,
    reason_sealed text not null
);

create table support_requests (
    number text primary key,
    account_id text not null references accounts (id) on delete cascade,
    topic text not null,
    created_at bigint not null,
    -- The newest message: an answer is to what was read.
    last_message text not null,
    -- Since when the citizen waits for an answer; none once there is one.
    waiting_since bigint,
    escalated_at bigint,
    claimed_by text,
    claimed_until bigint,
    closed_at bigint
);
create index support_requests_by_account on support_requests (account_id, created_at);
create index support_requests_waiting on support_requests (waiting_since)
    where waiting_since is not null and closed_at is null;
create index support_requests_closed on support_requests (closed_at) where closed_at is not null;

create table support_messages (
    id text primary key,
    request_number text not null references support_requests (number) on delete cascade,
    at bigint not null,
    author text not null,
    text_sealed text not null
);
create index support_messages_by_request on support_messages (request_number, at);
