//! No secret is in a log or in storage: the whole zoo of keys and flows runs against the built binary, which logs all
//! that it can (`RUST_LOG=trace`), and then its output and every file of its database are searched for each password,
//! token, code, cookie and client secret of the run: as they are, percent-encoded, and in base64 at any alignment.

use crate::support::{
    ALICE, AUDITOR, Answer, BACKEND, BOB, CHLOE, RESOURCE_SERVER, TestApp, VERIFIER, base64url, parameter, redemption,
};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use reqwest::Method;
use serde_json::json;
use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Child, Command, Stdio};

/// What nobody but its owner may ever see.
#[derive(Default)]
struct Secrets(BTreeSet<String>);

impl Secrets {
    fn add(&mut self, secret: impl Into<String>) -> String {
        let secret = secret.into();
        assert!(secret.len() >= 8, "too short to be looked for: {secret}");
        self.0.insert(secret.clone());
        secret
    }

    /// The members of an answer that are secret.
    fn take(&mut self, answer: &Answer, names: &[&str]) {
        for name in names {
            self.add(answer.member(name));
        }
    }

    /// The cookies that an answer sets, and the tokens in its forms.
    fn take_page(&mut self, page: &crate::support::Page) {
        for cookie in page.headers.get_all("set-cookie") {
            let value = cookie.to_str().expect("ASCII").split([';', '=']).nth(1).unwrap_or_default().to_owned();
            if !value.is_empty() {
                self.add(value);
            }
        }
        for (_, value) in page.inputs().into_iter().filter(|(name, _)| name == "form_token") {
            self.add(value);
        }
    }
}

/// The ways in which a secret may be written.
fn written(secret: &str) -> Vec<String> {
    let mut ways = vec![secret.to_owned()];
    ways.push(url::form_urlencoded::byte_serialize(secret.as_bytes()).collect());
    ways.push(secret.bytes().map(|byte| format!("%{byte:02X}")).collect());
    ways.push(secret.bytes().map(|byte| format!("%{byte:02x}")).collect());
    // A debugger's way: escapes for what is not ASCII.
    ways.push(secret.escape_default().to_string());
    ways.push(secret.bytes().flat_map(std::ascii::escape_default).map(char::from).collect());
    // In base64 it looks different after one or two other bytes; the letters at both ends depend on the neighbours.
    for before in 0..3 {
        let bytes = [&vec![0; before], secret.as_bytes()].concat();
        let skip = (before * 8).div_ceil(6);
        for encoded in [STANDARD_NO_PAD.encode(&bytes), base64url(&bytes)] {
            let whole = bytes.len() * 8 / 6;
            ways.push(encoded[skip..whole].to_owned());
        }
    }
    ways
}

/// A child that does not outlive its test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Bytes as letters, one for one, because the search in text is the fast one.
fn letters(bytes: &[u8]) -> String {
    bytes.iter().copied().map(char::from).collect()
}

#[tokio::test]
async fn no_log_and_no_file_holds_a_password_token_code_cookie_or_client_secret() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("stderr");
    let data = folder.path().join("data");
    let child = Command::new(env!("CARGO_BIN_EXE_three-keys"))
        .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
        .arg(&data)
        .env("RUST_LOG", "trace")
        .stdout(Stdio::piped())
        .stderr(std::fs::File::create(&log).unwrap())
        .spawn()
        .expect("the binary starts");
    let mut process = Process(child);
    let mut output = BufReader::new(process.0.stdout.take().unwrap());
    let mut shown = String::new();
    output.read_line(&mut shown).unwrap();
    let base = shown.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_default().to_owned();
    let secrets = {
        let app = TestApp::elsewhere(&base);
        let mut secrets = Secrets::default();
        for (_, password) in [ALICE, BOB, CHLOE, AUDITOR, BACKEND, RESOURCE_SERVER] {
            secrets.add(password);
        }
        passwords(&app, &mut secrets).await;
        door_tokens(&app, &mut secrets).await;
        code_flow(&app, &mut secrets).await;
        clients(&app, &mut secrets).await;
        device_flow(&app, &mut secrets).await;
        let audit = Answer::of(app.get("/api/basic/audit?limit=500").basic_auth(AUDITOR.0, Some(AUDITOR.1))).await;
        let events = audit.json.as_array().expect("a list").len();
        assert!(events > 20, "{events} events");
        secrets
    };
    drop(process);
    output.read_to_string(&mut shown).unwrap();
    assert!(secrets.0.len() >= 35, "{} secrets", secrets.0.len());

    let mut places = vec![("the output".to_owned(), letters(shown.as_bytes()))];
    let stderr = letters(&std::fs::read(&log).unwrap());
    // The proof of the search: what is no secret is found where it is expected.
    assert!(stderr.contains("TRACE") && stderr.contains("/api/jwt/sign_in"), "everything was logged");
    assert!(stderr.contains(&letters(CHLOE.0.as_bytes())), "also what is not ASCII");
    places.push(("the log".to_owned(), stderr));
    for entry in std::fs::read_dir(&data).unwrap() {
        let path = entry.unwrap().path();
        places.push((path.display().to_string(), letters(&std::fs::read(&path).unwrap())));
    }
    let read: usize = places.iter().map(|(_, content)| content.len()).sum();
    assert!(places.len() >= 4 && read > 100_000, "{} places, {read} bytes", places.len());
    assert!(places.iter().any(|(_, content)| content.contains("native-app")), "storage was searched");
    for secret in &secrets.0 {
        for way in written(secret).iter().map(|way| letters(way.as_bytes())) {
            for (place, content) in &places {
                assert!(!content.contains(&way), "{place} holds {secret} as {way}: {}", around(content, &way));
            }
        }
    }
}

