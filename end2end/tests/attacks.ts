// Pressing an attack card, and what it says.
import { expect, type Locator, type Page } from '@playwright/test';
import { showPassword } from './support';

/** The card of an attack. */
export function card(page: Page, title: string): Locator {
  return page.getByRole('article', { name: title, exact: true });
}

/** Presses the button of a card and waits until both sides have spoken; signs in and consents where that is asked. */
export async function attack(page: Page, title: string): Promise<Locator> {
  const attacked = card(page, title);
  const spoken = attacked.locator('.careless');
  await attacked.getByRole('button', { name: 'Try it' }).click();
  const account = page.getByLabel('Account', { exact: true });
  const allow = page.getByRole('button', { name: 'Allow' });
  const isAsked = page.locator('body.auth');
  await expect(spoken.or(isAsked).first()).toBeVisible({ timeout: 20_000 });
  if (await isAsked.isVisible()) {
    if (await account.isVisible()) await showPassword(page, 'alice');
    await expect(spoken.or(allow).first()).toBeVisible();
    if (await allow.isVisible()) await allow.click();
    await expect(spoken).toBeVisible();
  }
  return attacked;
}

/** Presses a card and expects these checks to have refused, in this order, and the careless verifier to be fooled. */
export async function expectCaughtBy(page: Page, title: string, ...checks: string[]): Promise<Locator> {
  const attacked = await attack(page, title);
  await expect(attacked.getByTestId('check')).toHaveText(checks);
  await expect(attacked.getByText('A careless verifier is fooled')).toBeVisible();
  return attacked;
}
