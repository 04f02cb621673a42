// Without scripts the texts and tables are there, and the authorization server works whole.
import { expect, test } from '@playwright/test';
import { showPassword } from './support';

test.use({ javaScriptEnabled: false });

for (const path of ['/', '/basic', '/jwt', '/oauth', '/audit', '/connect', '/trip-planner', '/inspector', '/compare']) {
  test(`${path} is readable`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect((await page.locator('main').innerText()).length).toBeGreaterThan(500);
    expect(await page.getByRole('navigation').getByRole('link').count()).toBeGreaterThanOrEqual(3);
  });
}

test('the comparison of the keys is a table that the server rendered', async ({ page }) => {
  await page.goto('/');
  const table = page.getByRole('table', { name: /Three keys/ });
  await expect(table.getByRole('columnheader', { name: /OAuth/ })).toBeVisible();
  expect(await table.getByRole('row').count()).toBeGreaterThanOrEqual(6);
});

test('sign-in and consent lead to the redirect without any script', async ({ page, baseURL }) => {
  // Nobody listens there; the address is what counts.
  const back = page.waitForRequest((request) => request.url().startsWith('http://127.0.0.1:3098/callback'));
  const challenge = 'E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM';
  await page.goto(
    '/oauth/authorize?response_type=code&client_id=native-app&scope=pages:read&state=xyz&prompt=consent' +
      `&redirect_uri=${encodeURIComponent('http://127.0.0.1:3098/callback')}` +
      `&code_challenge=${challenge}&code_challenge_method=S256`,
  );
  expect(await page.locator('script').count()).toBe(0);
  await showPassword(page, 'bob');
  await page.getByRole('button', { name: 'Allow' }).click().catch(() => {});
  const answer = new URL((await back).url()).searchParams;
  expect(answer.get('state')).toBe('xyz');
  expect(answer.get('code')).toBeTruthy();
  expect(answer.get('iss')).toBe(baseURL);
});
