// The trip planner: a third party that asks, reads, may not write, and is shut out alone.
import { expect, test, type Page } from '@playwright/test';
import { open, openArticle, showPassword, signInWithOAuth } from './support';

async function connect(page: Page): Promise<void> {
  await open(page, '/trip-planner');
  await page.getByRole('button', { name: 'Connect with Three Keys' }).click();
  if (await page.getByLabel('Password', { exact: true }).isVisible().catch(() => false)) await showPassword(page, 'alice');
}

test('it asks for consent to read, and never sees a password', async ({ page }) => {
  await open(page, '/trip-planner');
  await expect(page.locator('input[type="password"]')).toHaveCount(0);
  await page.getByRole('button', { name: 'Connect with Three Keys' }).click();
  await showPassword(page, 'alice');
  await expect(page.getByRole('heading', { name: /asks for access/ })).toBeVisible();
  await expect(page.getByText('pages:read')).toBeVisible();
  await expect(page.getByText('pages:write')).toHaveCount(0);
  await page.getByRole('button', { name: 'Allow' }).click();
  const notes = page.getByRole('region', { name: 'Your notes' });
  await expect(notes).toContainText('House rules');
  expect(page.url()).toMatch(/\/trip-planner$/);
  await notes.getByRole('button', { name: 'Try to write' }).click();
  await expect(notes).toContainText(/403.*pages:write/);
  await expect(notes.locator('.countdown')).toHaveText(/^[01]:\d\d left$/);
});

test('a no is taken for a no', async ({ page }) => {
  await open(page, '/trip-planner');
  await page.getByRole('button', { name: 'Connect with Three Keys' }).click();
  await showPassword(page, 'bob');
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByRole('alert')).toContainText('access_denied');
  await page.getByRole('link', { name: 'Begin again' }).click();
  await expect(page.getByRole('button', { name: 'Connect with Three Keys' })).toBeVisible();
});

test('revoked under the applications, it is shut out, and only it', async ({ page }) => {
  await signInWithOAuth(page, 'alice');
  await connect(page);
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByRole('region', { name: 'Your notes' })).toContainText('House rules');
  await page.getByRole('link', { name: 'your applications' }).click();
  await page.getByRole('button', { name: 'Revoke Trip planner' }).click();
  await expect(page.getByRole('button', { name: 'Revoke Trip planner' })).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Revoke Three Keys' })).toBeVisible();
  await open(page, '/trip-planner');
  await expect(page.getByRole('region', { name: 'Your notes' }).getByRole('alert')).toContainText('401');
  await open(page, '/oauth');
  await openArticle(page, 'Welcome');
});

test('an answer to one application is none to the other', async ({ page }) => {
  await open(page, '/oauth');
  await page.getByRole('button', { name: 'One step at a time' }).click();
  await expect(page.getByRole('heading', { name: /Step 1/ })).toBeVisible();
  const [request] = await Promise.all([
    page.waitForRequest(/\/oauth\/authorize/),
    page.getByRole('button', { name: /Send it/ }).click(),
  ]);
  const state = new URL(request.url()).searchParams.get('state');
  await open(page, `/trip-planner/callback?code=x&state=${state}&iss=${new URL(page.url()).origin}`);
  await expect(page.getByRole('alert')).toContainText('does not belong');
});
