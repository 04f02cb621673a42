// The token inspector: what is malformed and where, each kind of key, the encoder, and sharing with second thoughts.
import AxeBuilder from '@axe-core/playwright';
import { expect, test, type Page } from '@playwright/test';
import { generateKeyPairSync, createHmac, sign, type KeyObject } from 'node:crypto';
import { open } from './support';

const encode = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');
const CLAIMS = { iss: 'https://issuer.example', aud: 'https://api.example', exp: 4102444800 };

function token(header: object, claims: object, signer: (input: Buffer) => Buffer): string {
  const input = `${encode(header)}.${encode(claims)}`;
  return `${input}.${signer(Buffer.from(input)).toString('base64url')}`;
}

const hs256 = (secret: string) => (input: Buffer) => createHmac('sha256', secret).update(input).digest();
const by = (key: KeyObject, hash: string | null, more: object = {}) => (input: Buffer) =>
  sign(hash, input, { key, dsaEncoding: 'ieee-p1363', ...more });

const decoder = (page: Page) => page.getByRole('region', { name: 'Decode and verify' });
const encoder = (page: Page) => page.getByRole('region', { name: 'Encode and sign' });
const verdict = (page: Page) => page.getByTestId('verdict');

async function paste(page: Page, text: string): Promise<void> {
  await decoder(page).getByLabel('Token', { exact: true }).fill(text);
}

async function verifyWith(page: Page, kind: 'JWK' | 'PEM' | 'secret', key: string, alg?: string): Promise<void> {
  const names = { JWK: /^A JWK/, PEM: /PEM/, secret: 'A shared secret' };
  await decoder(page).getByRole('radio', { name: names[kind] }).check();
  await decoder(page).getByRole('textbox', { name: { JWK: /^JWK/, PEM: 'Public key', secret: 'Secret' }[kind] }).fill(key);
  if (alg) await decoder(page).getByLabel(/The algorithm/).selectOption(alg);
  await decoder(page).getByRole('button', { name: 'Verify' }).click();
}

test.beforeEach(async ({ page }) => open(page, '/inspector'));

test('the example of the standard is read, and its signature holds', async ({ page }) => {
  await decoder(page).getByRole('button', { name: /example/ }).click();
  await expect(decoder(page)).toContainText('2011-03-22 18:43:00 UTC');
  await expect(decoder(page)).toContainText('It has expired');
  await decoder(page).getByRole('button', { name: 'Verify' }).click();
  await expect(verdict(page)).toContainText('Signature valid');
  await decoder(page).getByLabel('Token', { exact: true }).press('End');
  const text = await decoder(page).getByLabel('Token', { exact: true }).inputValue();
  await paste(page, text.replace('dBjf', 'dBjg'));
  await expect(verdict(page)).toBeEmpty();
  await decoder(page).getByRole('button', { name: 'Verify' }).click();
  await expect(verdict(page)).toContainText('Signature invalid');
});

test('this server’s access token is verified with the key that its kid names', async ({ page, request }) => {
  const answer = await request.post('/oauth/token', {
    headers: { authorization: `Basic ${btoa('backend:backend-secret-7f1b9c2e')}` },
    form: { grant_type: 'client_credentials', scope: 'pages:read' },
  });
  const { access_token } = await answer.json();
  await paste(page, access_token);
  await decoder(page).getByRole('button', { name: 'Verify' }).click();
  await expect(verdict(page)).toContainText('Signature valid');
  // A changed claim.
  const [header, claims, signature] = access_token.split('.');
  const changed = { ...JSON.parse(Buffer.from(claims, 'base64url').toString()), scope: 'pages:write' };
  await paste(page, `${header}.${encode(changed)}.${signature}`);
  await decoder(page).getByRole('button', { name: 'Verify' }).click();
  await expect(verdict(page)).toContainText('Signature invalid');
});

