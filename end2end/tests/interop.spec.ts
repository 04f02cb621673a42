// oauth4webapi, a client library that accepts no exception, against the authorization server: full flows without a page.
// The only thing allowed to it is plain HTTP, because this runs on loopback.
import { expect, test } from '@playwright/test';
import * as oauth from 'oauth4webapi';

const origin = `http://127.0.0.1:${process.env.END2END_PORT}`;
const insecure = { [oauth.allowInsecureRequests]: true } as const;
const NATIVE = 'http://127.0.0.1:49152/callback';

async function discover(algorithm: 'oidc' | 'oauth2' = 'oidc'): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(origin);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, { algorithm, ...insecure }));
}

/** A browser as small as can be: cookies, forms, redirects by hand. */
class Browser {
  private cookies = new Map<string, string>();

  async request(url: string, form?: [string, string][]): Promise<Response> {
    const response = await fetch(url, {
      method: form ? 'POST' : 'GET',
      body: form && new URLSearchParams(form),
      redirect: 'manual',
      headers: { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [name, value] = cookie.split(';')[0].split('=');
      this.cookies.set(name, value);
    }
    return response;
  }

  /** Sends the page's form back as it came, with these fields set or added. */
  async submit(url: string, page: string, set: Record<string, string>): Promise<Response> {
    const fields: [string, string][] = [];
    for (const [, tag] of page.matchAll(/<input ([^>]*)>/g)) {
      const name = tag.match(/name="([^"]*)"/)?.[1];
      if (name) fields.push([name, set[name] ?? unescape(tag.match(/value="([^"]*)"/)?.[1] ?? '')]);
    }
    for (const [name, value] of Object.entries(set)) {
      if (!fields.some(([known]) => known === name)) fields.push([name, value]);
    }
    const action = page.match(/<form [^>]*action="([^"]*)"/)?.[1];
    return this.request(new URL(action ?? url, url).href, fields);
  }

  /** Signs in and allows, until the server sends the browser away. */
  async walk(start: string): Promise<URL> {
    let url = start;
    let response = await this.request(url);
    for (let steps = 0; steps < 6; steps += 1) {
      const location = response.headers.get('location');
      if (location) {
        url = new URL(location, url).href;
        if (!url.startsWith(origin)) return new URL(url);
        response = await this.request(url);
        continue;
      }
      const page = await response.text();
      expect(response.status, page).toBe(200);
      response = page.includes('name="password"')
        ? await this.submit(url, page, { username: 'alice', password: 'wonderland' })
        : await this.submit(url, page, { decision: 'allow' });
    }
    throw new Error('the flow does not end');
  }
}

function unescape(text: string): string {
  return text.replaceAll('&quot;', '"').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

interface Flow {
  client: oauth.Client;
  authentication: oauth.ClientAuth;
  redirectUri: string;
  scope: string;
  pushed?: boolean;
  DPoP?: oauth.DPoPHandle;
}

/** Code + PKCE + state + nonce + iss, with everything checked that the library can check. */
async function codeFlow(as: oauth.AuthorizationServer, flow: Flow): Promise<oauth.TokenEndpointResponse> {
  const { client, authentication, redirectUri, scope, DPoP } = flow;
  const verifier = oauth.generateRandomCodeVerifier();
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: 'S256',
  });
  const start = new URL(as.authorization_endpoint!);
  if (flow.pushed) {
    const push = () => oauth.pushedAuthorizationRequest(as, client, authentication, parameters, { DPoP, ...insecure });
    const answer = await retried(push, (response) => oauth.processPushedAuthorizationResponse(as, client, response));
    start.searchParams.set('client_id', client.client_id);
    start.searchParams.set('request_uri', answer.request_uri);
  } else {
    start.search = parameters.toString();
  }
  const back = await new Browser().walk(start.href);
  const answer = oauth.validateAuthResponse(as, client, back, state);
  const exchange = () =>
    oauth.authorizationCodeGrantRequest(as, client, authentication, answer, redirectUri, verifier, { DPoP, ...insecure });
  return retried(exchange, (response) =>
    oauth.processAuthorizationCodeResponse(as, client, response, {
      expectedNonce: scope.includes('openid') ? nonce : undefined,
      requireIdToken: scope.includes('openid'),
    }),
  );
}

/** Sends again with the server's nonce, where DPoP asks for it (RFC 9449 §8). */
async function retried<T>(send: () => Promise<Response>, process: (response: Response) => Promise<T>): Promise<T> {
  try {
    return await process(await send());
  } catch (error) {
    if (!oauth.isDPoPNonceError(error)) throw error;
    return process(await send());
  }
}

const native: Flow = {
  client: { client_id: 'native-app', id_token_signed_response_alg: 'ES256' },
  authentication: oauth.None(),
  redirectUri: NATIVE,
  scope: 'openid profile offline_access pages:read',
};

test('discovery, both ways, and the protected resource', async () => {
  const oidc = await discover('oidc');
  const oauth2 = await discover('oauth2');
  expect(oidc).toEqual(oauth2);
  const resource = new URL(`${origin}/api/oauth`);
  const found = await oauth.processResourceDiscoveryResponse(
    resource,
    await oauth.resourceDiscoveryRequest(resource, insecure),
  );
  expect(found.authorization_servers).toEqual([origin]);
});

test('code, PKCE, ID token, UserInfo, resource, refresh, introspection, revocation', async () => {
  const as = await discover();
  const { client, authentication } = native;
  const tokens = await codeFlow(as, native);
  const claims = oauth.getValidatedIdTokenClaims(tokens)!;
  expect(claims.preferred_username).toBe('alice');

  const user = await oauth.userInfoRequest(as, client, tokens.access_token, insecure);
  expect((await oauth.processUserInfoResponse(as, client, claims.sub, user)).sub).toBe(claims.sub);

  const url = new URL('/api/oauth/pages', origin);
  const pages = await oauth.protectedResourceRequest(tokens.access_token, 'GET', url, undefined, undefined, insecure);
  expect(pages.status).toBe(200);

  const refreshed = await oauth.processRefreshTokenResponse(
    as,
    client,
    await oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token!, insecure),
  );
  expect(refreshed.refresh_token).not.toBe(tokens.refresh_token);

  const resourceServer = { client_id: 'resource-server' };
  const secret = oauth.ClientSecretBasic('resource-secret-90c4e6d1');
  const introspect = async () =>
    oauth.processIntrospectionResponse(
      as,
      resourceServer,
      await oauth.introspectionRequest(as, resourceServer, secret, refreshed.access_token, insecure),
    );
  expect((await introspect()).active).toBe(true);
  await oauth.processRevocationResponse(
    await oauth.revocationRequest(as, client, authentication, refreshed.refresh_token!, insecure),
  );
  expect(await introspect()).toEqual({ active: false });
});

