//! The assembly: the two servers and the user interface behind one address.

use super::{headers, target};
use crate::auth_server::AuthServer;
use crate::request_id;
use crate::resource_server::{ResourceServer, api};
use crate::ui::{App, shell};
use crate::wire::problem::Problem;
use axum::Router;
use axum::response::Response;
use leptos::config::LeptosOptions;
use leptos_axum::{LeptosRoutes as _, generate_route_list_with_exclusions};
use std::any::Any;
use std::sync::Arc;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;

/// The whole application.
pub(super) fn assemble(options: LeptosOptions, auth_server: AuthServer, resource_server: ResourceServer) -> Router {
    let issuer: Arc<str> = auth_server.issuer.clone();
    let random = auth_server.random.clone();
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
        .layer(CompressionLayer::new())
        .with_state(options);
    // From the inside out: a panic is a 500 for its request alone; every answer, also that one, gets the headers; a
    // browser at another address is sent on before anything else happens; and all of it happens under a name.
    auth_server
        .router()
        .merge(api::router(resource_server))
        .merge(interface)
        .layer(axum::middleware::from_fn(target::check))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(axum::middleware::map_response(headers::add))
        .layer(axum::middleware::from_fn_with_state(issuer, headers::canonical))
        .layer(axum::middleware::from_fn_with_state(random, request_id::assign))
}

fn panicked(_: Box<dyn Any + Send>) -> Response {
    tracing::error!("a request panicked");
    api::answer(&Problem::new(500, "the server could not answer this request"))
}
