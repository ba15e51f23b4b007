//! A run and the runs below it, driven together.
//!
//! Child runs are not polled inside the activity that starts them: that activity may be cancelled while its child goes on,
//! and chains of pipelines do not deepen the stack.

use futures::future::{BoxFuture, Either, select};
use futures::stream::{FuturesUnordered, StreamExt as _};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;

/// Where new child runs are put.
pub(crate) type Children = UnboundedSender<BoxFuture<'static, ()>>;

/// Drives the run that `root` makes, and all that it puts into its `Children`, to the end.
pub(crate) async fn grow<T: Send + 'static>(
    root: impl FnOnce(Children) -> BoxFuture<'static, T>,
) -> T {
    let (children, mut started) = unbounded_channel();
    let (report, reported) = oneshot::channel();
    let root = root(children.clone());
    let mut running: FuturesUnordered<BoxFuture<'static, ()>> = FuturesUnordered::new();
    running.push(Box::pin(async move {
        let _ = report.send(root.await);
    }));
    loop {
        while let Ok(child) = started.try_recv() {
            running.push(child);
        }
        let next = started.recv();
        let child = match select(running.next(), std::pin::pin!(next)).await {
            Either::Left((None, _)) => break,
            Either::Left((Some(()), _)) => None,
            Either::Right((child, _)) => child,
        };
        running.extend(child);
    }
    reported
        .await
        .expect("the root run has ended and reported before the tree is empty")
}
