//! What probes and scrapers ask: `/healthz` (it is alive), `/readyz` (it can do its work), `/metrics` (its numbers).
//! They stand outside the limit of concurrent requests, so that a busy server is not taken for a dead one.

use super::config::MetricsFor;
use super::telemetry;
use crate::resource_server::api;
use crate::storage::sqlite::Sqlite;
use crate::wire::problem::Problem;
use axum::Router;
use axum::extract::{ConnectInfo, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// What the answers stand on. Clones share it.
#[derive(Clone)]
pub(super) struct Health {
    pub(super) database: Sqlite,
    pub(super) metrics: MetricsFor,
    pub(super) stopping: Arc<AtomicBool>,
}

/// The three routes.
pub(super) fn router(health: Health) -> Router {
    Router::new()
        .route("/healthz", get(alive))
        .route("/readyz", get(ready))
        .route("/metrics", get(numbers))
        .with_state(health)
}

fn plain(words: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8"), (header::CACHE_CONTROL, "no-store")], words)
        .into_response()
}

async fn alive() -> Response {
    plain("alive\n".to_owned())
}

async fn ready(State(health): State<Health>) -> Response {
    if health.stopping.load(Ordering::Relaxed) {
        return api::answer(&Problem::new(503, "the server is stopping; send new work elsewhere"));
    }
    match tokio::time::timeout(PATIENCE, health.database.ping()).await {
        Ok(Ok(())) => plain("ready\n".to_owned()),
        Ok(Err(error)) => {
            tracing::error!(%error, "the database does not answer");
            api::answer(&Problem::new(503, "the database does not answer; the server's log says why"))
        }
        Err(_) => api::answer(&Problem::new(503, "the database takes too long to answer")),
    }
}

async fn numbers(State(health): State<Health>, ConnectInfo(from): ConnectInfo<SocketAddr>) -> Response {
    let allowed = match health.metrics {
        MetricsFor::Everyone => true,
        MetricsFor::Loopback => from.ip().to_canonical().is_loopback(),
        MetricsFor::Nobody => false,
    };
    if !allowed {
        return api::answer(&Problem::new(403, "metrics are not for this caller; the setting is called metrics"));
    }
    match telemetry::numbers() {
        Some(numbers) => {
            numbers.run_upkeep();
            plain(numbers.render())
        }
        None => api::answer(&Problem::new(503, "this process counts nothing")),
    }
}
