//! The flags that every command takes. Each stands for the setting of its name.

use super::{LogFormat, MetricsFor};
use serde::Serialize;
use std::path::PathBuf;

/// Settings from the command line.
#[derive(Debug, Clone, Default, clap::Args, Serialize)]
pub struct Flags {
    /// The configuration file; by default three-keys.toml, here or in a folder above.
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where to listen, such as 127.0.0.1:3000.
    #[arg(long, global = true, value_name = "ADDRESS")]
    #[serde(skip_serializing_if = "Option::is_none")]
    listen: Option<String>,
    /// The issuer identifier: the origin under which clients reach this server.
    #[arg(long, global = true, value_name = "ORIGIN")]
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<String>,
    /// The folder for the data.
    #[arg(long, global = true, value_name = "FOLDER")]
    #[serde(skip_serializing_if = "Option::is_none")]
    data_dir: Option<PathBuf>,
    /// The database, as sqlite:PATH.
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    database_url: Option<String>,
    /// Demo accounts, clients and pages with well-known passwords.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    demo: bool,
    /// A proxy in front of this server ends TLS and writes X-Forwarded-For.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    behind_proxy: bool,
    /// Serve HTTPS; without a certificate, with one made for development.
    #[arg(long, global = true)]
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tls: bool,
    /// The certificate chain, PEM.
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key, PEM.
    #[arg(long, global = true, value_name = "FILE")]
    #[serde(skip_serializing_if = "Option::is_none")]
    tls_key: Option<PathBuf>,
    /// Where the resource server fetches the issuer's public keys.
    #[arg(long, global = true, value_name = "URL")]
    #[serde(skip_serializing_if = "Option::is_none")]
    jwks_url: Option<String>,
    /// How the log is written.
    #[arg(long, global = true, value_name = "FORMAT")]
    #[serde(skip_serializing_if = "Option::is_none")]
    log_format: Option<LogFormat>,
    /// Who may read /metrics.
    #[arg(long, global = true, value_name = "WHO")]
    #[serde(skip_serializing_if = "Option::is_none")]
    metrics: Option<MetricsFor>,
}
