-- What a grant's tokens are bound to (RFC 9449, RFC 8705): the JSON of the
-- `cnf` claim, for its refresh tokens to be held to.
alter table grants add column confirmation text;
-- The resource servers a grant is for (RFC 8707): a JSON array, if any were
-- named.
alter table grants add column resources text;
