// The page for those who bring a client of their own: what it lists is what is served, and its programs run.
import { expect, test, type Page } from '@playwright/test';
import { execFile } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { open } from './support';

const root = fileURLToPath(new URL('../../', import.meta.url));
const snippet = (name: string) => `${root}src/ui/snippets/${name}`;
const PROGRAMS = {
  curl: 'curl.sh',
  'oauth4webapi (JavaScript)': 'oauth4webapi.mjs',
  'Authlib (Python)': 'with_authlib.py',
  'oauth2 (Rust)': 'oauth2.rs',
};

const shown = (page: Page, name: string) => page.getByRole('region', { name: `The program with ${name}` });

test('the endpoints are those of the metadata', async ({ page, request, baseURL }) => {
  const metadata = await (await request.get('/.well-known/openid-configuration')).json();
  await open(page, '/connect');
  await expect(page.getByText('fetched just now')).toBeVisible();
  const table = page.getByRole('table', { name: 'Endpoints' });
  for (const [name, url] of Object.entries(metadata)) {
    if (!/_endpoint$|^jwks_uri$/.test(name)) continue;
    await expect(table.getByRole('row', { name: new RegExp(`^${name}`) })).toContainText(url as string);
  }
  await expect(table).toContainText(`${baseURL}/oauth/token`);
});

test('without metadata the paths stay', async ({ page }) => {
  await page.route('**/.well-known/openid-configuration', (route) => route.abort());
  await open(page, '/connect');
  await expect(page.getByText('could not be fetched')).toBeVisible();
  await expect(page.getByRole('table', { name: 'Endpoints' })).toContainText('/oauth/token');
});

test('each program is shown with this page’s origin, and copied so', async ({ page, context, baseURL }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await open(page, '/connect');
  for (const [name, file] of Object.entries(PROGRAMS)) {
    const text = readFileSync(snippet(file), 'utf8').replaceAll('http://127.0.0.1:3000', baseURL!);
    await expect(shown(page, name).locator('code')).toHaveText(text, { useInnerText: false });
    const region = page.getByRole('region', { name, exact: true });
    await region.getByRole('button', { name: 'Copy' }).focus();
    await page.keyboard.press('Enter');
    await expect(region.getByRole('status')).toHaveText('Copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  }
});

test.describe('without scripts', () => {
  test.use({ javaScriptEnabled: false });

  test('the programs are readable', async ({ page }) => {
    await page.goto('/connect');
    for (const [name, file] of Object.entries(PROGRAMS)) {
      await expect(shown(page, name).locator('code')).toHaveText(readFileSync(snippet(file), 'utf8'));
    }
  });
});

async function run(command: string, file: string, issuer: string): Promise<void> {
  const { stdout } = await promisify(execFile)(command, [file], { env: { ...process.env, ISSUER: issuer, FORCE_COLOR: '0' } });
  expect(stdout).toContain('welcome Welcome');
  expect(stdout).toMatch(/active'?: (true|True)/);
  const start = stdout.split('\n').find((line) => line.startsWith(`${issuer}/oauth/authorize?`))!;
  // What it printed for a person is a request that the server takes.
  const answer = await fetch(start, { redirect: 'manual' });
  expect(answer.status).toBeLessThan(400);
}

test('the program with oauth4webapi runs as it stands', async ({ baseURL }) => {
  // Packages are found from where a program is, so it runs from a folder inside this one.
  const copy = test.info().outputPath('oauth4webapi.mjs');
  mkdirSync(test.info().outputDir, { recursive: true });
  copyFileSync(snippet('oauth4webapi.mjs'), copy);
  await run(process.execPath, copy, baseURL!);
});

test('the program with Authlib runs as it stands', async ({ baseURL }) => {
  const python = `${root}.tools/python/bin/python`;
  const why = `${root}.tools/python.missing`;
  const reason = existsSync(why) ? readFileSync(why, 'utf8').trim() : 'scripts/setup --test has not run';
  test.skip(!existsSync(python), `skipped: ${reason}`);
  await run(python, snippet('with_authlib.py'), baseURL!);
});
