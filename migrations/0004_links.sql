-- Ways to sign in that others vouch for: a client of a bank, the holder of a
-- qualified certificate. A row is never deleted: what was asserted before a
-- link went must not make it anew.

create table links (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    channel text not null,
    issuer text not null,
    subject_index text not null,
    linked_at bigint not null,
    unlinked_at bigint
);
create unique index links_by_subject on links (subject_index) where unlinked_at is null;
create unique index links_by_issuer on links (account_id, channel, issuer) where unlinked_at is null;
create index links_of_subject on links (subject_index, unlinked_at);
