-- What a person allowed in detail (RFC 9396): a JSON array, sealed, if the
-- request had any.
alter table grants add column authorization_details text;
