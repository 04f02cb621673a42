// A service calls the wiki for itself, and a person is asked to sign in.
// cargo add oauth2 serde_json, and tokio with the features macros and rt-multi-thread
use oauth2::basic::BasicClient;
use oauth2::reqwest::{Client, redirect::Policy};
use oauth2::{
    AuthUrl, ClientId, ClientSecret, CsrfToken, IntrospectionUrl, PkceCodeChallenge, RedirectUrl, Scope,
    TokenIntrospectionResponse, TokenResponse, TokenUrl,
};
use std::error::Error;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    run(&std::env::var("ISSUER").unwrap_or("http://127.0.0.1:3000".into())).await
}

pub async fn run(issuer: &str) -> Result<(), Box<dyn Error>> {
    // A client that follows redirects could be led elsewhere with a secret in hand.
    let http = Client::builder().redirect(Policy::none()).build()?;

    // Everything is found from the issuer.
    let url = format!("{issuer}/.well-known/oauth-authorization-server");
    let metadata: serde_json::Value = serde_json::from_str(&http.get(url).send().await?.text().await?)?;
    let endpoint = |name: &str| metadata[name].as_str().unwrap_or_default().to_owned();
    let token_url = TokenUrl::new(endpoint("token_endpoint"))?;

    // 1. A token for the service itself.
    let service = BasicClient::new(ClientId::new("backend".into()))
        .set_client_secret(ClientSecret::new("backend-secret-7f1b9c2e".into()))
        .set_token_uri(token_url.clone());
    let granted = service.exchange_client_credentials().add_scope(Scope::new("pages:read".into()));
    let token = granted.request_async(&http).await?.access_token().clone();

    // 2. A call with it.
    let pages = http.get(format!("{issuer}/api/oauth/pages")).bearer_auth(token.secret()).send().await?;
    println!("{}", pages.error_for_status()?.text().await?);

    // 3. What a resource server learns when it asks about the token.
    let asking = BasicClient::new(ClientId::new("resource-server".into()))
        .set_client_secret(ClientSecret::new("resource-secret-90c4e6d1".into()))
        .set_introspection_url(IntrospectionUrl::new(endpoint("introspection_endpoint"))?);
    let known = asking.introspect(&token).request_async(&http).await?;
    println!("active: {}, for {:?}", known.active(), known.client_id());

    // 4. A person: keep the verifier and the state, and open the URL in a browser.
    let person = BasicClient::new(ClientId::new("native-app".into()))
        .set_auth_uri(AuthUrl::new(endpoint("authorization_endpoint"))?)
        .set_token_uri(token_url)
        .set_redirect_uri(RedirectUrl::new("http://127.0.0.1:8123/callback".into())?);
    let (challenge, _verifier) = PkceCodeChallenge::new_random_sha256();
    let scopes = ["openid", "profile", "offline_access", "pages:read"].map(|scope| Scope::new(scope.into()));
    let (url, _state) =
        person.authorize_url(CsrfToken::new_random).add_scopes(scopes).set_pkce_challenge(challenge).url();
    println!("{url}");

    // 5. The browser comes back to the redirect URI with a code:
    //    person.exchange_code(code).set_pkce_verifier(verifier).request_async(&http)
    Ok(())
}
