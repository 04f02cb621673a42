// Starts and stops the servers under test, each on a free loopback port, pinned to a core, with a folder of its own.
// Whatever happens, no process and no folder is left behind.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BINARY, HERE, LOG_LEVEL, RESULTS, ROOT, SERVER_CORE, SITE } from './settings.mjs';
import { mainWasm } from './sizes.mjs';

const processes = new Set();
const folders = new Set();

function leaveNothing() {
  for (const process of processes) process.kill('SIGKILL');
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
}
process.on('exit', leaveNothing);
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => process.exit(130));

/** A process that ends with this one at the latest. */
export function start(command, args, options) {
  const child = spawn(command, args, options);
  processes.add(child);
  child.once('exit', () => processes.delete(child));
  return child;
}

/** A new folder on the disk of the repository, so that what is durable has to reach a real disk. */
export function newFolder(name) {
  mkdirSync(RESULTS, { recursive: true });
  const folder = mkdtempSync(join(RESULTS, `${name}-`));
  folders.add(folder);
  return folder;
}

export function removeFolder(folder) {
  rmSync(folder, { recursive: true, force: true });
  folders.delete(folder);
}

async function freePort() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  server.close();
  await once(server, 'close');
  return port;
}

/** The status that a GET is answered with, or 0 while nobody listens. */
function status(url) {
  return new Promise((resolve) => {
    request(url, { agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    })
      .on('error', () => resolve(0))
      .end();
  });
}

// No setting of ours may come from the caller's environment, nor the variables of this bench, which are none.
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('THREE_KEYS_') && name !== 'RUST_LOG'),
);

async function launch({ name, kind, args, env, path, folder, port }) {
  const started = performance.now();
  const child = start('taskset', ['-c', String(SERVER_CORE), ...args], {
    cwd: ROOT,
    env: { ...environment, ...env },
    stdio: 'ignore',
  });
  const origin = `http://127.0.0.1:${port}`;
  while ((await status(origin + path)) !== 200) {
    if (child.exitCode !== null || performance.now() - started > 60_000) {
      throw new Error(`${name} does not start; see why with: ${args.join(' ')}`);
    }
    await sleep(1);
  }
  return { name, kind, origin, port, folder, child, startMilliseconds: performance.now() - started };
}

/**
 * Our server. It writes its usual log, to /dev/null: what formatting a line costs is measured, and what a disk that is
 * busy with a log costs is not, as the yardstick writes none. THREE_KEYS_BENCH_LOG sets another level.
 *
 * Two limits are raised, because all load comes from one address and up to 512 connections ask at the same time:
 * connections for each address (512), and requests under way (512).
 */
export async function startOurs(folder = newFolder('ours')) {
  const port = await freePort();
  return launch({
    name: 'Three Keys',
    kind: 'ours',
    args: [BINARY, 'serve', '--listen', `127.0.0.1:${port}`, '--data-dir', folder],
    env: {
      ...(LOG_LEVEL ? { RUST_LOG: LOG_LEVEL } : {}),
      THREE_KEYS_SITE_ROOT: SITE,
      THREE_KEYS_MAX_CONNECTIONS_PER_ADDRESS: '2048',
      THREE_KEYS_MAX_CONCURRENT_REQUESTS: '2048',
    },
    path: '/api/open/pages',
    folder,
    port,
  });
}

/** `oidc-provider`; `adapter` is `sqlite` (durable) or `memory`. It writes no log. */
export async function startRival(adapter, folder = newFolder(adapter)) {
  const port = await freePort();
  return launch({
    name: adapter === 'sqlite' ? 'oidc-provider, durable' : 'oidc-provider, in memory',
    kind: adapter,
    args: [process.execPath, join(HERE, 'rival/server.mjs'), String(port), adapter, folder],
    env: { NODE_ENV: 'production' },
    path: '/jwks',
    folder,
    port,
  });
}

/** Stops a server; its folder stays unless it is to go. */
export async function stop(server, { keepFolder = false } = {}) {
  const { child } = server;
  if (child.exitCode === null && child.signalCode === null) {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    const impatient = setTimeout(() => child.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(impatient);
  }
  if (!keepFolder) removeFolder(server.folder);
}

/** Resident memory in MB (10⁶ bytes): now, and the most there ever was. */
export function memory({ child }) {
  const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
  const read = (field) => (Number(status.match(new RegExp(`${field}:\\s+(\\d+) kB`))[1]) * 1024) / 1e6;
  return { now: read('VmRSS'), most: read('VmHWM') };
}

/** Lets the most that there ever was begin anew at what there is now. */
export const forgetMost = ({ child }) => writeFileSync(`/proc/${child.pid}/clear_refs`, '5');

/** Our server compresses its files in the background after it has started; waits until that is done. */
export async function untilCompressed({ origin }) {
  const url = `${origin}/pkg/${mainWasm()}`;
  for (const from = performance.now(); performance.now() - from < 60_000; await sleep(250)) {
    const response = await fetch(url, { method: 'GET', headers: { 'accept-encoding': 'br' } });
    await response.arrayBuffer();
    if (response.headers.get('content-encoding') === 'br') return;
  }
  throw new Error(`${url} never came compressed`);
}
