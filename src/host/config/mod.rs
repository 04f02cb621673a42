//! Configuration: what can be set, what it is when nothing is set, and what must not be served.

mod flags;
mod sources;

pub use flags::Flags;
pub use sources::{Setting, SourceError};

use crate::auth_server::redirect_uri::is_loopback;
use serde::{Deserialize, Serialize};
use sources::Sources;
use std::net::SocketAddr;
use std::num::{NonZeroU32, NonZeroU64};
use std::path::PathBuf;
use std::time::Duration;
use url::Url;

/// How the server runs.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The issuer identifier, an origin; by default the scheme and the address it listens on.
    pub issuer: Option<String>,
    /// The folder for its data.
    pub data_dir: PathBuf,
    /// The database, as `sqlite:PATH`; by default a file in the data folder.
    pub database_url: Option<String>,
    /// Demo accounts, clients and pages, and open registration, even though the issuer is no loopback address.
    pub demo: bool,
    /// A proxy in front ends TLS, so plain HTTP may be served to other machines, and the last entry of
    /// `X-Forwarded-For` is the caller's address.
    pub behind_proxy: bool,
    /// Serves HTTPS: with the given certificate, or with one made for development.
    pub tls: bool,
    /// The certificate chain, PEM.
    pub tls_cert: Option<PathBuf>,
    /// The certificate's private key, PEM.
    pub tls_key: Option<PathBuf>,
    /// Where the resource server fetches the issuer's public keys; by default it takes them within the process.
    pub jwks_url: Option<String>,
    /// Encrypts the signing keys at rest. It is taken from the environment or the file, never from a flag, which other
    /// users of the machine could see.
    #[serde(skip_serializing)]
    pub key_encryption_secret: Option<String>,
    /// The folder with the built user interface.
    pub site_root: Option<PathBuf>,
    /// How the log is written.
    pub log_format: LogFormat,
    /// Who may read `/metrics`.
    pub metrics: MetricsFor,
    /// The most connections at a time; beyond it the one that idles longest makes room.
    pub max_connections: NonZeroU32,
    /// The most connections at a time from one address (or one IPv6 /64), unless a proxy is in front.
    pub max_connections_per_address: NonZeroU32,
    /// The most requests under way at a time; more are answered 503 at once.
    pub max_concurrent_requests: NonZeroU32,
    /// How long a caller may take for a TLS handshake or for a request's head, and an HTTP/1 connection may idle.
    pub header_timeout_seconds: NonZeroU64,
    /// How long a caller may take for a request's body.
    pub body_timeout_seconds: NonZeroU64,
    /// How long an answer may take.
    pub request_timeout_seconds: NonZeroU64,
    /// How long a connection may live without a request or a written byte, whatever its protocol.
    pub idle_timeout_seconds: NonZeroU64,
    /// How long the requests under way may take to finish when the server is told to stop.
    pub shutdown_timeout_seconds: NonZeroU64,
}

/// How the log is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Pretty,
    /// One JSON object a line, for machines.
    Json,
}

/// Who may read `/metrics`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum MetricsFor {
    /// Callers on this machine.
    Loopback,
    /// Everyone who reaches the server.
    Everyone,
    /// Nobody.
    Nobody,
}

const fn count(number: u32) -> NonZeroU32 {
    match NonZeroU32::new(number) {
        Some(number) => number,
        None => NonZeroU32::MIN,
    }
}

const fn seconds(number: u64) -> NonZeroU64 {
    match NonZeroU64::new(number) {
        Some(number) => number,
        None => NonZeroU64::MIN,
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 3000)),
            issuer: None,
            data_dir: PathBuf::from("data"),
            database_url: None,
            demo: false,
            behind_proxy: false,
            tls: false,
            tls_cert: None,
            tls_key: None,
            jwks_url: None,
            key_encryption_secret: None,
            site_root: None,
            log_format: LogFormat::Pretty,
            metrics: MetricsFor::Loopback,
            max_connections: count(2048),
            max_connections_per_address: count(512),
            max_concurrent_requests: count(512),
            header_timeout_seconds: seconds(15),
            body_timeout_seconds: seconds(15),
            request_timeout_seconds: seconds(30),
            idle_timeout_seconds: seconds(60),
            shutdown_timeout_seconds: seconds(20),
        }
    }
}

