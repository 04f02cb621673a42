CREATE TABLE accounts (
  id            TEXT PRIMARY KEY,
  realm         TEXT NOT NULL,
  username      TEXT NOT NULL,
  password_hash TEXT NOT NULL,
  role          TEXT NOT NULL,
  created_at    INTEGER NOT NULL,
  UNIQUE (realm, username)
) STRICT;

CREATE TABLE clients (
  client_id  TEXT PRIMARY KEY,
  document   TEXT NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE secrets (
  name  TEXT PRIMARY KEY,
  value BLOB NOT NULL
) STRICT;

CREATE TABLE signing_keys (
  kid        TEXT PRIMARY KEY,
  purpose    TEXT NOT NULL,
  alg        TEXT NOT NULL,
  pkcs8      BLOB NOT NULL,
  sealed     INTEGER NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;

CREATE TABLE sessions (
  id_hash    BLOB PRIMARY KEY,
  sid        TEXT NOT NULL UNIQUE,
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  auth_time  INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT;

CREATE TABLE consents (
  account_id TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  client_id  TEXT NOT NULL REFERENCES clients (client_id) ON DELETE CASCADE,
  scope      TEXT NOT NULL,
  granted_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, client_id)
) STRICT;

-- One row is one authorization: all codes and tokens that come of it carry its id, and end with it.
CREATE TABLE grants (
  id           TEXT PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES accounts (id) ON DELETE CASCADE,
  client_id    TEXT NOT NULL REFERENCES clients (client_id) ON DELETE CASCADE,
  scope        TEXT NOT NULL,
  created_at   INTEGER NOT NULL,
  last_used_at INTEGER NOT NULL,
  expires_at   INTEGER NOT NULL,
  revoked_at   INTEGER
) STRICT;
CREATE INDEX grants_by_account ON grants (account_id, client_id);
CREATE INDEX grants_by_expiry ON grants (expires_at);

CREATE TABLE codes (
  code_hash   BLOB PRIMARY KEY,
  grant_id    TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  document    TEXT NOT NULL,
  expires_at  INTEGER NOT NULL,
  redeemed_at INTEGER
) STRICT;
CREATE INDEX codes_by_expiry ON codes (expires_at);

CREATE TABLE refresh_tokens (
  token_hash    BLOB PRIMARY KEY,
  grant_id      TEXT NOT NULL REFERENCES grants (id) ON DELETE CASCADE,
  document      TEXT NOT NULL,
  expires_at    INTEGER NOT NULL,
  rotated_at    INTEGER,
  successor     BLOB,
  sealed_answer BLOB
) STRICT;
CREATE INDEX refresh_tokens_by_grant ON refresh_tokens (grant_id);
CREATE INDEX refresh_tokens_by_expiry ON refresh_tokens (expires_at);

-- The revocation feed: what ended before its time. `value` is a grant's id or an access token's jti.
CREATE TABLE revocations (
  value      TEXT PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX revocations_by_expiry ON revocations (expires_at);

-- Identifiers that may be used once: DPoP proofs and client assertions.
CREATE TABLE used_identifiers (
  id_hash    BLOB PRIMARY KEY,
  expires_at INTEGER NOT NULL
) STRICT;
CREATE INDEX used_identifiers_by_expiry ON used_identifiers (expires_at);

CREATE TABLE pushed_requests (
  uri_hash   BLOB PRIMARY KEY,
  client_id  TEXT NOT NULL,
  parameters TEXT NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at    INTEGER
) STRICT;
CREATE INDEX pushed_requests_by_expiry ON pushed_requests (expires_at);

CREATE TABLE device_codes (
  code_hash      BLOB PRIMARY KEY,
  user_code_hash BLOB NOT NULL UNIQUE,
  client_id      TEXT NOT NULL,
  document       TEXT NOT NULL,
  state          TEXT NOT NULL,
  grant_id       TEXT,
  interval       INTEGER NOT NULL,
  last_polled_at INTEGER NOT NULL,
  expires_at     INTEGER NOT NULL
) STRICT;
CREATE INDEX device_codes_by_expiry ON device_codes (expires_at);

CREATE TABLE pages (
  slug      TEXT PRIMARY KEY,
  title     TEXT NOT NULL,
  body      TEXT NOT NULL,
  version   INTEGER NOT NULL,
  edited_by TEXT NOT NULL,
  edited_at INTEGER NOT NULL
) STRICT;

CREATE TABLE audit_events (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  at        INTEGER NOT NULL,
  account   TEXT NOT NULL,
  client_id TEXT NOT NULL,
  key       TEXT NOT NULL,
  action    TEXT NOT NULL,
  outcome   TEXT NOT NULL,
  rule      TEXT NOT NULL
) STRICT;
