// The durable adapter: SQLite with a write-ahead log, synchronous=FULL as ours, prepared statements, and writes of one
// turn of the event loop committed together. An operation resolves only when its commit is on disk.
import Database from 'better-sqlite3';

const TABLE = `
  CREATE TABLE IF NOT EXISTS entries (
    model TEXT NOT NULL, id TEXT NOT NULL, payload TEXT NOT NULL, grant_id TEXT, uid TEXT, expires_at INTEGER,
    consumed INTEGER, PRIMARY KEY (model, id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entries_by_grant ON entries (grant_id) WHERE grant_id IS NOT NULL;
  CREATE INDEX IF NOT EXISTS entries_by_uid ON entries (uid) WHERE uid IS NOT NULL;`;

const now = () => Math.floor(Date.now() / 1000);

/** Makes the factory of adapters that `oidc-provider` wants, over the database at the path. */
export function sqliteAdapter(path) {
  const database = new Database(path);
  database.pragma('journal_mode = WAL');
  database.pragma('synchronous = FULL');
  database.exec(TABLE);

  const put = database.prepare(
    `INSERT INTO entries (model, id, payload, grant_id, uid, expires_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (model, id) DO UPDATE SET payload = excluded.payload, grant_id = excluded.grant_id,
       uid = excluded.uid, expires_at = excluded.expires_at`,
  );
  const get = database.prepare('SELECT payload, consumed FROM entries WHERE model = ? AND id = ?');
  const getByUid = database.prepare('SELECT payload, consumed FROM entries WHERE model = ? AND uid = ?');
  const consume = database.prepare('UPDATE entries SET consumed = ? WHERE model = ? AND id = ?');
  const remove = database.prepare('DELETE FROM entries WHERE model = ? AND id = ?');
  const removeGrant = database.prepare('DELETE FROM entries WHERE grant_id = ?');
  const begin = database.prepare('BEGIN IMMEDIATE');
  const commit = database.prepare('COMMIT');

  let waiting = [];
  /** Writes with all others that come before the loop turns. */
  function write(statement, ...values) {
    if (waiting.length === 0) setImmediate(flush);
    return new Promise((resolve, reject) => waiting.push({ statement, values, resolve, reject }));
  }
  function flush() {
    const batch = waiting;
    waiting = [];
    try {
      begin.run();
      for (const { statement, values } of batch) statement.run(...values);
      commit.run();
    } catch (error) {
      if (database.inTransaction) database.exec('ROLLBACK');
      for (const { reject } of batch) reject(error);
      return;
    }
    for (const { resolve } of batch) resolve();
  }

  function read(row) {
    if (!row) return undefined;
    const payload = JSON.parse(row.payload);
    if (row.consumed !== null) payload.consumed = row.consumed;
    return payload;
  }

  return (model) => ({
    upsert: (id, payload, expiresIn) =>
      write(
        put,
        model,
        id,
        JSON.stringify(payload),
        model === 'Session' ? null : (payload.grantId ?? null),
        model === 'Session' ? payload.uid : null,
        expiresIn ? now() + expiresIn : null,
      ),
    find: async (id) => read(get.get(model, id)),
    findByUid: async (uid) => read(getByUid.get(model, uid)),
    consume: (id) => write(consume, now(), model, id),
    destroy: (id) => write(remove, model, id),
    revokeByGrantId: (grantId) => write(removeGrant, grantId),
  });
}
