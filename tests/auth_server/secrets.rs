//! Nothing that opens a door lies in storage.

use crate::support::{ALICE, BACKEND, TestApp};

#[tokio::test]
async fn no_password_code_token_or_client_secret_is_in_the_database() {
    let app = TestApp::start().await;
    let code = app.code("native-app", "openid offline_access pages:read", ALICE, &[]).await;
    let tokens = app.tokens("backend", "openid offline_access pages:read", ALICE).await;
    let refresh = tokens["refresh_token"].as_str().unwrap().to_owned();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", &*refresh)];
    let next = app.form_as(BACKEND, "/oauth/token", &fields).await;
    let device = app.form("/oauth/device_authorization", &[("client_id", "tv")]).await;
    let door = app.door_token(ALICE).await;
    let mut secrets = vec![code, refresh, next.member("refresh_token"), next.member("access_token"), door];
    secrets.extend([device.member("device_code"), device.member("user_code")]);
    for name in ["access_token", "id_token"] {
        secrets.push(tokens[name].as_str().unwrap().to_owned());
    }
    secrets.extend(["wonderland", "open:sesame", "crème-brûlée", "trust-but-verify", BACKEND.1].map(str::to_owned));
    let mut read = 0;
    for entry in std::fs::read_dir(app.folder()).expect("the folder") {
        let path = entry.expect("an entry").path();
        let content = std::fs::read(&path).expect("a file");
        read += content.len();
        for secret in &secrets {
            let found = content.windows(secret.len()).any(|window| window == secret.as_bytes());
            assert!(!found, "{}… is in {}", &secret[..4], path.display());
        }
    }
    assert!(read > 10_000, "the database was read");
}
