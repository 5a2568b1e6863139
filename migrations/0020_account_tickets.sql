-- What waits for an account is found by it: the cabinet shows questions of other
-- browsers, and an erased account takes its tickets along.
create index tickets_by_account on tickets (account_id) where account_id is not null;