test('the JWT door’s token is verified with the key that the door publishes', async ({ page, request }) => {
  const answer = await request.post('/api/jwt/sign_in', { data: { username: 'bob', password: 'open:sesame' } });
  await paste(page, (await answer.json()).access_token);
  await decoder(page).getByRole('button', { name: 'Verify' }).click();
  await expect(verdict(page)).toContainText('Signature valid');
});

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pss = { padding: 6, saltLength: 32 };
for (const [alg, pair, signer] of [
  ['RS256', rsa, by(rsa.privateKey, 'sha256')],
  ['RS512', rsa, by(rsa.privateKey, 'sha512')],
  ['PS256', rsa, by(rsa.privateKey, 'sha256', pss)],
  ...(['256', '384', '512'] as const).map((bits) => {
    const pair = generateKeyPairSync('ec', { namedCurve: bits === '512' ? 'P-521' : `P-${bits}` });
    return [`ES${bits}`, pair, by(pair.privateKey, `sha${bits}`)] as const;
  }),
  (() => {
    const pair = generateKeyPairSync('ed25519');
    return ['EdDSA', pair, by(pair.privateKey, null)] as const;
  })(),
] as const) {
  test(`${alg} with a JWK and with a PEM`, async ({ page }) => {
    await paste(page, token({ alg, typ: 'JWT' }, CLAIMS, signer));
    const jwk = JSON.stringify(pair.publicKey.export({ format: 'jwk' }));
    await verifyWith(page, 'JWK', jwk, alg);
    await expect(verdict(page)).toContainText('Signature valid');
    await verifyWith(page, 'PEM', pair.publicKey.export({ format: 'pem', type: 'spki' }) as string, alg);
    await expect(verdict(page)).toContainText('Signature valid');
  });
}

test('a shared secret, right and wrong', async ({ page }) => {
  await paste(page, token({ alg: 'HS256' }, CLAIMS, hs256('a secret')));
  await verifyWith(page, 'secret', 'a secret');
  await expect(verdict(page)).toContainText('Signature valid');
  await verifyWith(page, 'secret', 'another secret');
  await expect(verdict(page)).toContainText('Signature invalid');
});

test('key and algorithm must agree; a public key as a secret is confusion', async ({ page }) => {
  const pem = rsa.publicKey.export({ format: 'pem', type: 'spki' }) as string;
  await paste(page, token({ alg: 'HS256' }, CLAIMS, hs256(pem)));
  await verifyWith(page, 'PEM', pem, 'RS256');
  await expect(verdict(page)).toContainText('Cannot be verified');
  await expect(verdict(page)).toContainText('confusion');
  await verifyWith(page, 'secret', pem);
  await expect(verdict(page)).toContainText('confusion');
  await paste(page, token({ alg: 'RS256' }, CLAIMS, by(rsa.privateKey, 'sha256')));
  await verifyWith(page, 'PEM', pem, 'ES256');
  await expect(verdict(page)).toContainText('never from the token');
  await verifyWith(page, 'JWK', JSON.stringify(rsa.publicKey.export({ format: 'jwk' })));
  await expect(verdict(page)).toContainText('Choose one');
  await verifyWith(page, 'PEM', 'no key', 'RS256');
  await expect(verdict(page)).toContainText('BEGIN PUBLIC KEY');
});

test('what is malformed is told with its place and its rule', async ({ page }) => {
  const head = encode({ alg: 'ES256' });
  for (const [text, place, what, rule] of [
    ['no-token', 'The token', 'no dot', 'RFC 7515 §7.1'],
    [`${head}.e30`, 'The token', 'two parts', 'RFC 7515 §7.1'],
    [`${head}.e30=.AA`, 'The claims', 'padding', 'RFC 7515 §2'],
    [`${head}.${encode('{"a":}')}.AA`, 'The claims', 'line 1 column 6', 'RFC 7519 §7.2'],
    [`${encode('[]')}.e30.AA`, 'The header', 'no object', 'RFC 7519 §7.2'],
    [`${head}.e30.a/b`, 'The signature', 'standard alphabet', 'RFC 7515 §2'],
  ]) {
    await paste(page, text);
    const faults = page.getByTestId('faults');
    for (const part of [place, what, rule]) await expect(faults).toContainText(part);
  }
  // The rest is still read.
  await paste(page, `${head}.e30=.AA`);
  await expect(decoder(page)).toContainText('ES256');
});

test('what is dangerous is warned of', async ({ page }) => {
  await paste(page, `${encode({ alg: 'none', jku: 'https://evil.example', jwk: {} })}.${encode({ sub: 'alice' })}.`);
  for (const word of ['nobody signed this', 'jku', 'own key', 'no expiry']) await expect(decoder(page)).toContainText(word);
  await verifyWith(page, 'secret', 'a secret');
  await expect(verdict(page)).toContainText('alg is none');
});

