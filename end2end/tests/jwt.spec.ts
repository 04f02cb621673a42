// The second key: signed once, shown many times.
import { expect, test } from '@playwright/test';
import { change, open, openArticle, signInWithPassword, wiki } from './support';

test('chloé signs in, reads, edits, and the next reading shows it', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'chloé');
  await openArticle(page, 'Welcome');
  const text = `Changed with a JWT at ${Date.now()}.`;
  await change(page, text);
  await expect(wiki(page).getByRole('article')).toContainText(text);
  await page.reload();
  await openArticle(page, 'Welcome');
  await expect(wiki(page).getByRole('article')).toContainText(text);
});

test('a viewer who edits gets the 403 explained', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'bob');
  await openArticle(page, 'Welcome');
  await change(page, 'bob was here');
  await expect(page.getByRole('alert')).toContainText('403');
  await expect(page.getByRole('alert')).toContainText('viewer may not');
});

test('the token is shown taken apart, and masked until it is revealed', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'alice');
  const token = await storedText(page, 'eyJ');
  const main = page.locator('main');
  await expect(main).not.toContainText(token);
  await expect(main).toContainText('three-keys-door+jwt');
  await page.getByRole('button', { name: 'Reveal' }).click();
  await expect(page.getByRole('button', { name: 'Reveal' })).toHaveAttribute('aria-pressed', 'true');
  await expect(main).toContainText(token.split('.')[2]);
});

test('a token that is not ours is refused with the check that caught it', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'alice');
  // Another letter in the middle of the signature.
  await page.evaluate(() => {
    for (const key of Object.keys(sessionStorage)) {
      const value = sessionStorage.getItem(key)!;
      const changed = value.replace(/(eyJ[\w-]+\.[\w-]+\.)([\w-]{10})(.)/, (_, head, ten, one) => head + ten + (one === 'A' ? 'B' : 'A'));
      sessionStorage.setItem(key, changed);
    }
  });
  await page.reload();
  await expect(page.getByRole('alert')).toContainText('401');
  await expect(page.getByRole('alert')).toContainText('signature');
});

test('another tab has no token, and signing out forgets it in this one', async ({ page, context }) => {
  await signInWithPassword(page, 'jwt', 'bob');
  const other = await context.newPage();
  await open(other, '/jwt');
  await expect(other.getByLabel('Password', { exact: true })).toBeEnabled();
  await expect(wiki(other)).toHaveCount(0);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await expect(wiki(page)).toHaveCount(0);
  expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
  await open(page, '/jwt');
  await expect(wiki(page)).toHaveCount(0);
});

async function storedText(page: import('@playwright/test').Page, start: string): Promise<string> {
  const stored = await page.evaluate(() => Object.values({ ...sessionStorage }).join('\n'));
  const found = stored.match(new RegExp(`${start}[\\w.-]+`));
  expect(found).not.toBeNull();
  return found![0];
}
