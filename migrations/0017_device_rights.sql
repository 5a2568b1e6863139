-- What may be done from a device. One that a new password or the link "it was
-- not me" has forgotten is unknown, but signs in with the rights it had.
alter table devices add column rights text not null default 'full';
alter table devices add column forgotten_at bigint;

-- The last change, so that its owner can take it back.
alter table devices add column rights_before text;
alter table devices add column rights_changed_at bigint;

-- The newest session of a device says what the device is.
create index sessions_by_device on sessions (device, created_at) where device is not null;
