//! `Until`: runs its activities, then asks whether that was enough.

use std::time::Duration;

use adf_expr::evaluate_json;
use adf_model::Expression;
use serde_json::{Value, json};

use super::{Turn, for_each};
use crate::ActivityFailure;
use crate::activity_run::{Outcome, Stop};
use crate::clock::later;
use crate::flow::Flow;
use crate::sight::Sight;
use crate::time_span::time_span;

const DEFAULT: Duration = Duration::from_secs(7 * 24 * 60 * 60);
const MOST: Duration = Duration::from_secs(90 * 24 * 60 * 60);

/// The longest pause between passes that take no time.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) async fn execute(
    turn: &mut Turn<'_, '_>,
    expression: &Expression,
    timeout: Option<&Expression>,
    body: &Flow,
) -> Outcome {
    let limit = limit(turn, timeout)?;
    let host = turn.run.host.as_ref();
    let end = later(host.now(), limit);
    let mut pause = Duration::from_millis(10);
    for pass in 0_usize.. {
        let start = host.now();
        let mut inner = turn.frame.inside(turn.node, body);
        inner.iteration = Some(for_each::iteration(turn.frame, turn.node, pass));
        let result = turn.run.flow(&inner).await.for_container();
        if turn.run.cancellation.is_cancelled() {
            return Err(Stop::Cancelled);
        }
        let sight = Sight {
            run: turn.run,
            item: turn.frame.item,
            frame: &inner,
            node: None,
        };
        let value = evaluate_json(&expression.0, &sight)?;
        let is_enough = turn.boolean("expression", &value);
        turn.record.keep(inner.into_seen());
        if is_enough? {
            return result.map(|()| json!({}));
        }
        if host.now() >= end {
            let told = format!("the loop did not end within {} s", limit.as_secs());
            return Err(ActivityFailure::user("ActionTimedOut", told).into());
        }
        if host.now() < later(start, pause) {
            turn.run.pause(pause).await?;
            pause = (pause * 2).min(PAUSE);
        }
    }
    Ok(json!({}))
}

fn limit(turn: &Turn<'_, '_>, timeout: Option<&Expression>) -> Result<Duration, ActivityFailure> {
    let Some(timeout) = timeout else {
        return Ok(DEFAULT);
    };
    match turn.evaluate(timeout)? {
        Value::Null => Ok(DEFAULT),
        value => value
            .as_str()
            .and_then(time_span)
            .filter(|limit| *limit <= MOST)
            .ok_or_else(|| {
                let told =
                    format!("`timeout` is {value}; it must be `d.hh:mm:ss`, 90 days at most");
                ActivityFailure::user("BadRequest", told)
            }),
    }
}
