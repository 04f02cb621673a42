// The yardstick: npm `oidc-provider`, set up for the same operations as ours. Run as
//   node rival/server.mjs PORT memory
//   node rival/server.mjs PORT sqlite FOLDER
// It writes no log. Sign-in and consent are given without asking, so that a first visit leaves a session behind whose
// cookie then brings a code with each GET of the authorization endpoint.
import { generateKeyPairSync } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { memoryAdapter } from './memory.mjs';

const [port, kind, folder] = process.argv.slice(2);
const issuer = `http://127.0.0.1:${port}`;

// Its warnings say that Node 20 is not the version it is developed on; all that is used here works on it.
console.warn = console.info = () => {};
const { Provider } = await import('oidc-provider');
const adapter =
  kind === 'sqlite' ? (await import('./sqlite.mjs')).sqliteAdapter(join(folder, 'rival.db')) : memoryAdapter();

/** The signing key: kept where there is a folder, so that a second start finds it. */
function signingKey() {
  const file = folder && join(folder, 'key.json');
  if (file && existsSync(file)) return JSON.parse(readFileSync(file, 'utf8'));
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const key = { ...privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'ES256' };
  if (file) writeFileSync(file, JSON.stringify(key));
  return key;
}

const RESOURCE = `${issuer}/api/oauth`;
const OPAQUE = 'urn:three-keys:opaque';
const DAY = 24 * 3600;

const provider = new Provider(issuer, {
  adapter,
  jwks: { keys: [signingKey()] },
  cookies: { keys: ['a key of the bench alone'] },
  enabledJWA: { idTokenSigningAlgValues: ['ES256'] },
  clients: [
    {
      client_id: 'backend',
      client_secret: 'backend-secret-7f1b9c2e',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: ['authorization_code', 'refresh_token', 'client_credentials'],
      response_types: ['code'],
      redirect_uris: ['http://127.0.0.1:3999/callback'],
      id_token_signed_response_alg: 'ES256',
    },
    {
      client_id: 'resource-server',
      client_secret: 'resource-secret-90c4e6d1',
      token_endpoint_auth_method: 'client_secret_basic',
      grant_types: [],
      response_types: [],
      redirect_uris: [],
      id_token_signed_response_alg: 'ES256',
    },
  ],
  // `pages:read` is a scope of the resource, below.
  scopes: ['openid'],
  pkce: { required: () => true },
  features: {
    devInteractions: { enabled: false },
    clientCredentials: { enabled: true },
    introspection: { enabled: true },
    userinfo: { enabled: false },
    resourceIndicators: {
      enabled: true,
      defaultResource: () => RESOURCE,
      useGrantedResource: () => true,
      // It signs JWTs, but it can introspect only tokens that it has stored, so there is a resource with such tokens too.
      getResourceServerInfo: (_, resource) => ({
        scope: 'pages:read',
        audience: resource,
        accessTokenTTL: 300,
        ...(resource === OPAQUE
          ? { accessTokenFormat: 'opaque' }
          : { accessTokenFormat: 'jwt', jwt: { sign: { alg: 'ES256' } } }),
      }),
    },
  },
  // It grants `offline_access` only after asking, each time; so the refresh token comes without that scope.
  issueRefreshToken: () => true,
  expiresWithSession: () => false,
  rotateRefreshToken: () => true,
  ttl: {
    AccessToken: 300,
    AuthorizationCode: 60,
    ClientCredentials: 300,
    Grant: 14 * DAY,
    IdToken: 300,
    Interaction: 3600,
    RefreshToken: 14 * DAY,
    Session: 14 * DAY,
  },
  interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
  findAccount: (_, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
});

async function allow(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const grant = new provider.Grant({ accountId: 'alice', clientId: params.client_id });
  grant.addOIDCScope('openid');
  grant.addResourceScope(RESOURCE, 'pages:read');
  const grantId = await grant.save();
  await provider.interactionFinished(request, response, { login: { accountId: 'alice' }, consent: { grantId } });
}

const answer = provider.callback();
createServer((request, response) => {
  if (!request.url.startsWith('/interaction/')) return answer(request, response);
  return allow(request, response).catch((error) => response.writeHead(500).end(String(error)));
}).listen(Number(port), '127.0.0.1', 4096);
