// The Basic lab: the challenge, the header, the second realm, and every attack.
import { expect, test } from '@playwright/test';
import { attack, expectCaughtBy } from './attacks';
import { open, signInWithPassword } from './support';

test('the challenge is seen first, and names realm and charset', async ({ page }) => {
  await open(page, '/basic');
  await page.getByRole('button', { name: 'Call without credentials' }).click();
  const lesson = page.getByRole('region', { name: 'What it is' });
  await expect(lesson).toContainText('401');
  await expect(lesson.getByRole('definition').filter({ hasText: 'Three Keys pages' })).toBeVisible();
  await expect(lesson.getByRole('definition').filter({ hasText: 'UTF-8' })).toBeVisible();
});

test('the header is taken apart before your eyes', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'bob');
  const inspector = page.getByRole('region', { name: 'What travels' });
  await expect(inspector).not.toContainText('open:sesame');
  await inspector.getByRole('button', { name: 'Reveal' }).click();
  await expect(inspector).toContainText('Ym9iOm9wZW46c2VzYW1l');
  await expect(inspector).toContainText('bob:open:sesame');
});

test('the second realm refuses the same credentials, and says which realm it is', async ({ page }) => {
  await signInWithPassword(page, 'basic', 'alice');
  const realm = page.getByRole('region', { name: 'Another realm' });
  await realm.getByRole('button', { name: 'Show them to the other realm' }).click();
  await expect(realm.getByRole('status')).toContainText('401');
  await expect(realm.getByRole('status')).toContainText('Three Keys audit');
});

test('the browser asks by itself on the link, and what a person types there opens the page', async ({ browser, baseURL }) => {
  const context = await browser.newContext({ httpCredentials: { username: 'bob', password: 'open:sesame' } });
  const page = await context.newPage();
  await open(page, `${baseURL}/basic`);
  await page.getByRole('button', { name: 'Use bob' }).click();
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const [opened] = await Promise.all([
    context.waitForEvent('page'),
    page.getByRole('link', { name: 'Let the browser ask by itself' }).click(),
  ]);
  await expect(opened.locator('body')).toContainText('house-rules');
  await context.close();
});

test('a captured header opens the door again, and not the other realm', async ({ page }) => {
  await open(page, '/basic');
  const replay = await expectCaughtBy(page, 'Replay a captured header', 'password');
  await expect(replay.getByText('200, accepted')).toBeVisible();
  await expect(replay.locator('.careless')).toContainText('bob:open:sesame');
});

test('guessing is throttled', async ({ page }) => {
  await open(page, '/basic');
  const guess = await expectCaughtBy(page, 'Guess the password', 'password', 'throttle');
  await expect(guess.getByText('429, refused')).toBeVisible();
  await expect(guess).toContainText('Retry-After');
});

test('an unknown account and a wrong password get the same answer', async ({ page }) => {
  await open(page, '/basic');
  const compared = await expectCaughtBy(page, 'Tell an unknown account from a wrong password', 'password', 'password');
  await expect(compared).toContainText('The two answers are the same');
});

test('a new password shuts out every application that held the old one', async ({ page }) => {
  await open(page, '/basic');
  const changed = await attack(page, 'Shut out one application');
  await expect(changed.getByTestId('check')).toHaveText(['password', 'password', 'password']);
  await expect(changed.getByText('accepted')).toHaveCount(5);
  await expect(changed.getByText('A careless verifier is fooled')).toBeVisible();
});
