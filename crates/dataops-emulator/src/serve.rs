//! Connections: each is served on its own, none may take for ever to say what it wants, and a fault may cut one.

use std::convert::Infallible;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

/// How long a caller may take to send the head of a request, the pause before it included.
const PATIENCE: Duration = Duration::from_secs(120);

/// Ends the connection that a request came by, in the middle of whatever is going on.
#[derive(Clone, Default)]
pub(crate) struct Cut(Arc<Notify>);

impl Cut {
    /// Cuts; the caller sees that its connection was reset.
    pub(crate) fn now(&self) {
        self.0.notify_one();
    }
}

/// Serves until `stopping`, and then until the last connection has ended.
pub(crate) async fn serve(
    listener: TcpListener,
    app: Router,
    stopping: CancellationToken,
) -> io::Result<()> {
    let connections = TaskTracker::new();
    loop {
        let accepted = tokio::select! {
            () = stopping.cancelled() => break,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, _)) => {
                connections.spawn(converse(stream, app.clone(), stopping.clone()));
            }
            Err(error) => {
                tracing::warn!("a connection was not accepted: {error}");
                // Out of files, most likely; some are given back soon.
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
    Ok(())
}

async fn converse(stream: TcpStream, app: Router, stopping: CancellationToken) {
    // Answers are small and whole; waiting for more would only delay them.
    let _ = stream.set_nodelay(true);
    let cut = Cut::default();
    let handed = cut.clone();
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let (app, cut) = (app.clone(), handed.clone());
        async move {
            let mut request: Request = request.map(Body::new);
            request.extensions_mut().insert(cut);
            app.oneshot(request)
                .await
                .map_err(|never: Infallible| never)
        }
    });
    let mut connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(PATIENCE)
        .serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = cut.0.notified() => {
            let _ = connection.into_parts().io.into_inner().set_zero_linger();
            return;
        }
        () = stopping.cancelled() => {
            std::pin::Pin::new(&mut connection).graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        tracing::debug!("a connection ended early: {error}");
    }
}
