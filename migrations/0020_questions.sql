-- Questions to the other browsers of an account stand in its cabinet. Codes name
-- their account as well, and there are far more of them: they are not indexed.
create index questions_by_account on tickets (account_id) where kind = 'approval_asked';
