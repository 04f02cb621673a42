//! Client applications: what each may do, and the demo ones.

use super::redirect_uri::RedirectUri;
use super::secret::ServerSecret;
use super::tokens::FEED_LIFETIME;
use crate::jose::SigningAlgorithm;
use crate::storage::{Storage, Stored};
use crate::wire::base64url;
use crate::wire::role::Role;
use crate::wire::scope::Scope;
use jsonwebtoken::jwk::JwkSet;
use quick_cache::sync::Cache;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// How a client shows who it is at the token endpoint.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientAuthentication {
    /// It cannot: a public client.
    None,
    /// With a secret, in the `Authorization` header or in the body. Kept as a keyed hash: the secret is random, so a
    /// slow hash would protect nothing and cost every call.
    Secret {
        /// HMAC-SHA256 of the secret under the server's own secret, base64url.
        keyed_hash: String,
    },
    /// With a signed assertion (RFC 7523 §2.2).
    PrivateKeyJwt {
        /// The client's public keys.
        jwks: JwkSet,
    },
}

/// A client, as registered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    /// Its identifier.
    pub client_id: String,
    /// The name people see when they are asked for consent.
    pub client_name: String,
    /// How it authenticates.
    pub authentication: ClientAuthentication,
    /// Where answers may be sent.
    pub redirect_uris: Vec<RedirectUri>,
    /// Where a browser may be sent after signing out.
    pub post_logout_redirect_uris: Vec<RedirectUri>,
    /// The grant types it may use.
    pub grant_types: Vec<String>,
    /// All that it may ask for.
    pub scope: Scope,
    /// It runs on people's own machines, so the port of a loopback redirect URI may vary.
    pub native: bool,
    /// It is somebody else's: consent is asked every time.
    pub always_asks_consent: bool,
    /// It may introspect tokens of other clients.
    pub introspects_all: bool,
    /// How long its access tokens live, in seconds.
    pub access_token_lifetime: i64,
    /// The algorithm of its ID tokens.
    pub id_token_signed_response_alg: SigningAlgorithm,
    /// It only takes sender-constrained tokens (RFC 9449 §5.2).
    pub dpop_bound_access_tokens: bool,
    /// It only uses pushed authorization requests (RFC 9126 §6).
    pub require_pushed_authorization_requests: bool,
    /// What it may do on its own behalf, with `client_credentials`.
    pub role: Role,
}

/// Every scope that the server knows.
pub const SCOPES: &str = "openid profile offline_access pages:read pages:write audit:read";

/// How long access tokens live unless the client says otherwise, in seconds.
pub const ACCESS_TOKEN_LIFETIME: i64 = 300;

/// The grant type of RFC 8628 §3.4.
pub const DEVICE_CODE: &str = "urn:ietf:params:oauth:grant-type:device_code";

impl Client {
    /// A public client with the code grant and nothing else.
    pub fn new(client_id: &str, client_name: &str) -> Self {
        Self {
            client_id: client_id.to_owned(),
            client_name: client_name.to_owned(),
            authentication: ClientAuthentication::None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            grant_types: vec!["authorization_code".to_owned(), "refresh_token".to_owned()],
            scope: Scope::default(),
            native: false,
            always_asks_consent: false,
            introspects_all: false,
            access_token_lifetime: ACCESS_TOKEN_LIFETIME,
            id_token_signed_response_alg: SigningAlgorithm::ES256,
            dpop_bound_access_tokens: false,
            require_pushed_authorization_requests: false,
            role: Role::Viewer,
        }
    }

    /// Whether it cannot authenticate.
    pub fn is_public(&self) -> bool {
        self.authentication == ClientAuthentication::None
    }

    /// Whether it may use the grant type.
    pub fn may_use(&self, grant_type: &str) -> bool {
        self.grant_types.iter().any(|allowed| allowed == grant_type)
    }

    /// Whether the URI is one of its redirect URIs.
    pub fn has_redirect_uri(&self, presented: &str) -> bool {
        self.redirect_uris.iter().any(|uri| uri.matches(presented, self.native))
    }

