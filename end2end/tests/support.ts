// What every journey needs: the accounts, opening a page until it is alive, signing in.
import { expect, type Locator, type Page } from '@playwright/test';

export const ACCOUNTS = {
  alice: { password: 'wonderland', role: 'admin' },
  bob: { password: 'open:sesame', role: 'viewer' },
  chloé: { password: 'crème-brûlée', role: 'editor' },
} as const;
export type Account = keyof typeof ACCOUNTS;

/** Opens a page of the app and waits until it is hydrated. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.locator('main[data-hydrated="true"]')).toBeAttached();
}

/** The region with the wiki, once somebody is signed in. */
export function wiki(page: Page): Locator {
  return page.getByRole('region', { name: 'The wiki' });
}

/** Signs in with a password on `/basic` or `/jwt`. */
export async function signInWithPassword(page: Page, key: 'basic' | 'jwt', account: Account): Promise<void> {
  await open(page, `/${key}`);
  await page.getByRole('button', { name: `Use ${account}` }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expectSignedIn(page, account);
}

/** Signs in through the authorization server, as far as it asks. */
export async function signInWithOAuth(page: Page, account: Account): Promise<void> {
  await open(page, '/oauth');
  await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
  await page.waitForURL(/\/oauth\/authorize|\/oauth$/);
  await showPassword(page, account);
  await allow(page);
  await expectSignedIn(page, account);
}

/** Fills in the authorization server's sign-in page. */
export async function showPassword(page: Page, account: Account, password?: string): Promise<void> {
  await page.getByLabel('Account', { exact: true }).fill(account);
  await page.getByLabel('Password', { exact: true }).fill(password ?? ACCOUNTS[account].password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Allows what the consent page asks; a remembered consent is not asked again. */
export async function allow(page: Page): Promise<void> {
  const button = page.getByRole('button', { name: 'Allow' });
  await expect(button.or(wiki(page))).toBeVisible();
  if (await button.isVisible()) await button.click();
}

export async function expectSignedIn(page: Page, account: Account): Promise<void> {
  await expect(wiki(page)).toContainText(account);
  await expect(wiki(page)).toContainText(ACCOUNTS[account].role);
  await expect(wiki(page).getByRole('button', { name: 'House rules' })).toBeVisible();
}

/** Opens a page of the wiki and answers with its article. */
export async function openArticle(page: Page, title: string): Promise<Locator> {
  await wiki(page).getByRole('button', { name: title, exact: true }).click();
  const article = wiki(page).getByRole('article');
  await expect(article.getByRole('heading', { name: title })).toBeVisible();
  return article;
}

/** Changes the text of the opened page and presses Save. */
export async function change(page: Page, text: string): Promise<void> {
  await wiki(page).getByRole('button', { name: 'Edit' }).click();
  await wiki(page).getByLabel('Text').fill(text);
  await wiki(page).getByRole('button', { name: 'Save' }).click();
}
