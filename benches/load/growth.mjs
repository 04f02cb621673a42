// The same operations with 10, 10³, 10⁵ and 10⁶ accounts, grants and live refresh tokens in the database.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart } from './chart.mjs';
import { fill } from './fill.mjs';
import { ALICE, clientCredentials, clientToken, exchangeCodes, introspect, once, refreshTokens } from './flows.mjs';
import { RESULTS, ROUNDS, SECONDS } from './settings.mjs';
import { memory, newFolder, startOurs, stop, untilCompressed } from './servers.mjs';
import { median, order, Rounds } from './statistics.mjs';
import { atLeast, number, rate, ratio, table } from './table.mjs';
import { insist, wrk } from './wrk.mjs';

const SIZES = [10, 1_000, 100_000, 1_000_000];
const STARTS = 3;
/** What cost may grow by from the smallest to the largest: as their logarithms. */
const GOAL = Number((Math.log(SIZES[0]) / Math.log(SIZES.at(-1))).toFixed(2));

async function pages(server, key, authorization) {
  const request = { path: `/api/${key}/pages`, headers: { authorization } };
  await once(server, request);
  return wrk(server, request);
}

const CASES = [
  ['client_credentials', clientCredentials],
  ['code exchange', exchangeCodes],
  ['refresh', refreshTokens],
  ['introspection', introspect],
  ['list of pages, Basic', (server) => pages(server, 'basic', ALICE)],
  ['list of pages, OAuth', async (server) => pages(server, 'oauth', `Bearer ${await clientToken(server)}`)],
];

/** A server over a database of that size, its start timed. */
async function startFilled(size, say) {
  const folder = newFolder(`growth-${size}`);
  let server = await startOurs(folder);
  await stop(server, { keepFolder: true });
  const began = performance.now();
  fill(folder, server.origin, size);
  const megabytes = statSync(join(folder, 'three-keys.db')).size / 1e6;
  say(
    `growth: filled with ${number(size)} in ${number((performance.now() - began) / 1000)} s, ${number(megabytes)} MB`,
  );
  const starts = [];
  for (let count = 0; count < STARTS; count += 1) {
    if (count > 0) await stop(server, { keepFolder: true });
    server = await startOurs(folder);
    starts.push(server.startMilliseconds);
  }
  return { server, size, megabytes, start: median(starts) };
}

export async function growth(say) {
  const rounds = new Rounds();
  const sizes = [];
  for (const size of SIZES) sizes.push(await startFilled(size, say));
  for (const { server } of sizes) await untilCompressed(server);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, run] of CASES) {
      for (const { server, size } of order(sizes, round)) {
        const result = await insist(() => run(server));
        rounds.add(`${name} ${size}`, result.rate);
        say(`growth, round ${round + 1}: ${name} with ${number(size)}: ${rate(result.rate)}`);
      }
    }
  }
  for (const found of sizes) found.memory = memory(found.server);
  for (const { server } of sizes) await stop(server);

  const [smallest, largest] = [sizes[0], sizes.at(-1)];
  const relative = ([name]) => [
    name,
    SIZES.map((size) => rounds.ratio(`${name} ${size}`, `${name} ${smallest.size}`).median),
  ];
  const subtitle = `requests per second, relative to a database with ten; median of ${ROUNDS} rounds of ${SECONDS} s`;
  writeFileSync(join(RESULTS, 'growth.svg'), chart('What the stored data costs', subtitle, SIZES, CASES.map(relative)));

  const rows = CASES.map(([name]) => {
    const [figure, yardstick] = [`${name} ${largest.size}`, `${name} ${smallest.size}`];
    const compared = rounds.ratio(figure, yardstick);
    return [
      `${name}, with 10⁶`,
      rate(rounds.median(figure)),
      `with 10: ${rate(rounds.median(yardstick))}`,
      ratio(compared),
      atLeast(GOAL, compared.median),
    ];
  });
  const plain = (what, unit, figure, yardstick) =>
    rows.push([
      what,
      `${number(figure)} ${unit}`,
      `with 10: ${number(yardstick)} ${unit}`,
      (figure / yardstick).toFixed(2),
    ]);
  for (const { size, start, memory: used } of sizes.slice(1)) {
    plain(`cold start, with ${number(size)}`, 'ms', start, smallest.start);
    plain(`resident memory after the runs, with ${number(size)}`, 'MB', used.now, smallest.memory.now);
  }
  const notes = [
    `The goal: cost grows no faster than log n, so from 10 to 10⁶ the rate may fall to ${GOAL}. ` +
      `The largest database has ${number(largest.megabytes)} MB. All at 64 connections.`,
  ];
  const data = {
    rounds,
    sizes: sizes.map(({ size, megabytes, start, memory: used }) => ({ size, megabytes, start, memory: used })),
  };
  return { text: table('Growth', rows, notes), data };
}
