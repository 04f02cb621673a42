-- What a running server follows: numbers only ever grow, so that whoever knows the last one finds what came since,
-- whichever process wrote it.
DROP INDEX revocations_by_expiry;
ALTER TABLE revocations RENAME TO revocations_before;
CREATE TABLE revocations (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  value      TEXT NOT NULL UNIQUE,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revocations_by_expiry ON revocations (expires_at);
INSERT INTO revocations (value, expires_at) SELECT value, expires_at FROM revocations_before;
DROP TABLE revocations_before;

-- Counts the changes of accounts, so that a remembered password ends with the password, also when another program or
-- a person with an SQL prompt has changed it.
CREATE TABLE account_changes (
  number INTEGER NOT NULL
) STRICT;
INSERT INTO account_changes (number) VALUES (0);
CREATE TRIGGER accounts_updated AFTER UPDATE ON accounts BEGIN
  UPDATE account_changes SET number = number + 1;
END;
CREATE TRIGGER accounts_deleted AFTER DELETE ON accounts BEGIN
  UPDATE account_changes SET number = number + 1;
END;
