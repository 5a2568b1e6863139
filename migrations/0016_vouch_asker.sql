-- A vouch opens the recovery for the browser that asked, and for no other that
-- holds the same contact: the digest of its step.
alter table vouch_requests add column asker text not null default '';