/// What stands around it, for whoever has to find out where it came from.
fn around(content: &str, needle: &str) -> String {
    let before = content.split(needle).next().unwrap_or_default().chars().rev().take(300).collect::<Vec<_>>();
    before.into_iter().rev().collect()
}

async fn passwords(app: &TestApp, secrets: &mut Secrets) {
    let basic = |path: &str, (name, password): (&str, &str)| Answer::of(app.get(path).basic_auth(name, Some(password)));
    for account in [ALICE, BOB, CHLOE] {
        assert_eq!(basic("/api/basic/profile", account).await.status, 200);
    }
    assert_eq!(basic("/api/basic/audit", AUDITOR).await.status, 200);
    assert_eq!(basic("/api/basic/audit", ALICE).await.status, 401);
    let guest = Answer::of(app.request(Method::POST, "/api/basic/guest").json(&json!({}))).await;
    secrets.take(&guest, &["password"]);
    let (name, first) = (guest.member("username"), guest.member("password"));
    let second = secrets.add("the password after it: é41c");
    let change = app.request(Method::PUT, "/api/basic/password").basic_auth(&name, Some(&first));
    assert_eq!(Answer::of(change.json(&json!({ "password": second }))).await.status, 200);
    assert_eq!(basic("/api/basic/profile", (&name, &second)).await.status, 200);
    let wrong = secrets.add("a wrong guess: 7c1f99é");
    assert_eq!(basic("/api/basic/pages", ("alice", &wrong)).await.status, 401);
    // The password where the name belongs, and in the query.
    assert_eq!(basic("/api/basic/pages", (CHLOE.1, "x")).await.status, 401);
    let query: String = url::form_urlencoded::byte_serialize(CHLOE.1.as_bytes()).collect();
    basic(&format!("/api/basic/page?slug={query}&password={query}"), BOB).await;
    let malformed = app.get("/api/basic/pages").header("authorization", format!("Basic {}", BACKEND.1));
    assert_eq!(Answer::of(malformed).await.status, 401);
}

async fn door_tokens(app: &TestApp, secrets: &mut Secrets) {
    let token = secrets.add(app.door_token(CHLOE).await);
    assert_eq!(app.bearer(Method::GET, "/api/jwt/profile", &token).await.status, 200);
    let page = json!({"slug": "written", "title": "t", "body": "b", "version": 0});
    Answer::of(app.request(Method::PUT, "/api/jwt/page").bearer_auth(&token).json(&page)).await;
    assert_eq!(Answer::of(app.get(&format!("/api/jwt/profile?access_token={token}"))).await.status, 401);
    assert_eq!(app.bearer(Method::GET, "/api/oauth/profile", &token).await.status, 401);
    let out = app.request(Method::POST, "/api/jwt/sign_out").bearer_auth(&token).json(&json!({}));
    assert_eq!(Answer::of(out).await.status, 200);
    assert_eq!(app.bearer(Method::GET, "/api/jwt_revocable/profile", &token).await.status, 401);
    for body in [
        json!({"username": CHLOE.0, "password": [CHLOE.1]}),
        json!({"username": CHLOE.1, "password": token}),
        json!({"username": CHLOE.0, "passwort": CHLOE.1}),
    ] {
        let refused = Answer::of(app.request(Method::POST, "/api/jwt/sign_in").json(&body)).await;
        assert!(refused.status == 400 || refused.status == 401, "{}", refused.text);
    }
}

