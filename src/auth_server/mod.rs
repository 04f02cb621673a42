//! The authorization server: accounts, sign-in, consent, clients, grants, tokens, keys. It may touch storage, the
//! clock, the random source, and publishes to the revocation feed; it knows nothing of pages.

pub mod accounts;
pub mod clients;
pub mod endpoints;
pub mod error;
pub mod keys;
pub mod parameters;
pub mod redirect_uri;
pub mod rules;
pub mod secret;
pub mod throttle;

mod applications;
mod authorize;
mod client_authentication;
mod cross_site;
mod decisions;
mod device;
mod device_authorization;
mod dpop_proofs;
mod explanation;
mod form_token;
mod grant_types;
mod guests;
mod html;
mod introspect;
mod jwks;
mod logout;
mod metadata;
mod par;
mod password_pool;
mod register;
mod revoke;
mod sealing;
mod sessions;
mod sign_in;
mod token;
mod tokens;
mod userinfo;

use crate::audit_log::AuditLog;
use crate::clock::Clock;
use crate::jose::VerifiedTokens;
use crate::random::Random;
use crate::revocation_feed::RevocationFeed;
use crate::storage::Storage;
use crate::wire::claims::AccessTokenClaims;
use accounts::Accounts;
use axum::Router;
use axum::http::{Method, header};
use axum::response::Redirect;
use axum::routing::{get, post};
use clients::Clients;
use keys::IssuerKeys;
use secret::ServerSecret;
use std::sync::Arc;
use throttle::Throttle;
use tower_http::cors::{Any, CorsLayer};

/// All that the endpoints stand on.
pub struct AuthServer {
    /// The issuer identifier: an origin, without a slash at the end.
    pub issuer: Arc<str>,
    /// The time.
    pub clock: Clock,
    /// The random source.
    pub random: Random,
    /// What is kept.
    pub storage: Arc<dyn Storage>,
    /// Who can sign in.
    pub accounts: Accounts,
    /// Which applications take part.
    pub clients: Clients,
    /// What signs.
    pub keys: IssuerKeys,
    /// The access tokens that were verified before, for introspection and UserInfo.
    pub access_tokens: VerifiedTokens<AccessTokenClaims>,
    /// The server's own secret.
    pub secret: ServerSecret,
    /// What ended before its time.
    pub feed: RevocationFeed,
    /// What happened.
    pub audit: AuditLog,
    /// Who guesses a device's code too often.
    pub device_codes: Throttle,
    /// Who registers too many clients.
    pub registrations: Throttle,
    /// Whether anybody may register a client (RFC 7591).
    pub open_registration: bool,
    /// Whether a call may ask what was checked: in demos, where there is nothing to spy out.
    pub explains: bool,
}

/// The resource that tokens are for unless the client says otherwise, below the issuer.
pub const OWN_RESOURCE: &str = "/api/oauth";
/// A resource that is somebody else's, so that a client can hold a good token for another door.
pub const ELSEWHERE: &str = "urn:three-keys:elsewhere";

impl AuthServer {
    /// The identifier of the resource server of this house.
    pub fn own_resource(&self) -> String {
        format!("{}{OWN_RESOURCE}", self.issuer)
    }

    /// Every resource that tokens can be made for (RFC 8707).
    pub fn resources(&self) -> Vec<String> {
        vec![self.own_resource(), ELSEWHERE.to_owned()]
    }

    /// Whether cookies and redirects run over TLS.
    pub fn is_https(&self) -> bool {
        self.issuer.starts_with("https://")
    }

    /// The endpoints, each once, as the metadata lists them.
    pub fn router(self) -> Router {
        // Browsers call these from other origins. Never the authorization endpoint (RFC 9700 §2.6).
        let cors = CorsLayer::new()
            .allow_origin(Any)
            .allow_methods([Method::GET, Method::POST])
            .allow_headers([header::AUTHORIZATION, header::CONTENT_TYPE, crate::dpop::HEADER])
            .expose_headers([header::WWW_AUTHENTICATE, dpop_proofs::DPOP_NONCE]);
        let read_by_all = Router::new()
            .route("/.well-known/openid-configuration", get(metadata::openid))
            .route("/.well-known/oauth-authorization-server", get(metadata::oauth))
            .route(endpoints::JWKS, get(jwks::get))
            .layer(cors.clone());
        let called_by_scripts = Router::new()
            .route(endpoints::TOKEN, post(token::post))
            .route(endpoints::REVOKE, post(revoke::post))
            .route(endpoints::USERINFO, get(userinfo::get).post(userinfo::post))
            .route(endpoints::PAR, post(par::post))
            .route(endpoints::DEVICE_AUTHORIZATION, post(device_authorization::post))
            .layer(cors);
        let called_by_servers = Router::new()
            .route(endpoints::INTROSPECT, post(introspect::post))
            .route(endpoints::REGISTER, post(register::post));
        let seen_by_people = Router::new()
            .route(endpoints::AUTHORIZE, get(authorize::get).post(authorize::post))
            .route(endpoints::DEVICE, get(device::get).post(device::post))
            .route(endpoints::LOGOUT, get(logout::get).post(logout::post))
            .route(endpoints::APPLICATIONS, get(applications::get).post(applications::post))
            .route("/applications", get(async || Redirect::to(endpoints::APPLICATIONS)))
            .layer(axum::middleware::map_response(html::protect));
        let mut explained = called_by_scripts.merge(called_by_servers);
        if self.explains {
            explained = explained.route_layer(axum::middleware::from_fn(explanation::explain));
        }
        read_by_all.merge(explained).merge(seen_by_people).with_state(Arc::new(self))
    }
}
