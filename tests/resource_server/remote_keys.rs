//! The issuer's keys over HTTP, from a second running instance (RFC 7517 §5).

use crate::support::{Answer, BACKEND, DAWN, TestApp, claims, header};
use std::sync::Arc;
use three_keys::checks::Trace;
use three_keys::clock::Clock;
use three_keys::jose::{VerifiedTokens, VerifyingKeys as _};
use three_keys::resource_server::remote_keys::RemoteKeys;
use three_keys::wire::claims::AccessTokenClaims;

async fn token(issuer: &TestApp) -> String {
    let fields = [("grant_type", "client_credentials"), ("scope", "pages:read")];
    issuer.form_as(BACKEND, "/oauth/token", &fields).await.member("access_token")
}

/// A resource server's clock and keys, apart from the issuer's.
fn verifier(issuer: &TestApp) -> (Clock, Arc<RemoteKeys>) {
    let clock = Clock::at(DAWN);
    let keys = RemoteKeys::new(issuer.url("/oauth/jwks"), clock.clone()).unwrap();
    (clock, Arc::new(keys))
}

/// The check that refuses the token, or nothing.
async fn refused(token: &str, keys: &RemoteKeys) -> Option<&'static str> {
    let memory = VerifiedTokens::<AccessTokenClaims>::new();
    memory.verify(token, "at+jwt", keys, &mut Trace::off()).await.err().map(|refused| refused.check.name)
}

#[tokio::test]
async fn a_token_is_verified_by_keys_fetched_from_its_issuer() {
    let issuer = TestApp::start().await;
    let (_, keys) = verifier(&issuer);
    let token = token(&issuer).await;
    let (message, signature) = token.rsplit_once('.').unwrap();
    let bent = format!("{message}.{}{}", if signature.starts_with('A') { "B" } else { "A" }, &signature[1..]);
    assert_eq!(refused(&token, &keys).await, None);
    assert_eq!(refused(&bent, &keys).await, Some("signature"));
}

#[tokio::test]
async fn another_issuers_token_names_no_key_of_this_one() {
    let (issuer, other) = (TestApp::start().await, TestApp::start().await);
    let (_, keys) = verifier(&issuer);
    assert_eq!(refused(&token(&other).await, &keys).await, Some("key"));
}

#[tokio::test]
async fn a_key_that_is_not_known_is_looked_for_at_most_every_few_seconds() {
    let (issuer, other) = (TestApp::start().await, TestApp::start().await);
    let (clock, keys) = verifier(&issuer);
    assert_eq!(refused(&token(&other).await, &keys).await, Some("key"), "this was the first look");
    let issuer = issuer.restart_with_new_key().await;
    let fresh = token(&issuer).await;
    assert_eq!(refused(&fresh, &keys).await, Some("key"), "it is too early for another");
    clock.advance(5);
    assert_eq!(refused(&fresh, &keys).await, None);
}

#[tokio::test]
async fn kept_keys_serve_while_the_issuer_is_away_and_not_for_ever() {
    let issuer = TestApp::start().await;
    let (clock, keys) = verifier(&issuer);
    let token = token(&issuer).await;
    assert_eq!(refused(&token, &keys).await, None);
    drop(issuer);
    clock.advance(3599);
    assert_eq!(refused(&token, &keys).await, None);
    clock.advance(1);
    assert_eq!(refused(&token, &keys).await, Some("key"));
    assert!(keys.find(header(&token)["kid"].as_str().unwrap()).is_none());
}

#[tokio::test]
async fn an_issuer_that_answers_nonsense_or_redirects_gives_no_keys() {
    let issuer = TestApp::start().await;
    let token = token(&issuer).await;
    for path in ["/", "/oauth/nothing", "/oauth/logout", "/.well-known/openid-configuration"] {
        let keys = RemoteKeys::new(issuer.url(path), Clock::at(DAWN)).unwrap();
        assert_eq!(refused(&token, &keys).await, Some("key"), "{path}");
    }
}

/// The two halves of a split house: one process issues, another guards, and knows the issuer by its published keys only.
#[tokio::test]
async fn a_resource_server_that_runs_apart_takes_its_issuers_tokens_and_no_others() {
    let (issuer, other) = (TestApp::start().await, TestApp::start().await);
    let (url, base) = (issuer.url("/oauth/jwks"), issuer.base.clone());
    let apart = TestApp::start_with(|config| {
        config.issuer = Some(base);
        config.jwks_url = Some(url);
    })
    .await;
    let pages = |token: String| {
        let call = apart.http.get(format!("http://{}/api/oauth/pages", apart.address()));
        Answer::of(call.bearer_auth(token))
    };
    let answer = pages(token(&issuer).await).await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let own = apart.signed("oauth", "at+jwt", &claims(&token(&issuer).await)).await;
    for foreign in [token(&other).await, own] {
        let answer = pages(foreign).await;
        assert_eq!((answer.status, answer.member("check")), (401, "key".to_owned()));
    }
}
