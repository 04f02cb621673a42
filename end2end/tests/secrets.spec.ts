// After each journey: no secret in a URL, in the history, in what the server rendered, in local storage or a cookie
// that scripts can read, and nothing unexpected on the console.
import { expect, test, type Page } from '@playwright/test';
import { ACCOUNTS, change, openArticle, signInWithOAuth, signInWithPassword } from './support';

interface Seen {
  urls: string[];
  headers: Promise<Record<string, string>>[];
  documents: Promise<string>[];
  secrets: Set<string>;
  complaints: string[];
}

/** Watches all that the page asks for, and collects the secrets that pass by. */
function watch(page: Page): Seen {
  const seen: Seen = { urls: [], headers: [], documents: [], secrets: new Set(), complaints: [] };
  for (const { password } of Object.values(ACCOUNTS)) seen.secrets.add(password);
  page.on('request', (request) => {
    seen.urls.push(request.url());
    seen.headers.push(request.allHeaders().catch(() => ({})));
    const authorization = request.headers()['authorization'];
    if (authorization) seen.secrets.add(authorization.split(' ')[1]);
  });
  page.on('response', async (response) => {
    if (response.request().resourceType() === 'document' && response.status() === 200) {
      seen.documents.push(response.text().catch(() => ''));
    }
    if (/\/oauth\/token$|\/sign_in$/.test(response.url())) {
      const answer = await response.json().catch(() => ({}));
      for (const name of ['access_token', 'refresh_token', 'id_token']) if (answer[name]) seen.secrets.add(answer[name]);
    }
  });
  page.on('console', (message) => {
    // The browser itself reports every 4xx as an error; the journeys provoke some.
    if (message.type() === 'error' && !/status of 4\d\d/.test(message.text())) seen.complaints.push(message.text());
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  return seen;
}

async function expectNothingLeaked(page: Page, seen: Seen): Promise<void> {
  // The code itself must cross the address bar once; it is worthless by then. No token or password ever may.
  for (const secret of seen.secrets) {
    for (const url of [...seen.urls, page.url()]) {
      expect(url).not.toContain(secret);
      expect(decodeURIComponent(url)).not.toContain(secret);
    }
  }
  expect(page.url()).not.toMatch(/code=|state=|token/);
  for (const document of await Promise.all(seen.documents)) {
    for (const secret of seen.secrets) {
      // The home page lists the demo passwords on purpose; tokens and headers are never in a document.
      if (!Object.values(ACCOUNTS).some(({ password }) => password === secret)) expect(document).not.toContain(secret);
    }
  }
  const readable = await page.evaluate(() => JSON.stringify({ ...localStorage }) + document.cookie);
  expect(readable).toBe('{}');
  expect(seen.complaints).toEqual([]);
}

test('Basic leaks nothing', async ({ page }) => {
  const seen = watch(page);
  await signInWithPassword(page, 'basic', 'bob');
  await openArticle(page, 'Welcome');
  await change(page, 'refused');
  await expect(page.getByRole('alert')).toContainText('403');
  await page.reload();
  await expectNothingLeaked(page, seen);
});

test('JWT leaks nothing', async ({ page }) => {
  const seen = watch(page);
  await signInWithPassword(page, 'jwt', 'bob');
  await openArticle(page, 'Welcome');
  await page.reload();
  expect(seen.secrets.size).toBeGreaterThan(3);
  await expectNothingLeaked(page, seen);
});

test('OAuth leaks nothing; the code arrives once, goes nowhere else, and is gone from the history', async ({ page }) => {
  const seen = watch(page);
  await signInWithOAuth(page, 'chloé');
  await openArticle(page, 'Welcome');
  await expectNothingLeaked(page, seen);
  expect([...seen.secrets].filter((secret) => secret.startsWith('eyJ')).length).toBeGreaterThanOrEqual(2);
  const arrivals = seen.urls.filter((url) => new URL(url).searchParams.has('code'));
  expect(arrivals).toHaveLength(1);
  const code = new URL(arrivals[0]).searchParams.get('code')!;
  expect(seen.urls.filter((url) => url.includes(code))).toEqual(arrivals);
  for (const headers of await Promise.all(seen.headers)) expect(headers['referer'] ?? '').not.toContain(code);
  for (const document of await Promise.all(seen.documents)) expect(document).not.toContain(code);
  const inspector = await page.context().newCDPSession(page);
  const { entries } = await inspector.send('Page.getNavigationHistory');
  expect(entries.length).toBeGreaterThan(1);
  for (const entry of entries) expect(entry.url).not.toContain('code=');
});

test('every cookie is out of the reach of scripts', async ({ page, context }) => {
  await signInWithOAuth(page, 'bob');
  const cookies = await context.cookies();
  expect(cookies.length).toBeGreaterThan(0);
  for (const cookie of cookies) {
    expect(cookie.httpOnly).toBe(true);
    expect(cookie.sameSite).toBe('Lax');
  }
});

test('pages carry a strict Content-Security-Policy without inline anything', async ({ request }) => {
  for (const path of ['/', '/basic', '/jwt', '/oauth', '/oauth/applications']) {
    const response = await request.get(path);
    const policy = response.headers()['content-security-policy'];
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe-inline');
    expect(policy).not.toMatch(/unsafe-eval'(?<!wasm-unsafe-eval')/);
    expect(await response.text()).not.toMatch(/ style="| onclick="/);
  }
});