impl std::fmt::Debug for Config {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // As serialized: without the secret.
        formatter.write_str(&serde_json::to_string(self).unwrap_or_default())
    }
}

/// A setting that cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A source holds something that does not fit.
    #[error(transparent)]
    Source(#[from] SourceError),
    /// The issuer is no origin.
    #[error(
        "the issuer {0:?} is not usable: write an origin such as https://keys.example, without path, query or slash at the end"
    )]
    Issuer(String),
    /// The issuer says HTTP where HTTPS is served.
    #[error("the issuer {0:?} is http, but tls serves https: write https:// in the issuer, or leave it away")]
    IssuerScheme(String),
    /// Nobody can reach a server at 0.0.0.0.
    #[error(
        "{0} stands for every address of this machine, which is no origin: name the one by which clients come, with --issuer https://keys.example"
    )]
    NoIssuer(SocketAddr),
    /// Plain HTTP would leave this machine.
    #[error(
        "{0} is not a loopback address, and plain HTTP would show every password on the way: listen on 127.0.0.1, add --tls, or add --behind-proxy when a proxy in front ends TLS"
    )]
    PlainHttp(SocketAddr),
    /// Half of what TLS needs.
    #[error(
        "tls_cert and tls_key belong together, and to tls: set all three, or tls alone for a development certificate"
    )]
    Certificate,
    /// Keys that anybody on the way could replace.
    #[error("the jwks_url {0:?} is not usable: keys are fetched over https, or over http from this machine alone")]
    JwksUrl(String),
}

impl Config {
    /// Reads all sources for these flags.
    ///
    /// # Errors
    /// Names the source and key that cannot be used.
    pub fn load(flags: &Flags) -> Result<Self, ConfigError> {
        Ok(Sources::of(flags)?.extract()?)
    }

    /// Every setting as it is in effect, with its source and without a secret.
    ///
    /// # Errors
    /// Names the source and key that cannot be used.
    pub fn explain(flags: &Flags) -> Result<Vec<Setting>, ConfigError> {
        let sources = Sources::of(flags)?;
        let config: Config = sources.extract()?;
        config.check()?;
        Ok(sources.explain(&config))
    }

    /// Refuses what must not be served.
    ///
    /// # Errors
    /// Plain HTTP beyond this machine, an unusable issuer or key URL, half a certificate.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && !self.behind_proxy && !self.tls {
            return Err(ConfigError::PlainHttp(self.listen));
        }
        if self.tls_cert.is_some() != self.tls_key.is_some() || (self.tls_cert.is_some() && !self.tls) {
            return Err(ConfigError::Certificate);
        }
        match &self.issuer {
            None if self.listen.ip().is_unspecified() => return Err(ConfigError::NoIssuer(self.listen)),
            None => {}
            Some(issuer) => {
                let unusable = || ConfigError::Issuer(issuer.clone());
                let url = Url::parse(issuer).map_err(|_| unusable())?;
                let is_origin = url.origin().ascii_serialization() == *issuer;
                if !is_origin || !is_private_on_the_way(&url) {
                    return Err(unusable());
                }
                if self.tls && url.scheme() != "https" {
                    return Err(ConfigError::IssuerScheme(issuer.clone()));
                }
            }
        }
        match &self.jwks_url {
            Some(text) if !Url::parse(text).is_ok_and(|url| is_private_on_the_way(&url)) => {
                Err(ConfigError::JwksUrl(text.clone()))
            }
            _ => Ok(()),
        }
    }

    /// The issuer identifier of a server that listens at the address.
    pub fn issuer(&self, address: SocketAddr) -> String {
        let scheme = if self.tls { "https" } else { "http" };
        self.issuer.clone().unwrap_or_else(|| format!("{scheme}://{address}"))
    }

    /// The database's URL.
    pub fn database_url(&self) -> String {
        self.database_url.clone().unwrap_or_else(|| format!("sqlite:{}", self.data_dir.join("three-keys.db").display()))
    }

    /// Whether demo data belongs into this server: never where others could reach it, unless asked for.
    pub fn is_demo(&self, issuer: &str) -> bool {
        self.demo || Url::parse(issuer).is_ok_and(|url| is_loopback(&url))
    }

    /// The folder with the built user interface: as configured, or beside the binary where cargo-leptos puts it.
    pub fn site_root(&self) -> PathBuf {
        self.site_root.clone().unwrap_or_else(|| {
            std::env::current_exe()
                .ok()
                .and_then(|binary| Some(binary.parent()?.parent()?.join("site")))
                .filter(|folder| folder.is_dir())
                .unwrap_or_else(|| PathBuf::from("target/site"))
        })
    }

    /// How long the requests under way may take to finish.
    pub fn shutdown_timeout(&self) -> Duration {
        Duration::from_secs(self.shutdown_timeout_seconds.get())
    }
}

