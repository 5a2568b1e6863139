-- Accounts that operators make from papers.

-- When an operator saw the document: more than a declaration, less than a
-- confirmation by the registries. At most one account has it for a SNILS.
alter table contacts add column seen_at bigint;
create unique index contacts_seen on contacts (kind, blind_index) where seen_at is not null;

-- Until when a password works that was printed at a desk; it must be replaced
-- at the first sign-in.
alter table passwords add column temporary_until bigint;