    /// Whether the URI is one of its post-logout redirect URIs.
    pub fn has_post_logout_redirect_uri(&self, presented: &str) -> bool {
        self.post_logout_redirect_uris.iter().any(|uri| uri.matches(presented, self.native))
    }

    /// The client of that id, read from storage.
    ///
    /// # Errors
    /// When storage fails.
    async fn find(storage: &dyn Storage, client_id: &str) -> Stored<Option<Client>> {
        let document = storage.client_document(client_id).await?;
        Ok(document.map(|document| serde_json::from_str(&document)).transpose()?)
    }

    /// Keeps the client.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn store(&self, storage: &dyn Storage, now: i64) -> Stored<()> {
        storage.put_client(&self.client_id, &serde_json::to_string(self)?, now).await
    }
}

/// How many clients are remembered; the least used go first.
const REMEMBERED: usize = 1_000;

/// Finds clients, and remembers what it has found: one takes part in every call, and hardly ever does one change. Each
/// time it asks storage how often one has changed so far, by whichever process, so that no client outlives its removal.
pub struct Clients {
    storage: Arc<dyn Storage>,
    /// Each with the number of changes before it was read.
    known: Cache<String, (i64, Arc<Client>)>,
}

impl Clients {
    /// Remembers none yet.
    pub fn new(storage: Arc<dyn Storage>) -> Self {
        Self { storage, known: Cache::new(REMEMBERED) }
    }

    /// The client of that id.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn find(&self, client_id: &str) -> Stored<Option<Arc<Client>>> {
        let changes = self.storage.client_changes().await?;
        if let Some((then, client)) = self.known.get(client_id)
            && then == changes
        {
            return Ok(Some(client));
        }
        let client = Client::find(self.storage.as_ref(), client_id).await?.map(Arc::new);
        if let Some(client) = &client {
            self.known.insert(client_id.to_owned(), (changes, client.clone()));
        }
        Ok(client)
    }
}

/// What the operator does with clients.
impl Client {
    /// Keeps a new client, unless there is one of its id. Answers whether it was kept.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn add(&self, storage: &dyn Storage, now: i64) -> Stored<bool> {
        storage.add_client(&self.client_id, &serde_json::to_string(self)?, now).await
    }

    /// Every client.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn all(storage: &dyn Storage) -> Stored<Vec<Client>> {
        let documents = storage.client_documents().await?;
        Ok(documents.iter().map(|document| serde_json::from_str(document)).collect::<Result<_, _>>()?)
    }

    /// Removes the client of that id, with all that it was allowed. Answers whether there was one.
    ///
    /// # Errors
    /// When storage fails.
    pub async fn remove(storage: &dyn Storage, client_id: &str, now: i64) -> Stored<bool> {
        storage.remove_client(client_id, now + FEED_LIFETIME).await
    }
}

impl ClientAuthentication {
    /// A secret, kept as its keyed hash.
    pub fn secret(server: &ServerSecret, secret: &str) -> Self {
        ClientAuthentication::Secret { keyed_hash: base64url::encode(server.mac("client secret", secret.as_bytes())) }
    }
}

fn uris(texts: &[&str]) -> Vec<RedirectUri> {
    texts.iter().map(|text| RedirectUri::try_from((*text).to_owned())).collect::<Result<_, _>>().unwrap_or_default()
}

fn scope(text: &str) -> Scope {
    text.parse().unwrap_or_default()
}

