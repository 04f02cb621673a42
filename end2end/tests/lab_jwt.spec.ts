// The JWT lab: where the token is kept, how long it lives, and every attack.
import { expect, test } from '@playwright/test';
import { attack, expectCaughtBy } from './attacks';
import { open, signInWithPassword } from './support';

test('the token is shown where it is kept, with a countdown and dates for people', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'alice');
  const inspector = page.getByRole('region', { name: 'What travels' });
  await expect(inspector).toContainText('three-keys.jwt');
  const countdown = inspector.locator('.countdown');
  await expect(countdown).toHaveText(/^1[45]:\d\d left$/);
  const before = await countdown.innerText();
  await expect(countdown).not.toHaveText(before);
  await expect(inspector).toContainText(/UTC, in 1[45] minutes/);
});

const CAUGHT: [string, ...string[]][] = [
  ['Raise your own role', 'signature'],
  ['alg: none', 'algorithm'],
  ['HS256, signed with the public key', 'algorithm'],
  ['An expired token', 'expiry'],
  ['A token for another door', 'audience'],
  ['Bring your own key', 'own_key'],
  ['Sign out, and replay', 'revocation'],
];

for (const [title, ...checks] of CAUGHT) {
  test(`${title}: caught by ${checks.join(', ')}`, async ({ page }) => {
    await open(page, '/jwt');
    await expectCaughtBy(page, title, ...checks);
  });
}

test('what the careless verifier lets in is what the attacker wrote', async ({ page }) => {
  await open(page, '/jwt');
  await expect((await attack(page, 'Raise your own role')).locator('.careless')).toContainText('bob as admin');
});

test('the stateless guard lets a signed-out copy in, the revocable one does not', async ({ page }) => {
  await open(page, '/jwt');
  const replayed = await attack(page, 'Sign out, and replay');
  const lines = replayed.getByRole('listitem');
  await expect(lines.filter({ hasText: 'to the stateless guard' })).toContainText('200, accepted');
  await expect(lines.filter({ hasText: 'to the revocable guard' })).toContainText('401, refused');
});

test('the attacks leave the sign-in of the tab alone', async ({ page }) => {
  await signInWithPassword(page, 'jwt', 'bob');
  await attack(page, 'Sign out, and replay');
  await page.reload();
  await expect(page.getByRole('region', { name: 'The wiki' })).toContainText('bob');
});
