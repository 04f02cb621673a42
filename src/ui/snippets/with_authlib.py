"""A service calls the wiki for itself, and a person is asked to sign in. pip install Authlib requests"""

import os

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

issuer = os.environ.get("ISSUER", "http://127.0.0.1:3000")

# Everything is found from the issuer.
metadata = requests.get(f"{issuer}/.well-known/openid-configuration", timeout=10).json()

# 1. A token for the service itself.
service = OAuth2Session("backend", "backend-secret-7f1b9c2e", scope="pages:read")
token = service.fetch_token(metadata["token_endpoint"], grant_type="client_credentials")

# 2. A call with it.
answer = service.get(f"{issuer}/api/oauth/pages")
answer.raise_for_status()
for page in answer.json():
    print(page["slug"], page["title"])

# 3. What a resource server learns when it asks about the token.
asking = OAuth2Session("resource-server", "resource-secret-90c4e6d1")
print(asking.introspect_token(metadata["introspection_endpoint"], token=token["access_token"]).json())

# 4. A person: keep the verifier and the state, and open the URL in a browser.
verifier = generate_token(48)
person = OAuth2Session(
    "native-app",
    redirect_uri="http://127.0.0.1:8123/callback",
    scope="openid profile offline_access pages:read",
    code_challenge_method="S256",
    token_endpoint_auth_method="none",
)
url, state = person.create_authorization_url(metadata["authorization_endpoint"], code_verifier=verifier)
print(url)
# 5. The browser comes back to the redirect URI with a code:
#    person.fetch_token(metadata["token_endpoint"], authorization_response=BACK, state=state, code_verifier=verifier)
#    (over plain HTTP, on this machine alone, with AUTHLIB_INSECURE_TRANSPORT=1 in the environment)
