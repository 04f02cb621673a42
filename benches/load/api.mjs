// One call of the wiki behind each key against the same call without a guard.
import { ALICE, clientToken, doorToken, once } from './flows.mjs';
import { ROUNDS, SECONDS } from './settings.mjs';
import { startOurs, stop, untilCompressed } from './servers.mjs';
import { order, Rounds } from './statistics.mjs';
import { atLeast, rate, ratio, table } from './table.mjs';
import { writeTokens } from './cold_tokens.mjs';
import { Exhausted, insist, wrk } from './wrk.mjs';

const CONNECTIONS = [1, 64, 512];
const pages = (key, authorization) => ({ path: `/api/${key}/pages`, headers: authorization ? { authorization } : {} });

/** Every request shows a token that was never shown before; with more tokens again where they were used up. */
async function cold(server, key, purpose, model, connections) {
  server.coldRates ??= {};
  const name = `${key} ${connections}`;
  server.coldRates[name] ??= 12_000;
  for (;;) {
    const count = Math.ceil(server.coldRates[name] * SECONDS * 1.3) + 2 * connections;
    const file = writeTokens(server, purpose, model, count);
    try {
      const result = await wrk(server, { ...pages(key, 'Bearer {value}'), mode: 'once', file }, { connections });
      server.coldRates[name] = Math.max(result.rate, 1000);
      return result;
    } catch (error) {
      if (!(error instanceof Exhausted) || server.coldRates[name] > 500_000) throw error;
      server.coldRates[name] *= 2;
    }
  }
}

async function warm(server, request, connections) {
  // Renews what the server remembers, and shows that the call is answered at all.
  if (!Array.isArray(await once(server, request))) throw new Error(`${request.path} does not list pages`);
  return wrk(server, request, { connections });
}

const CASES = [
  ['open', (server, connections) => warm(server, pages('open'), connections)],
  ['basic', (server, connections) => warm(server, pages('basic', ALICE), connections)],
  ['jwt', async (server, connections) => warm(server, pages('jwt', `Bearer ${await doorToken(server)}`), connections)],
  [
    'oauth',
    async (server, connections) => warm(server, pages('oauth', `Bearer ${await clientToken(server)}`), connections),
  ],
  ['jwt, cold', async (server, connections) => cold(server, 'jwt', 'jwt door', await doorToken(server), connections)],
  [
    'oauth, cold',
    async (server, connections) => cold(server, 'oauth', 'oauth', await clientToken(server), connections),
  ],
];
const GOALS = { basic: 0.9, jwt: 0.9, oauth: 0.9, 'jwt, cold': 0.7, 'oauth, cold': 0.7 };

export async function api(say) {
  const rounds = new Rounds();
  const server = await startOurs();
  await untilCompressed(server);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const connections of CONNECTIONS) {
      for (const [name, run] of order(CASES, round)) {
        const result = await insist(() => run(server, connections));
        rounds.add(`${name} ${connections}`, result.rate);
        say(`api, round ${round + 1}: ${name} at ${connections}: ${rate(result.rate)}`);
      }
    }
  }
  await stop(server);
  const rows = CONNECTIONS.flatMap((connections) =>
    CASES.slice(1).map(([name]) => {
      const compared = rounds.ratio(`${name} ${connections}`, `open ${connections}`);
      const what = `list of pages, ${name.includes('cold') ? name : `${name}, warm`}, ${connections} connection${connections > 1 ? 's' : ''}`;
      const [figure, yardstick] = [rounds.median(`${name} ${connections}`), rounds.median(`open ${connections}`)];
      return [what, rate(figure), `open: ${rate(yardstick)}`, ratio(compared), atLeast(GOALS[name], compared.median)];
    }),
  );
  const notes = [
    'Cold: every request shows a token that the server has never seen. Warm: the same token or password in each.',
  ];
  return { text: table('A call of the wiki behind each key', rows, notes), data: rounds };
}
