//! HTTPS by the server itself.

use crate::support::config;
use crate::{Running, refusal};
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use three_keys::host::config::Config;
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

async fn over_tls() -> Running {
    Running::with(|config| Config { tls: true, ..config }).await
}

fn certificate(running: &Running) -> CertificateDer<'static> {
    CertificateDer::from_pem_file(running.folder.path().join("tls-certificate.pem")).expect("a certificate")
}

/// A client that trusts that certificate alone.
fn trusting(certificate: CertificateDer<'static>) -> ClientConfig {
    let mut roots = RootCertStore::empty();
    roots.add(certificate).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    builder.with_root_certificates(roots).with_no_client_auth()
}

async fn shake_hands(running: &Running, alpn: &[&str]) -> std::io::Result<TlsStream<tokio::net::TcpStream>> {
    let mut client = trusting(certificate(running));
    client.alpn_protocols = alpn.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::from(running.address.ip());
    TlsConnector::from(Arc::new(client)).connect(name, running.connect().await).await
}

fn https(running: &Running) -> reqwest::Client {
    reqwest::Client::builder().use_preconfigured_tls(trusting(certificate(running))).build().unwrap()
}

#[tokio::test]
async fn the_development_certificate_is_good_for_this_machine_and_its_fingerprint_is_told() {
    let running = over_tls().await;
    assert_eq!(running.server.issuer, format!("https://{}", running.address));
    let answer = https(&running).get(format!("https://{}/api/open/pages", running.address)).send().await.unwrap();
    assert_eq!(answer.status().as_u16(), 200);
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, &certificate(&running));
    let told = running.server.development_fingerprint.as_deref().expect("a fingerprint").replace(':', "");
    let seen: String = digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect();
    assert_eq!(told, seen);
}

#[tokio::test]
async fn answers_over_https_bind_browsers_to_it_and_others_do_not() {
    let running = over_tls().await;
    let client = https(&running);
    for path in ["/", "/oauth/jwks", "/nowhere", "/healthz"] {
        let answer = client.get(format!("https://{}{path}", running.address)).send().await.unwrap();
        let header = answer.headers().get("strict-transport-security").expect("a header");
        assert!(header.to_str().unwrap().starts_with("max-age=31536000"), "{path}");
    }
    let plain = Running::with(|config| config).await;
    let answer = reqwest::get(format!("http://{}/", plain.address)).await.unwrap();
    assert!(answer.headers().get("strict-transport-security").is_none());
}

#[tokio::test]
async fn cookies_over_https_are_bound_to_this_host_and_to_it() {
    let running = over_tls().await;
    let answer = https(&running).get(format!("https://{}/oauth/device", running.address)).send().await.unwrap();
    let cookies: Vec<_> = answer.headers().get_all("set-cookie").iter().map(|line| line.to_str().unwrap()).collect();
    assert!(cookies.iter().all(|cookie| cookie.starts_with("__Host-") && cookie.contains("Secure")), "{cookies:?}");
}

#[tokio::test]
async fn both_protocols_are_offered_and_http_2_is_preferred() {
    let running = over_tls().await;
    for (offered, chosen) in [(&["h2", "http/1.1"][..], "h2"), (&["http/1.1"], "http/1.1")] {
        let stream = shake_hands(&running, offered).await.expect("a handshake");
        assert_eq!(stream.get_ref().1.alpn_protocol(), Some(chosen.as_bytes()));
    }
    assert!(shake_hands(&running, &["spdy/3"]).await.is_err());
}

#[tokio::test]
async fn plain_http_at_the_tls_port_is_hung_up_on() {
    let running = over_tls().await;
    let heard = running.say(format!("GET / HTTP/1.1\r\nHost: {}\r\n\r\n", running.address)).await;
    assert!(!heard.contains("HTTP/1.1"), "{heard}");
}

#[tokio::test]
async fn a_handshake_that_does_not_end_is_hung_up_on() {
    let running =
        Running::with(|config| Config { tls: true, header_timeout_seconds: std::num::NonZeroU64::MIN, ..config }).await;
    let mut stream = running.connect().await;
    stream.write_all(&[0x16, 3, 1, 1]).await.unwrap();
    assert_eq!(crate::heard(&mut stream).await, "");
}

#[tokio::test]
async fn a_given_certificate_is_used_and_no_fingerprint_is_told() {
    let given = tempfile::tempdir().unwrap();
    let pair = rcgen::generate_simple_self_signed(["keys.example".to_owned()]).unwrap();
    let (certificate, key) = (given.path().join("certificate.pem"), given.path().join("key.pem"));
    std::fs::write(&certificate, pair.cert.pem()).unwrap();
    std::fs::write(&key, pair.signing_key.serialize_pem()).unwrap();
    let with = |config| Config {
        tls: true,
        tls_cert: Some(certificate.clone()),
        tls_key: Some(key.clone()),
        issuer: Some("https://keys.example".to_owned()),
        ..config
    };
    let running = Running::with(with).await;
    assert_eq!(running.server.development_fingerprint, None);
    let client = TlsConnector::from(Arc::new(trusting(pair.cert.der().clone())));
    let name = ServerName::try_from("keys.example").unwrap();
    client.connect(name, running.connect().await).await.expect("a handshake with the given certificate");
}

#[tokio::test]
async fn files_that_are_no_good_stop_the_start_and_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let (empty, missing) = (folder.path().join("empty.pem"), folder.path().join("missing.pem"));
    std::fs::write(&empty, "").unwrap();
    for (certificate, key, named) in [(&empty, &empty, "empty.pem"), (&missing, &empty, "missing.pem")] {
        let config = Config {
            tls: true,
            tls_cert: Some(certificate.clone()),
            tls_key: Some(key.clone()),
            ..config(folder.path(), "127.0.0.1:0")
        };
        let message = refusal(config).await;
        assert!(message.contains(named), "{message}");
    }
}
