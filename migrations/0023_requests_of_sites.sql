-- Questions of sites to a citizen (CIBA) stand in the cabinet.
create index requests_by_account on tickets (account_id) where kind = 'backchannel_request';
