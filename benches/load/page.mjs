// Time to interactive in Chromium, its processor slowed down four times.
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT } from './settings.mjs';
import { startOurs, stop, untilCompressed } from './servers.mjs';
import { smallestWasm } from './sizes.mjs';
import { median } from './statistics.mjs';
import { atMost, number, table } from './table.mjs';

const VISITS = 7;
const SLOWDOWN = 4;
const PATHS = ['/', '/oauth'];

// As in end2end/playwright.config.ts.
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs in the page: notes when hydration was done, in milliseconds since the navigation began. */
function watch() {
  const look = () => {
    if (globalThis.hydratedAt === undefined && document.querySelector('main[data-hydrated="true"]')) {
      globalThis.hydratedAt = performance.now();
    }
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, attributeFilter: ['data-hydrated'] });
}

async function visit(browser, url) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    const session = await context.newCDPSession(page);
    await session.send('Emulation.setCPUThrottlingRate', { rate: SLOWDOWN });
    await page.addInitScript(watch);
    await page.goto(url);
    const at = await page.waitForFunction(() => globalThis.hydratedAt, undefined, { timeout: 30_000 });
    const milliseconds = await at.jsonValue();
    await page.waitForLoadState('networkidle');
    const loaded = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter(({ name }) => name.endsWith('.wasm'))
        .map(({ encodedBodySize, startTime }) => ({ size: encodedBodySize / 1000, at: startTime })),
    );
    const sum = (parts) => parts.reduce((all, { size }) => all + size, 0);
    return { milliseconds, needed: sum(loaded.filter((part) => part.at <= milliseconds)), wasm: sum(loaded) };
  } finally {
    await context.close();
  }
}

export async function page(say) {
  const { chromium } = createRequire(join(ROOT, 'end2end/package.json'))('@playwright/test');
  const server = await startOurs();
  await untilCompressed(server);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ARGUMENTS });
  const found = Object.fromEntries(PATHS.map((path) => [path, []]));
  try {
    // The first visit pays for the start of the browser.
    await visit(browser, server.origin + '/');
    for (let count = 0; count < VISITS; count += 1) {
      for (const path of PATHS) found[path].push(await visit(browser, server.origin + path));
    }
  } finally {
    await browser.close();
  }
  await stop(server);
  say('page: done');
  const rows = PATHS.map((path) => {
    const times = found[path].map(({ milliseconds }) => milliseconds);
    return [
      `time to interactive, \`${path}\``,
      `${number(median(times))} ms (${number(Math.min(...times))}–${number(Math.max(...times))})`,
    ];
  });
  for (const path of PATHS) {
    const [needed, all] = ['needed', 'wasm'].map((kind) => median(found[path].map((visit) => visit[kind])));
    for (const { name, brotli } of smallestWasm()) {
      const of = needed / brotli;
      const yardstick = `${name}: ${number(brotli)} kB`;
      rows.push([`WASM that a first visit of \`${path}\` needs`, `${number(needed)} kB`, yardstick, of.toFixed(2), atMost(2, of)]);
    }
    rows.push([`WASM that a first visit of \`${path}\` loads in all`, `${number(all)} kB`]);
  }
  const notes = [
    `Chromium with a processor ${SLOWDOWN} times slower, over loopback, nothing cached, the median of ${VISITS} visits; ` +
      'from the start of the navigation until the page answers to clicks. WASM as it comes ' +
      'over the wire, brotli; it needs what it asked for until it answers, and may load more for what comes next. Chromium is not pinned to a core.',
  ];
  return { text: table('Time to interactive', rows, notes), data: found };
}
