-- Service centres, who works there, and the requests citizens bring along.

create table centres (
    id text primary key,
    name text not null,
    address text not null,
    hours text not null,
    created_at bigint not null,
    closed_at bigint
);

create table operators (
    account_id text primary key references accounts (id) on delete cascade,
    centre_id text not null references centres (id),
    added_at bigint not null,
    disabled_at bigint
);

create table visits (
    number text primary key,
    account_id text not null references accounts (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null,
    closed_at bigint,
    outcome text,
    centre_id text references centres (id),
    reason_sealed text
);
create index visits_by_account on visits (account_id, created_at);
create unique index visits_open on visits (account_id) where closed_at is null;

-- What operators did; only ever added to.
create table audit (
    id text primary key,
    at bigint not null,
    operator_id text not null,
    centre_id text not null,
    action text not null,
    account_id text,
    subject text not null
);
create index audit_by_operator on audit (operator_id, at);
create index audit_by_account on audit (account_id, at);

-- Counts changes that commands made beside a running server.
create table marks (
    name text primary key,
    value bigint not null
);
