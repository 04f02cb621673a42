// Renews README's picture from the real page: `make serve` in one terminal, `npm run pictures` here in another.
import { chromium } from '@playwright/test';

const origin = process.argv[2] ?? 'http://127.0.0.1:3000';
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM || undefined, args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
await page.goto(origin);
await page.locator('main[data-hydrated="true"]').waitFor({ state: 'attached' });
await page.screenshot({ path: new URL('home.png', import.meta.url).pathname });
await browser.close();
