// Runs wrk (one thread, kept-alive connections, on a core of its own) and reads what it found. A run with any answer
// that is not a success fails: a server that refuses quickly must not look fast.
import { once } from 'node:events';
import { join } from 'node:path';
import { HERE, LOAD_CORE, SECONDS } from './settings.mjs';
import { start } from './servers.mjs';

/** The values for a run were used up before its time. */
export class Exhausted extends Error {}

/** Nothing was answered at all. */
class Silent extends Error {}

/** Measures again where nothing was answered, at most twice: others may have kept the disk or the core for a second. */
export async function insist(measure) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await measure();
    } catch (error) {
      if (!(error instanceof Silent) || tries === 3) throw error;
      console.error(`${error.message}; once more`);
    }
  }
}

/**
 * Sends one kind of request for a while. `mode` and `file` are explained in requests.lua; `headers` and `body` may hold
 * `{value}`. Answers with requests per second, and latencies in microseconds.
 */
export async function wrk(
  server,
  { method = 'GET', path, headers = {}, body = '', mode = 'static', file = '' },
  options = {},
) {
  const { connections = 64, seconds = SECONDS } = options;
  const url = server.origin + path;
  const lines = Object.entries({ host: new URL(url).host, ...headers }).map(([name, value]) => `${name}: ${value}\r\n`);
  const args = ['-c', String(LOAD_CORE), 'wrk', '-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '10s'];
  const child = start('taskset', [...args, '-s', join(HERE, 'requests.lua'), url], {
    env: {
      ...process.env,
      LOAD_MODE: mode,
      LOAD_FILE: file,
      LOAD_HEAD: `${method} ${path} HTTP/1.1\r\n${lines.join('')}`,
      LOAD_BODY: body,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  let complaint = '';
  child.stdout.on('data', (data) => (output += data));
  child.stderr.on('data', (data) => (complaint += data));
  const [code] = await once(child, 'close');
  const what = `${method} ${path} on ${server.name} at ${connections} connections`;
  if (complaint.startsWith('exhausted')) throw new Exhausted(what);
  const result = output.match(/^RESULT (.*)$/m);
  if (code !== 0 || complaint || !result)
    throw new Error(`${what}: ${complaint || output || `wrk ended with ${code}`}`);
  const found = JSON.parse(result[1]);
  if (found.requests === 0) throw new Silent(`${what}: no answer within ${seconds} s`);
  const wrong = ['connect', 'read', 'write', 'timeout', 'status'].filter((kind) => found[kind] > 0);
  if (wrong.length > 0) {
    throw new Error(
      `${what}: of ${found.requests} answers, wrong: ${wrong.map((kind) => `${kind} ${found[kind]}`).join(', ')}`,
    );
  }
  const rate = found.requests / (found.microseconds / 1e6);
  return { rate, requests: found.requests, median: found.median, p99: found.p99 };
}