test('the keyboard alone signs with a fresh key pair, and the decoder believes its public key', async ({ page }) => {
  const radio = encoder(page).getByRole('radio', { name: /shared secret/ });
  await radio.focus();
  await page.keyboard.press('ArrowDown');
  await expect(encoder(page).getByRole('radio', { name: /fresh key pair/ })).toBeChecked();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  const made = page.getByTestId('made');
  await expect(made).toContainText('"crv": "P-256"');
  await expect(made).not.toContainText('"d"');
  await made.getByRole('button', { name: 'Take it to the decoder' }).focus();
  await page.keyboard.press('Enter');
  await expect(decoder(page).getByRole('heading', { name: 'Decode and verify' })).toBeFocused();
  await decoder(page).getByRole('button', { name: 'Verify' }).press('Enter');
  await expect(verdict(page)).toContainText('Signature valid');
});

test('a token signed with a secret is copied; what is no JSON is refused', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await encoder(page).getByRole('button', { name: /ten minutes/ }).click();
  await encoder(page).getByRole('button', { name: 'Sign' }).click();
  await page.getByTestId('made').getByRole('button', { name: 'Copy token' }).click();
  await expect(page.getByTestId('made')).toContainText('Copied.');
  const [header, claims, signature] = (await page.evaluate(() => navigator.clipboard.readText())).split('.');
  const { exp, iat } = JSON.parse(Buffer.from(claims, 'base64url').toString());
  expect(exp - iat).toBe(600);
  const secret = await encoder(page).getByRole('textbox', { name: 'Secret' }).inputValue();
  expect(signature).toBe(hs256(secret)(Buffer.from(`${header}.${claims}`)).toString('base64url'));
  await encoder(page).getByLabel('Claims').fill('{"sub": alice}');
  await encoder(page).getByRole('button', { name: 'Sign' }).click();
  await expect(encoder(page).getByRole('alert')).toContainText('line 1 column 9');
});

test('a link carries the token in its fragment, which the address bar forgets', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const foreign = token({ alg: 'HS256' }, CLAIMS, hs256('a secret'));
  await paste(page, foreign);
  await decoder(page).getByRole('button', { name: 'Copy link' }).click();
  await expect(decoder(page)).toContainText('The link is copied.');
  const link = await page.evaluate(() => navigator.clipboard.readText());
  expect(link).toBe(`${new URL(page.url()).origin}/inspector#token=${foreign}`);
  const seen: string[] = [];
  page.on('request', (request) => seen.push(request.url()));
  await page.goto('about:blank');
  await open(page, link);
  await expect(decoder(page).getByLabel('Token', { exact: true })).toHaveValue(foreign);
  expect(page.url()).not.toContain('#');
  expect(seen.filter((url) => new URL(url).search.includes(foreign))).toEqual([]);
  // In the same tab only the fragment changes.
  await page.evaluate(() => { location.hash = 'token=another'; });
  await expect(decoder(page).getByLabel('Token', { exact: true })).toHaveValue('another');
});

test('a live token of this server is shared only after a warning', async ({ page, context, request }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(() => navigator.clipboard.writeText('nothing'));
  const answer = await request.post('/api/jwt/sign_in', { data: { username: 'bob', password: 'open:sesame' } });
  const { access_token } = await answer.json();
  await paste(page, access_token);
  await decoder(page).getByRole('button', { name: 'Copy link' }).click();
  await expect(decoder(page).getByRole('alert')).toContainText('This token is live');
  await expect(decoder(page).getByRole('button', { name: 'Keep it to myself' })).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('nothing');
  await decoder(page).getByRole('button', { name: 'Copy link' }).click();
  await decoder(page).getByRole('button', { name: 'Copy the link anyway' }).click();
  await expect(decoder(page)).toContainText('The link is copied.');
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain(access_token);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`filled in, ${colorScheme}`, () => {
    test.use({ colorScheme, viewport: { width: 360, height: 800 } });

    test('axe finds nothing, and nothing scrolls sideways', async ({ page }) => {
      await encoder(page).getByRole('radio', { name: /fresh key pair/ }).check();
      await encoder(page).getByRole('button', { name: 'Sign' }).click();
      await page.getByTestId('made').getByRole('button', { name: 'Take it to the decoder' }).click();
      for (const title of ['Signature valid', 'Cannot be verified']) {
        await decoder(page).getByRole('button', { name: 'Verify' }).click();
        await expect(verdict(page)).toContainText(title);
        const { violations } = await new AxeBuilder({ page }).analyze();
        expect(violations.map(({ id, nodes }) => ({ id, at: nodes.map((node) => node.target.join(' ')) }))).toEqual([]);
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
        await paste(page, `${encode({ alg: 'none' })}.e30=.`);
      }
    });
  });
}
