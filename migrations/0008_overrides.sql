-- Data that no registry confirms: a citizen brings the originals, one operator
-- proposes and another decides.

-- The submission a visit is about; none when only the holder is to be proven.
-- No reference: submissions are forgotten after a while, visits are not.
alter table visits add column submission_id text;

create table overrides (
    number text primary key references visits (number) on delete cascade,
    account_id text not null references accounts (id) on delete cascade,
    submission_id text not null,
    proposed_by text not null,
    centre_id text not null references centres (id),
    proposed_at bigint not null,
    expires_at bigint not null,
    reason_sealed text not null,
    closed_at bigint,
    outcome text,
    decided_by text,
    answer_sealed text
);
create index overrides_by_account on overrides (account_id, proposed_at);
create unique index overrides_open on overrides (account_id) where closed_at is null;
create index overrides_waiting on overrides (proposed_at) where closed_at is null;
