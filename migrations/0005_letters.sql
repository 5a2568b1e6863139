-- One-time codes that prove who the holder is when they come back: from a
-- registered letter, or printed at a service centre; and the letters.

create table proof_codes (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    source text not null,
    given_by text not null,
    covers_sealed text not null,
    digest text not null,
    tries bigint not null,
    created_at bigint not null,
    expires_at bigint not null,
    closed_at bigint,
    outcome text
);
create index proof_codes_by_account on proof_codes (account_id, source, created_at);
create unique index proof_codes_open on proof_codes (account_id, source) where closed_at is null;

create table letters (
    number text primary key,
    account_id text not null references accounts (id) on delete cascade,
    content_sealed text not null,
    ordered_at bigint not null,
    batch text,
    centre_id text references centres (id),
    printed_at bigint,
    code_sealed text,
    track text,
    posted_at bigint,
    returned_at bigint
);
create index letters_by_account on letters (account_id, ordered_at);
create index letters_waiting on letters (ordered_at) where printed_at is null;
create index letters_by_batch on letters (batch) where batch is not null;
create index letters_under_way on letters (centre_id, printed_at) where posted_at is null;
-- One on its way at a time.
create unique index letters_open on letters (account_id) where posted_at is null;
