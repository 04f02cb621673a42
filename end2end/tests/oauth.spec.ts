// The third key: access without sharing a password.
import { expect, test, type Page } from '@playwright/test';
import { allow, change, expectSignedIn, open, openArticle, showPassword, signInWithOAuth, wiki } from './support';

/** Collects the calls of the page to the token endpoint. */
function tokenCalls(page: Page): string[] {
  const calls: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/oauth/token')) calls.push(request.postData() ?? '');
  });
  return calls;
}

test('alice goes through sign-in and consent, lists, reads, edits, and the next reading shows it', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  expect(new URL(page.url()).search).toBe('');
  await openArticle(page, 'House rules');
  const text = `Changed with OAuth at ${Date.now()}.`;
  await change(page, text);
  await expect(wiki(page).getByRole('article')).toContainText(text);
  await page.reload();
  await openArticle(page, 'House rules');
  await expect(wiki(page).getByRole('article')).toContainText(text);
});

test('a scope that was not granted is refused, though the role would allow it', async ({ page }) => {
  await open(page, '/oauth');
  await page.getByRole('checkbox', { name: /pages:write/ }).uncheck();
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await showPassword(page, 'chloé');
  await allow(page);
  await expectSignedIn(page, 'chloé');
  await openArticle(page, 'Welcome');
  await change(page, 'without the scope');
  await expect(page.getByRole('alert')).toContainText('403');
  await expect(page.getByRole('alert')).toContainText('pages:write');
});

test('partial consent: what was unticked is not in the token', async ({ page }) => {
  await open(page, '/oauth');
  // Nobody ever grants this scope for bob, so consent is asked whatever he allowed before.
  await page.getByRole('checkbox', { name: /audit:read/ }).check();
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await showPassword(page, 'bob');
  await page.getByRole('checkbox', { name: /audit:read/ }).uncheck();
  await page.getByRole('checkbox', { name: /pages:write/ }).uncheck();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expectSignedIn(page, 'bob');
  await expect(wiki(page)).toContainText('pages:read');
  await expect(wiki(page)).not.toContainText('pages:write');
  await expect(wiki(page)).not.toContainText('audit:read');
});

test('a viewer who may write by scope is refused for the role', async ({ page }) => {
  await signInWithOAuth(page, 'bob');
  await expect(wiki(page)).toContainText('pages:write');
  await openArticle(page, 'Welcome');
  await change(page, 'bob was here');
  await expect(page.getByRole('alert')).toContainText('403');
  await expect(page.getByRole('alert')).toContainText('viewer may not');
});

test('another tab has no tokens, though the authorization server still knows the browser', async ({ page, context }) => {
  await signInWithOAuth(page, 'chloé');
  const other = await context.newPage();
  await open(other, '/oauth');
  await expect(other.getByRole('button', { name: 'Sign in with OAuth' })).toBeEnabled();
  await expect(wiki(other)).toHaveCount(0);
  expect(await other.evaluate(() => sessionStorage.length)).toBe(0);
});

test('who denies is told so, and nobody is signed in', async ({ page }) => {
  const calls = tokenCalls(page);
  await open(page, '/oauth');
  await page.getByRole('checkbox', { name: /audit:read/ }).check();
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await showPassword(page, 'bob');
  await page.getByRole('button', { name: 'Deny' }).click();
  await page.waitForURL('**/callback');
  await expect(page.getByRole('alert')).toContainText('access_denied');
  expect(calls).toEqual([]);
});

test('a wrong password at the authorization server is said in words', async ({ page }) => {
  await open(page, '/oauth');
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await showPassword(page, 'bob', 'wrong');
  await expect(page.getByRole('alert')).toContainText('do not fit together');
  await expect(page.getByLabel('Account', { exact: true })).toHaveValue('bob');
});

for (const [what, query] of [
  ['a state of no transaction in this tab', 'code=stolen&state=foreign&iss=ORIGIN'],
  ['no state at all', 'code=stolen&iss=ORIGIN'],
] as const) {
  test(`the callback refuses ${what} before it asks for tokens`, async ({ page, baseURL }) => {
    const calls = tokenCalls(page);
    await open(page, `/callback?${query.replace('ORIGIN', encodeURIComponent(baseURL!))}`);
    await expect(page.getByRole('alert')).toBeVisible();
    expect(new URL(page.url()).search).toBe('');
    expect(calls).toEqual([]);
  });
}

