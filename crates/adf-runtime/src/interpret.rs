//! Runs the activities of a flow as their dependencies allow.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::task::Poll;

use adf_model::InactiveMark;
use futures::FutureExt as _;
use futures::future::BoxFuture;
use futures::stream::{FuturesUnordered, StreamExt as _};

use crate::ActivityStatus;
use crate::activity_run::ActivityRun;
use crate::control;
use crate::flow::{End, Readiness, Step};
use crate::frame::{Ended, FlowEnd, Frame};
use crate::run::Run;
use crate::sight::Sight;

impl Run {
    /// Runs all that `frame` is a pass through.
    pub(crate) fn flow<'a>(&'a self, frame: &'a Frame<'a>) -> BoxFuture<'a, FlowEnd> {
        async move {
            let mut open = frame.flow.open_dependencies();
            let mut free: Vec<usize> = (0..open.len()).filter(|node| open[*node] == 0).collect();
            let mut running = FuturesUnordered::new();
            loop {
                running.extend(self.ready(frame, free, &mut open));
                let Some(node) = running.next().await else {
                    break;
                };
                free = frame.flow.close(node, &mut open);
            }
            frame.verdict(self.cancellation.is_cancelled())
        }
        .boxed()
    }

    /// Skips those of `free` that cannot start, and what comes after them; gives what starts now.
    fn ready<'a>(
        &'a self,
        frame: &'a Frame<'a>,
        free: Vec<usize>,
        open: &mut [usize],
    ) -> Vec<BoxFuture<'a, usize>> {
        let mut ready = Vec::new();
        if self.cancellation.is_cancelled() {
            return ready;
        }
        let mut free = VecDeque::from(free);
        while let Some(node) = free.pop_front() {
            match frame.flow.readiness(node, |parent| frame.end(parent)) {
                Readiness::Waits => {}
                Readiness::Starts => ready.push(self.begin(frame, node)),
                Readiness::IsSkipped => {
                    let run = ActivityRun::new(self, frame, node);
                    let ended = run.idle(ActivityStatus::Skipped, End::Skipped);
                    let _ = frame.ends[node].set(ended);
                    free.extend(frame.flow.close(node, open));
                }
            }
        }
        ready
    }

    fn begin<'a>(&'a self, frame: &'a Frame<'a>, node: usize) -> BoxFuture<'a, usize> {
        async move {
            let ended = self.activity(frame, node).await;
            let _ = frame.ends[node].set(ended);
            node
        }
        .boxed()
    }

    async fn activity<'a>(&'a self, frame: &'a Frame<'a>, node: usize) -> Ended {
        give_way().await;
        let run = ActivityRun::new(self, frame, node);
        let place = &frame.flow.nodes[node];
        if place.activity.is_inactive() {
            let end = match place.activity.on_inactive_mark_as {
                InactiveMark::Succeeded => End::Succeeded,
                InactiveMark::Failed => End::Failed,
                InactiveMark::Skipped => End::Skipped,
            };
            return run.idle(ActivityStatus::Inactive, end);
        }
        match place.step {
            Step::Work => self.work(frame, node, run).await,
            _ => self.control(frame, node, run).await,
        }
    }

    async fn control<'a>(
        &'a self,
        frame: &'a Frame<'a>,
        node: usize,
        mut run: ActivityRun<'a>,
    ) -> Ended {
        let outcome = match run.begin(0, &Sight::new(self, frame, node)) {
            Ok(()) => control::execute(self, frame, node, &mut run).await,
            Err(stop) => Err(stop),
        };
        run.finish(outcome)
    }
}

/// Lets others have their turn, so that a long loop of quick activities does not keep a thread to itself.
async fn give_way() {
    let mut gave = false;
    poll_fn(|context| {
        if std::mem::replace(&mut gave, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}
