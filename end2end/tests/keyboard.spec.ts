// The keyboard alone is enough, from signing in to breaking in.
import { expect, test, type Locator, type Page } from '@playwright/test';
import { open, wiki } from './support';

/** Presses Tab until the target has the focus, and says so when it never gets it. */
async function reach(page: Page, target: Locator): Promise<void> {
  for (let presses = 0; presses < 150; presses += 1) {
    if (await target.evaluate((element) => element === document.activeElement).catch(() => false)) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`${target} cannot be reached with the Tab key`);
}

async function type(page: Page, label: string, text: string): Promise<void> {
  await reach(page, page.getByLabel(label, { exact: true }));
  await page.keyboard.type(text);
}

async function press(page: Page, target: Locator): Promise<void> {
  await reach(page, target);
  await page.keyboard.press('Enter');
}

test('Basic: sign in, open a page, replay a header, open its exchange', async ({ page }) => {
  await open(page, '/basic');
  await type(page, 'Account', 'bob');
  await type(page, 'Password', 'open:sesame');
  await page.keyboard.press('Enter');
  await press(page, wiki(page).getByRole('button', { name: 'Welcome' }));
  await expect(wiki(page).getByRole('article')).toBeVisible();
  const card = page.getByRole('article', { name: 'Replay a captured header' });
  await press(page, card.getByRole('button', { name: 'Try it' }));
  await expect(card.locator('.careless')).toBeVisible();
  await press(page, card.getByRole('button', { name: 'See the exchange' }).first());
  await expect(page.locator('.crossing-body')).toBeVisible();
});

test('JWT: sign in, look at the token, forge one', async ({ page }) => {
  await open(page, '/jwt');
  await type(page, 'Account', 'bob');
  await type(page, 'Password', 'open:sesame');
  await page.keyboard.press('Enter');
  await press(page, page.getByRole('button', { name: 'Reveal' }));
  await expect(page.locator('.secret .part-signature')).toBeVisible();
  const card = page.getByRole('article', { name: 'alg: none' });
  await press(page, card.getByRole('button', { name: 'Try it' }));
  await expect(card.getByTestId('check')).toHaveText('algorithm');
});

test('OAuth: to the authorization server, through sign-in and consent, and back', async ({ page }) => {
  await open(page, '/oauth');
  await press(page, page.getByRole('button', { name: 'Sign in with OAuth' }));
  await page.waitForURL(/authorize/);
  await type(page, 'Account', 'bob');
  await type(page, 'Password', 'open:sesame');
  await page.keyboard.press('Enter');
  const allow = page.getByRole('button', { name: 'Allow' });
  await expect(allow.or(wiki(page)).first()).toBeVisible();
  if (await allow.isVisible()) await press(page, allow);
  await expect(wiki(page)).toContainText('bob');
  await expect(page.getByRole('heading', { name: 'The wiki' })).toBeFocused();
});
