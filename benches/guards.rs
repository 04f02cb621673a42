//! What a guard costs, against the bare operation under it: `make bench`, or `cargo bench --bench guards`.
//!
//! *Cold* is a credential that was never seen before, *warm* one that was seen a moment ago. Everything runs on one
//! thread; what is measured is the guard, without HTTP and without the function behind it.

#![allow(clippy::unwrap_used, reason = "a measurement that cannot go on must fail")]
#![allow(missing_docs, reason = "the macros of criterion make functions without documentation")]

use axum::http::{HeaderMap, HeaderValue, Method, header};
use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;
use std::time::{Duration, Instant};
use three_keys::audit_log::AuditLog;
use three_keys::auth_server::accounts::Accounts;
use three_keys::auth_server::keys::IssuerKeys;
use three_keys::auth_server::secret::ServerSecret;
use three_keys::checks::Trace;
use three_keys::clock::Clock;
use three_keys::jose::{
    SigningAlgorithm, SigningKey, Unverified, VerifiedTokens, VerifyingKey, VerifyingKeys as _, new_jti,
};
use three_keys::random::Random;
use three_keys::resource_server::ResourceServer;
use three_keys::resource_server::guards::basic::RememberedPasswords;
use three_keys::resource_server::guards::{Call, Guard, admit};
use three_keys::resource_server::quota::Quota;
use three_keys::revocation_feed::RevocationFeed;
use three_keys::storage::Storage;
use three_keys::storage::accounts::Realm;
use three_keys::storage::sqlite::Sqlite;
use three_keys::wire::base64url;
use three_keys::wire::claims::{AccessTokenClaims, Audience, DoorTokenClaims};
use three_keys::wire::role::{Operation, Role};
use three_keys::wire::scope::Scope;
use tokio::runtime::Runtime;

const NOW: i64 = 1_800_000_000;
const ISSUER: &str = "http://127.0.0.1:3000";

/// A resource server with one account, in a folder that goes with it.
struct House {
    runtime: Runtime,
    server: ResourceServer,
    issuer_keys: IssuerKeys,
    _folder: tempfile::TempDir,
}

impl House {
    fn build() -> Self {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("bench.db").display());
        let (server, issuer_keys) = runtime.block_on(async {
            let (clock, random) = (Clock::at(NOW), Random::system());
            let storage: Arc<dyn Storage> = Arc::new(Sqlite::open(&url).await.unwrap());
            let keys = |purpose| {
                let storage = storage.clone();
                async move { IssuerKeys::open(storage, purpose, None, &[SigningAlgorithm::ES256], NOW).await.unwrap() }
            };
            let (issuer_keys, door_keys) = (keys("oauth").await, keys("jwt door").await);
            let accounts = Accounts::new(storage.clone(), &random).unwrap();
            accounts.add(Realm::Pages, "alice", "wonderland", Role::Admin, &random, NOW).await.unwrap();
            let server = ResourceServer {
                issuer: ISSUER.into(),
                resource: format!("{ISSUER}/api/oauth"),
                door_audience: format!("{ISSUER}/api/jwt"),
                clock: clock.clone(),
                passwords: RememberedPasswords::new(&random),
                random,
                accounts,
                door_keys,
                door_tokens: VerifiedTokens::new(),
                issuer_keys: Arc::new(issuer_keys.clone()),
                access_tokens: VerifiedTokens::new(),
                feed: RevocationFeed::default(),
                audit: AuditLog::start(storage.clone(), clock),
                storage,
                guests: Quota::per_minute(20),
                password_changes: Quota::per_minute(20),
                is_demo: false,
            };
            (server, issuer_keys)
        });
        Self { runtime, server, issuer_keys, _folder: folder }
    }

    /// A new token of the JWT door's.
    fn door_token(&self) -> String {
        let claims = DoorTokenClaims {
            iss: ISSUER.to_owned(),
            sub: "an-account-of-22-chars".to_owned(),
            aud: Audience::One(self.server.door_audience.clone()),
            iat: NOW,
            exp: NOW + 900,
            nbf: None,
            jti: new_jti(&self.server.random),
            narrowed_from: Vec::new(),
            preferred_username: "alice".to_owned(),
            role: Role::Admin,
        };
        self.server.door_keys.sign(SigningAlgorithm::ES256, "three-keys-door+jwt", &claims, NOW).unwrap()
    }

    /// A new access token.
    fn access_token(&self) -> String {
        self.issuer_keys.sign(SigningAlgorithm::ES256, "at+jwt", &self.access_token_claims(), NOW).unwrap()
    }

    fn access_token_claims(&self) -> AccessTokenClaims {
        AccessTokenClaims {
            iss: ISSUER.to_owned(),
            sub: "an-account-of-22-chars".to_owned(),
            aud: Audience::One(self.server.resource.clone()),
            client_id: "three-keys-ui".to_owned(),
            iat: NOW,
            exp: NOW + 300,
            nbf: None,
            jti: new_jti(&self.server.random),
            scope: "offline_access pages:read profile".parse().unwrap(),
            roles: vec![Role::Admin],
            preferred_username: Some("alice".to_owned()),
            auth_time: Some(NOW),
            grant: Some(new_jti(&self.server.random)),
            cnf: None,
        }
    }

    /// How long the guard takes for as many calls, each with the next of these credentials.
    fn time(&self, guard: Guard, credentials: &[HeaderMap]) -> Duration {
        self.runtime.block_on(async {
            let started = Instant::now();
            for headers in credentials {
                let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
                let call = Call { method: &Method::GET, path: "/api/oauth/pages", headers, address };
                let admitted = admit(&self.server, guard, Operation::ReadPages, call, &mut Trace::off()).await;
                black_box(admitted.unwrap());
            }
            started.elapsed()
        })
    }
}

