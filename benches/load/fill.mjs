// Fills a database of ours, while no server runs on it, with so many accounts, grants and live refresh tokens.
import Database from 'better-sqlite3';
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { join } from 'node:path';

const FILLED = ['accounts', 'grants', 'refresh_tokens'];

const ROWS = `
  CREATE TEMP TABLE filling AS
  WITH RECURSIVE counted (place) AS (SELECT 1 UNION ALL SELECT place + 1 FROM counted WHERE place < :count)
  SELECT place, lower(hex(randomblob(11))) AS account, lower(hex(randomblob(11))) AS grant_id, randomblob(32) AS token
  FROM counted`;

const ACCOUNTS = `
  INSERT INTO accounts (id, realm, username, password_hash, role, created_at)
  SELECT account, 'pages', 'account-' || place, (SELECT password_hash FROM accounts WHERE username = 'alice'), 'viewer', :now
  FROM filling ORDER BY account`;

const GRANTS = `
  INSERT INTO grants (id, account_id, client_id, scope, created_at, last_used_at, expires_at)
  SELECT grant_id, account, 'backend', 'offline_access openid pages:read', :now, :now, :until FROM filling ORDER BY grant_id`;

const REFRESH_TOKENS = `
  INSERT INTO refresh_tokens (token_hash, grant_id, document, expires_at)
  SELECT token, grant_id, json_set(:document, '$.account_id', account), :until FROM filling ORDER BY token`;

export function fill(folder, origin, count) {
  const path = join(folder, 'three-keys.db');
  const database = new Database(path);
  try {
    for (const setting of [
      'foreign_keys = OFF',
      'journal_mode = MEMORY',
      'synchronous = OFF',
      'cache_size = -400000',
    ]) {
      database.pragma(setting);
    }
    const now = Math.floor(Date.now() / 1000);
    const until = now + 14 * 24 * 3600;
    const document = JSON.stringify({
      client_id: 'backend',
      account_id: '',
      scope: 'offline_access openid pages:read',
      resource: `${origin}/api/oauth`,
      auth_time: now,
      sid: null,
      dpop_jkt: null,
      family_expires_at: until,
    });
    // Sorted rows first and indexes afterwards: the same content, much sooner.
    const indexes = database
      .prepare(
        `SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN (${FILLED.map(() => '?')})`,
      )
      .all(...FILLED);
    database.exec('BEGIN');
    for (const { name } of indexes) database.exec(`DROP INDEX ${name}`);
    database.prepare(ROWS).run({ count });
    database.prepare(ACCOUNTS).run({ now });
    database.prepare(GRANTS).run({ now, until });
    database.prepare(REFRESH_TOKENS).run({ until, document });
    for (const { sql } of indexes) database.exec(sql);
    database.exec('COMMIT');
    database.pragma('journal_mode = WAL');
  } finally {
    database.close();
  }
  // On disk before anything is measured: a commit would otherwise wait until all of this is written.
  const descriptor = openSync(path, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
}
