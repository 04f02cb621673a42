-- Throw-away accounts of a demo. They are marked, because a name alone proves nothing: a person may be called guest too.
ALTER TABLE accounts ADD COLUMN is_guest INTEGER NOT NULL DEFAULT 0;
CREATE INDEX guests_by_age ON accounts (created_at) WHERE is_guest = 1;
