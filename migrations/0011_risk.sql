-- What followed from a sign-in that was not like the owner's others.
alter table accounts add column restricted_until bigint;

-- Decisions that administrators look at; which rules weighed how much, and no
-- personal data.
create table risk_decisions (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    at bigint not null,
    outcome text not null,
    rules text not null
);
create index risk_decisions_by_time on risk_decisions (at);
create index risk_decisions_by_account on risk_decisions (account_id);
