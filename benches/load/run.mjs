// The load comparison: `node benches/load/run.mjs`, after what `make bench` builds. Everything stays on loopback.
//
//   THREE_KEYS_BENCH_ROUNDS    rounds, of which each figure is the median (5)
//   THREE_KEYS_BENCH_SECONDS   how long one measurement lasts (2)
//   THREE_KEYS_BENCH_ONLY      which parts are run (api,oauth,process,page,growth)
//   THREE_KEYS_BENCH_CORES     "all" for servers and load on all cores (one core each)
//   THREE_KEYS_BENCH_LOG       the log level of our server (its default: a line for each request)
//
// The tables go to standard output and to target/bench/load.md, all figures to target/bench/load.json, the picture to
// target/bench/growth.svg. With --docs, tables and picture go into docs/ too.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, release } from 'node:os';
import { join } from 'node:path';
import { api } from './api.mjs';
import { growth } from './growth.mjs';
import { oauth } from './oauth.mjs';
import { page } from './page.mjs';
import { process as ourProcess } from './process.mjs';
import { ALL_CORES, BINARY, LOAD_CORE, LOG_LEVEL, ONLY, RESULTS, ROOT, ROUNDS, SECONDS, SERVER_CORE } from './settings.mjs';
import { guards } from './table.mjs';

const PARTS = { api, oauth, process: ourProcess, page, growth };
const say = (words) => console.error(words);

function needs(command, args, words) {
  try {
    // wrk says its version and ends with 1.
    execFileSync(command, args, { stdio: 'ignore' });
  } catch (error) {
    if (error.code === 'ENOENT') throw new Error(words);
  }
}

function commit() {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  try {
    return (
      git('rev-parse', '--short', 'HEAD') +
      (git('status', '--porcelain', '--untracked-files=no') ? ' with changes' : '')
    );
  } catch {
    return 'unknown';
  }
}

needs('wrk', ['--version'], 'wrk is missing; scripts/setup --bench installs it');
needs('taskset', ['--version'], 'taskset is missing; it comes with util-linux');
if (!existsSync(BINARY)) throw new Error(`${BINARY} is missing; make bench builds it`);
if (ONLY.includes('page') && !existsSync(join(ROOT, 'end2end/node_modules/@playwright/test'))) {
  throw new Error('Playwright is missing; scripts/setup --bench installs it');
}
mkdirSync(RESULTS, { recursive: true });

const started = performance.now();
const about = {
  machine: `${cpus().length} × ${cpus()[0].model}, Linux ${release()}, Node ${process.version}`,
  commit: commit(),
  rounds: ROUNDS,
  seconds: SECONDS,
  log: LOG_LEVEL ?? 'default',
  parts: ONLY,
};
const texts = [
  '## Load',
  '',
  `${about.machine}; commit ${about.commit}. Each figure is the median of ${ROUNDS} interleaved rounds of ${SECONDS} s; a ratio is taken ` +
    `within each round, and its spread stands in brackets. ` +
    (ALL_CORES
      ? `Servers and wrk (one thread, kept-alive connections) share cores ${SERVER_CORE}. `
      : `Servers run on core ${SERVER_CORE} alone and wrk (one thread, kept-alive connections) on core ${LOAD_CORE}, so ` +
        'that the server is what limits; no server gets more than one core. ') +
    `Our server writes ${LOG_LEVEL ? `a log of level ${LOG_LEVEL}` : 'its usual log, with lines for each request,'} to /dev/null. ` +
    'Two of our limits are raised to 2048, because one address makes all the load: ' +
    'connections for each address, and requests under way. Any answer that is no success fails the run.',
  '',
];
const data = { about };
for (const name of ONLY) {
  const { text, data: found } = await PARTS[name](say);
  texts.push(text);
  data[name] = found;
}
const guarded = guards();
if (guarded) {
  texts.push(guarded.text);
  data.guards = guarded.medians;
}
data.about.minutes = Number(((performance.now() - started) / 60_000).toFixed(1));
const markdown = `${texts.join('\n').trimEnd()}\n`;
writeFileSync(join(RESULTS, 'load.md'), markdown);
writeFileSync(join(RESULTS, 'load.json'), `${JSON.stringify(data, null, 2)}\n`);
console.log(markdown);
if (process.argv.includes('--docs')) {
  const page = join(ROOT, 'docs/performance.md');
  const [before, rest] = readFileSync(page, 'utf8').split('<!-- the tables -->\n');
  const after = rest.split('<!-- the end of the tables -->')[1];
  writeFileSync(page, `${before}<!-- the tables -->\n${markdown.replace('## Load\n\n', '')}<!-- the end of the tables -->${after}`);
  if (ONLY.includes('growth')) copyFileSync(join(RESULTS, 'growth.svg'), join(ROOT, 'docs/growth.svg'));
}
say(`load: ${data.about.minutes} minutes`);