test('access tokens pass the library’s own RFC 9068 validation', async () => {
  const as = await discover();
  const tokens = await codeFlow(as, { ...native, scope: 'pages:read' });
  const request = new Request(`${origin}/api/oauth/pages`, { headers: { authorization: `Bearer ${tokens.access_token}` } });
  const claims = await oauth.validateJwtAccessToken(as, request, `${origin}/api/oauth`, insecure);
  expect(claims.client_id).toBe('native-app');
  expect(claims.scope).toBe('pages:read');
});

test('a confidential client, by header and by body', async () => {
  const as = await discover();
  const secret = 'backend-secret-7f1b9c2e';
  for (const authentication of [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)]) {
    const client = { client_id: 'backend', id_token_signed_response_alg: 'ES256' };
    const redirectUri = 'http://127.0.0.1:3999/callback';
    const tokens = await codeFlow(as, { client, authentication, redirectUri, scope: 'openid pages:read' });
    expect(tokens.scope).toBe('openid pages:read');
  }
});

test('client_credentials, also for a client whose id and secret need encoding', async () => {
  const as = await discover();
  for (const [client_id, secret] of [
    ['backend', 'backend-secret-7f1b9c2e'],
    ['odd:client', 'p@ss word+%:é'],
  ]) {
    for (const authentication of [oauth.ClientSecretBasic(secret), oauth.ClientSecretPost(secret)]) {
      const client = { client_id };
      const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: 'pages:read' }, insecure);
      const tokens = await oauth.processClientCredentialsResponse(as, client, response);
      expect(tokens.token_type).toBe('bearer');
    }
  }
});

