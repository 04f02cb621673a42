//! Under which names the server answers (RFC 9110 §7.4, RFC 9112 §3.2; DNS rebinding).

use crate::Running;
use hyper_util::rt::{TokioExecutor, TokioIo};

fn of_its_own(running: &Running) -> String {
    format!("Host: {}", running.address)
}

#[tokio::test]
async fn a_foreign_name_is_misdirected() {
    let running = Running::with(|config| config).await;
    let port = running.address.port();
    for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1:1".to_owned()] {
        for path in ["/", "/api/open/pages", "/oauth/jwks", "/nowhere"] {
            assert_eq!(running.status("GET", path, &[&format!("Host: {host}")]).await, "421", "{host} {path}");
        }
    }
    let answer = running.say("GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n").await;
    assert!(answer.contains("application/problem+json") && answer.contains("nosniff"), "{answer}");
    assert_eq!(running.status("GET", "/", &[&of_its_own(&running)]).await, "200");
}

#[tokio::test]
async fn no_host_two_hosts_and_garbage_are_400() {
    let running = Running::with(|config| config).await;
    let own = of_its_own(&running);
    assert_eq!(running.status("GET", "/", &[]).await, "400");
    assert_eq!(running.status("GET", "/", &[&own, &own]).await, "400");
    for garbage in ["Host:", "Host: a b", "Host: user@127.0.0.1", "Host: 127.0.0.1:port", "Host: \u{e9}"] {
        assert_eq!(running.status("GET", "/", &[garbage]).await, "400", "{garbage}");
    }
    let absolute = running.status("GET", "http://evil.example/", &[&own]).await;
    assert_eq!(absolute, "400", "the target and the Host header differ");
}

#[tokio::test]
async fn localhost_is_sent_on_but_only_where_nothing_was_sent_with_it() {
    let running = Running::with(|config| config).await;
    let host = format!("Host: localhost:{}", running.address.port());
    assert_eq!(running.status("GET", "/jwt?x=1", &[&host]).await, "307");
    assert_eq!(running.status("POST", "/oauth/token", &[&host, "Content-Length: 0"]).await, "421");
}

#[tokio::test]
async fn the_issuers_name_counts_behind_a_proxy_and_the_address_too() {
    let running = Running::with(|config| three_keys::host::config::Config {
        issuer: Some("https://keys.example".to_owned()),
        behind_proxy: true,
        ..config
    })
    .await;
    for host in ["Host: keys.example", "Host: KEYS.example:443", &of_its_own(&running)] {
        assert_eq!(running.status("GET", "/api/open/pages", &[host]).await, "200", "{host}");
    }
    assert_eq!(running.status("GET", "/", &["Host: keys.example:80"]).await, "421");
}

#[tokio::test]
async fn probes_come_by_any_address_but_not_by_a_foreign_name() {
    let running = Running::with(|config| config).await;
    for path in ["/healthz", "/readyz", "/metrics"] {
        assert_eq!(running.status("GET", path, &["Host: 10.1.2.3:3000"]).await, "200", "{path}");
        assert_eq!(running.status("GET", path, &["Host: [fd00::1]"]).await, "200", "{path}");
        assert_eq!(running.status("GET", path, &["Host: evil.example"]).await, "421", "{path}");
    }
    assert_eq!(running.status("GET", "/", &["Host: 10.1.2.3:3000"]).await, "421");
}

#[tokio::test]
async fn the_authority_of_http_2_is_checked_alike() {
    let running = Running::with(|config| config).await;
    let connection = TokioIo::new(running.connect().await);
    let (mut sender, driver) =
        hyper::client::conn::http2::handshake(TokioExecutor::new(), connection).await.expect("HTTP/2");
    tokio::spawn(driver);
    for (authority, status) in [(running.address.to_string(), 200), ("evil.example".to_owned(), 421)] {
        let request = http::Request::get(format!("http://{authority}/api/open/pages"));
        let answer = sender.send_request(request.body(axum::body::Body::empty()).unwrap()).await.expect("an answer");
        assert_eq!(answer.status().as_u16(), status, "{authority}");
    }
}
