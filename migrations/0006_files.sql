-- What citizens upload: photographs for an operator who compares them, and the
-- documents they keep with scans of them. Contents lie here under the key of
-- their account, so that deleting a row or the key destroys them.

create table files (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    -- The case or the version of a document it belongs to.
    holder text not null,
    kind text not null,
    media_type text not null,
    size bigint not null,
    created_at bigint not null,
    content_sealed text not null
);
create index files_by_holder on files (holder);
create index files_by_account on files (account_id);

create table photograph_cases (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    created_at bigint not null,
    expires_at bigint not null,
    -- Which text about the processing of photographs was agreed to, with this.
    consent text not null,
    claimed_by text,
    claimed_until bigint,
    closed_at bigint,
    outcome text,
    centre_id text references centres (id),
    reason_sealed text,
    -- When the photographs are destroyed, once decided, and that they were.
    erase_at bigint,
    erased_at bigint
);
create index photograph_cases_by_account on photograph_cases (account_id, created_at);
create index photograph_cases_waiting on photograph_cases (created_at) where closed_at is null;
create index photograph_cases_to_erase on photograph_cases (erase_at) where erased_at is null;
create unique index photograph_cases_open on photograph_cases (account_id) where closed_at is null;

create table documents (
    id text primary key,
    account_id text not null references accounts (id) on delete cascade,
    kind text not null,
    created_at bigint not null
);
create index documents_by_account on documents (account_id, created_at);

create table document_versions (
    id text primary key,
    document_id text not null references documents (id) on delete cascade,
    created_at bigint not null,
    replaced_at bigint,
    data_sealed text not null,
    -- The question to the registry about these data; none where nobody is asked.
    check_id text,
    check_tries bigint not null default 0,
    check_started_at bigint,
    check_answered_at bigint,
    check_mismatch text
);
create index document_versions_by_document on document_versions (document_id, created_at);
create index document_versions_by_check on document_versions (check_id) where check_id is not null;
create unique index document_versions_current on document_versions (document_id)
    where replaced_at is null;
