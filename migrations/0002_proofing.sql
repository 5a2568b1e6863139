-- Who a person is: what was sent to the registries, how each answered, and the
-- evidence that levels are computed from.

create table submissions (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    data_sealed text not null,
    digest text not null,
    created_at bigint not null,
    closed_at bigint,
    outcome text
);
create index submissions_by_account on submissions (account_id, created_at);
create index submissions_closed on submissions (closed_at) where closed_at is not null;
-- One at a time: whoever sends a form twice has sent it once.
create unique index submissions_open on submissions (account_id) where closed_at is null;

create table registry_checks (
    submission_id text not null references submissions (id) on delete cascade,
    registry text not null,
    tries bigint not null,
    started_at bigint,
    answered_at bigint,
    mismatch text,
    primary key (submission_id, registry)
);

create table evidence (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    source text not null,
    given_by text not null,
    covers_sealed text not null,
    at bigint not null,
    expires_at bigint,
    withdrawn_at bigint,
    lapse_recorded_at bigint
);
create index evidence_by_account on evidence (account_id, at);
create index evidence_by_end on evidence (expires_at) where lapse_recorded_at is null;
