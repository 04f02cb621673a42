// Memory, cold start and sizes.
import { statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ALICE, clientToken, doorToken } from './flows.mjs';
import { OPERATIONS } from './oauth.mjs';
import { BINARY } from './settings.mjs';
import {
  forgetMost,
  memory,
  newFolder,
  removeFolder,
  startOurs,
  startRival,
  stop,
  untilCompressed,
} from './servers.mjs';
import { allWasm, ourWasm, smallestWasm } from './sizes.mjs';
import { median } from './statistics.mjs';
import { atMost, number, table } from './table.mjs';
import { insist, wrk } from './wrk.mjs';

const STARTS = 7;

/** From the spawn of the process to its first good answer: in a new folder, and in one that is there already. */
async function coldStarts(start) {
  const fresh = [];
  for (let count = 0; count < STARTS; count += 1) {
    const server = await start();
    fresh.push(server.startMilliseconds);
    await stop(server);
  }
  const folder = newFolder('start');
  await stop(await start(folder), { keepFolder: true });
  const again = [];
  for (let count = 0; count < STARTS; count += 1) {
    const server = await start(folder);
    again.push(server.startMilliseconds);
    await stop(server, { keepFolder: true });
  }
  removeFolder(folder);
  return { fresh: median(fresh), again: median(again) };
}

/** Resident memory: the most of the start, idle after it, the most under load, and ten seconds after it. */
async function memoryUnderLoad(server) {
  if (server.kind === 'ours') await untilCompressed(server);
  await sleep(5_000);
  const { now: idle, most: starting } = memory(server);
  forgetMost(server);
  for (const connections of [64, 512]) {
    for (const [, run] of OPERATIONS) await insist(() => run(server, { connections }));
    if (server.kind !== 'ours') continue;
    const tokens = {
      basic: ALICE,
      jwt: `Bearer ${await doorToken(server)}`,
      oauth: `Bearer ${await clientToken(server)}`,
    };
    for (const [key, authorization] of Object.entries(tokens)) {
      await insist(() => wrk(server, { path: `/api/${key}/pages`, headers: { authorization } }, { connections }));
    }
    await insist(() => wrk(server, { path: '/' }, { connections }));
  }
  const { most } = memory(server);
  await sleep(10_000);
  return { starting, idle, most, after: memory(server).now };
}

export async function process(say) {
  const rows = [];
  const data = {};
  const compare = (what, unit, ours, rival, goal) => {
    const of = rival === undefined ? undefined : (ours / rival).toFixed(2);
    const yardstick = rival === undefined ? undefined : `oidc-provider: ${number(rival)} ${unit}`;
    rows.push([
      what,
      `${number(ours)} ${unit}`,
      yardstick,
      of,
      goal === undefined ? undefined : atMost(goal, ours, ` ${unit}`),
    ]);
  };

  say('process: cold starts');
  data.starts = {
    ours: await coldStarts(startOurs),
    rival: await coldStarts((folder) => startRival('sqlite', folder)),
  };
  const { ours, rival } = data.starts;
  compare('cold start, new data folder', 'ms', ours.fresh, rival.fresh);
  compare('cold start, existing data folder', 'ms', ours.again, rival.again, 200);

  data.memory = {};
  for (const [name, start] of [
    ['ours', () => startOurs()],
    ['sqlite', () => startRival('sqlite')],
  ]) {
    const server = await start();
    say(`process: memory of ${server.name} under load`);
    data.memory[name] = await memoryUnderLoad(server);
    await stop(server);
  }
  const { ours: mine, sqlite: theirs } = data.memory;
  compare('resident memory, the most while it starts', 'MB', mine.starting, theirs.starting);
  compare('resident memory, idle after the start', 'MB', mine.idle, theirs.idle);
  compare('resident memory, the most under load', 'MB', mine.most, theirs.most, 64);
  compare('resident memory, 10 s after the load', 'MB', mine.after, theirs.after);

  say('process: sizes');
  data.binary = statSync(BINARY).size / 1e6;
  rows.push(['the binary', `${number(data.binary)} MB`]);
  data.wasm = ourWasm();
  data.allWasm = allWasm();
  data.smallest = smallestWasm();
  for (const kind of ['raw', 'brotli']) {
    for (const yardstick of data.smallest) {
      rows.push([
        `WASM that every page loads, ${kind}`,
        `${number(data.wasm[kind])} kB`,
        `${yardstick.name}: ${number(yardstick[kind])} kB`,
        (data.wasm[kind] / yardstick[kind]).toFixed(2),
      ]);
    }
  }
  rows.push(['WASM of all pages, raw', `${number(data.allWasm)} kB`]);
  const notes = [
    `A cold start is the median of ${STARTS}: from the spawn to the first 200 (of \`/api/open/pages\`, or the rival’s JWKS). ` +
      'Our server has its files compressed by the build (`scripts/compress`). The most memory under load ' +
      'is VmHWM over every operation at 64 and at 512 connections, reset before. MB and kB are decimal.',
  ];
  return { text: table('Memory, start, size', rows, notes), data };
}
