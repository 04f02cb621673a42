// The OAuth lab: the flow by steps, the token's life, step-up, and every attack.
import { expect, test } from '@playwright/test';
import { attack, expectCaughtBy } from './attacks';
import { allow, change, open, openArticle, showPassword, signInWithOAuth, wiki } from './support';

test('one step at a time: each request is shown before it is sent', async ({ page }) => {
  await open(page, '/oauth');
  await page.getByRole('button', { name: 'One step at a time' }).click();
  await expect(page.getByRole('heading', { name: /Step 1 of 3/ })).toBeFocused();
  const request = page.locator('.step');
  for (const name of ['response_type', 'state', 'code_challenge', 'redirect_uri']) await expect(request).toContainText(name);
  expect(page.url()).toMatch(/\/oauth$/);
  await page.getByRole('button', { name: 'Send it: go to the authorization server' }).click();
  await showPassword(page, 'bob');
  const answered = page.getByRole('heading', { name: /Step 2 of 3/ });
  await expect(page.getByRole('button', { name: 'Allow' }).or(answered).first()).toBeVisible();
  if (!(await answered.isVisible())) await page.getByRole('button', { name: 'Allow' }).click();
  await expect(answered).toBeVisible();
  await expect(wiki(page)).toHaveCount(0);
  const exchanged = page.waitForRequest('**/oauth/token');
  await page.getByRole('button', { name: 'Send it: exchange the code' }).click();
  expect((await exchanged).postData()).toContain('code_verifier=');
  await expect(wiki(page)).toContainText('bob');
});

test('refresh, introspection and revocation, each with its answer', async ({ page }) => {
  await signInWithOAuth(page, 'bob');
  const actions = page.getByRole('region', { name: 'At the authorization server' });
  await actions.getByRole('button', { name: 'Introspect' }).click();
  await expect(actions).toContainText('"active": true');
  await actions.getByRole('button', { name: 'Refresh' }).click();
  await expect(actions).toContainText('Refreshed');
  await actions.getByRole('button', { name: 'Revoke the access token' }).click();
  await expect(actions).toContainText('Revoked');
  await actions.getByRole('button', { name: 'Introspect' }).click();
  await expect(actions).toContainText('"active": false');
  // The next call is refused, refreshed and repeated without anybody noticing.
  await openArticle(page, 'Welcome');
});

test('a missing scope is asked for when it is needed', async ({ page }) => {
  await open(page, '/oauth');
  await page.getByRole('checkbox', { name: /pages:write/ }).uncheck();
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await showPassword(page, 'chloé');
  await allow(page);
  await openArticle(page, 'Welcome');
  const text = `Written after a step-up at ${Date.now()}.`;
  await change(page, text);
  await expect(page.getByRole('alert')).toContainText('403');
  await page.getByRole('button', { name: 'Ask for pages:write as well' }).click();
  await allow(page);
  await openArticle(page, 'Welcome');
  await change(page, text);
  await expect(wiki(page).getByRole('article')).toContainText(text);
});

const CAUGHT: [string, ...string[]][] = [
  ['Change the redirect URI', 'check_redirect_uri'],
  ['A stolen code without its verifier', 'check_code_verifier'],
  ['Use a code twice', 'check_code_once', 'revocation'],
  ['A foreign state', 'state'],
  ['A foreign issuer', 'issuer'],
  ['Ask for a wider scope', 'check_refresh_scope', 'check_scope'],
  ['An old refresh token', 'check_refresh_once', 'check_refresh_alive', 'revocation'],
  ['The ID token as an access token', 'type'],
  ['Steal a DPoP-bound token', 'dpop_binding', 'dpop_bound_key'],
];

for (const [title, ...checks] of CAUGHT) {
  test(`${title}: caught by ${checks.join(', ')}`, async ({ page }) => {
    await open(page, '/oauth');
    await expectCaughtBy(page, title, ...checks);
    expect(page.url()).not.toContain('code=');
  });
}

test('the attacks leave the sign-in of the tab alone', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  await attack(page, 'An old refresh token');
  await expect(wiki(page)).toContainText('alice');
  await page.reload();
  await openArticle(page, 'Welcome');
});

test('a copy of the tab forgets the refresh token, and the original goes on (RFC 9700 §4.14.2)', async ({ page, context }) => {
  await signInWithOAuth(page, 'bob');
  // The browser copies session storage into a window that a page opens, as it does when a tab is duplicated.
  const [copy] = await Promise.all([context.waitForEvent('page'), page.evaluate(() => void window.open('/oauth'))]);
  await expect(copy.locator('main[data-hydrated="true"]')).toBeAttached();
  await expect(copy.getByRole('alert')).toContainText('copy of another one');
  expect(await copy.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain('refresh_token');
  const actions = page.getByRole('region', { name: 'At the authorization server' });
  await actions.getByRole('button', { name: 'Refresh' }).click();
  await expect(actions).toContainText('Refreshed');
  await page.reload();
  await openArticle(page, 'Welcome');
});
