//! The running app for tests: on a loopback port of its own, with a clock that stands until it is moved.
#![allow(dead_code, unreachable_pub, reason = "each test binary uses its own part of it")]

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use reqwest::header::{HeaderMap, LOCATION};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url};
use serde_json::Value;
use std::net::IpAddr;
use std::path::Path;
use three_keys::auth_server::keys::IssuerKeys;
use three_keys::clock::Clock;
use three_keys::host::config::Config;
use three_keys::host::server::{Server, start};
use three_keys::jose::SigningAlgorithm;
use three_keys::storage::sqlite::Sqlite;

/// When the clock of the tests stands at first.
pub const DAWN: i64 = 1_800_000_000;

pub const ALICE: (&str, &str) = ("alice", "wonderland");
pub const BOB: (&str, &str) = ("bob", "open:sesame");
pub const CHLOE: (&str, &str) = ("chloé", "crème-brûlée");
pub const AUDITOR: (&str, &str) = ("auditor", "trust-but-verify");

/// A verifier and its S256 challenge (RFC 7636 appendix B).
pub const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

pub const BACKEND: (&str, &str) = ("backend", "backend-secret-7f1b9c2e");
pub const BACKEND_OTHER: (&str, &str) = ("backend-other", "backend-other-secret-51d0aa37");
pub const RESOURCE_SERVER: (&str, &str) = ("resource-server", "resource-secret-90c4e6d1");

/// A running app.
pub struct TestApp {
    pub base: String,
    pub clock: Clock,
    /// Follows no redirect and keeps no cookie.
    pub http: Client,
    server: Option<Server>,
    folder: tempfile::TempDir,
}

