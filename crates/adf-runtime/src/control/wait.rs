//! `Wait`.

use std::time::Duration;

use adf_model::Expression;
use serde_json::{Value, json};

use super::Turn;
use crate::ActivityFailure;
use crate::activity_run::Outcome;

pub(super) async fn execute(turn: &mut Turn<'_, '_>, seconds: &Expression) -> Outcome {
    let value = turn.evaluate(seconds)?;
    turn.record.input(&json!({"waitTimeInSeconds": value}));
    let seconds = match &value {
        Value::String(text) => text.trim().parse::<i32>().ok(),
        other => other
            .as_i64()
            .and_then(|seconds| i32::try_from(seconds).ok()),
    };
    let Some(seconds) = seconds.and_then(|seconds| u64::try_from(seconds).ok()) else {
        let told = format!(
            "`waitTimeInSeconds` is {value}; it must be an Integer from 0 to {}",
            i32::MAX
        );
        return Err(ActivityFailure::user("BadRequest", told).into());
    };
    turn.run.pause(Duration::from_secs(seconds)).await?;
    Ok(json!({}))
}
