//! The assembly: the two servers and the user interface behind one address.

use super::assets::{self, Assets};
use super::headers::{self, OverHttpsAlone};
use super::health::{self, Health};
use super::limits::{self, Limits};
use super::names::{self, Names};
use super::{target, telemetry};
use crate::auth_server::AuthServer;
use crate::random::Random;
use crate::request_id;
use crate::resource_server::{ResourceServer, api};
use crate::ui::{App, shell};
use crate::wire::problem::Problem;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state, map_response_with_state};
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes as _, generate_route_list_with_exclusions};
use std::any::Any;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// How hard answers that are made for one request are compressed: much harder would cost more than it saves.
const COMPRESSION: CompressionLevel = CompressionLevel::Precise(4);

/// What every request passes, whoever answers it.
pub(super) struct Passage {
    pub(super) limits: Limits,
    pub(super) health: Health,
    pub(super) names: Names,
    pub(super) https: OverHttpsAlone,
    pub(super) random: Random,
}

/// The whole application.
pub(super) fn assemble(
    options: LeptosOptions,
    assets: Assets,
    auth_server: AuthServer,
    resource_server: ResourceServer,
    passage: Passage,
) -> Router {
    // The resource server mounts its functions itself, behind its own checks.
    let functions = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let pages = generate_route_list_with_exclusions(App, Some(functions));
    let interface = Router::new()
        .leptos_routes(&options, pages, {
            let options = options.clone();
            move || shell(options.clone())
        })
        .fallback(leptos_axum::file_and_error_handler(shell))
        // Only what holds no secret is compressed: a compressed answer's length tells of its content (BREACH).
        .layer(CompressionLayer::new().quality(COMPRESSION))
        .layer(from_fn_with_state(assets, assets::serve))
        .with_state(options);
    around(auth_server.router().merge(api::router(resource_server)).merge(interface), passage)
}

/// From the outside in: all happens under a name; every answer is counted and logged, and gets the headers; what is meant
/// for another server is refused; a panic is a 500 for its request alone; a target has a path; the body is in before
/// anything is done; and so many requests at a time, but for probes.
///
/// One layer of several: each that a router gets by itself costs every request a box and a copy.
fn around(application: Router, passage: Passage) -> Router {
    let passed_by_all = (
        from_fn_with_state(passage.random, request_id::assign),
        from_fn(telemetry::observe),
        map_response_with_state(passage.https, headers::add),
        from_fn_with_state(passage.names, names::check),
        CatchPanicLayer::custom(panicked),
        from_fn(target::check),
        from_fn_with_state(passage.limits.clone(), limits::take_body),
    );
    application
        .layer(from_fn_with_state(passage.limits, limits::admit))
        .merge(health::router(passage.health))
        .layer(passed_by_all)
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    api::answer(&Problem::new(500, "the server could not answer this request"))
}

#[cfg(test)]
mod tests {
    use super::{Passage, around};
    use crate::host::config::Config;
    use crate::host::headers::OverHttpsAlone;
    use crate::host::health::Health;
    use crate::host::limits::Limits;
    use crate::host::names::Names;
    use crate::random::Random;
    use crate::storage::sqlite::Sqlite;
    use axum::Router;
    use axum::body::Body;
    use axum::http::Request;
    use axum::routing::get;
    use tower::ServiceExt as _;

    async fn around_one_that_panics(folder: &std::path::Path) -> Router {
        let config = Config { data_dir: folder.to_owned(), ..Config::default() };
        let passage = Passage {
            limits: Limits::new(&config),
            health: Health {
                database: Sqlite::open(&config.database_url()).await.unwrap(),
                metrics: config.metrics,
                stopping: std::sync::Arc::default(),
            },
            names: Names::new("http://127.0.0.1:3000", config.listen, false),
            https: OverHttpsAlone(false),
            random: Random::system(),
        };
        async fn panics() {
            panic!("a mistake of ours");
        }
        around(Router::new().route("/panics", get(panics)).route("/answers", get(|| async { "well" })), passage)
    }

    #[tokio::test]
    async fn a_panic_is_a_500_for_its_request_alone() {
        let folder = tempfile::tempdir().unwrap();
        let application = around_one_that_panics(folder.path()).await;
        let call = async |path: &str| {
            let request = Request::get(path).header("host", "127.0.0.1:3000").body(Body::empty()).unwrap();
            application.clone().oneshot(request).await.unwrap()
        };
        let (broken, whole) = tokio::join!(call("/panics"), call("/answers"));
        assert_eq!((broken.status().as_u16(), whole.status().as_u16()), (500, 200));
        assert_eq!(broken.headers()["content-type"], "application/problem+json");
        assert_eq!(broken.headers()["x-content-type-options"], "nosniff");
        assert!(broken.headers().contains_key("x-request-id"));
        let body = axum::body::to_bytes(broken.into_body(), 10_000).await.unwrap();
        assert!(!String::from_utf8_lossy(&body).contains("mistake"), "the caller learns nothing of it");
        assert_eq!(call("/answers").await.status().as_u16(), 200);
    }
}