impl TestApp {
    pub async fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::start_in(folder, Clock::at(DAWN), "127.0.0.1:0").await
    }

    /// Starts it by the system's clock, which other processes that work on its data go by.
    pub async fn start_now() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self::start_in(folder, Clock::system(), "127.0.0.1:0").await
    }

    /// Starts it with another configuration.
    pub async fn start_with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let mut config = config(folder.path(), "127.0.0.1:0");
        change(&mut config);
        Self::start_as(folder, Clock::at(DAWN), config).await
    }

    async fn start_in(folder: tempfile::TempDir, clock: Clock, listen: &str) -> Self {
        let config = config(folder.path(), listen);
        Self::start_as(folder, clock, config).await
    }

    async fn start_as(folder: tempfile::TempDir, clock: Clock, config: Config) -> Self {
        let server = start(config, clock.clone()).await.expect("a running server");
        let http = client(false);
        Self { base: server.issuer.clone(), clock, http, server: Some(server), folder }
    }

    /// An app that runs in a process of its own, by the real clock.
    pub fn elsewhere(base: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        Self { base: base.to_owned(), clock: Clock::system(), http: client(false), server: None, folder }
    }

    /// Stops the app and starts it again on the same data and address.
    pub async fn restart(mut self) -> Self {
        let server = self.server.take().expect("a running server");
        let listen = server.address.to_string();
        server.stop().await;
        Self::start_in(self.folder, self.clock, &listen).await
    }

    /// Stops the app and starts another at the same address, with data and keys of its own.
    pub async fn restart_with_new_key(mut self) -> Self {
        let server = self.server.take().expect("a running server");
        let listen = server.address.to_string();
        server.stop().await;
        let folder = tempfile::tempdir().expect("a folder");
        Self::start_in(folder, self.clock, &listen).await
    }

    /// A second server on the same data, for the same issuer, as another process would be.
    pub async fn second_process(&self) -> Self {
        let mut config = config(self.folder(), "127.0.0.1:0");
        config.issuer = Some(self.base.clone());
        let nothing = tempfile::tempdir().expect("a folder");
        let mut second = Self::start_as(nothing, self.clock.clone(), config).await;
        second.base = format!("http://{}", second.address());
        second
    }

    /// Where it listens.
    pub fn address(&self) -> std::net::SocketAddr {
        self.server.as_ref().expect("a running server").address
    }

    /// A token with those claims under the app's own key: what nobody else could make, to see that more is checked than
    /// the signature. `purpose` is `oauth` for the authorization server's keys, `jwt door` for the JWT door's.
    pub async fn signed(&self, purpose: &'static str, typ: &str, claims: &Value) -> String {
        let url = format!("sqlite:{}", self.folder().join("three-keys.db").display());
        let database = std::sync::Arc::new(Sqlite::open(&url).await.expect("the app's database"));
        let keys = IssuerKeys::open(database.clone(), purpose, None, &[], DAWN).await.expect("its keys");
        let token = keys.sign(SigningAlgorithm::ES256, typ, claims, DAWN).expect("a token");
        database.close().await;
        token
    }

    /// The folder with the app's data.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, self.url(path))
    }

    /// A caller at another of this machine's loopback addresses, 127.0.0.`host`.
    pub fn at_address(&self, host: u8) -> Client {
        let builder = Client::builder().redirect(Policy::none()).local_address(IpAddr::from([127, 0, 0, host]));
        builder.build().expect("a client")
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.request(Method::GET, path)
    }

    /// Sends a form.
    pub async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.post(self.url(path)).form(fields)).await
    }

    /// Sends a form with a client's secret in the header, form-encoded as RFC 6749 §2.3.1 asks.
    pub async fn form_as(&self, (id, secret): (&str, &str), path: &str, fields: &[(&str, &str)]) -> Answer {
        Answer::of(self.http.post(self.url(path)).basic_auth(form_encoded(id), Some(form_encoded(secret))).form(fields))
            .await
    }

    /// Signs in at the JWT door.
    pub async fn door_token(&self, (username, password): (&str, &str)) -> String {
        let body = serde_json::json!({ "username": username, "password": password });
        let answer = Answer::of(self.http.post(self.url("/api/jwt/sign_in")).json(&body)).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["access_token"].as_str().expect("a token").to_owned()
    }

    /// A browser that has not been here yet.
    pub fn browser(&self) -> Browser {
        Browser { http: client(true), base: self.base.clone() }
    }

    /// Runs the whole code flow with PKCE and answers with the token endpoint's answer.
    pub async fn tokens(&self, client_id: &str, scope: &str, account: (&str, &str)) -> Value {
        let (redirect_uri, secret) = redirect_uri_of(&self.base, client_id);
        let code = self.code(client_id, scope, account, &[]).await;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", &redirect_uri),
            ("code_verifier", VERIFIER),
        ];
        let answer = match secret {
            Some(secret) => self.form_as((client_id, secret), "/oauth/token", &fields).await,
            None => self.form("/oauth/token", &[&fields[..], &[("client_id", client_id)]].concat()).await,
        };
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json
    }

    /// Runs the authorization endpoint's part of the flow and answers with the code.
    pub async fn code(&self, client_id: &str, scope: &str, account: (&str, &str), extra: &[(&str, &str)]) -> String {
        let query = self.authorization(client_id, scope, extra);
        let back = self.browser().walk(&query, account, "allow").await;
        parameter(&back, "code").unwrap_or_else(|| panic!("no code in {back}"))
    }

    /// The path and query of an authorization request with PKCE; an extra parameter replaces or (empty) removes one.
    pub fn authorization(&self, client_id: &str, scope: &str, extra: &[(&str, &str)]) -> String {
        let (redirect_uri, _) = redirect_uri_of(&self.base, client_id);
        let mut parameters = vec![
            ("response_type", "code"),
            ("client_id", client_id),
            ("redirect_uri", &redirect_uri),
            ("scope", scope),
            ("state", "a state"),
            ("code_challenge", CHALLENGE),
            ("code_challenge_method", "S256"),
        ];
        parameters.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        parameters.extend(extra.iter().filter(|(_, value)| !value.is_empty()));
        let url = Url::parse_with_params(&self.url("/oauth/authorize"), parameters).expect("a URL");
        format!("{}?{}", url.path(), url.query().unwrap_or_default())
    }

    /// The answer of a call with a bearer token.
    pub async fn bearer(&self, method: Method, path: &str, token: &str) -> Answer {
        Answer::of(self.request(method, path).bearer_auth(token)).await
    }

    /// Whether the token introspects as active.
    pub async fn is_active(&self, token: &str) -> bool {
        let answer = self.form_as(RESOURCE_SERVER, "/oauth/introspect", &[("token", token)]).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        answer.json["active"].as_bool().expect("active")
    }

    /// Refreshes as a public client.
    pub async fn refresh(&self, client_id: &str, token: &str) -> Answer {
        let fields = [("grant_type", "refresh_token"), ("client_id", client_id), ("refresh_token", token)];
        self.form("/oauth/token", &fields).await
    }
}

