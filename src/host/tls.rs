//! HTTPS by this server itself: with a given certificate, or with one made for development and kept in the data folder.

use super::config::Config;
use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// How long a certificate for development lasts; browsers take none that lasts longer than 398 days.
const LIFETIME: i64 = 397 * 24 * 3600;
/// It is made anew when less than this is left.
const RENEWED_BEFORE: i64 = 30 * 24 * 3600;

/// Why HTTPS cannot be served. Each message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum TlsError {
    /// A file cannot be read as what it should be.
    #[error("{file:?} cannot be used as {what} ({cause}); give a PEM file that this user may read")]
    Pem {
        /// The file.
        file: PathBuf,
        /// What it should hold.
        what: &'static str,
        /// What is wrong.
        cause: String,
    },
    /// The files do not make a pair.
    #[error("the certificate and key cannot be used together ({0}); give the key that belongs to the certificate")]
    Pair(rustls::Error),
    /// The development certificate cannot be made.
    #[error("no certificate for development can be made ({0}); give one with --tls-cert and --tls-key")]
    Make(#[from] rcgen::Error),
    /// It cannot be kept.
    #[error(
        "the certificate for development cannot be kept in {folder:?} ({cause}); check that this user may write there"
    )]
    Keep {
        /// The data folder.
        folder: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
}

/// What ends TLS, and the certificate's SHA-256 fingerprint where it is one for development.
pub(super) struct Tls {
    pub(super) acceptor: TlsAcceptor,
    pub(super) development_fingerprint: Option<String>,
}

/// Prepares HTTPS for that issuer.
pub(super) fn prepare(config: &Config, issuer: &str, now: i64) -> Result<Tls, TlsError> {
    let (certificate, key, for_development) = match (&config.tls_cert, &config.tls_key) {
        (Some(certificate), Some(key)) => (certificate.clone(), key.clone(), false),
        _ => {
            let (certificate, key) = development(&config.data_dir, issuer, now)?;
            (certificate, key, true)
        }
    };
    let unusable = |file: &Path, what, cause: String| TlsError::Pem { file: file.to_owned(), what, cause };
    let chain = CertificateDer::pem_file_iter(&certificate)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .map_err(|cause| unusable(&certificate, "a certificate", cause.to_string()))?;
    let Some(first) = chain.first() else {
        return Err(unusable(&certificate, "a certificate", "it holds none".to_owned()));
    };
    let fingerprint = fingerprint(first);
    let private =
        PrivateKeyDer::from_pem_file(&key).map_err(|cause| unusable(&key, "a certificate's key", cause.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut server = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(chain, private))
        .map_err(TlsError::Pair)?;
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(Tls {
        acceptor: TlsAcceptor::from(Arc::new(server)),
        development_fingerprint: for_development.then_some(fingerprint),
    })
}

/// SHA-256 of the certificate, as browsers show it.
fn fingerprint(certificate: &CertificateDer<'_>) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, certificate);
    digest.as_ref().iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":")
}

/// The certificate made for development and its key: those in the folder while they last and fit, else new ones.
fn development(folder: &Path, issuer: &str, now: i64) -> Result<(PathBuf, PathBuf), TlsError> {
    let (certificate, key) = (folder.join("tls-certificate.pem"), folder.join("tls-key.pem"));
    let names = names(issuer);
    // The first line says what the certificate is for and how long; PEM lets anything stand before its first block.
    let label = |until: i64| format!("Made by Three Keys for development, for {} until {until}", names.join(" "));
    let kept = fs::read_to_string(&certificate).unwrap_or_default();
    let line = kept.lines().next().unwrap_or_default();
    let until: i64 = line.rsplit(' ').next().and_then(|until| until.parse().ok()).unwrap_or_default();
    if key.is_file() && line == label(until) && (now..=now + LIFETIME).contains(&(until - RENEWED_BEFORE)) {
        return Ok((certificate, key));
    }
    let pair = rcgen::KeyPair::generate()?;
    let mut params = rcgen::CertificateParams::new(names.clone())?;
    params.distinguished_name.push(rcgen::DnType::CommonName, "Three Keys, for development");
    params.extended_key_usages.push(rcgen::ExtendedKeyUsagePurpose::ServerAuth);
    let at = |seconds: i64| {
        rcgen::date_time_ymd(1970, 1, 1) + Duration::from_secs(u64::try_from(seconds).unwrap_or_default())
    };
    params.not_before = at(now - 24 * 3600);
    params.not_after = at(now + LIFETIME);
    let made = params.self_signed(&pair)?;
    let keep = |cause| TlsError::Keep { folder: folder.to_owned(), cause };
    fs::create_dir_all(folder).map_err(keep)?;
    write_private(&key, &pair.serialize_pem()).map_err(keep)?;
    fs::write(&certificate, format!("{}\n{}", label(now + LIFETIME), made.pem())).map_err(keep)?;
    Ok((certificate, key))
}

/// This machine's names, and the issuer's.
fn names(issuer: &str) -> Vec<String> {
    let mut names = ["127.0.0.1", "::1", "localhost"].map(str::to_owned).to_vec();
    let url = Url::parse(issuer).ok();
    let host = url.as_ref().and_then(Url::host_str).map(|host| host.trim_matches(['[', ']']).to_owned());
    names.extend(host.filter(|host| !names.contains(host)));
    names
}

/// A file that nobody but its owner reads, from the moment that it is there.
fn write_private(path: &Path, content: &str) -> std::io::Result<()> {
    // An older file would keep its mode.
    match fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(content.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::development;
    use std::fs;

    #[test]
    fn a_development_certificate_is_kept_while_it_fits_and_lasts() {
        let folder = tempfile::tempdir().unwrap();
        let made = |issuer: &str, now: i64| {
            let (certificate, _) = development(folder.path(), issuer, now).unwrap();
            fs::read_to_string(certificate).unwrap()
        };
        let first = made("https://127.0.0.1:3000", 1_800_000_000);
        assert_eq!(made("https://127.0.0.1:3000", 1_800_000_000 + 300 * 86400), first, "kept");
        assert_ne!(made("https://127.0.0.1:3000", 1_800_000_000 + 380 * 86400), first, "nearly over");
        let second = made("https://127.0.0.1:3000", 1_800_000_000);
        let third = made("https://keys.example", 1_800_000_000);
        assert!(third != second && third.contains("keys.example"), "another name");
    }

    #[cfg(unix)]
    #[test]
    fn only_the_owner_reads_the_key() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("tls-key.pem"), "an older file").unwrap();
        let (_, key) = development(folder.path(), "https://127.0.0.1:3000", 1_800_000_000).unwrap();
        assert_eq!(fs::metadata(key).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
