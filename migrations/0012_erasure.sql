-- Accounts that were deleted. The row stays without data, so that what must be
-- kept (consents, acts of operators) has something to belong to; its key and
-- everything sealed with it are gone.

alter table accounts add column erased_at bigint;
alter table accounts add column erased_by text;
create index accounts_erased on accounts (erased_at) where erased_at is not null;

-- Whose step a one-time secret is, where it is known: it dies with the account.
alter table tickets add column account_id text;

-- Blind index of the address a message goes to, while it waits.
alter table outbox add column recipient text;
create index outbox_by_recipient on outbox (recipient) where recipient is not null;
