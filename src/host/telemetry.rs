//! What the operator sees: the log, a line per request, and the numbers behind `/metrics`.

use super::config::LogFormat;
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;
use metrics::{counter, histogram};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use std::io::{BufWriter, IsTerminal as _};
use std::sync::OnceLock;
use std::time::Duration;
use tokio::time::Instant;
use tracing_appender::non_blocking::{NonBlockingBuilder, WorkerGuard};
use tracing_subscriber::EnvFilter;

/// How often finished observations are put into their buckets, whether anybody asks for them or not.
const UPKEEP: Duration = Duration::from_secs(5);
/// How many lines of the log may wait to be written.
const LINES: usize = 4096;
/// The bounds that durations are counted between, in seconds.
const BUCKETS: [f64; 11] = [0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 2.5, 10.0];

/// Keeps the log going. Dropping it writes what is still on its way.
#[must_use = "without it nothing is logged"]
pub struct Log(#[expect(dead_code, reason = "it only has to live")] WorkerGuard);

/// Starts the log, on standard error; `RUST_LOG` chooses what it holds. A command that does not serve speaks for itself,
/// so only warnings come with it.
///
/// A thread of its own writes the lines, all that wait at once, so that no call waits for each line to be taken. None is
/// dropped: who logs faster than can be written waits.
pub fn start_log(format: LogFormat, serves: bool) -> Log {
    let lines = BufWriter::with_capacity(64 * 1024, std::io::stderr());
    let (writer, guard) = NonBlockingBuilder::default().lossy(false).buffered_lines_limit(LINES).finish(lines);
    let usual = if serves { "info" } else { "warn" };
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new(usual));
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(writer);
    match format {
        LogFormat::Pretty => log.init(),
        LogFormat::Json => log.json().flatten_event(true).with_current_span(true).with_span_list(false).init(),
    }
    Log(guard)
}

/// The numbers of this process. There is one set of them, however many servers it runs: that is how `metrics` works.
/// `None` where something else in the process counts already.
pub(super) fn numbers() -> Option<&'static PrometheusHandle> {
    static NUMBERS: OnceLock<Option<PrometheusHandle>> = OnceLock::new();
    let start = || {
        let handle = PrometheusBuilder::new().set_buckets(&BUCKETS).ok()?.install_recorder().ok()?;
        describe();
        Some(handle)
    };
    NUMBERS.get_or_init(start).as_ref()
}

/// Keeps what is observed small. It ends when it is aborted.
pub(super) async fn keep_up() {
    let Some(numbers) = numbers() else { return };
    let mut ticks = tokio::time::interval(UPKEEP);
    loop {
        ticks.tick().await;
        numbers.run_upkeep();
    }
}

fn describe() {
    use metrics::{Unit::Seconds, describe_counter, describe_gauge, describe_histogram};
    describe_counter!("three_keys_requests_total", "Requests answered, by method, route and status");
    describe_histogram!("three_keys_request_duration_seconds", Seconds, "From a request's head to its answer's");
    describe_counter!("three_keys_requests_refused_total", "Requests refused by a limit of the host");
    describe_counter!("three_keys_connections_total", "Connections, by what became of them");
    describe_gauge!("three_keys_connections_open", "Connections open now");
    describe_counter!("three_keys_refusals_total", "Refusals in the audit log, by key and check");
    describe_counter!("three_keys_guard_refusals_total", "Calls that a guard refused, by key and check");
    describe_counter!("three_keys_passwords_total", "Passwords shown, by what became of them");
}

/// Counts and logs the request: its path without the query, which may hold what no log should.
pub(super) async fn observe(request: Request, next: Next) -> Response {
    let start = Instant::now();
    let method = label(request.method());
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let (took, status) = (start.elapsed(), response.status().as_u16());
    let route = route.map_or_else(|| "none".to_owned(), |route| route.as_str().to_owned());
    counter!("three_keys_requests_total", "method" => method, "route" => route.clone(), "status" => status.to_string())
        .increment(1);
    histogram!("three_keys_request_duration_seconds", "route" => route).record(took);
    tracing::info!(status, milliseconds = took.as_secs_f64() * 1000.0, "answered");
    response
}

/// Anybody can invent methods; each would be a time series of its own.
fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        Method::PATCH => "PATCH",
        _ => "other",
    }
}
