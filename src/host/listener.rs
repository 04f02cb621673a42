//! The serving loop: accepts connections, speaks HTTP/1 and HTTP/2 on them within limits, and stops in order.

use super::config::Config;
use super::connections::{Admitted, Connection, Connections};
use super::forwarded;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::Request;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::{GracefulShutdown, Watcher};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_rustls::TlsAcceptor;
use tower::ServiceExt as _;

/// The most bytes of a request's head; beyond it the answer is 431.
const MAX_HEAD: usize = 32 * 1024;
/// The most header fields of a request.
const MAX_FIELDS: usize = 100;
/// The most requests at a time on one HTTP/2 connection.
const MAX_STREAMS: u32 = 64;
/// How long to wait when the system has no room for another connection.
const NO_ROOM: Duration = Duration::from_millis(50);

/// What every connection needs.
pub(super) struct Serving {
    /// What answers.
    pub(super) application: Router,
    /// What ends TLS, if this server does.
    pub(super) tls: Option<TlsAcceptor>,
    /// Who is connected.
    pub(super) connections: Arc<Connections>,
    /// Whether the proxy in front says who calls.
    pub(super) behind_proxy: bool,
    /// The time for a handshake and for a request's head.
    header_timeout: Duration,
    protocols: Builder<TokioExecutor>,
}

impl Serving {
    pub(super) fn new(
        application: Router,
        tls: Option<TlsAcceptor>,
        connections: Arc<Connections>,
        config: &Config,
    ) -> Self {
        let header_timeout = Duration::from_secs(config.header_timeout_seconds.get());
        let mut protocols = Builder::new(TokioExecutor::new());
        protocols
            .http1()
            .timer(TokioTimer::new())
            .header_read_timeout(header_timeout)
            .max_headers(MAX_FIELDS)
            .max_buf_size(MAX_HEAD);
        // A caller who resets streams faster than we can end them is hung up on by hyper's own defaults.
        protocols
            .http2()
            .timer(TokioTimer::new())
            .max_concurrent_streams(MAX_STREAMS)
            .max_header_list_size(u32::try_from(MAX_HEAD).unwrap_or(u32::MAX))
            .initial_stream_window_size(64 * 1024)
            .initial_connection_window_size(256 * 1024)
            .max_send_buf_size(64 * 1024)
            .keep_alive_interval(Duration::from_secs(config.idle_timeout_seconds.get()))
            .keep_alive_timeout(header_timeout);
        Self { application, tls, connections, behind_proxy: config.behind_proxy, header_timeout, protocols }
    }

    /// Accepts until it is told to stop; then finishes what is under way, for `patience` at most.
    pub(super) async fn run(self, listener: TcpListener, mut stop: oneshot::Receiver<()>, patience: Duration) {
        let serving = Arc::new(self);
        let graceful = GracefulShutdown::new();
        loop {
            let accepted = tokio::select! {
                accepted = listener.accept() => accepted,
                // A dropped sender means the same as a sent message.
                _ = &mut stop => break,
            };
            match accepted {
                Ok((stream, from)) => {
                    if let Some(admitted) = serving.connections.admit(from.ip()) {
                        tokio::spawn(serving.clone().connection(stream, from, admitted, graceful.watcher()));
                    }
                }
                Err(error) if is_of_the_caller(&error) => {}
                Err(error) => {
                    // No file descriptor or no memory. It passes, sooner if somebody who does nothing leaves.
                    tracing::warn!(%error, "a connection could not be accepted");
                    serving.connections.end_one();
                    tokio::time::sleep(NO_ROOM).await;
                }
            }
        }
        drop(listener);
        if tokio::time::timeout(patience, graceful.shutdown()).await.is_err() {
            tracing::warn!("requests that took too long were broken off");
            serving.connections.end_all();
        }
    }

    async fn connection(self: Arc<Self>, stream: TcpStream, from: SocketAddr, admitted: Admitted, watcher: Watcher) {
        // Fails when the caller has hung up already, which shows soon enough.
        let _ = stream.set_nodelay(true);
        let work = async {
            match &self.tls {
                None => self.speak(stream, from, &admitted.connection, watcher).await,
                Some(acceptor) => match tokio::time::timeout(self.header_timeout, acceptor.accept(stream)).await {
                    Ok(Ok(stream)) => self.speak(stream, from, &admitted.connection, watcher).await,
                    Ok(Err(error)) => tracing::debug!(%error, "a TLS handshake failed"),
                    Err(_) => tracing::debug!("a TLS handshake took too long"),
                },
            }
        };
        tokio::select! { () = work => {}, () = admitted.over() => {} }
    }

    async fn speak<S>(&self, stream: S, from: SocketAddr, connection: &Arc<Connection>, watcher: Watcher)
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let service = service_fn(|mut request: Request<Incoming>| {
            connection.asked();
            let caller = if self.behind_proxy { forwarded::caller(from, request.headers()) } else { from };
            request.extensions_mut().insert(ConnectInfo(caller));
            request.extensions_mut().insert(connection.clone());
            self.application.clone().oneshot(request.map(Body::new))
        });
        let watched = Watched { stream, connection: connection.clone() };
        let served = self.protocols.serve_connection(TokioIo::new(watched), service);
        if let Err(error) = watcher.watch(served).await {
            tracing::debug!(%error, "a connection ended with an error");
        }
    }
}

/// Whether the caller hung up before it was accepted, which says nothing of the next one.
fn is_of_the_caller(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

/// A stream that tells when the caller takes bytes off.
struct Watched<S> {
    stream: S,
    connection: Arc<Connection>,
}

impl<S> Watched<S> {
    fn saw(&self, written: &Poll<io::Result<usize>>) {
        if matches!(written, Poll::Ready(Ok(bytes)) if *bytes > 0) {
            self.connection.wrote();
        }
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.saw(&written);
        written
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.saw(&written);
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
