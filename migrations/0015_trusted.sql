-- A citizen whom another has chosen to vouch for them, should they lose every
-- way to sign in.

create table trusted_contacts (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    -- Who is meant; nobody when the contact that was typed is no citizen's who
    -- could serve.
    contact_id text references accounts (id) on delete cascade,
    -- What was typed, for its owner.
    typed_sealed text not null,
    invited_at bigint not null,
    -- When the invitation is over.
    expires_at bigint not null,
    confirmed_at bigint,
    ended_at bigint
);
create index trusted_contacts_by_account on trusted_contacts (account_id, invited_at);
create index trusted_contacts_by_contact on trusted_contacts (contact_id);

-- That somebody asks their trusted contact to vouch for them now.
create table vouch_requests (
    id text primary key,
    recovery_id text not null references recoveries (id) on delete cascade,
    account_id text not null references accounts (id) on delete cascade,
    contact_id text not null references accounts (id) on delete cascade,
    -- Two digits that both see.
    number text not null,
    asked_at bigint not null,
    expires_at bigint not null,
    vouched_at bigint
);
create index vouch_requests_by_recovery on vouch_requests (recovery_id, asked_at);
create index vouch_requests_by_contact on vouch_requests (contact_id, asked_at);