pub fn config(folder: &Path, listen: &str) -> Config {
    Config { listen: listen.parse().expect("an address"), data_dir: folder.to_owned(), ..Config::default() }
}

pub fn client(cookies: bool) -> Client {
    // The HTTP client takes the process's own provider of TLS; a second call finds it installed.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    Client::builder().cookie_store(cookies).redirect(Policy::none()).build().expect("a client")
}

/// Where a demo client wants its answers, and its secret.
pub fn redirect_uri_of(base: &str, client_id: &str) -> (String, Option<&'static str>) {
    match client_id {
        "three-keys-ui" => (format!("{base}/callback"), None),
        "trip-planner" => (format!("{base}/trip-planner/callback"), None),
        "native-app" => ("http://127.0.0.1:49152/callback".to_owned(), None),
        "blink" => ("http://127.0.0.1:49152/blink".to_owned(), None),
        "backend" => ("http://127.0.0.1:3999/callback".to_owned(), Some(BACKEND.1)),
        "backend-other" => ("http://127.0.0.1:3999/other".to_owned(), Some(BACKEND_OTHER.1)),
        other => (format!("https://{other}.example/callback"), None),
    }
}

fn form_encoded(text: &str) -> String {
    Url::parse_with_params("http://x/", [("", text)]).expect("a URL").query().unwrap_or_default()[1..].to_owned()
}

/// The native client's request to exchange a code, by PKCE with the verifier of these tests.
pub fn redemption(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", "native-app"),
        ("code", code),
        ("redirect_uri", "http://127.0.0.1:49152/callback"),
        ("code_verifier", VERIFIER),
    ]
}

/// An answer, read whole.
#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
    /// `Null` when the body is no JSON.
    pub json: Value,
}

impl Answer {
    pub async fn of(request: RequestBuilder) -> Self {
        Self::read(request.send().await.expect("an answer")).await
    }

    async fn read(response: Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap_or_default();
        let json = serde_json::from_str(&text).unwrap_or_default();
        Self { status, headers, text, json }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn error(&self) -> &str {
        self.json["error"].as_str().unwrap_or_default()
    }

    pub fn member(&self, name: &str) -> String {
        self.json[name].as_str().unwrap_or_else(|| panic!("no {name} in {}", self.text)).to_owned()
    }
}

/// The parameter in the query of a redirect.
pub fn parameter(location: &str, name: &str) -> Option<String> {
    Url::parse(location).ok()?.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// The claims of a token, unverified.
pub fn claims(token: &str) -> Value {
    part(token, 1)
}

/// The header of a token.
pub fn header(token: &str) -> Value {
    part(token, 0)
}

fn part(token: &str, place: usize) -> Value {
    let text = token.split('.').nth(place).expect("three parts");
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).expect("base64url")).expect("JSON")
}