for (const [what, iss] of [
  ['a foreign iss', 'http://evil.example'],
  ['no iss', ''],
] as const) {
  test(`the callback refuses ${what} before it asks for tokens (RFC 9207 §2.4)`, async ({ page }) => {
    const calls = tokenCalls(page);
    await open(page, '/oauth');
    // The answer is bent on its way back: the state is right, the issuer is not.
    await page.route('**/oauth/authorize?*', (route) => {
      const state = new URL(route.request().url()).searchParams.get('state')!;
      const answer = new URLSearchParams({ code: 'stolen', state });
      if (iss) answer.set('iss', iss);
      return route.fulfill({ status: 303, headers: { location: `/callback?${answer}` } });
    });
    await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
    await page.waitForURL('**/callback');
    await expect(page.getByRole('alert')).toBeVisible();
    expect(calls).toEqual([]);
  });
}

test('an expired access token is refreshed once for many waiting calls, and the old refresh token is replaced', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  const before = await page.evaluate(() => JSON.stringify({ ...sessionStorage }));
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) {
      sessionStorage.setItem(key, sessionStorage.getItem(key)!.replace(/"expires_at":\d+(\.\d+)?/, '"expires_at":1'));
    }
  });
  const calls = tokenCalls(page);
  await page.reload();
  await expectSignedIn(page, 'alice');
  expect(calls).toHaveLength(1);
  expect(calls[0]).toContain('grant_type=refresh_token');
  const sent = new URLSearchParams(calls[0]).get('refresh_token')!;
  expect(before).toContain(sent);
  expect(await page.evaluate(() => JSON.stringify({ ...sessionStorage }))).not.toContain(sent);
});

test('an access token that the server no longer accepts is refreshed once for all calls that it refused', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  // Another letter in the middle of the signature; by its own clock the token is still good.
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) {
      const bend = (_: string, head: string, one: string) => head + (one === 'A' ? 'B' : 'A');
      sessionStorage.setItem(key, sessionStorage.getItem(key)!.replace(/("access_token":"[\w-]+\.[\w-]+\.[\w-]{10})(.)/, bend));
    }
  });
  const calls = tokenCalls(page);
  const refused: string[] = [];
  page.on('response', (response) => {
    if (response.status() === 401) refused.push(new URL(response.url()).pathname);
  });
  await page.reload();
  await expectSignedIn(page, 'alice');
  expect(refused.length).toBeGreaterThan(1);
  expect(calls).toHaveLength(1);
});

test('a token type that is not known is refused (RFC 6749 §7.1)', async ({ page }) => {
  await page.route('**/oauth/token', async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ response: answer, json: { ...(await answer.json()), token_type: 'mac' } });
  });
  await open(page, '/oauth');
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await showPassword(page, 'alice');
  await page.getByRole('button', { name: 'Allow' }).or(page.getByRole('alert')).first().waitFor();
  if (await page.getByRole('button', { name: 'Allow' }).isVisible()) await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByRole('alert')).toBeVisible();
  await expect(wiki(page)).toHaveCount(0);
});

test('signing out revokes at the authorization server and forgets everything in the tab', async ({ page, request }) => {
  await signInWithOAuth(page, 'alice');
  const stored = await page.evaluate(() => JSON.stringify({ ...sessionStorage }).replaceAll('\\"', '"'));
  const token = stored.match(/"access_token":"([^"]+)"/)![1];
  const headers = { authorization: `Bearer ${token}` };
  expect((await request.get('/api/oauth/profile', { headers })).status()).toBe(200);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(wiki(page)).toHaveCount(0);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  expect((await request.get('/api/oauth/profile', { headers })).status()).toBe(401);
});

test('an account sees what it allowed, and revokes one application', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  await page.goto('/oauth/applications');
  await expect(page.getByRole('heading', { name: 'Three Keys', exact: true })).toBeVisible();
  await page.getByRole('button', { name: 'Revoke Three Keys' }).click();
  await expect(page.getByRole('button', { name: 'Revoke Three Keys' })).toHaveCount(0);
  await page.goto('/oauth');
  await expect(page.getByRole('alert')).toContainText(/sign in again|revoked|401/i);
});
