//! Start and stop.

use super::assets::Assets;
use super::config::{Config, ConfigError};
use super::connections::Connections;
use super::follow::Follower;
use super::headers::OverHttpsAlone;
use super::health::Health;
use super::limits::Limits;
use super::listener::Serving;
use super::names::Names;
use super::router::Passage;
use super::tls::{self, TlsError};
use super::{database, demo, descriptors, housekeeping, router, telemetry};
use crate::audit_log::AuditLog;
use crate::auth_server::AuthServer;
use crate::auth_server::accounts::{Accounts, AddError};
use crate::auth_server::clients::Clients;
use crate::auth_server::keys::{IssuerKeys, LoadError};
use crate::auth_server::secret::ServerSecret;
use crate::auth_server::throttle::Throttle;
use crate::clock::Clock;
use crate::jose::{SigningAlgorithm, VerifiedTokens};
use crate::random::Random;
use crate::resource_server::ResourceServer;
use crate::resource_server::guards::basic::RememberedPasswords;
use crate::resource_server::passwords::PER_MINUTE;
use crate::resource_server::quota::Quota;
use crate::resource_server::remote_keys::{FetchError, RemoteKeys};
use crate::revocation_feed::RevocationFeed;
use crate::storage::keys::Keys as _;
use crate::storage::sqlite::{OpenError, Sqlite};
use crate::storage::{Storage, StorageError};
use leptos::config::LeptosOptions;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Why the server could not start. Each message is one sentence that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// A setting is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The port cannot be had.
    #[error("cannot listen on {address} ({cause}); stop what uses the port, or choose another with --listen")]
    Listen {
        /// The address as configured.
        address: SocketAddr,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The data folder cannot be made.
    #[error("cannot make the data folder {folder:?} ({cause}); make it yourself, or choose another with --data-dir")]
    DataDir {
        /// The folder as configured.
        folder: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// HTTPS cannot be served.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The files of the user interface cannot be read.
    #[error(
        "the user interface in {folder:?} cannot be read ({cause}); build it anew, or set site_root to another folder"
    )]
    Site {
        /// The folder as configured.
        folder: PathBuf,
        /// What the system says.
        cause: std::io::Error,
    },
    /// The database cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database fails.
    #[error("{0}; restore a backup, or move the database away to start anew")]
    Storage(#[from] StorageError),
    /// The keys cannot be used.
    #[error("the signing keys cannot be used ({0}); restore a backup of the database, or move it away to start anew")]
    Keys(#[from] LoadError),
    /// Keys cannot be fetched.
    #[error("no HTTP client could be made to fetch the issuer's keys: {0}")]
    RemoteKeys(#[from] FetchError),
    /// An account cannot be made.
    #[error("an account could not be made: {0}")]
    Account(#[from] AddError),
}

/// The purpose of the authorization server's keys in storage.
pub(super) const ISSUER_KEYS: &str = "oauth";
/// The purpose of the JWT door's keys in storage.
const DOOR_KEYS: &str = "jwt door";
/// What the authorization server signs with.
pub(super) const ISSUER_ALGORITHMS: [SigningAlgorithm; 2] = [SigningAlgorithm::ES256, SigningAlgorithm::RS256];

/// A running server.
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its issuer identifier.
    pub issuer: String,
    /// SHA-256 of the certificate, where it is one made for development.
    pub development_fingerprint: Option<String>,
    stopping: Arc<AtomicBool>,
    stop: oneshot::Sender<()>,
    serving: JoinHandle<()>,
    housekeeping: JoinHandle<()>,
    following: JoinHandle<()>,
    upkeep: JoinHandle<()>,
    audit: AuditLog,
    database: Sqlite,
}

/// Opens the storage, makes what is missing, and serves.
///
/// # Errors
/// A sentence that says what to do.
pub async fn start(config: Config, clock: Clock) -> Result<Server, StartError> {
    config.check()?;
    // One provider of cryptography for TLS, for servers and clients alike; a second call finds it installed.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    telemetry::numbers();
    descriptors::make_room(config.max_connections);
    let random = Random::system();
    let now = clock.now();
    let database = database::open(&config).await?;
    let storage: Arc<dyn Storage> = Arc::new(database.clone());

    let listen = |cause| StartError::Listen { address: config.listen, cause };
    let listener = TcpListener::bind(config.listen).await.map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    let issuer = config.issuer(address);
    let tls = config.tls.then(|| tls::prepare(&config, &issuer, now)).transpose()?;
    let (acceptor, development_fingerprint) =
        tls.map_or((None, None), |tls| (Some(tls.acceptor), tls.development_fingerprint));

    let secret = ServerSecret::new(&database.secret("server", &random.bytes::<32>()).await?);
    let encryption = config.key_encryption_secret.as_deref();
    let issuer_keys = IssuerKeys::open(storage.clone(), ISSUER_KEYS, encryption, &ISSUER_ALGORITHMS, now).await?;
    let door_keys = IssuerKeys::open(storage.clone(), DOOR_KEYS, encryption, &[SigningAlgorithm::ES256], now).await?;
    let accounts = Accounts::new(storage.clone(), &random)?;
    let is_demo = config.is_demo(&issuer);
    if is_demo {
        demo::fill(storage.as_ref(), &accounts, &secret, &random, &issuer, now).await?;
    }
    let feed = RevocationFeed::default();
    let follower = Follower::catch_up(storage.clone(), feed.clone(), accounts.clone()).await?;
    let audit = AuditLog::start(storage.clone(), clock.clone());
    let auth_server = AuthServer {
        issuer: issuer.clone().into(),
        clock: clock.clone(),
        random: random.clone(),
        storage: storage.clone(),
        accounts: accounts.clone(),
        clients: Clients::new(storage.clone()),
        keys: issuer_keys.clone(),
        access_tokens: VerifiedTokens::new(),
        secret,
        feed: feed.clone(),
        audit: audit.clone(),
        device_codes: Throttle::for_passwords(),
        registrations: Throttle::for_registrations(),
        open_registration: is_demo,
        explains: is_demo,
    };
    let resource_server = ResourceServer {
        resource: auth_server.own_resource(),
        door_audience: format!("{issuer}/api/jwt"),
        issuer: issuer.clone().into(),
        clock: clock.clone(),
        passwords: RememberedPasswords::new(&random),
        random: random.clone(),
        storage: storage.clone(),
        accounts: accounts.clone(),
        door_keys: door_keys.clone(),
        door_tokens: VerifiedTokens::new(),
        issuer_keys: match &config.jwks_url {
            None => Arc::new(issuer_keys.clone()),
            Some(url) => Arc::new(RemoteKeys::new(url.as_str(), clock.clone())?),
        },
        access_tokens: VerifiedTokens::new(),
        feed: feed.clone(),
        audit: audit.clone(),
        guests: Quota::per_minute(PER_MINUTE),
        password_changes: Quota::per_minute(PER_MINUTE),
        is_demo,
    };
    let site = config.site_root();
    // While cargo-leptos watches, files change under a running server, and its script looks for their plain names.
    let (assets, on_disk) = if std::env::var_os("LEPTOS_WATCH").is_some() {
        (Assets::default(), site)
    } else {
        let assets = Assets::read(&site).map_err(|cause| StartError::Site { folder: site.clone(), cause })?;
        // What was not read is not served: leptos looks for it in a folder that is not there.
        (assets, site.join(".nothing"))
    };
    assets.warm_up();
    let options = LeptosOptions::builder()
        .output_name("three-keys")
        .site_root(on_disk.display().to_string())
        .site_pkg_dir(assets.package())
        .site_addr(address)
        .build();
    let stopping = Arc::new(AtomicBool::new(false));
    let passage = Passage {
        limits: Limits::new(&config),
        health: Health { database: database.clone(), metrics: config.metrics, stopping: stopping.clone() },
        names: Names::new(&issuer, address, config.tls),
        https: OverHttpsAlone::at(&issuer),
        random,
    };
    let application = router::assemble(options, assets, auth_server, resource_server, passage);
    let (stop, stopped) = oneshot::channel::<()>();
    let connections = Connections::new(&config);
    let serving = Serving::new(application, acceptor, connections, &config);
    let serving = tokio::spawn(serving.run(listener, stopped, config.shutdown_timeout()));
    let upkeep = tokio::spawn(telemetry::keep_up());
    let housekeeping = housekeeping::start(storage, accounts, feed, vec![issuer_keys, door_keys], clock);
    let following = follower.start();
    Ok(Server {
        address,
        issuer,
        development_fingerprint,
        stopping,
        stop,
        serving,
        housekeeping,
        following,
        upkeep,
        audit,
        database,
    })
}

impl Server {
    /// Stops taking calls, finishes those under way, and closes the storage.
    pub async fn stop(self) {
        self.stopping.store(true, Ordering::Relaxed);
        let _ = self.stop.send(());
        if let Err(error) = self.serving.await {
            tracing::error!(%error, "serving ended with an error");
        }
        self.housekeeping.abort();
        self.following.abort();
        self.upkeep.abort();
        self.audit.flush().await;
        self.database.close().await;
    }
}
