-- Browsers that show notices: where each wants its messages posted, and the
-- keys it reads them with.

create table push_subscriptions (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    -- Blind index of the address at the push service: nobody else's browser has it.
    endpoint_index text not null unique,
    subscription_sealed text not null,
    -- What is known of the browser, for its owner.
    details_sealed text not null,
    device_kind text not null,
    -- Digest of its device cookie: with the device, the subscription is forgotten.
    device text,
    created_at bigint not null
);
create index push_subscriptions_by_account on push_subscriptions (account_id, created_at);
