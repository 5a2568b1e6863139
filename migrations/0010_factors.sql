-- Second factors and backup codes of accounts, and devices that are not asked
-- for them.

create table factors (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    kind text not null,
    -- What it is checked with, and how its owner calls it.
    kept_sealed text not null,
    -- The digest of a key's credential id.
    credential text,
    created_at bigint not null,
    last_used_at bigint,
    -- The newest step (TOTP) or counter (keys) that was used.
    last_step bigint,
    preferred_at bigint
);
create index factors_by_account on factors (account_id, created_at);
create unique index factors_by_credential on factors (credential) where credential is not null;
create unique index factors_by_contact on factors (account_id, kind) where kind in ('sms', 'email');

create table backup_codes (
    digest text primary key,
    account_id text not null references accounts (id) on delete cascade,
    created_at bigint not null,
    used_at bigint
);
create index backup_codes_by_account on backup_codes (account_id);

alter table devices add column trusted_until bigint;
