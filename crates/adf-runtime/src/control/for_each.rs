//! `ForEach`: the items are dealt out to a number of queues, and each queue goes through its items in order.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash as _, Hasher as _};

use adf_model::Expression;
use futures::stream::{FuturesUnordered, StreamExt as _};
use serde_json::{Value, json};

use super::Turn;
use crate::ActivityFailure;
use crate::activity_run::{Outcome, Stop};
use crate::flow::Flow;
use crate::frame::Frame;
use crate::run::Run;

/// The most items of a loop.
const MOST: usize = 100_000;

pub(super) async fn execute(
    turn: &mut Turn<'_, '_>,
    items: &Expression,
    batch: usize,
    body: &Flow,
) -> Outcome {
    let items = turn.evaluate(items)?;
    let items = turn.array("items", items)?;
    if items.len() > MOST {
        let told = format!("{} items; at most {MOST} are allowed", items.len());
        return Err(ActivityFailure::user("BadRequest", told).into());
    }
    turn.record.input(&json!({"ItemsCount": items.len()}));
    let pass = Pass {
        run: turn.run,
        frame: turn.frame,
        container: turn.node,
        body,
        items: &items,
    };
    let mut queues: FuturesUnordered<_> = (0..batch.min(items.len()))
        .map(|first| Box::pin(pass.queue(first, batch)))
        .collect();
    let mut worst: Option<(usize, Stop)> = None;
    while let Some(found) = queues.next().await {
        if let Some((at, stop)) = found
            && worst.as_ref().is_none_or(|(before, _)| at < *before)
        {
            worst = Some((at, stop));
        }
    }
    match worst {
        _ if turn.run.cancellation.is_cancelled() => Err(Stop::Cancelled),
        Some((_, stop)) => Err(stop),
        None => Ok(json!({})),
    }
}

struct Pass<'a> {
    run: &'a Run,
    frame: &'a Frame<'a>,
    container: usize,
    body: &'a Flow,
    items: &'a [Value],
}

impl Pass<'_> {
    /// Goes through every `step`th item and gives the first failure. A failure stops nothing.
    async fn queue(&self, first: usize, step: usize) -> Option<(usize, Stop)> {
        let mut failure = None;
        for (at, item) in self.items.iter().enumerate().skip(first).step_by(step) {
            if self.run.cancellation.is_cancelled() {
                break;
            }
            let mut inner = self.frame.inside(self.container, self.body);
            inner.item = Some(item);
            inner.iteration = Some(iteration(self.frame, self.container, at));
            let end = self.run.flow(&inner).await;
            if let Err(stop) = end.for_container() {
                failure.get_or_insert((at, stop));
            }
        }
        failure
    }
}

/// Tells one pass of a loop from the others; the same in a rerun.
pub(super) fn iteration(frame: &Frame<'_>, container: usize, pass: usize) -> String {
    let mut hasher = DefaultHasher::new();
    frame.iteration.hash(&mut hasher);
    frame.flow.nodes[container].activity.name.hash(&mut hasher);
    pass.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
