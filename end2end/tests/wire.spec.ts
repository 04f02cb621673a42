// The wire: every exchange of the tab, as a list and drawn, across redirects, by keyboard, with its secrets masked.
import { expect, test, type Page } from '@playwright/test';
import { open, signInWithOAuth, signInWithPassword } from './support';

const wire = (page: Page) => page.getByRole('complementary', { name: 'The wire' });

test('each call is there with request, answer, time, bytes and the checks of the server', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'bob');
  const line = wire(page).getByRole('button', { name: /GET \/api\/basic\/profile/ }).last();
  await expect(line).toContainText(/200.*ms · \d+ B/);
  await line.click();
  await expect(line).toHaveAttribute('aria-expanded', 'true');
  const opened = wire(page).getByRole('listitem').filter({ has: page.getByRole('button', { expanded: true }) });
  await expect(opened).toContainText('GET /api/basic/profile HTTP/1.1');
  await expect(opened).toContainText('prefer: explain');
  await expect(opened).toContainText('"username": "bob"');
  const check = opened.getByRole('listitem').filter({ hasText: 'well_formed' });
  await expect(check).toContainText(/passed.*RFC 7617 §2.*µs/);
  await expect(check.getByRole('link')).toHaveAttribute('href', 'https://www.rfc-editor.org/rfc/rfc7617#section-2');
});

test('a refused call shows which check refused, and which were not reached', async ({ page }) => {
  await open(page, '/basic');
  await page.getByRole('button', { name: 'Call without credentials' }).click();
  await wire(page).getByRole('button', { name: /401.*GET \/api\/basic\/pages/ }).click();
  await expect(wire(page).getByRole('listitem').filter({ hasText: /^✗credentials/ })).toContainText('refused');
  await expect(wire(page).getByRole('listitem').filter({ hasText: /^·password/ })).toContainText('not reached');
});

test('secrets are masked until they are asked for, and coloured by part', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'bob');
  await wire(page).getByRole('button', { name: /GET \/api\/jwt\/profile/ }).click();
  await expect(wire(page)).not.toContainText('eyJ');
  await wire(page).getByRole('button', { name: 'Show secrets' }).click();
  const opened = wire(page).locator('.crossing-body');
  await expect(opened.locator('.part-header')).toHaveText(/^eyJ/);
  await expect(opened.locator('.part-claims')).toHaveText(/^eyJ/);
  await expect(opened.locator('.part-signature')).toHaveText(/^[\w-]{86}$/);
});

test('the front channel is recorded across the redirects, and masked', async ({ page }) => {
  await signInWithOAuth(page, 'bob');
  const leaving = wire(page).getByRole('button', { name: /GET \/oauth\/authorize/ });
  await leaving.click();
  const opened = wire(page).locator('.crossing-body');
  await expect(opened).toContainText('front channel');
  await expect(opened).toContainText('code_challenge=');
  await expect(opened).toContainText('/callback?code=••••••');
  await expect(wire(page).getByRole('button', { name: /POST \/oauth\/token/ })).toBeVisible();
});

test('it is handed over at a reload, and nothing of it stays in the storage of an open page', async ({ page }) => {
  await open(page, '/basic');
  await page.getByRole('button', { name: 'Call without credentials' }).click();
  await expect(wire(page).getByRole('button', { name: /GET \/api\/basic\/pages/ })).toBeVisible();
  await page.reload();
  await expect(wire(page).getByRole('button', { name: /GET \/api\/basic\/pages/ })).toBeVisible();
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await wire(page).getByRole('button', { name: 'Clear' }).click();
  await expect(wire(page)).toContainText('Nothing has crossed it yet');
  await page.reload();
  await expect(wire(page)).toContainText('Nothing has crossed it yet');
});

test('signing out strikes the secrets out of it', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'bob');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await wire(page).getByRole('button', { name: 'Show secrets' }).click();
  for (const name of [/POST \/api\/jwt\/sign_in/, /GET \/api\/jwt\/profile/, /POST \/api\/jwt\/sign_out/]) {
    await wire(page).getByRole('button', { name }).click();
    await expect(wire(page).locator('.crossing-body')).toContainText('(forgotten)');
    await expect(wire(page)).not.toContainText('eyJ');
    await expect(wire(page)).not.toContainText('open:sesame');
  }
});

test('an exchange is copied as curl, and the command repeats it', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await signInWithPassword(page, 'basic', 'bob');
  await wire(page).getByRole('button', { name: /GET \/api\/basic\/profile/ }).last().click();
  await wire(page).getByRole('button', { name: 'Copy as curl' }).click();
  await expect(wire(page)).toContainText('Copied');
  const command = await page.evaluate(() => navigator.clipboard.readText());
  const { execFileSync } = await import('node:child_process');
  const answer = execFileSync('sh', ['-c', `${command} -s`]).toString();
  expect(answer).toMatch(/^HTTP\/1.1 200/);
  expect(answer).toContain('"username":"bob"');
});

test('the diagram draws the exchanges between three lanes, and each arrow opens its own by keyboard', async ({ page }) => {
  await signInWithOAuth(page, 'bob');
  await wire(page).getByRole('button', { name: 'Diagram' }).click();
  const diagram = wire(page).getByRole('group', { name: /Sequence diagram/ });
  await expect(diagram).toContainText('Authorization');
  await expect(diagram).toContainText('Resource');
  const arrow = diagram.getByRole('button', { name: /^POST \/oauth\/token ?200/ });
  await arrow.focus();
  await page.keyboard.press('Enter');
  await expect(wire(page).getByRole('button', { name: /POST \/oauth\/token/ })).toHaveAttribute('aria-expanded', 'true');
  await expect(wire(page).locator('.crossing-body')).toContainText('grant_type=authorization_code');
});

test('on a phone it is a drawer that opens, and closes with Escape', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await open(page, '/basic');
  const drawer = page.getByRole('button', { name: /^The wire:/ });
  await expect(drawer).toHaveAttribute('aria-expanded', 'false');
  await expect(wire(page).getByRole('button', { name: 'Clear' })).toBeHidden();
  await drawer.focus();
  await page.keyboard.press('Enter');
  await expect(drawer).toHaveAttribute('aria-expanded', 'true');
  await expect(wire(page).getByRole('button', { name: 'Clear' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(drawer).toHaveAttribute('aria-expanded', 'false');
  await expect(drawer).toBeFocused();
});

test('an attack leads to its exchange', async ({ page }) => {
  await open(page, '/jwt');
  const card = page.getByRole('article', { name: 'alg: none' });
  await card.getByRole('button', { name: 'Try it' }).click();
  await card.getByRole('button', { name: 'See the exchange' }).click();
  await expect(wire(page).locator('.crossing-body')).toContainText('the algorithm is not the one');
});
