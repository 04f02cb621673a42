// What a hostile author writes is shown and never run: through the API, through the form, and should the server's
// sanitiser ever fail, the browser's own two walls stand behind it.
import { expect, test, type Page } from '@playwright/test';
import { open, openArticle, signInWithPassword, wiki } from './support';

const HOSTILE = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg onload=alert(1)><animate onbegin=alert(1) attributeName=x></svg>',
  '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
  '<style>@import "//evil.example"; * { display: none }</style>',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
  '<a id=trustedTypes href="javascript:alert(1)">clobber</a>',
  '<form id=main><input name=focus></form>',
  '<base href="//evil.example/">',
  '<meta http-equiv="refresh" content="0;url=//evil.example">',
  '[plain](javascript:alert(1))',
  '[entities](&#106;avascript&colon;alert(1))',
  '[newline](java&#10;script:alert(1))',
  '[data](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)',
  '<javascript:alert(1)>',
  '![image](https://evil.example/spy.png "t")',
  '![x](x" onerror="alert(1))',
  '[x](https://example.org" onmouseover="alert(1))',
  '`<script>alert(1)</script>`',
  '```html" onclick=alert(1)\n<script>alert(1)</script>\n```',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
];

interface Watched {
  ran: string[];
  complaints: string[];
  elsewhere: string[];
}

/** Watches for anything that ran, was refused by the policy, or was asked of another server. */
async function watch(page: Page): Promise<Watched> {
  const seen: Watched = { ran: [], complaints: [], elsewhere: [] };
  page.on('dialog', async (dialog) => {
    seen.ran.push(dialog.message());
    await dialog.dismiss();
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('console', (message) => {
    if (/Content.Security.Policy|TrustedHTML|TrustedScript|Refused/i.test(message.text())) seen.complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (/evil\.example|example\.org/.test(request.url())) seen.elsewhere.push(request.url());
  });
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      console.error(`Content-Security-Policy: ${event.violatedDirective} ${event.blockedURI} ${event.sample}`);
    });
  });
  return seen;
}

test('hostile Markdown is shown and runs nothing', async ({ page, request }) => {
  const authorization = `Basic ${Buffer.from('alice:wonderland').toString('base64')}`;
  const slug = `hostile-${Date.now()}`;
  const title = `<img src=x onerror=alert(2)> ${slug}`;
  const made = await request.put('/api/basic/page', {
    headers: { authorization },
    data: { slug, title, body: HOSTILE.join('\n\n'), version: 0 },
  });
  expect(made.ok()).toBe(true);

  const seen = await watch(page);
  await signInWithPassword(page, 'basic', 'alice');
  const article = await openArticle(page, title);
  const body = article.locator('.page-body');
  await expect(body).toContainText('<script>alert(1)</script>');

  // Every element and attribute that is there is one of a short list.
  const found = await body.evaluate((root) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element.localName,
      ...[...element.attributes].map((attribute) => `${element.localName}[${attribute.name}]`),
    ]),
  );
  const allowed = /^(p|code|pre|em|strong|a|ul|ol|li|blockquote|a\[(href|rel|title)\])$/;
  expect([...new Set(found)].filter((name) => !allowed.test(name))).toEqual([]);
  for (const link of await body.locator('a[href]').all()) {
    expect(await link.getAttribute('href')).toMatch(/^(https?|mailto):/);
    expect(await link.getAttribute('rel')).toBe('nofollow noopener noreferrer');
  }
  // Even a touch of everything runs nothing.
  for (const link of await body.locator('a:not([href])').all()) await link.click();
  await body.hover();

  // The form shows the source as it was written.
  await article.getByRole('button', { name: 'Edit' }).click();
  await expect(wiki(page).getByLabel('Text')).toHaveValue(HOSTILE.join('\n\n'));
  await wiki(page).getByRole('button', { name: 'Save' }).click();
  await expect(wiki(page).getByRole('article')).toContainText('Version 2');

  expect(seen).toEqual({ ran: [], complaints: [], elsewhere: [] });
  await request.delete(`/api/basic/page?slug=${slug}&version=2`, { headers: { authorization } });
});

test('Markdown is typeset below the title of the page', async ({ page }) => {
  const seen = await watch(page);
  await signInWithPassword(page, 'jwt', 'alice');
  const article = await openArticle(page, 'The three keys');
  await wiki(page).getByRole('button', { name: 'New page' }).click();
  await expect(wiki(page).getByLabel('Text')).toHaveAccessibleDescription(/Markdown is understood/);
  const slug = `set-${Date.now()}`;
  await wiki(page).getByLabel('Slug').fill(slug);
  await wiki(page).getByLabel('Title').fill(slug);
  await wiki(page).getByLabel('Text').fill('# A part\n\n- *one*\n- **two**\n\n> said\n\n| a | b |\n|---|---|\n| c | d |');
  await wiki(page).getByRole('button', { name: 'Save' }).click();
  await expect(article.getByRole('heading', { name: 'A part', level: 4 })).toBeVisible();
  await expect(article.getByRole('listitem')).toHaveCount(2);
  await expect(article.locator('blockquote')).toHaveText(/said/);
  await expect(article.getByRole('cell', { name: 'd' })).toBeVisible();
  await article.getByRole('button', { name: 'Delete' }).click();
  await expect(wiki(page).getByRole('button', { name: slug, exact: true })).toHaveCount(0);
  expect(seen).toEqual({ ran: [], complaints: [], elsewhere: [] });
});

test('the browser refuses markup that could run, wherever it came from', async ({ page }) => {
  await open(page, '/basic');
  const tried = await page.evaluate(async () => {
    // The inspector may evaluate text whatever the policy says; what it has put off is the page's own doing.
    await new Promise((later) => setTimeout(later));
    const attempt = (work: () => void) => {
      try {
        work();
        return 'done';
      } catch (error) {
        return (error as Error).name;
      }
    };
    const set = (html: string) => attempt(() => void (document.createElement('div').innerHTML = html));
    return {
      harmless: set('<p>fine</p>'),
      handler: set('<img src=x onerror=alert(1)>'),
      script: set('<script>alert(1)</script>'),
      url: set('<a href="javascript:alert(1)">x</a>'),
      evaluated: attempt(() => void new Function('1')),
      source: attempt(() => void (document.createElement('script').src = '/pkg/three-keys.js')),
      another: attempt(() => void (window as any).trustedTypes.createPolicy('another', {})),
    };
  });
  expect(tried.harmless).toBe('done');
  for (const name of ['handler', 'script', 'url', 'evaluated', 'source', 'another'] as const) {
    expect(tried[name], name).toMatch(/TypeError|EvalError/);
  }
});

test('the forms of the sign-in pages say where they come from, and the server listens', async ({ page, request }) => {
  await page.goto('/oauth/applications');
  const posted = page.waitForRequest((sent) => sent.method() === 'POST');
  await page.getByLabel('Account', { exact: true }).fill('bob');
  await page.getByLabel('Password', { exact: true }).fill('open:sesame');
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  const headers = await (await posted).allHeaders();
  expect(headers['sec-fetch-site']).toBe('same-origin');
  await expect(page.getByRole('heading', { name: 'Applications' })).toBeVisible();
  const refused = await request.post('/oauth/applications', {
    headers: { 'sec-fetch-site': 'cross-site' },
    form: { step: 'revoke', client_id: 'three-keys-ui', form_token: 'x' },
  });
  expect(refused.status()).toBe(403);
});
