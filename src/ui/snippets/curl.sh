#!/bin/sh
# A service calls the wiki for itself, and a person is asked to sign in. Needs curl and openssl.
set -eu
ISSUER=${ISSUER:-http://127.0.0.1:3000}

# Everything is found from the issuer.
metadata=$(curl -sSf "$ISSUER/.well-known/oauth-authorization-server")
member() { sed "s|.*\"$1\":\"\([^\"]*\)\".*|\1|"; }
endpoint() { printf '%s' "$metadata" | member "$1"; }

# 1. A token for the service itself.
token=$(curl -sSf -u backend:backend-secret-7f1b9c2e "$(endpoint token_endpoint)" \
  -d grant_type=client_credentials -d scope=pages:read | member access_token)

# 2. A call with it.
curl -sSf -H "Authorization: Bearer $token" "$ISSUER/api/oauth/pages"
echo

# 3. What a resource server learns when it asks about the token.
curl -sSf -u resource-server:resource-secret-90c4e6d1 "$(endpoint introspection_endpoint)" -d token="$token"
echo

# 4. A person: keep the verifier, and open the URL in a browser.
verifier=$(openssl rand -hex 32)
challenge=$(printf '%s' "$verifier" | openssl dgst -sha256 -binary | openssl base64 -A | tr '+/' '-_' | tr -d '=')
redirect_uri=http://127.0.0.1:8123/callback
echo "$(endpoint authorization_endpoint)?response_type=code&client_id=native-app&redirect_uri=$redirect_uri\
&scope=openid+profile+offline_access+pages:read&state=$(openssl rand -hex 16)\
&code_challenge=$challenge&code_challenge_method=S256"

# 5. The browser comes back to the redirect URI with a code, which this exchanges:
echo "curl $(endpoint token_endpoint) -d grant_type=authorization_code -d client_id=native-app \
-d redirect_uri=$redirect_uri -d code_verifier=$verifier -d code=CODE"
