// A service calls the wiki for itself, and a person is asked to sign in. npm install oauth4webapi
import * as oauth from 'oauth4webapi';

const issuer = new URL(process.env.ISSUER ?? 'http://127.0.0.1:3000');
// Plain HTTP is for this machine alone; leave it out everywhere else.
const insecure = { [oauth.allowInsecureRequests]: issuer.protocol === 'http:' };

// Everything is found from the issuer.
const as = await oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, insecure));

// 1. A token for the service itself.
const service = { client_id: 'backend' };
const secret = oauth.ClientSecretBasic('backend-secret-7f1b9c2e');
const granted = await oauth.clientCredentialsGrantRequest(as, service, secret, { scope: 'pages:read' }, insecure);
const { access_token } = await oauth.processClientCredentialsResponse(as, service, granted);

// 2. A call with it.
const pages = new URL('/api/oauth/pages', issuer);
const answer = await oauth.protectedResourceRequest(access_token, 'GET', pages, undefined, undefined, insecure);
for (const page of await answer.json()) console.log(page.slug, page.title);

// 3. What a resource server learns when it asks about the token.
const asking = { client_id: 'resource-server' };
const askingSecret = oauth.ClientSecretBasic('resource-secret-90c4e6d1');
const introspected = await oauth.introspectionRequest(as, asking, askingSecret, access_token, insecure);
const { active, client_id, scope } = await oauth.processIntrospectionResponse(as, asking, introspected);
console.log({ active, client_id, scope });

// 4. A person: keep the verifier, the state and the nonce, and open the URL in a browser.
const verifier = oauth.generateRandomCodeVerifier();
const url = new URL(as.authorization_endpoint);
url.search = new URLSearchParams({
  response_type: 'code',
  client_id: 'native-app',
  redirect_uri: 'http://127.0.0.1:8123/callback',
  scope: 'openid profile offline_access pages:read',
  state: oauth.generateRandomState(),
  nonce: oauth.generateRandomNonce(),
  code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
  code_challenge_method: 'S256',
}).toString();
console.log(url.href);
// 5. The browser comes back to the redirect URI with a code: validateAuthResponse, authorizationCodeGrantRequest and
//    processAuthorizationCodeResponse take it, with native-app, whose ID tokens are signed with ES256, and oauth.None().