/// Whether nobody on the way can read or change what is sent there.
fn is_private_on_the_way(url: &Url) -> bool {
    url.scheme() == "https" || (url.scheme() == "http" && is_loopback(url))
}

#[cfg(test)]
mod tests {
    use super::{Config, ConfigError};

    #[test]
    fn plain_http_stays_on_this_machine() {
        let config = Config { listen: "192.0.2.1:3000".parse().unwrap(), ..Config::default() };
        assert!(matches!(config.check(), Err(ConfigError::PlainHttp(_))));
        assert!(Config { behind_proxy: true, ..config.clone() }.check().is_ok());
        assert!(Config { tls: true, ..config }.check().is_ok());
    }

    #[test]
    fn every_address_is_no_origin() {
        let config = Config { listen: "0.0.0.0:3000".parse().unwrap(), behind_proxy: true, ..Config::default() };
        assert!(matches!(config.check(), Err(ConfigError::NoIssuer(_))));
        assert!(Config { issuer: Some("https://keys.example".to_owned()), ..config }.check().is_ok());
    }

    #[test]
    fn an_issuer_is_an_origin() {
        let check = |issuer: &str| Config { issuer: Some(issuer.to_owned()), ..Config::default() }.check();
        for good in
            ["https://keys.example", "http://127.0.0.1:3000", "http://localhost:3000", "https://keys.example:8443"]
        {
            assert!(check(good).is_ok(), "{good}");
        }
        for bad in
            ["https://keys.example/", "https://keys.example/path", "http://keys.example", "keys.example", "", "ftp://a"]
        {
            assert!(check(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn tls_makes_the_issuer_https() {
        let config = Config { tls: true, ..Config::default() };
        assert_eq!(config.issuer(config.listen), "https://127.0.0.1:3000");
        let config = Config { issuer: Some("http://127.0.0.1:3000".to_owned()), ..config };
        assert!(matches!(config.check(), Err(ConfigError::IssuerScheme(_))));
    }

    #[test]
    fn a_certificate_comes_with_its_key_and_with_tls() {
        let check = |tls: bool, cert: bool, key: bool| {
            let path = |given: bool| given.then(|| "x.pem".into());
            Config { tls, tls_cert: path(cert), tls_key: path(key), ..Config::default() }.check().is_ok()
        };
        assert!(check(true, true, true) && check(true, false, false));
        assert!(!check(true, true, false) && !check(true, false, true) && !check(false, true, true));
    }

    #[test]
    fn keys_are_fetched_where_nobody_can_replace_them() {
        let check = |url: &str| Config { jwks_url: Some(url.to_owned()), ..Config::default() }.check().is_ok();
        assert!(check("https://keys.example/oauth/jwks") && check("http://127.0.0.1:4000/oauth/jwks"));
        assert!(!check("http://keys.example/oauth/jwks") && !check("file:///etc/passwd") && !check("jwks"));
    }

    #[test]
    fn demo_data_only_where_nobody_else_can_reach_it() {
        let config = Config::default();
        assert!(config.is_demo("http://127.0.0.1:3000"));
        assert!(!config.is_demo("https://keys.example"));
        assert!(Config { demo: true, ..config }.is_demo("https://keys.example"));
    }

    #[test]
    fn the_secret_is_never_shown() {
        let config = Config { key_encryption_secret: Some("hush".to_owned()), ..Config::default() };
        assert!(!format!("{config:?}").contains("hush"));
    }
}