pub fn base64url(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub fn basic(username: &str, password: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{username}:{password}")))
}

/// A person's browser: it keeps cookies and sends forms back as they came.
pub struct Browser {
    http: Client,
    base: String,
}

/// A page with the URL that it came from.
pub struct Page {
    pub url: Url,
    pub status: u16,
    pub headers: HeaderMap,
    pub text: String,
}

impl Page {
    /// Where the answer redirects to.
    pub fn location(&self) -> Option<String> {
        let location = self.headers.get(LOCATION)?.to_str().ok()?;
        Some(self.url.join(location).expect("a URL").to_string())
    }

    /// The names and values of the page's inputs.
    pub fn inputs(&self) -> Vec<(String, String)> {
        self.text
            .split("<input ")
            .skip(1)
            .filter_map(|rest| {
                let tag = rest.split('>').next()?;
                Some((attribute(tag, "name")?, attribute(tag, "value").unwrap_or_default()))
            })
            .collect()
    }

    /// Whether the page asks for a password.
    pub fn asks_for_password(&self) -> bool {
        self.text.contains("name=\"password\"")
    }

    /// Whether the page asks for a decision.
    pub fn asks_for_consent(&self) -> bool {
        self.text.contains("name=\"decision\"")
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!("{name}=\""))?.1.split('"').next()?;
    Some(value.replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
}

impl Browser {
    /// A new browser for the app at that origin.
    pub fn at(base: &str) -> Self {
        Self { http: client(true), base: base.to_owned() }
    }

    /// Like [`Browser::walk`] with everything allowed, but `None` when the server goes away on the way.
    pub async fn try_walk(&self, path: &str, (username, password): (&str, &str)) -> Option<String> {
        let mut url = Url::parse(&self.base).ok()?.join(path).ok()?;
        let mut request = self.http.get(url.clone());
        loop {
            let response = request.send().await.ok()?;
            let (status, headers) = (response.status().as_u16(), response.headers().clone());
            let page = Page { url: url.clone(), status, headers, text: response.text().await.ok()? };
            if let Some(location) = page.location() {
                return Some(location);
            }
            let mut fields = page.inputs();
            for (name, value) in &mut fields {
                match name.as_str() {
                    "username" => username.clone_into(value),
                    "password" => password.clone_into(value),
                    _ => {}
                }
            }
            if page.asks_for_consent() {
                fields.push(("decision".to_owned(), "allow".to_owned()));
            }
            url = page.url;
            request = self.http.post(url.clone()).form(&fields);
        }
    }

    /// What sends its requests, with its cookies.
    pub fn client(&self) -> &Client {
        &self.http
    }

    pub async fn open(&self, path: &str) -> Page {
        let url = Url::parse(&self.base).expect("a URL").join(path).expect("a URL");
        self.read(url.clone(), self.http.get(url)).await
    }

    async fn read(&self, url: Url, request: RequestBuilder) -> Page {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        Page { url, status, headers, text: response.text().await.expect("a page") }
    }

    /// Sends the page's only form back with these fields set or, where the form has none of that name, added.
    pub async fn submit(&self, page: &Page, fields: &[(&str, &str)]) -> Page {
        let mut inputs = page.inputs();
        for (name, value) in fields {
            match inputs.iter_mut().find(|(known, _)| known == name) {
                Some(input) => (*value).clone_into(&mut input.1),
                None => inputs.push(((*name).to_owned(), (*value).to_owned())),
            }
        }
        self.post(page, &inputs).await
    }

    /// Posts exactly these fields to where the page's form goes.
    pub async fn post(&self, page: &Page, fields: &[(String, String)]) -> Page {
        let action = page.text.split_once("<form ").and_then(|(_, rest)| attribute(rest.split('>').next()?, "action"));
        let url = action.map_or(page.url.clone(), |action| page.url.join(&action).expect("a URL"));
        self.read(url.clone(), self.http.post(url).form(fields)).await
    }

    pub async fn sign_in(&self, page: &Page, (username, password): (&str, &str)) -> Page {
        assert!(page.asks_for_password(), "{}", page.text);
        self.submit(page, &[("username", username), ("password", password)]).await
    }

    /// Goes through sign-in and consent as far as they are asked, and answers with the URL of the client.
    pub async fn walk(&self, path: &str, account: (&str, &str), decision: &str) -> String {
        let mut page = self.open(path).await;
        for _ in 0..5 {
            if let Some(location) = page.location() {
                let within = location.starts_with(&format!("{}/oauth/", self.base));
                if !within {
                    assert_eq!(page.status, StatusCode::SEE_OTHER.as_u16());
                    return location;
                }
                page = self.open(&location).await;
            } else if page.asks_for_password() {
                page = self.sign_in(&page, account).await;
            } else if page.asks_for_consent() {
                page = self.submit(&page, &[("decision", decision)]).await;
            } else {
                panic!("{} {}: {}", page.status, page.url, page.text);
            }
        }
        panic!("the flow does not end");
    }
}
