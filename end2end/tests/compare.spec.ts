// The comparison: measured here and now, and what a script on the page could read.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { open, signInWithOAuth, signInWithPassword } from './support';

const row = (page: Page, name: string) => page.getByRole('table', { name: 'Measured here and now' }).getByRole('row', { name });

async function measure(page: Page, rounds: number): Promise<void> {
  await page.getByLabel('Rounds').fill(String(rounds));
  await page.getByRole('button', { name: 'Measure' }).click();
  await expect(page.getByText('Measured. The numbers are below.')).toBeVisible();
}

test('each door is measured; what has no key says how to get one', async ({ page }) => {
  const asked: Record<string, number> = {};
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    asked[pathname] = (asked[pathname] ?? 0) + 1;
  });
  await open(page, '/compare');
  await measure(page, 5);
  for (const path of ['open/pages', 'basic/pages', 'jwt/pages', 'jwt_revocable/profile']) expect(asked[`/api/${path}`]).toBe(5);
  expect(asked['/api/oauth/pages']).toBeUndefined();
  await expect(row(page, '/api/open/pages')).toContainText(/\d+ \+ \d+ B.*\d+\.\d\d ms.*none/);
  await expect(row(page, '/api/basic/pages')).toContainText(/µs/);
  await expect(row(page, '/api/basic/pages')).toContainText(/[01] in 5 calls/);
  await expect(row(page, '/api/jwt/pages')).toContainText('0 in 5 calls');
  await expect(row(page, '/api/jwt_revocable/profile')).toContainText('5 in 5 calls');
  await expect(row(page, '/api/oauth/pages').getByRole('link', { name: 'Sign in with OAuth' })).toHaveAttribute('href', '/oauth');
  await expect(page.getByRole('img', { name: /times as bars/ })).toBeVisible();
});

test('with an access token in the tab OAuth is measured too', async ({ page }) => {
  await signInWithOAuth(page, 'bob');
  await open(page, '/compare');
  await measure(page, 3);
  await expect(row(page, '/api/oauth/pages')).toContainText('0 in 3 calls');
});

test('the keyboard starts and stops it', async ({ page }) => {
  await open(page, '/compare');
  await page.getByLabel('Rounds').fill('200');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('progressbar')).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).press('Enter');
  await expect(page.getByText('Measured. The numbers are below.')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Measure' })).toBeEnabled();
});

test('what a script could read is listed with beginnings only, and no cookie', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'bob');
  await signInWithPassword(page, 'jwt', 'bob');
  await signInWithOAuth(page, 'bob');
  await open(page, '/compare');
  await page.getByRole('button', { name: /could read/ }).click();
  const found = page.getByTestId('readable');
  for (const word of ['a password', 'a JSON Web Token', 'a refresh token', 'an access token']) await expect(found).toContainText(word);
  await expect(found).not.toContainText('open:sesame');
  await expect(found).toContainText('HttpOnly');
  expect(await page.evaluate(() => document.cookie)).toBe('');
  const text = await found.innerText();
  const stored = await page.evaluate(() => Object.values({ ...sessionStorage }).join('\n'));
  for (const [token] of stored.matchAll(/eyJ[\w-]{20}/g)) expect(text).not.toContain(token);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`measured, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 360, height: 800 } });

    test('axe finds nothing, and nothing scrolls sideways', async ({ page }) => {
      await open(page, '/compare');
      await measure(page, 2);
      await page.getByRole('button', { name: /could read/ }).click();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  });
}
