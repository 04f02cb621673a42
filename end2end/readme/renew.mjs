// Renews README's pictures from the real pages: `make serve` in one terminal, `npm run pictures` here in another.
import { chromium } from '@playwright/test';

const origin = process.argv[2] ?? 'http://127.0.0.1:3000';
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
const picture = (of, name) => of.screenshot({ path: new URL(`${name}.png`, import.meta.url).pathname });
const hydrated = () => page.locator('main[data-hydrated="true"]').waitFor({ state: 'attached' });

await page.goto(origin);
await hydrated();
await picture(page, 'home');

await page.goto(`${origin}/oauth`);
await hydrated();
await page.getByRole('button', { name: 'Sign in with OAuth' }).click();
await page.getByLabel('Account', { exact: true }).fill('alice');
await page.getByLabel('Password', { exact: true }).fill('wonderland');
await page.getByRole('button', { name: 'Sign in', exact: true }).click();
const wiki = page.getByRole('region', { name: 'The wiki' });
// A consent that was given before is not asked for again.
const allow = page.getByRole('button', { name: 'Allow' });
await allow.or(wiki).waitFor();
if (await allow.isVisible()) await allow.click();
await wiki.getByRole('button', { name: 'The three keys' }).click();
await wiki.getByRole('article').waitFor();
await page.getByRole('button', { name: 'Diagram' }).click();
await wiki.evaluate((element) => window.scrollTo({ top: element.offsetTop - 80, behavior: 'instant' }));
await picture(page, 'oauth');

await page.goto(`${origin}/jwt`);
await hydrated();
const attack = page.getByRole('article', { name: 'HS256, signed with the public key' });
await attack.getByRole('button', { name: 'Try it' }).click();
await attack.getByRole('button', { name: 'See the exchange' }).click();
await attack.evaluate((element) => element.scrollIntoView({ block: 'start', behavior: 'instant' }));
await page.locator('.crossing-body .checks').evaluate((element) => element.scrollIntoView({ block: 'center', behavior: 'instant' }));
await attack.evaluate((element) => window.scrollTo({ top: element.offsetTop - 80, behavior: 'instant' }));
await picture(page, 'attack');

await browser.close();
