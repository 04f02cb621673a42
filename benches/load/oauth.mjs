// The operations of the authorization server against `oidc-provider`, durable and in memory.
import { clientCredentials, exchangeCodes, introspect, readKeys, refreshTokens, once } from './flows.mjs';
import { ROUNDS } from './settings.mjs';
import { startOurs, startRival, stop, untilCompressed } from './servers.mjs';
import { order, Rounds } from './statistics.mjs';
import { atLeast, rate, ratio, table } from './table.mjs';
import { insist, wrk } from './wrk.mjs';

const CONNECTIONS = [64, 1];
/** A single connection is the second figure, and gets fewer rounds. */
const ROUNDS_ALONE = 3;
export const OPERATIONS = [
  ['client_credentials', clientCredentials, 10],
  ['code exchange', exchangeCodes, 10],
  ['refresh', refreshTokens, 10],
  ['introspection', introspect, 10],
  ['JWKS', readKeys, undefined],
];

/** The front page as the server renders it. wrk asks for no compression. */
async function rendered(server, options) {
  const request = { path: '/', headers: { accept: 'text/html' } };
  if (!String(await once(server, request)).includes('</html>')) throw new Error('/ is no page');
  return wrk(server, request, options);
}

const NOTES = [
  'One node process and one process of ours, each on the same core. Both sign with ES256 and commit to SQLite with a ' +
    'write-ahead log and synchronous=FULL before they answer; the durable adapter commits all writes of one turn of ' +
    'its event loop together, and the in-memory one promises nothing. ' +
    `The figures of a single connection have ${Math.min(ROUNDS, ROUNDS_ALONE)} rounds.`,
  'What differs. `oidc-provider` compares client secrets as they are, ours as keyed SHA-256. It cannot introspect ' +
    'its own JWT access tokens, so it looks up a stored opaque token, while ours verifies a JWT and looks into the ' +
    'revocation feed. Its refresh tokens come without the scope `offline_access`, which it grants only after asking ' +
    'each time. Ours publishes an RSA key in its JWKS too, logs and counts each request, records what was decided in ' +
    'an audit log, and keeps the answer to a refresh, sealed, for a client that lost it; `oidc-provider` does none ' +
    'of this.',
];

export async function oauth(say) {
  const rounds = new Rounds();
  const servers = [await startOurs(), await startRival('sqlite'), await startRival('memory')];
  const [ours] = servers;
  await untilCompressed(ours);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const connections of CONNECTIONS) {
      if (connections === 1 && round >= ROUNDS_ALONE) continue;
      for (const [name, run] of OPERATIONS) {
        for (const server of order(servers, round)) {
          const result = await insist(() => run(server, { connections }));
          rounds.add(`${server.kind}: ${name} ${connections}`, result.rate);
          say(`oauth, round ${round + 1}: ${name} at ${connections} on ${server.name}: ${rate(result.rate)}`);
        }
      }
    }
    const result = await insist(() => rendered(ours, { connections: 64 }));
    rounds.add('ours: SSR 64', result.rate);
    say(`oauth, round ${round + 1}: SSR of /: ${rate(result.rate)}`);
  }
  for (const server of servers) await stop(server);
  const rows = [];
  for (const connections of CONNECTIONS) {
    for (const [name, , goal] of OPERATIONS) {
      for (const [kind, words] of [
        ['sqlite', 'durable'],
        ['memory', 'in memory'],
      ]) {
        const [ourName, rivalName] = [`ours: ${name} ${connections}`, `${kind}: ${name} ${connections}`];
        const compared = rounds.ratio(ourName, rivalName);
        const isGoal = goal && kind === 'sqlite' && connections > 1;
        rows.push([
          `${name}, ${connections} connection${connections > 1 ? 's' : ''}`,
          rate(rounds.median(ourName)),
          `${words}: ${rate(rounds.median(rivalName))}`,
          ratio(compared),
          isGoal ? atLeast(goal, compared.median) : undefined,
        ]);
      }
    }
  }
  rows.push(['SSR of `/`, 64 connections', rate(rounds.median('ours: SSR 64'))]);
  return { text: table('The authorization server', rows, NOTES), data: rounds };
}
