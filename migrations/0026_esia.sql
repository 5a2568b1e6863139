-- The number of a person in the ESIA dialect (oid): one for all its relying
-- parties, as there. Who never used one has none.
create table esia_people (
    account_id text primary key references accounts (id) on delete cascade,
    oid bigint not null unique
);
-- What citizens allowed in detail is looked for by who they are.
create index detailed_grants_by_account on grants (account_id)
    where authorization_details is not null;
