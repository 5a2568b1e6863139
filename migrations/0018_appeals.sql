-- Access that is recovered by a form: who has lost every contact writes down who
-- they are and sends photographs; two operators of support decide.

create table appeals (
    number text primary key,
    -- Whose account it is about; nobody's when the form fits none.
    account_id text references accounts (id) on delete cascade,
    -- The key of this application alone, wrapped; empty once it is destroyed.
    wrapped_key text not null,
    -- What was typed, under that key.
    data_sealed text not null,
    created_at bigint not null,
    -- Until when it is to be decided.
    expires_at bigint not null,
    claimed_by text,
    claimed_until bigint,
    proposed_by text,
    proposed_at bigint,
    -- When the operators agreed that second factors are lost too.
    lost_at bigint,
    confirmed_by text,
    confirmed_at bigint,
    -- From when on and until when a new password may be set.
    opens_at bigint,
    lapses_at bigint,
    -- When the owner was told last, and when the link went to the new contact.
    told_at bigint,
    opened_at bigint,
    closed_at bigint,
    outcome text,
    -- When the photographs are destroyed and, once it is closed, what was typed.
    erase_at bigint,
    erased_at bigint
);
create index appeals_by_account on appeals (account_id, created_at) where account_id is not null;
create index appeals_open on appeals (created_at) where closed_at is null;
create index appeals_closed on appeals (closed_at) where closed_at is not null;
create index appeals_to_erase on appeals (erase_at) where erased_at is null;

create table appeal_files (
    id text primary key,
    appeal_number text not null references appeals (number) on delete cascade,
    kind text not null,
    media_type text not null,
    content_sealed text not null
);
create index appeal_files_by_appeal on appeal_files (appeal_number);
