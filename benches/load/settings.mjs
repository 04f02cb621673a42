// What a run can be told by its environment, and where things lie.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const PARTS = ['api', 'oauth', 'process', 'page', 'growth'];

export const HERE = fileURLToPath(new URL('.', import.meta.url));
export const ROOT = join(HERE, '../..');
export const TARGET = join(ROOT, 'target');
export const RESULTS = join(TARGET, 'bench');
export const BINARY = join(TARGET, 'release/three-keys');
export const SITE = join(TARGET, 'site');
export const SMALLEST_WASM = join(TARGET, 'smallest_app/smallest_app_bg.wasm');
export const FULL_STACK_WASM = join(TARGET, 'smallest_app/full_stack_bg.wasm');

function positive(name, otherwise) {
  const text = process.env[name] ?? String(otherwise);
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new Error(`${name} must be a whole number from 1, not ${text}`);
  return number;
}

/** How often everything is measured; each figure is the median. */
export const ROUNDS = positive('THREE_KEYS_BENCH_ROUNDS', 5);
/** How long one measurement lasts. */
export const SECONDS = positive('THREE_KEYS_BENCH_SECONDS', 2);
/** Which parts are run. */
export const ONLY = (process.env.THREE_KEYS_BENCH_ONLY ?? PARTS.join(',')).split(',').map((name) => name.trim());
for (const name of ONLY) {
  if (!PARTS.includes(name)) throw new Error(`THREE_KEYS_BENCH_ONLY names ${name}; there are ${PARTS.join(', ')}`);
}
/** What our server logs, as RUST_LOG has it; its own default where nothing is given. */
export const LOG_LEVEL = process.env.THREE_KEYS_BENCH_LOG;

/** Whether servers and load share all cores. */
export const ALL_CORES = process.env.THREE_KEYS_BENCH_CORES === 'all';
const LAST_CORE = availableParallelism() - 1;
// Otherwise the server has a core to itself, and so has the load: the server is then what limits, and no server gets
// more than one core.
export const SERVER_CORE = ALL_CORES ? `0-${LAST_CORE}` : '0';
export const LOAD_CORE = ALL_CORES ? `0-${LAST_CORE}` : String(Math.min(1, LAST_CORE));
