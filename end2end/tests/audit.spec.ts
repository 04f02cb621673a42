// The audit log, followed live: who may, what comes, and what was said no to.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { open, signInWithOAuth, signInWithPassword } from './support';

const rows = (page: Page) => page.getByRole('table', { name: /Events/ }).locator('tbody tr');
const basic = (account: string, password: string) => ({ authorization: `Basic ${Buffer.from(`${account}:${password}`).toString('base64')}` });

test('signed out, it says how to get in; the auditor’s own credentials open it and are kept nowhere', async ({ page }) => {
  await open(page, '/audit');
  await expect(page.getByText('This tab holds no key')).toBeVisible();
  await page.getByRole('button', { name: 'Use auditor' }).click();
  await page.getByRole('button', { name: 'Open the log' }).press('Enter');
  await expect(page.getByText('Read with the second Basic realm')).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).toBe(0);
  await page.reload();
  await expect(page.getByText('This tab holds no key')).toBeVisible();
});

test('wrong credentials of the second realm are authentication’s refusal', async ({ page }) => {
  await open(page, '/audit');
  await page.getByLabel('Account', { exact: true }).fill('alice');
  await page.getByLabel('Password', { exact: true }).fill('wonderland');
  await page.getByRole('button', { name: 'Open the log' }).click();
  await expect(page.getByRole('alert')).toContainText('401');
  await expect(page.getByRole('alert')).toContainText('Authentication failed');
  await expect(page.getByRole('alert')).toContainText('Three Keys audit');
});

test('a viewer is known and may not', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'bob');
  await open(page, '/audit');
  await expect(page.getByRole('alert')).toContainText('403');
  await expect(page.getByRole('alert')).toContainText('Authentication succeeded');
});

test('an admin’s token without audit:read may not either', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  await open(page, '/audit');
  await expect(page.getByRole('alert')).toContainText('its scope does not cover this');
});

test('alice sees what comes, filters it, pauses it; her own reading is hidden until asked for', async ({ page, request }) => {
  await signInWithPassword(page, 'jwt', 'alice');
  await open(page, '/audit');
  await expect(rows(page).first()).toBeVisible();
  await expect(rows(page).filter({ hasText: 'read_audit' }).filter({ hasNotText: 'refused' })).toHaveCount(0);

  const name = `nobody-${Date.now()}`;
  await request.get('/api/basic/pages', { headers: basic('bob', 'wrong') });
  await request.post('/api/jwt/sign_in', { data: { username: 'bob', password: 'open:sesame' } });
  await expect(page.getByRole('status').filter({ hasText: /\d+ new events?/ })).toBeVisible({ timeout: 6000 });
  const refused = rows(page).filter({ hasText: 'refused' }).first();
  await expect(refused).toContainText('password');
  await expect(refused).toContainText('127.0.0.1');

  await page.getByRole('checkbox', { name: 'What was refused' }).check();
  for (const row of await rows(page).all()) await expect(row).toContainText('refused');
  await page.getByRole('checkbox', { name: 'What was refused' }).uncheck();
  await page.getByRole('combobox', { name: 'Action' }).selectOption('sign_in');
  await expect(rows(page).first()).toContainText('sign_in');
  await page.getByLabel('Account', { exact: true }).first().fill(name);
  await expect(page.getByText('No event fits.')).toBeVisible();
  await page.getByLabel('Account', { exact: true }).first().fill('');
  await page.getByRole('combobox', { name: 'Action' }).selectOption('');
  await page.getByRole('checkbox', { name: /readings/ }).check();
  await expect(rows(page).filter({ hasText: 'read_audit' }).first()).toContainText('alice');

  const readings: string[] = [];
  page.on('request', (sent) => sent.url().includes('/audit') && readings.push(sent.url()));
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect(page.getByRole('button', { name: 'Pause' })).toHaveAttribute('aria-pressed', 'true');
  await page.waitForTimeout(300);
  readings.length = 0;
  await page.waitForTimeout(2500);
  expect(readings).toEqual([]);
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.poll(() => readings.length, { timeout: 6000 }).toBeGreaterThan(0);
});

test('a hidden page reads nothing', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'alice');
  await open(page, '/audit');
  await expect(rows(page).first()).toBeVisible();
  await page.evaluate(() => Object.defineProperty(document, 'hidden', { value: true, configurable: true }));
  await page.waitForTimeout(300);
  const readings: string[] = [];
  page.on('request', (sent) => sent.url().includes('/audit') && readings.push(sent.url()));
  await page.waitForTimeout(2500);
  expect(readings).toEqual([]);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: false, configurable: true });
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  });
  await expect.poll(() => readings.length, { timeout: 1500 }).toBeGreaterThan(0);
});

test('what came earlier is loaded when asked for', async ({ page, request }) => {
  await signInWithPassword(page, 'jwt', 'alice');
  const token = (await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).match(/eyJ[\w-]+\.[\w-]+\.[\w-]+/)![0];
  const headers = { authorization: `Bearer ${token}` };
  // The log is long enough once more than one reading fits in; each reading of it is a row.
  for (let calls = 0; calls < 210; calls += 1) await request.get('/api/jwt/audit?limit=1', { headers });
  await open(page, '/audit');
  await page.getByRole('button', { name: 'Load earlier' }).click();
  await expect(page.getByRole('status').filter({ hasText: /\d+ earlier event/ })).toBeVisible();
  await expect(rows(page).first()).toBeVisible();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`open, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 360, height: 800 } });

    test('axe finds nothing, and nothing scrolls sideways', async ({ page }) => {
      await signInWithPassword(page, 'jwt', 'alice');
      await open(page, '/audit');
      await page.getByRole('checkbox', { name: /readings/ }).check();
      await expect(rows(page).first()).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
    });
  });
}
