// axe finds nothing on any page, light and dark, on a phone and on a desk; and the keyboard is enough.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { attack } from './attacks';
import { open, openArticle, signInWithOAuth, signInWithPassword, wiki } from './support';

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
}

/** An attack of each lab. */
const ATTACKED = { basic: 'Replay a captured header', jwt: 'alg: none', oauth: 'A foreign state' } as const;

const wire = (page: Page) => page.getByRole('complementary', { name: 'The wire' });

/** Opens the drawer where there is one, and an exchange in it. */
async function openWire(page: Page): Promise<void> {
  const drawer = page.getByRole('button', { name: /^The wire:/ });
  if (await drawer.isVisible()) await drawer.click();
  await wire(page).locator('.crossing-line').last().click();
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      for (const path of ['/', '/basic', '/jwt', '/oauth', '/inspector', '/compare', '/audit', '/connect', '/trip-planner', '/callback', '/signed-out', '/no-such-page']) {
        test(`${path} has no violations and does not scroll sideways`, async ({ page }) => {
          await open(page, path);
          await expectNoViolations(page);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        });
      }

      for (const key of ['basic', 'jwt', 'oauth'] as const) {
        test(`signed in with ${key}, with a page open, a refusal and the secret shown`, async ({ page }) => {
          test.slow();
          await (key === 'oauth' ? signInWithOAuth(page, 'bob') : signInWithPassword(page, key, 'bob'));
          await openArticle(page, 'Welcome');
          await wiki(page).getByRole('button', { name: 'Edit' }).click();
          await expectNoViolations(page);
          await wiki(page).getByRole('button', { name: 'Save' }).click();
          await expect(page.getByRole('alert')).toContainText('403');
          await page.getByRole('button', { name: 'Reveal' }).first().click();
          await attack(page, ATTACKED[key]);
          await expectNoViolations(page);
          await openWire(page);
          await expectNoViolations(page);
          await wire(page).getByRole('button', { name: 'Diagram' }).click();
          await expectNoViolations(page);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        });
      }

      test("the authorization server's pages", async ({ page }) => {
        await open(page, '/oauth');
        await page.getByRole('checkbox', { name: /audit:read/ }).check();
        await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
        await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();
        await expectNoViolations(page);
        await page.getByLabel('Account', { exact: true }).fill('bob');
        await page.getByLabel('Password', { exact: true }).fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('alert')).toBeVisible();
        await expectNoViolations(page);
        await page.getByLabel('Password', { exact: true }).fill('open:sesame');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('heading', { name: /asks for access/ })).toBeVisible();
        await expectNoViolations(page);
        await page.goto('/oauth/applications');
        await expectNoViolations(page);
        await page.goto('/oauth/device');
        await expectNoViolations(page);
        await page.goto('/oauth/logout');
        await expectNoViolations(page);
        await page.goto('/oauth/authorize?client_id=nobody');
        await expect(page.getByRole('alert')).toBeVisible();
        await expectNoViolations(page);
      });
    });
  }
}

test('focus goes to the heading of the page that a link leads to', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('navigation').getByRole('link', { name: 'JWT' }).click();
  await page.waitForURL('**/jwt');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});
