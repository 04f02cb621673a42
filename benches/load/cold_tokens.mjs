// Tokens that the server has never seen: signed here, with the keys out of its own database, in which a demo keeps
// them unencrypted. Header and claims are those of a real token; only `jti` is new in each.
import Database from 'better-sqlite3';
import { createPrivateKey, randomBytes, sign } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

function privateKey(server, purpose, kid) {
  const database = new Database(join(server.folder, 'three-keys.db'), { readonly: true });
  try {
    const row = database
      .prepare("SELECT pkcs8, sealed FROM signing_keys WHERE purpose = ? AND kid = ? AND alg = 'ES256'")
      .get(purpose, kid);
    if (!row || row.sealed) throw new Error(`there is no open key for ${purpose} in the database`);
    return createPrivateKey({ key: row.pkcs8, format: 'der', type: 'pkcs8' });
  } finally {
    database.close();
  }
}

/** Writes so many new tokens to a file, one a line. `purpose` is `jwt door` or `oauth`. */
export function writeTokens(server, purpose, model, count) {
  const [header, payload] = model.split('.');
  const decode = (part) => JSON.parse(Buffer.from(part, 'base64url').toString());
  const key = { key: privateKey(server, purpose, decode(header).kid), dsaEncoding: 'ieee-p1363' };
  const claims = decode(payload);
  const lines = new Array(count);
  for (let place = 0; place < count; place += 1) {
    claims.jti = randomBytes(16).toString('base64url');
    const message = `${header}.${Buffer.from(JSON.stringify(claims)).toString('base64url')}`;
    lines[place] = `${message}.${sign('sha256', Buffer.from(message), key).toString('base64url')}`;
  }
  const file = join(server.folder, 'tokens');
  writeFileSync(file, lines.join('\n'));
  return file;
}
