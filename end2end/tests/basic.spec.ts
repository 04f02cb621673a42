// The first key: a password with every call.
import { expect, test } from '@playwright/test';
import { change, open, openArticle, signInWithPassword, wiki } from './support';

test('alice signs in, lists, reads, edits, and the next reading shows it', async ({ page, request }) => {
  await signInWithPassword(page, 'basic', 'alice');
  await openArticle(page, 'House rules');
  const text = `Changed with Basic at ${Date.now()}.`;
  await change(page, text);
  await expect(wiki(page).getByRole('article')).toContainText(text);
  const authorization = `Basic ${Buffer.from('bob:open:sesame').toString('base64')}`;
  const seen = await request.get('/api/basic/page?slug=house-rules', { headers: { authorization } });
  expect((await seen.json()).body).toBe(text);
});

test('a new page is created and deleted by an admin', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'alice');
  const slug = `made-${Date.now()}`;
  await wiki(page).getByRole('button', { name: 'New page' }).click();
  await wiki(page).getByLabel('Slug').fill(slug);
  await wiki(page).getByLabel('Title').fill(`Made ${slug}`);
  await wiki(page).getByLabel('Text').fill('New.');
  await wiki(page).getByRole('button', { name: 'Save' }).click();
  await openArticle(page, `Made ${slug}`);
  await wiki(page).getByRole('button', { name: 'Delete' }).click();
  await expect(wiki(page).getByRole('button', { name: `Made ${slug}`, exact: true })).toHaveCount(0);
});

test('a viewer who edits reads that authorization was refused, not authentication', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'bob');
  await openArticle(page, 'Welcome');
  await change(page, 'bob was here');
  const alert = page.getByRole('alert');
  await expect(alert).toContainText('403');
  await expect(alert).toContainText(/Authorization was refused/);
  await expect(alert).toContainText('role');
});

test('a wrong password is a 401 in words, and nobody is signed in', async ({ page }) => {
  await open(page, '/basic');
  await page.getByLabel('Account', { exact: true }).fill('alice');
  await page.getByLabel('Password', { exact: true }).fill('wrong');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(page.getByRole('alert')).toContainText('401');
  await expect(wiki(page)).toHaveCount(0);
});

test('UTF-8 credentials work in the browser', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'chloé');
});

test('a reload keeps the session, another tab has none, signing out forgets it', async ({ page, context }) => {
  await signInWithPassword(page, 'basic', 'bob');
  await page.reload();
  await expect(wiki(page)).toContainText('bob');

  const other = await context.newPage();
  await open(other, '/basic');
  await expect(other.getByLabel('Password', { exact: true })).toBeEnabled();
  await expect(wiki(other)).toHaveCount(0);

  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(wiki(page)).toHaveCount(0);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
});

test('a version that somebody else changed meanwhile is refused, and the way on is shown', async ({ page, request }) => {
  await signInWithPassword(page, 'basic', 'chloé');
  await openArticle(page, 'The three keys');
  await wiki(page).getByRole('button', { name: 'Edit' }).click();
  const authorization = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
  const now = await (await request.get('/api/basic/page?slug=three-keys', { headers: { authorization } })).json();
  const { slug, title, version } = now;
  const changed = await request.put('/api/basic/page', {
    headers: { authorization },
    data: { slug, title, body: 'Changed by alice.', version },
  });
  expect(changed.ok()).toBe(true);
  await wiki(page).getByLabel('Text').fill('Changed by chloé.');
  await wiki(page).getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('alert')).toContainText('409');
});
