//! Configuration: built-in defaults, `three-keys.toml`, `THREE_KEYS_*` variables, flags; later wins.

use crate::auth_server::redirect_uri::is_loopback;
use clap::Parser;
use figment::Figment;
use figment::providers::{Env, Format as _, Serialized, Toml};
use serde::{Deserialize, Serialize};
use std::net::SocketAddr;
use std::path::PathBuf;
use url::Url;

/// How the server runs.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    /// Where it listens.
    pub listen: SocketAddr,
    /// The issuer identifier, an origin; by default `http://` and the address it listens on.
    pub issuer: Option<String>,
    /// The folder for its data.
    pub data_dir: PathBuf,
    /// The database, as `sqlite:PATH`; by default a file in the data folder.
    pub database_url: Option<String>,
    /// Demo accounts, clients and pages, and open registration, even though the issuer is no loopback address.
    pub demo: bool,
    /// A proxy in front ends TLS, so plain HTTP may be served to other machines.
    pub behind_proxy: bool,
    /// Encrypts the signing keys at rest. It is taken from the environment or the file, never from a flag, which other
    /// users of the machine could see.
    #[serde(skip_serializing)]
    pub key_encryption_secret: Option<String>,
    /// The folder with the built user interface.
    pub site_root: Option<PathBuf>,
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
            key_encryption_secret: None,
            site_root: None,
        }
    }
}

/// Three Keys: one wiki guarded three ways, by HTTP Basic, JSON Web Tokens and OAuth 2.
#[derive(Debug, Parser, Serialize)]
#[command(name = "three-keys", version)]
pub struct Arguments {
    /// What to do; serving is the default.
    #[command(subcommand)]
    #[serde(skip)]
    pub command: Option<Command>,
    #[command(flatten)]
    #[serde(flatten)]
    settings: Flags,
}

/// What the program can do.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum Command {
    /// Serves until it is told to stop.
    Serve,
    /// Looks at the authorization server's signing keys, or rotates them.
    #[command(subcommand)]
    Keys(KeysCommand),
}

/// What can be done with the signing keys.
#[derive(Debug, Clone, Copy, clap::Subcommand)]
pub enum KeysCommand {
    /// Lists them: name, algorithm, age, and which sign.
    List,
    /// Adds a key of each algorithm. A running server takes it up within a minute; it signs five minutes later, and
    /// the keys before it verify on for a day.
    Rotate,
}

#[derive(Debug, clap::Args, Serialize)]
struct Flags {
    /// Where to listen, such as 127.0.0.1:3000.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,
    /// The issuer identifier: the origin under which clients reach this server.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// The folder for the data.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    /// The database, as sqlite:PATH.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// Demo accounts, clients and pages with well-known passwords.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
    /// A proxy in front of this server ends TLS.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    behind_proxy: bool,
}

/// A setting that cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A source holds something that does not fit.
    #[error("a setting cannot be used: {0}")]
    Source(Box<figment::Error>),
    /// The issuer is no origin.
    #[error(
        "the issuer {0:?} is not usable: write an origin such as https://keys.example, without path, query or slash at the end"
    )]
    Issuer(String),
    /// Plain HTTP would leave this machine.
    #[error(
        "{0} is not a loopback address, and plain HTTP would show every password on the way: listen on 127.0.0.1, or add --behind-proxy when a proxy in front ends TLS"
    )]
    PlainHttp(SocketAddr),
}

impl From<figment::Error> for ConfigError {
    fn from(error: figment::Error) -> Self {
        ConfigError::Source(Box::new(error))
    }
}

impl Config {
    /// Reads all sources for these arguments.
    ///
    /// # Errors
    /// Names the source and key that cannot be used.
    pub fn load(arguments: &Arguments) -> Result<Self, ConfigError> {
        Ok(Figment::from(Serialized::defaults(Config::default()))
            .merge(Toml::file("three-keys.toml"))
            .merge(Env::prefixed("THREE_KEYS_").ignore(&["tools", "vectors"]))
            .merge(Serialized::defaults(arguments))
            .extract()?)
    }

    /// Refuses what must not be served.
    ///
    /// # Errors
    /// Plain HTTP beyond this machine, or an unusable issuer.
    pub fn check(&self) -> Result<(), ConfigError> {
        if !self.listen.ip().is_loopback() && !self.behind_proxy {
            return Err(ConfigError::PlainHttp(self.listen));
        }
        if let Some(issuer) = &self.issuer {
            let unusable = || ConfigError::Issuer(issuer.clone());
            let url = Url::parse(issuer).map_err(|_| unusable())?;
            let is_origin = url.origin().ascii_serialization() == *issuer;
            if !is_origin || !(url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url))) {
                return Err(unusable());
            }
        }
        Ok(())
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
}

#[cfg(test)]
mod tests {
    use super::{Arguments, Config, ConfigError};
    use clap::Parser as _;

    fn load(arguments: &[&str]) -> Result<Config, ConfigError> {
        Config::load(&Arguments::parse_from(std::iter::once(&"three-keys").chain(arguments)))
    }

    #[test]
    fn later_sources_win() {
        figment::Jail::expect_with(|jail| {
            assert_eq!(load(&[]).unwrap().listen.port(), 3000);
            jail.create_file("three-keys.toml", "listen = \"127.0.0.1:4000\"\ndata_dir = \"elsewhere\"")?;
            assert_eq!(load(&[]).unwrap().listen.port(), 4000);
            jail.set_env("THREE_KEYS_LISTEN", "127.0.0.1:5000");
            assert_eq!(load(&[]).unwrap().listen.port(), 5000);
            let config = load(&["serve", "--listen", "127.0.0.1:6000"]).unwrap();
            assert_eq!(config.listen.port(), 6000);
            assert_eq!(config.database_url(), "sqlite:elsewhere/three-keys.db");
            Ok(())
        });
    }

    #[test]
    fn a_bad_setting_is_named() {
        figment::Jail::expect_with(|jail| {
            jail.create_file("three-keys.toml", "listen = \"nowhere\"")?;
            let message = load(&[]).unwrap_err().to_string();
            assert!(message.contains("listen") && message.contains("three-keys.toml"), "{message}");
            jail.create_file("three-keys.toml", "lisen = \"127.0.0.1:1\"")?;
            assert!(load(&[]).unwrap_err().to_string().contains("lisen"));
            Ok(())
        });
    }

    #[test]
    fn plain_http_stays_on_this_machine() {
        let config = Config { listen: "0.0.0.0:3000".parse().unwrap(), ..Config::default() };
        assert!(matches!(config.check(), Err(ConfigError::PlainHttp(_))));
        assert!(Config { behind_proxy: true, ..config }.check().is_ok());
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
    fn demo_data_only_where_nobody_else_can_reach_it() {
        let config = Config::default();
        assert!(config.is_demo("http://127.0.0.1:3000"));
        assert!(!config.is_demo("https://keys.example"));
        assert!(Config { demo: true, ..config }.is_demo("https://keys.example"));
    }
}
