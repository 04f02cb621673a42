// What must exist before a run: sessions, codes, tokens. None of it is timed.
import { createHash, randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SECONDS } from './settings.mjs';
import { signIn } from './sign_in.mjs';
import { Exhausted, wrk } from './wrk.mjs';

const REDIRECT_URI = 'http://127.0.0.1:3999/callback';
const VERIFIER = randomBytes(32).toString('base64url');
const CHALLENGE = createHash('sha256').update(VERIFIER).digest('base64url');
const FORM = 'application/x-www-form-urlencoded';
const basic = (user, password) => `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;

export const BACKEND = basic('backend', 'backend-secret-7f1b9c2e');
export const RESOURCE_SERVER = basic('resource-server', 'resource-secret-90c4e6d1');
export const ALICE = basic('alice', 'wonderland');

/** Where the two servers keep their endpoints, and what they are asked for. */
const DIALECTS = {
  ours: {
    authorize: '/oauth/authorize',
    token: '/oauth/token',
    introspect: '/oauth/introspect',
    jwks: '/oauth/jwks',
    scope: 'openid offline_access pages:read',
    // An access token of ours is a JWT, and can be introspected.
    introspected: {},
  },
  rival: {
    authorize: '/auth',
    token: '/token',
    introspect: '/token/introspection',
    jwks: '/jwks',
    scope: 'openid pages:read',
    // It cannot introspect its JWTs, so it gets to see a token that it has stored.
    introspected: { resource: 'urn:three-keys:opaque' },
  },
};

export const dialect = (server) => (server.kind === 'ours' ? DIALECTS.ours : DIALECTS.rival);

/** A POST of a form by a client. */
export function form(path, authorization, fields) {
  const body = new URLSearchParams(fields).toString().replace('%7Bvalue%7D', '{value}');
  return { method: 'POST', path, headers: { authorization, 'content-type': FORM }, body };
}

export const tokenRequest = (server, fields) => form(dialect(server).token, BACKEND, fields);

/** Sends a request once and answers with the JSON that comes back; the answer must be a 200. */
export async function once(server, { method, path, headers, body }) {
  const response = await fetch(server.origin + path, { method, headers, body: body || undefined });
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`${method ?? 'GET'} ${path} on ${server.name}: ${response.status} ${text}`);
  return text.startsWith('{') || text.startsWith('[') ? JSON.parse(text) : text;
}

export const clientToken = async (server, more = {}) =>
  (await once(server, tokenRequest(server, { grant_type: 'client_credentials', scope: 'pages:read', ...more })))
    .access_token;

export async function doorToken(server) {
  const headers = { 'content-type': 'application/json' };
  const body = JSON.stringify({ username: 'alice', password: 'wonderland' });
  return (await once(server, { method: 'POST', path: '/api/jwt/sign_in', headers, body })).access_token;
}

function authorizationPath(server) {
  const parameters = new URLSearchParams({
    response_type: 'code',
    client_id: 'backend',
    redirect_uri: REDIRECT_URI,
    scope: dialect(server).scope,
    state: 'state',
    nonce: 'nonce',
    code_challenge: CHALLENGE,
    code_challenge_method: 'S256',
  });
  return `${dialect(server).authorize}?${parameters}`;
}

/** Collects codes for so many seconds, into a file; right before they are used, because they live for 60 seconds. */
async function collectCodes(server, seconds) {
  server.cookie ??= await signIn(server, authorizationPath(server));
  const file = join(server.folder, 'codes');
  await wrk(
    server,
    { path: authorizationPath(server), headers: { cookie: server.cookie }, mode: 'collect', file },
    { seconds },
  );
  return file;
}

const exchange = (server) =>
  tokenRequest(server, {
    grant_type: 'authorization_code',
    code: '{value}',
    redirect_uri: REDIRECT_URI,
    code_verifier: VERIFIER,
  });

/** Exchanges fresh codes for a while; with more codes again where they were used up before the time. */
export async function exchangeCodes(server, options) {
  server.collectFor ??= SECONDS;
  for (;;) {
    const file = await collectCodes(server, server.collectFor);
    try {
      return await wrk(server, { ...exchange(server), mode: 'once', file }, options);
    } catch (error) {
      if (!(error instanceof Exhausted) || server.collectFor >= 40) throw error;
      server.collectFor = Math.ceil(server.collectFor * 1.5);
    }
  }
}

/** Refreshes for a while, each connection along a family of its own. */
export async function refreshTokens(server, options = {}) {
  const { connections = 64 } = options;
  // Some are asked for and never sent, as wrk asks for a first request before it connects.
  const codes = readFileSync(await collectCodes(server, 1), 'utf8')
    .trim()
    .split('\n')
    .slice(0, connections + 8);
  const request = exchange(server);
  const tokens = [];
  for (const code of codes) {
    const answer = await once(server, { ...request, body: request.body.replace('{value}', code) });
    const isWhole = answer.refresh_token && answer.id_token && answer.access_token.split('.').length === 3;
    if (!isWhole) throw new Error(`${server.name} does not give all three tokens for a code`);
    tokens.push(answer.refresh_token);
  }
  const file = join(server.folder, 'refresh-tokens');
  writeFileSync(file, tokens.join('\n'));
  return wrk(
    server,
    { ...tokenRequest(server, { grant_type: 'refresh_token', refresh_token: '{value}' }), mode: 'refresh', file },
    options,
  );
}

/** Introspects one live token for a while. */
export async function introspect(server, options) {
  const request = form(dialect(server).introspect, RESOURCE_SERVER, {
    token: await clientToken(server, dialect(server).introspected),
  });
  const answer = await once(server, request);
  if (answer.active !== true) throw new Error(`${server.name} does not know its own token`);
  return wrk(server, request, options);
}

/** Asks for tokens of the client's own for a while. */
export async function clientCredentials(server, options) {
  const request = tokenRequest(server, { grant_type: 'client_credentials', scope: 'pages:read' });
  const { access_token } = await once(server, request);
  if (access_token.split('.').length !== 3) throw new Error(`${server.name} gives no JWT`);
  return wrk(server, request, options);
}

/** Reads the public keys for a while. */
export async function readKeys(server, options) {
  const request = { path: dialect(server).jwks };
  if ((await once(server, request)).keys.length === 0) throw new Error(`${server.name} has no keys`);
  return wrk(server, request, options);
}
