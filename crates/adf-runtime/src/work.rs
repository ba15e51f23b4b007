//! Execution activities: arguments, attempts, time limits.

use std::time::Duration;

use adf_expr::evaluate_json;
use adf_model::{Activity, Expression};
use futures::future::{Either, select};
use serde_json::Value;

use crate::activity_run::{ActivityRun, Outcome, Stop};
use crate::frame::{Ended, Frame};
use crate::resolve::Resolver;
use crate::run::Run;
use crate::sight::Sight;
use crate::time_span::time_span;
use crate::{ActivityCall, ActivityFailure};

const DEFAULT_TIMEOUT: Duration = Duration::from_secs(12 * 60 * 60);

/// Seconds between attempts when the policy says nothing, and the most it may say.
const DEFAULT_INTERVAL: u64 = 30;
const LONGEST_INTERVAL: u64 = 24 * 60 * 60;

/// The most bytes of JSON in an output.
const LARGEST_OUTPUT: usize = 4 << 20;

/// How long an executor may take to stop what it has started.
const GRACE: Duration = Duration::from_secs(30);

impl Run {
    /// Carries an execution activity out, as often as its policy says.
    pub(crate) async fn work<'a>(
        &'a self,
        frame: &'a Frame<'a>,
        node: usize,
        first: ActivityRun<'a>,
    ) -> Ended {
        let activity = &frame.flow.nodes[node].activity;
        let iteration = frame.iteration.as_deref();
        if let Some(earlier) = self.rerun.earlier(&activity.name, iteration) {
            return first.recover(earlier);
        }
        let sight = Sight::new(self, frame, node);
        let mut run = first;
        for attempt in 0_u32.. {
            let (outcome, again) = match run.begin(attempt, &sight) {
                Ok(()) => self.attempt(activity, attempt, &sight, &mut run).await,
                Err(stop) => (Err(stop), false),
            };
            if !again {
                return run.finish(outcome);
            }
            run.finish(outcome);
            run = ActivityRun::new(self, frame, node);
            let interval = activity.policy.retry_interval_in_seconds;
            let interval = interval.unwrap_or(DEFAULT_INTERVAL).min(LONGEST_INTERVAL);
            if let Err(stop) = self.pause(Duration::from_secs(interval)).await {
                return run.finish(Err(stop));
            }
        }
        run.finish(Err(Stop::Cancelled))
    }

    /// Makes one attempt; also says whether to make another one.
    async fn attempt(
        &self,
        activity: &Activity,
        attempt: u32,
        sight: &Sight<'_>,
        run: &mut ActivityRun<'_>,
    ) -> (Outcome, bool) {
        let prepared = limits(activity, sight)
            .and_then(|limits| Ok((limits, self.call(activity, attempt, sight, run)?)));
        let ((timeout, retries), call) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => return (Err(failure.into()), false),
        };
        let outcome = self.limited(call, timeout).await;
        let again = matches!(outcome, Err(Stop::Failed(_))) && u64::from(attempt) < retries;
        (outcome, again)
    }

    fn call(
        &self,
        activity: &Activity,
        attempt: u32,
        sight: &Sight<'_>,
        run: &mut ActivityRun<'_>,
    ) -> Result<ActivityCall, ActivityFailure> {
        let resolver = Resolver {
            definitions: self.host.definitions(),
            sight,
        };
        let properties = evaluate_json(&activity.type_properties, sight)?;
        run.input(&properties);
        let service = activity.linked_service_name.as_ref();
        let mut inputs = resolver.datasets(&activity.inputs)?;
        inputs.extend(resolver.own_dataset(&activity.type_properties)?);
        Ok(ActivityCall {
            factory: self.host.definitions().factory_name().to_owned(),
            pipeline: self.name.clone(),
            run_id: self.request.run_id.clone(),
            activity_run_id: run.id().to_owned(),
            activity: activity.name.clone(),
            kind: activity.kind.clone(),
            properties,
            linked_service: service
                .map(|service| resolver.linked_service(service, sight))
                .transpose()?,
            inputs,
            outputs: resolver.datasets(&activity.outputs)?,
            attempt,
            cancellation: self.cancellation.part(),
        })
    }

    /// Executes, until the time is over or the run is cancelled.
    async fn limited(&self, call: ActivityCall, timeout: Duration) -> Outcome {
        let cancellation = call.cancellation.clone();
        let work = self.host.execute(call);
        let limit = std::pin::pin!(self.pause(timeout));
        // Cancellation comes first: an executor that heeds it may seem to have ended well.
        let (stop, work) = match select(limit, work).await {
            Either::Right((result, _)) => return Ok(bounded(result?)?),
            Either::Left((Err(stop), work)) => (stop, work),
            Either::Left((Ok(()), work)) => {
                let told = format!("the activity took longer than {} s", timeout.as_secs());
                (ActivityFailure::user("ActivityTimedOut", told).into(), work)
            }
        };
        cancellation.cancel_recursively();
        select(work, self.host.sleep(GRACE)).await;
        Err(stop)
    }
}

/// Refuses an output that the service would not keep.
fn bounded(output: Value) -> Result<Value, ActivityFailure> {
    let size = output.to_string().len();
    if size > LARGEST_OUTPUT {
        let told = format!("the output has {size} bytes; at most {LARGEST_OUTPUT} are allowed");
        return Err(ActivityFailure::user("2001", told));
    }
    Ok(output)
}

/// The time limit of an attempt, and how many attempts may follow the first.
fn limits(activity: &Activity, sight: &Sight<'_>) -> Result<(Duration, u64), ActivityFailure> {
    let value = |expression: &Option<Expression>| match expression {
        Some(expression) => evaluate_json(&expression.0, sight),
        None => Ok(Value::Null),
    };
    let wrong = |property: &str, value: &Value, wanted: &str| {
        let told = format!("`policy.{property}` is {value}; it must be {wanted}");
        ActivityFailure::user("BadRequest", told)
    };
    let timeout = match value(&activity.policy.timeout)? {
        Value::Null => DEFAULT_TIMEOUT,
        value => value
            .as_str()
            .and_then(time_span)
            .ok_or_else(|| wrong("timeout", &value, "`d.hh:mm:ss`"))?,
    };
    let retries = match value(&activity.policy.retry)? {
        Value::Null => 0,
        Value::String(text) if text.parse::<u32>().is_ok() => text.parse().unwrap_or(0),
        value => value
            .as_u64()
            .ok_or_else(|| wrong("retry", &value, "an Integer, 0 or more"))?,
    };
    Ok((timeout, retries))
}
