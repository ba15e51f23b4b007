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
                Err(stop) => (Err(stop), None),
            };
            let Some(interval) = again else {
                return run.finish(outcome);
            };
            run.finish(outcome);
            run = ActivityRun::new(self, frame, node);
            if let Err(stop) = self.pause(interval).await {
                return run.finish(Err(stop));
            }
        }
        run.finish(Err(Stop::Cancelled))
    }

    /// Makes one attempt; also says after what time to make another one, if at all.
    async fn attempt(
        &self,
        activity: &Activity,
        attempt: u32,
        sight: &Sight<'_>,
        run: &mut ActivityRun<'_>,
    ) -> (Outcome, Option<Duration>) {
        let prepared = limits(activity, sight)
            .and_then(|limits| Ok((limits, self.call(activity, attempt, sight, run)?)));
        let (limits, call) = match prepared {
            Ok(prepared) => prepared,
            Err(failure) => return (Err(failure.into()), None),
        };
        let outcome = self.limited(call, limits.timeout).await;
        let again = matches!(outcome, Err(Stop::Failed(_))) && u64::from(attempt) < limits.retries;
        (outcome, again.then_some(limits.interval))
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
        // Datasets and linked services have secure parameters of their own, which are hidden in the input too.
        let used = resolver.used(activity);
        run.input(&properties);
        let used = used?;
        Ok(ActivityCall {
            factory: self.host.definitions().factory_name().to_owned(),
            pipeline: self.name.clone(),
            run_id: self.request.run_id.clone(),
            activity_run_id: run.id().to_owned(),
            activity: activity.name.clone(),
            kind: activity.kind.clone(),
            properties,
            linked_service: used.linked_service,
            inputs: used.inputs,
            outputs: used.outputs,
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

/// What a policy says, evaluated.
struct Limits {
    /// For each attempt.
    timeout: Duration,
    /// How many attempts may follow the first.
    retries: u64,
    /// The pause between attempts.
    interval: Duration,
}

fn limits(activity: &Activity, sight: &Sight<'_>) -> Result<Limits, ActivityFailure> {
    let policy = &activity.policy;
    let wrong = |property: &str, value: &Value, wanted: &str| {
        let told = format!("`policy.{property}` is {value}; it must be {wanted}");
        ActivityFailure::user("BadRequest", told)
    };
    let count = |property: &str, expression, default| match evaluated(expression, sight)? {
        Value::Null => Ok(default),
        value => match &value {
            Value::String(text) => text.trim().parse::<u32>().ok().map(u64::from),
            other => other.as_u64(),
        }
        .ok_or_else(|| wrong(property, &value, "an Integer, 0 or more")),
    };
    let timeout = match evaluated(policy.timeout.as_ref(), sight)? {
        Value::Null => DEFAULT_TIMEOUT,
        value => value
            .as_str()
            .and_then(time_span)
            .ok_or_else(|| wrong("timeout", &value, "`d.hh:mm:ss`"))?,
    };
    let interval = policy.retry_interval_in_seconds.as_ref();
    let interval = count("retryIntervalInSeconds", interval, DEFAULT_INTERVAL)?;
    Ok(Limits {
        timeout,
        retries: count("retry", policy.retry.as_ref(), 0)?,
        interval: Duration::from_secs(interval.min(LONGEST_INTERVAL)),
    })
}

fn evaluated(expression: Option<&Expression>, sight: &Sight<'_>) -> Result<Value, ActivityFailure> {
    match expression {
        Some(expression) => Ok(evaluate_json(&expression.0, sight)?),
        None => Ok(Value::Null),
    }
}
