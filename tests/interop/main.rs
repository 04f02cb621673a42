//! The client libraries that Rust developers use, against the running authorization server, as strict as they are.

mod browser;
mod snippets;

use browser::Browser;
use openidconnect::core::{CoreAuthenticationFlow, CoreClient, CoreDeviceAuthorizationResponse, CoreProviderMetadata};
use openidconnect::{
    AccessTokenHash, AuthorizationCode, ClientId, ClientSecret, CsrfToken, DeviceAuthorizationUrl, IntrospectionUrl,
    IssuerUrl, Nonce, OAuth2TokenResponse as _, PkceCodeChallenge, RedirectUrl, Scope, TokenIntrospectionResponse as _,
    TokenResponse as _, core::CoreUserInfoClaims,
};
use std::time::Duration;
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::server::{Server, start};

const ALICE: (&str, &str) = ("alice", "wonderland");

struct Running {
    server: Server,
    http: openidconnect::reqwest::Client,
    metadata: CoreProviderMetadata,
    _folder: tempfile::TempDir,
}

/// The libraries compare expiry with the system's clock, so the server uses it too.
async fn running() -> Running {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config {
        listen: "127.0.0.1:0".parse().expect("an address"),
        data_dir: folder.path().to_owned(),
        ..Config::default()
    };
    let server = start(config, Clock::system()).await.expect("a running server");
    let http = openidconnect::reqwest::Client::builder()
        .redirect(openidconnect::reqwest::redirect::Policy::none())
        .build()
        .expect("a client");
    let issuer = IssuerUrl::new(server.issuer.clone()).expect("a URL");
    let metadata = CoreProviderMetadata::discover_async(issuer, &http).await.expect("metadata that the library takes");
    Running { server, http, metadata, _folder: folder }
}

#[tokio::test]
async fn openidconnect_signs_in_verifies_refreshes_and_asks_userinfo() {
    let Running { server, http, metadata, _folder } = running().await;
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("native-app".into()), None)
        .set_redirect_uri(RedirectUrl::new("http://127.0.0.1:49152/callback".into()).expect("a URL"));
    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (url, state, nonce) = client
        .authorize_url(CoreAuthenticationFlow::AuthorizationCode, CsrfToken::new_random, Nonce::new_random)
        .add_scopes(["profile", "offline_access", "pages:read"].map(|scope| Scope::new(scope.into())))
        .set_pkce_challenge(challenge)
        .url();
    let back = Browser::new().sign_in_and_allow(url, ALICE, "http://127.0.0.1:49152/callback").await;
    let parameter = |name: &str| back.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    assert_eq!(parameter("state").as_ref(), Some(state.secret()));
    assert_eq!(parameter("iss"), Some(server.issuer.clone()));

    let tokens = client
        .exchange_code(AuthorizationCode::new(parameter("code").expect("a code")))
        .expect("a token endpoint")
        .set_pkce_verifier(verifier)
        .request_async(&http)
        .await
        .expect("tokens");
    let id_token = tokens.id_token().expect("an ID token");
    let id_verifier = client.id_token_verifier();
    let claims = id_token.claims(&id_verifier, &nonce).expect("an ID token that verifies");
    let algorithm = id_token.signing_alg().expect("an algorithm");
    let key = id_token.signing_key(&id_verifier).expect("a key");
    let hash = AccessTokenHash::from_token(tokens.access_token(), algorithm, key).expect("a hash");
    assert_eq!(claims.access_token_hash(), Some(&hash));

    let user: CoreUserInfoClaims = client
        .user_info(tokens.access_token().clone(), Some(claims.subject().clone()))
        .expect("a UserInfo endpoint")
        .request_async(&http)
        .await
        .expect("claims");
    assert_eq!(user.preferred_username().map(|name| name.as_str()), Some("alice"));

    let refreshed = client
        .exchange_refresh_token(tokens.refresh_token().expect("a refresh token"))
        .expect("a token endpoint")
        .request_async(&http)
        .await
        .expect("refreshed tokens");
    assert_ne!(
        refreshed.refresh_token().map(|token| token.secret()),
        tokens.refresh_token().map(|token| token.secret())
    );
    server.stop().await;
}

#[tokio::test]
async fn oauth2_gets_client_credentials_and_introspects_them() {
    let Running { server, http, metadata, _folder } = running().await;
    let endpoint = format!("{}/oauth/introspect", server.issuer);
    let confidential = |id: &str, secret: &str| {
        CoreClient::from_provider_metadata(
            metadata.clone(),
            ClientId::new(id.into()),
            Some(ClientSecret::new(secret.into())),
        )
    };
    for (id, secret) in [("backend", "backend-secret-7f1b9c2e"), ("odd:client", "p@ss word+%:é")] {
        let tokens = confidential(id, secret)
            .exchange_client_credentials()
            .expect("a token endpoint")
            .add_scope(Scope::new("pages:read".into()))
            .request_async(&http)
            .await
            .unwrap_or_else(|error| panic!("{id}: {error:?}"));
        let seen = confidential("resource-server", "resource-secret-90c4e6d1")
            .set_introspection_url(IntrospectionUrl::new(endpoint.clone()).expect("a URL"))
            .introspect(tokens.access_token())
            .request_async(&http)
            .await
            .expect("an answer");
        assert!(seen.active());
        assert_eq!(seen.client_id().map(|id| id.as_str()), Some(id));
    }
    server.stop().await;
}

#[tokio::test]
async fn oauth2_runs_the_device_flow() {
    let Running { server, http, metadata, _folder } = running().await;
    let endpoint = format!("{}/oauth/device_authorization", server.issuer);
    let client = CoreClient::from_provider_metadata(metadata, ClientId::new("tv".into()), None)
        .set_device_authorization_url(DeviceAuthorizationUrl::new(endpoint).expect("a URL"));
    let details: CoreDeviceAuthorizationResponse = client
        .exchange_device_code()
        .add_scope(Scope::new("pages:read".into()))
        .request_async(&http)
        .await
        .expect("a device code");

    let browser = Browser::new();
    let complete = details.verification_uri_complete().expect("a complete URI").secret().parse().expect("a URL");
    let sign_in = browser.get(&complete).await;
    browser.submit(&complete, &sign_in, ALICE).await;
    let type_the_code = browser.get(&complete).await;
    let decide = browser.submit(&complete, &type_the_code, ALICE).await.text().await.expect("a page");
    let done = browser.submit(&complete, &decide, ALICE).await.text().await.expect("a page");
    assert!(done.contains("The device is connected"), "{done}");

    let tokens = client
        .exchange_device_access_token(&details)
        .expect("a token endpoint")
        .request_async(&http, tokio::time::sleep, Some(Duration::from_secs(20)))
        .await
        .expect("tokens");
    assert!(tokens.access_token().secret().split('.').count() == 3);
    server.stop().await;
}
