// axe finds nothing on any page, light and dark, on a phone and on a desk; and the keyboard is enough.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { open, openArticle, signInWithOAuth, signInWithPassword, wiki } from './support';

async function expectNoViolations(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [360, 1280]) {
    test.describe(`${colorScheme}, ${width} px`, () => {
      test.use({ colorScheme, viewport: { width, height: 800 } });

      for (const path of ['/', '/basic', '/jwt', '/oauth', '/inspector', '/callback', '/signed-out', '/no-such-page']) {
        test(`${path} has no violations and does not scroll sideways`, async ({ page }) => {
          await open(page, path);
          await expectNoViolations(page);
          expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        });
      }

      for (const key of ['basic', 'jwt', 'oauth'] as const) {
        test(`signed in with ${key}, with a page open, a refusal and the secret shown`, async ({ page }) => {
          await (key === 'oauth' ? signInWithOAuth(page, 'bob') : signInWithPassword(page, key, 'bob'));
          await openArticle(page, 'Welcome');
          await wiki(page).getByRole('button', { name: 'Edit' }).click();
          await expectNoViolations(page);
          await wiki(page).getByRole('button', { name: 'Save' }).click();
          await expect(page.getByRole('alert')).toContainText('403');
          await page.getByRole('button', { name: 'Reveal' }).first().click();
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
        await page.getByLabel('Account').fill('bob');
        await page.getByLabel('Password').fill('wrong');
        await page.getByRole('button', { name: 'Sign in' }).click();
        await expect(page.getByRole('alert')).toBeVisible();
        await expectNoViolations(page);
        await page.getByLabel('Password').fill('open:sesame');
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

test('the keyboard alone signs in and opens a page', async ({ page }) => {
  await open(page, '/basic');
  const reach = async (name: string | RegExp, role: 'button' | 'textbox' | 'link') => {
    for (let presses = 0; presses < 60; presses += 1) {
      await page.keyboard.press('Tab');
      const target = role === 'textbox' ? page.getByLabel(name) : page.getByRole(role, { name, exact: typeof name === 'string' });
      if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    }
    throw new Error(`${name} cannot be reached with the Tab key`);
  };
  await reach('Account', 'textbox');
  await page.keyboard.type('bob');
  await reach('Password', 'textbox');
  await page.keyboard.type('open:sesame');
  await page.keyboard.press('Enter');
  await expect(wiki(page).getByRole('button', { name: 'Welcome' })).toBeVisible();
  await reach('Welcome', 'button');
  await page.keyboard.press('Enter');
  await expect(wiki(page).getByRole('article')).toBeVisible();
});

test('focus goes to the heading of the page that a link leads to', async ({ page }) => {
  await open(page, '/');
  await page.getByRole('navigation').getByRole('link', { name: 'JWT' }).click();
  await page.waitForURL('**/jwt');
  await expect(page.getByRole('heading', { level: 1 })).toBeFocused();
});
