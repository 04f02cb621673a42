// What each page looks like: on a desk in the light, on a phone in the dark. Pictures depend on the browser and on the
// fonts of the machine, so both are noted beside them; with others the comparison is skipped, and says so.
// `npm run snapshots` renews them.
import { expect, test, type Page } from '@playwright/test';
import { readFileSync, writeFileSync } from 'node:fs';
import { open, signInWithPassword } from './support';

const NOTED = new URL('./visual.spec.ts-snapshots/machine.json', import.meta.url);
const isRenewing = () => test.info().config.updateSnapshots === 'all';

/** The browser, and how wide some text is in each face of the house. */
async function machine(page: Page): Promise<string> {
  const widths = await page.evaluate(() => {
    const context = document.createElement('canvas').getContext('2d')!;
    const faces = getComputedStyle(document.documentElement);
    return ['--serif', '--sans', '--mono'].map((face) => {
      context.font = `100px ${faces.getPropertyValue(face)}`;
      return context.measureText('Three Keys: WWW-Authenticate, 0123456789').width.toFixed(2);
    });
  });
  return JSON.stringify({ chromium: page.context().browser()!.version(), widths });
}

async function look(page: Page, name: string): Promise<void> {
  const now = await machine(page);
  if (isRenewing()) writeFileSync(NOTED, `${now}\n`);
  const noted = readFileSync(NOTED, 'utf8').trim();
  test.skip(now !== noted, `the pictures are of another machine: ${noted}, this is ${now}`);
  // Times differ from run to run.
  const mask = [page.locator('.crossing-facts, .check-time, .countdown')];
  await expect(page).toHaveScreenshot(`${name}.png`, { animations: 'disabled', maxDiffPixelRatio: 0.01, mask });
}

const PAGES = {
  home: '/',
  basic: '/basic',
  jwt: '/jwt',
  oauth: '/oauth',
  'trip-planner': '/trip-planner',
  compare: '/compare',
  inspector: '/inspector',
  connect: '/connect',
  audit: '/audit',
  'signed-out': '/signed-out',
  'not-found': '/no-such-page',
};

for (const [look_, colorScheme, width, height] of [
  ['desk', 'light', 1280, 800],
  ['phone', 'dark', 360, 740],
] as const) {
  test.describe(`${colorScheme}, ${width} px`, () => {
    test.use({ colorScheme, viewport: { width, height } });

    for (const [name, path] of Object.entries(PAGES)) {
      test(`${name} looks as it did`, async ({ page }) => {
        await open(page, path);
        await look(page, `${name}-${look_}`);
      });
    }

    test('a lab with a refusal and the wire looks as it did', async ({ page }) => {
      await signInWithPassword(page, 'jwt', 'bob');
      const card = page.getByRole('article', { name: 'alg: none' });
      await card.getByRole('button', { name: 'Try it' }).click();
      await expect(card.locator('.careless')).toBeVisible();
      await card.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }));
      await look(page, `attacked-${look_}`);
    });
  });
}
