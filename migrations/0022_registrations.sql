-- Relying parties that registered themselves (RFC 7591): what each changes its
-- registration with, and whether it has been used yet. A row is gone when its
-- client is; what is left in clients then holds nothing but the id.
create table registrations (
    client_id text primary key references clients (id) on delete cascade,
    token_digest text not null,
    created_at bigint not null,
    used_at bigint
);
-- Looked through every hour for those that nobody has used.
create index registrations_unused on registrations (created_at) where used_at is null;