test('the device flow', async () => {
  const as = await discover();
  const client = { client_id: 'tv', id_token_signed_response_alg: 'ES256' };
  const begun = await oauth.processDeviceAuthorizationResponse(
    as,
    client,
    await oauth.deviceAuthorizationRequest(as, client, oauth.None(), { scope: 'openid pages:read' }, insecure),
  );
  const browser = new Browser();
  const complete = begun.verification_uri_complete!;
  await browser.submit(complete, await (await browser.request(complete)).text(), { username: 'alice', password: 'wonderland' });
  const typed = await browser.submit(complete, await (await browser.request(complete)).text(), {});
  const done = await browser.submit(complete, await typed.text(), { decision: 'allow' });
  expect(await done.text()).toContain('The device is connected');
  const tokens = await oauth.processDeviceCodeResponse(
    as,
    client,
    await oauth.deviceCodeGrantRequest(as, client, oauth.None(), begun.device_code, insecure),
  );
  expect(oauth.getValidatedIdTokenClaims(tokens)?.aud).toBe('tv');
});

test('a pushed authorization request', async () => {
  const tokens = await codeFlow(await discover(), { ...native, pushed: true });
  expect(tokens.access_token).toBeTruthy();
});

for (const pushed of [false, true]) {
  test(`DPoP from the ${pushed ? 'pushed request' : 'token endpoint'} to the resource and through a refresh`, async () => {
    const as = await discover();
    const { client, authentication } = native;
    const DPoP = oauth.DPoP(client, await oauth.generateKeyPair('ES256'));
    const tokens = await codeFlow(as, { ...native, DPoP, pushed });
    expect(tokens.token_type).toBe('dpop');
    const url = new URL('/api/oauth/pages', origin);
    const call = (token: string) =>
      oauth.protectedResourceRequest(token, 'GET', url, undefined, undefined, { DPoP, ...insecure });
    expect((await call(tokens.access_token)).status).toBe(200);
    const refreshed = await retried(
      () => oauth.refreshTokenGrantRequest(as, client, authentication, tokens.refresh_token!, { DPoP, ...insecure }),
      (response) => oauth.processRefreshTokenResponse(as, client, response),
    );
    expect((await call(refreshed.access_token)).status).toBe(200);
    const stolen = await fetch(url, { headers: { authorization: `Bearer ${refreshed.access_token}` } });
    expect(stolen.status).toBe(401);
  });
}

test('a client registers with its public key and authenticates by signed assertions', async () => {
  const as = await discover();
  const { publicKey, privateKey } = await oauth.generateKeyPair('ES256', { extractable: true });
  const jwk = { ...(await crypto.subtle.exportKey('jwk', publicKey)), kid: 'mine', alg: 'ES256', use: 'sig' };
  const client = await oauth.processDynamicClientRegistrationResponse(
    await oauth.dynamicClientRegistrationRequest(
      as,
      {
        client_name: 'Signs its assertions',
        token_endpoint_auth_method: 'private_key_jwt',
        grant_types: ['client_credentials'],
        response_types: [],
        scope: 'pages:read',
        jwks: { keys: [jwk] },
      } as oauth.OmitSymbolProperties<Partial<oauth.Client>>,
      insecure,
    ),
  );
  const authentication = oauth.PrivateKeyJwt({ key: privateKey, kid: 'mine' });
  const response = await oauth.clientCredentialsGrantRequest(as, client, authentication, { scope: 'pages:read' }, insecure);
  expect((await oauth.processClientCredentialsResponse(as, client, response)).access_token).toBeTruthy();
});