async fn code_flow(app: &TestApp, secrets: &mut Secrets) {
    secrets.add(VERIFIER);
    let scope = "openid profile offline_access pages:read";
    let query = app.authorization("native-app", scope, &[("state", "state-of-this-run-51c0"), ("nonce", "n-0S6")]);
    let browser = app.browser();
    let first = browser.open(&query).await;
    secrets.take_page(&first);
    let guess = secrets.add("another wrong guess 88");
    secrets.take_page(&browser.sign_in(&first, ("alice", &guess)).await);
    let consent = browser.sign_in(&first, ALICE).await;
    secrets.take_page(&consent);
    let back = browser.submit(&consent, &[("decision", "allow")]).await;
    let code = secrets.add(parameter(&back.location().expect("a way back"), "code").expect("a code"));
    secrets.take_page(&browser.open("/oauth/applications").await);

    let tokens = app.form("/oauth/token", &redemption(&code)).await;
    secrets.take(&tokens, &["access_token", "refresh_token", "id_token"]);
    let (access, refresh) = (tokens.member("access_token"), tokens.member("refresh_token"));
    assert_eq!(app.bearer(Method::GET, "/api/oauth/profile", &access).await.status, 200);
    assert_eq!(app.bearer(Method::GET, "/oauth/userinfo", &access).await.status, 200);
    assert!(app.is_active(&access).await && app.is_active(&refresh).await);
    let next = app.refresh("native-app", &refresh).await;
    secrets.take(&next, &["access_token", "refresh_token"]);
    let hint = tokens.member("id_token");
    secrets.take_page(&browser.open(&format!("/oauth/logout?id_token_hint={hint}")).await);

    // Everything where it does not belong.
    for secret in [&access, &refresh, &code] {
        assert_eq!(Answer::of(app.get(&format!("/api/oauth/pages?access_token={secret}"))).await.status, 401);
        assert_eq!(Answer::of(app.get(&format!("/oauth/authorize?client_id={secret}"))).await.status, 400);
        app.browser().open(&app.authorization("native-app", scope, &[("login_hint", secret)])).await;
        app.browser().open(&app.authorization("native-app", scope, &[("request_uri", secret)])).await;
        app.bearer(Method::GET, "/api/basic/pages", secret).await;
        app.form("/oauth/token", &[("grant_type", secret), ("client_id", "native-app")]).await;
        app.form("/oauth/token", &[("grant_type", "refresh_token"), ("client_id", secret)]).await;
        app.form(&format!("/oauth/token?code={secret}"), &redemption(secret)).await;
        app.form_as(RESOURCE_SERVER, "/oauth/introspect", &[("token", "x"), ("token_type_hint", secret)]).await;
        let cookie = app.get("/oauth/applications").header("cookie", format!("three_keys_session={secret}"));
        Answer::of(cookie).await;
    }
    assert_eq!(app.form("/oauth/token", &redemption(&code)).await.error(), "invalid_grant");
    app.form("/oauth/revoke", &[("client_id", "native-app"), ("token", &next.member("refresh_token"))]).await;
    assert_eq!(app.bearer(Method::GET, "/api/oauth/profile", &access).await.status, 401);
}

async fn clients(app: &TestApp, secrets: &mut Secrets) {
    let grant = [("grant_type", "client_credentials")];
    secrets.take(&app.form_as(BACKEND, "/oauth/token", &grant).await, &["access_token"]);
    let in_body = [grant[0], ("client_id", BACKEND.0), ("client_secret", BACKEND.1)];
    secrets.take(&app.form("/oauth/token", &in_body).await, &["access_token"]);
    let wrong = secrets.add("a wrong client secret 5a");
    assert_eq!(app.form_as((BACKEND.0, &wrong), "/oauth/token", &grant).await.status, 401);
    assert_eq!(app.form_as((BACKEND.1, BACKEND.0), "/oauth/token", &grant).await.status, 401);
    app.form(&format!("/oauth/token?client_secret={}", BACKEND.1), &grant).await;
    let metadata = json!({"redirect_uris": ["https://a.example/cb"], "grant_types": ["client_credentials"]});
    let registered = Answer::of(app.request(Method::POST, "/oauth/register").json(&metadata)).await;
    secrets.take(&registered, &["client_secret"]);
    let tokens = app.tokens("backend", "openid offline_access pages:read", ALICE).await;
    for name in ["access_token", "refresh_token", "id_token"] {
        secrets.add(tokens[name].as_str().expect("a token"));
    }
    let query = app.authorization("backend", "pages:read", &[]);
    let pushed: Vec<(String, String)> =
        url::form_urlencoded::parse(query.split_once('?').expect("a query").1.as_bytes()).into_owned().collect();
    let pushed: Vec<(&str, &str)> = pushed.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    secrets.take(&app.form_as(BACKEND, "/oauth/par", &pushed).await, &["request_uri"]);
}

async fn device_flow(app: &TestApp, secrets: &mut Secrets) {
    let asked = app.form("/oauth/device_authorization", &[("client_id", "tv"), ("scope", "openid pages:read")]).await;
    secrets.take(&asked, &["device_code", "user_code"]);
    let browser = app.browser();
    let sign_in = browser.open(&format!("/oauth/device?user_code={}", asked.member("user_code"))).await;
    secrets.take_page(&sign_in);
    let signed_in = browser.sign_in(&sign_in, BOB).await;
    secrets.take_page(&signed_in);
    let code = browser.open(&signed_in.location().expect("a way on")).await;
    let decide = browser.submit(&code, &[]).await;
    secrets.take_page(&decide);
    let wrong = secrets.add("WRNG-CODE");
    browser.submit(&code, &[("user_code", &wrong)]).await;
    assert_eq!(browser.submit(&decide, &[("decision", "allow")]).await.status, 200);
    let poll = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "tv"),
        ("device_code", &asked.member("device_code")),
    ];
    secrets.take(&app.form("/oauth/token", &poll).await, &["access_token", "id_token"]);
}