/// The demo clients, exactly as in the outside contract.
pub fn demo(issuer: &str, server: &ServerSecret) -> Vec<Client> {
    let ui = Client {
        redirect_uris: uris(&[&format!("{issuer}/callback")]),
        post_logout_redirect_uris: uris(&[&format!("{issuer}/signed-out")]),
        scope: scope(SCOPES),
        ..Client::new("three-keys-ui", "Three Keys")
    };
    let trip_planner = Client {
        redirect_uris: uris(&[&format!("{issuer}/trip-planner/callback")]),
        scope: scope("openid profile pages:read"),
        always_asks_consent: true,
        access_token_lifetime: 60,
        ..Client::new("trip-planner", "Trip Planner")
    };
    let native = Client {
        redirect_uris: uris(&["http://127.0.0.1/callback"]),
        post_logout_redirect_uris: uris(&["http://127.0.0.1/signed-out"]),
        scope: scope("openid profile offline_access pages:read"),
        native: true,
        ..Client::new("native-app", "Native App")
    };
    let blink = Client {
        redirect_uris: uris(&["http://127.0.0.1/blink"]),
        scope: scope("openid profile offline_access pages:read"),
        native: true,
        access_token_lifetime: 2,
        ..Client::new("blink", "Blink")
    };
    let confidential = |client_id: &str, name: &str, secret: &str, redirect_uri: &str| Client {
        authentication: ClientAuthentication::secret(server, secret),
        redirect_uris: uris(&[redirect_uri]),
        grant_types: ["authorization_code", "refresh_token", "client_credentials"].map(str::to_owned).to_vec(),
        scope: scope("openid profile offline_access pages:read pages:write"),
        role: Role::Editor,
        ..Client::new(client_id, name)
    };
    let backend = confidential("backend", "Backend", "backend-secret-7f1b9c2e", "http://127.0.0.1:3999/callback");
    let backend_other =
        confidential("backend-other", "Other Backend", "backend-other-secret-51d0aa37", "http://127.0.0.1:3999/other");
    let odd = Client {
        scope: scope("pages:read"),
        ..confidential("odd:client", "Odd Client", "p@ss word+%:é", "http://127.0.0.1:3999/odd")
    };
    let resource_server = Client {
        authentication: ClientAuthentication::secret(server, "resource-secret-90c4e6d1"),
        grant_types: Vec::new(),
        introspects_all: true,
        ..Client::new("resource-server", "Resource Server")
    };
    let tv = Client {
        grant_types: vec![DEVICE_CODE.to_owned()],
        scope: scope("openid profile pages:read"),
        ..Client::new("tv", "Television")
    };
    vec![ui, trip_planner, native, blink, backend, backend_other, odd, resource_server, tv]
}

#[cfg(test)]
mod tests {
    use super::{Client, Clients, SCOPES, demo};
    use crate::auth_server::secret::ServerSecret;
    use crate::storage::sqlite::Sqlite;
    use crate::wire::scope::Scope;

    #[tokio::test]
    async fn what_is_remembered_of_a_client_ends_with_its_next_change() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        let storage: std::sync::Arc<dyn crate::storage::Storage> =
            std::sync::Arc::new(Sqlite::open(&url).await.unwrap());
        let clients = Clients::new(storage.clone());
        assert!(clients.find("a").await.unwrap().is_none());
        Client::new("a", "A").store(storage.as_ref(), 0).await.unwrap();
        assert_eq!(clients.find("a").await.unwrap().unwrap().client_name, "A", "what was not there is not remembered");
        Client::new("a", "B").store(storage.as_ref(), 0).await.unwrap();
        let found = clients.find("a").await.unwrap().unwrap();
        assert_eq!(found.client_name, "B");
        assert!(std::sync::Arc::ptr_eq(&found, &clients.find("a").await.unwrap().unwrap()), "it is remembered");
        Client::remove(storage.as_ref(), "a", 0).await.unwrap();
        assert!(clients.find("a").await.unwrap().is_none());
    }

    #[test]
    fn every_demo_client_is_whole() {
        let clients = demo("http://127.0.0.1:3000", &ServerSecret::new(&[7; 32]));
        assert_eq!(clients.len(), 9);
        let known: Scope = SCOPES.parse().unwrap();
        for client in clients {
            let sends_somewhere = client.may_use("authorization_code");
            assert_eq!(!client.redirect_uris.is_empty(), sends_somewhere, "{}", client.client_id);
            assert!(client.scope.is_within(&known));
            let document = serde_json::to_string(&client).unwrap();
            assert!(!document.contains("backend-secret"), "a secret is kept only as a hash");
            assert_eq!(serde_json::from_str::<super::Client>(&document).unwrap(), client);
        }
    }
}