fn authorization(value: &str) -> HeaderMap {
    HeaderMap::from_iter([(header::AUTHORIZATION, HeaderValue::from_str(value).unwrap())])
}

fn basic() -> HeaderMap {
    authorization(&format!("Basic {}", base64url::encode_standard("alice:wonderland")))
}

fn bearer(token: &str) -> HeaderMap {
    authorization(&format!("Bearer {token}"))
}

fn guards(criterion: &mut Criterion) {
    let house = House::build();
    let mut group = criterion.benchmark_group("guard");
    let warm = [
        ("basic", Guard::Basic, basic()),
        ("jwt", Guard::Jwt, bearer(&house.door_token())),
        ("jwt_revocable", Guard::JwtRevocable, bearer(&house.door_token())),
        ("oauth", Guard::Oauth, bearer(&house.access_token())),
    ];
    for (name, guard, headers) in warm {
        group.bench_function(BenchmarkId::new(name, "warm"), |bencher| {
            house.time(guard, std::slice::from_ref(&headers));
            bencher.iter_custom(|times| {
                // The same credentials every time, without a list as long as the number of calls.
                let some = vec![headers.clone(); 1000.min(usize::try_from(times).unwrap_or(1000))];
                let mut left = usize::try_from(times).unwrap_or(usize::MAX);
                let mut took = Duration::ZERO;
                while left > 0 {
                    let now = left.min(some.len());
                    took += house.time(guard, &some[..now]);
                    left -= now;
                }
                took
            });
        });
    }
    let new_tokens: [(&str, Guard, &dyn Fn() -> String); 2] =
        [("jwt", Guard::Jwt, &|| house.door_token()), ("oauth", Guard::Oauth, &|| house.access_token())];
    for (name, guard, token) in new_tokens {
        group.bench_function(BenchmarkId::new(name, "cold"), |bencher| {
            bencher.iter_custom(|times| {
                let credentials: Vec<_> = (0..times).map(|_| bearer(&token())).collect();
                house.time(guard, &credentials)
            });
        });
    }
    // Without a memory each call hashes: an account that changed has voided it.
    group.sample_size(20).bench_function(BenchmarkId::new("basic", "cold"), |bencher| {
        let headers = basic();
        bencher.iter_custom(|times| {
            (0..times)
                .map(|_| {
                    house.server.accounts.changed();
                    house.time(Guard::Basic, std::slice::from_ref(&headers))
                })
                .sum()
        });
    });
}

fn bare_operations(criterion: &mut Criterion) {
    let house = House::build();
    let mut group = criterion.benchmark_group("bare");
    for algorithm in [SigningAlgorithm::ES256, SigningAlgorithm::RS256] {
        let key = SigningKey::read(&SigningKey::generate(algorithm, NOW).unwrap()).unwrap();
        let claims = house.access_token_claims();
        let token = key.sign("at+jwt", &claims).unwrap();
        group.bench_function(BenchmarkId::new("sign", algorithm.as_str()), |bencher| {
            bencher.iter(|| key.sign("at+jwt", black_box(&claims)).unwrap());
        });
        let verifying: VerifyingKey = key.verifying().unwrap();
        let unverified = Unverified::parse(&token).unwrap();
        group.bench_function(BenchmarkId::new("verify", algorithm.as_str()), |bencher| {
            bencher.iter(|| unverified.check_signature(black_box(&verifying)).unwrap());
        });
    }
    let secret = ServerSecret::new(&[7; 32]);
    let mac = base64url::encode(secret.mac("client secret", b"backend-secret-7f1b9c2e"));
    group.bench_function("client_secret", |bencher| {
        bencher.iter(|| secret.verifies("client secret", black_box(b"backend-secret-7f1b9c2e"), &mac));
    });
    let kid = house.issuer_keys.signing(SigningAlgorithm::ES256, NOW).unwrap();
    group.bench_function("jwks_look_up", |bencher| bencher.iter(|| house.issuer_keys.find(black_box(&kid)).unwrap()));
    let scope: Scope = "offline_access pages:read profile".parse().unwrap();
    group.bench_function("scope_and_role", |bencher| {
        bencher.iter(|| {
            let operation = black_box(Operation::ReadPages);
            black_box(scope.contains(operation.scope()) && Role::Viewer.may(operation))
        });
    });
    group.sample_size(20).bench_function("argon2id", |bencher| {
        // The parameters of the accounts are the library's own.
        use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
        let argon2 = argon2::Argon2::default();
        let salt = SaltString::encode_b64(&[1; 16]).unwrap();
        let hash = argon2.hash_password(b"wonderland", &salt).unwrap().to_string();
        bencher.iter(|| {
            argon2.verify_password(black_box(b"wonderland"), &PasswordHash::new(&hash).unwrap()).unwrap();
        });
    });
}

criterion_group!(benches, guards, bare_operations);
criterion_main!(benches);
