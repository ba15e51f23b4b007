//! The deployment while it goes on, told resource by resource.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use arm_client::models::{Deployed, Operation, ProvisioningState};
use dataops_plan::ResourceKey;
use futures::future::{Either, select};
use rest_core::Wait;

use super::order::ArmOrder;
use crate::apply::work::{Work, skipped};
use crate::apply::{Event, ResourceOutcome, Status, Trouble, TroubleKind, Written};

/// Asks the service whether it would take the template, before a trigger is stopped for it.
pub(in crate::apply) async fn check(work: &Work<'_>, order: &ArmOrder) -> Option<Trouble> {
    if work.stops() {
        return None;
    }
    (work.tell)(Event::Step(
        "asking Azure Resource Manager whether it takes the template",
    ));
    let asked = order.client.validate(
        &order.name,
        &order.deployment,
        work.limits.provisioning,
        None,
    );
    let trouble = match work.within_grace(async { Ok(asked.await?) }).await {
        Ok(answer) => {
            let said = answer.error?;
            let text = order.without_secrets(&said.to_string());
            let mut trouble = Trouble::new(
                TroubleKind::Refused,
                format!("Azure Resource Manager refuses the template: {text}"),
            );
            trouble.code = Some(said.code);
            trouble
        }
        Err(trouble) => hidden(order, trouble),
    };
    work.fail();
    Some(trouble)
}

/// Puts everything that the plan puts by one deployment.
pub(in crate::apply) async fn put_all(work: &Work<'_>, order: &ArmOrder) -> Written {
    let seen = Seen::default();
    if work.stops() {
        return seen.put(work, order, None, None);
    }
    if let Err(error) = order
        .client
        .begin(&order.name, &order.deployment, None)
        .await
    {
        work.fail();
        let trouble = hidden(order, error.into());
        return seen.put(work, order, Some(trouble), None);
    }
    let count = order.places.len();
    let step = format!("deploying {count} resources as `{}`", order.name);
    (work.tell)(Event::Step(&step));
    let progress = |_: &Deployed, operations: &[Operation]| seen.see(work, order, operations);
    let waiting = order
        .client
        .wait(&order.name, work.limits.deployment, progress);
    let ended = match select(Box::pin(waiting), Box::pin(work.interrupt.raised())).await {
        Either::Left((ended, _)) => ended,
        Either::Right(_) => cancel(work, order, &seen).await,
    };
    let (trouble, correlation) = match ended {
        Ok(deployed) => (
            trouble_of(order, &deployed),
            deployed.properties.correlation_id,
        ),
        Err(error) => {
            // Nobody looks after it any more, so it is not to go on.
            let _ = order.client.cancel(&order.name, None).await;
            (Some(hidden(order, error.into())), None)
        }
    };
    if trouble.is_some() {
        work.fail();
    }
    let has_resource = seen.has_failed();
    seen.put(work, order, trouble.filter(|_| !has_resource), correlation)
}

/// Ends the deployment, and waits for what of it is on its way.
async fn cancel(work: &Work<'_>, order: &ArmOrder, seen: &Seen) -> azure_core::Result<Deployed> {
    (work.tell)(Event::Step("cancelling the deployment"));
    order.client.cancel(&order.name, None).await?;
    let wait = Wait {
        limit: work.limits.grace.max(Duration::from_secs(1)),
        ..work.limits.deployment
    };
    let progress = |_: &Deployed, operations: &[Operation]| seen.see(work, order, operations);
    order.client.wait(&order.name, wait, progress).await
}

/// Why a deployment did not succeed.
fn trouble_of(order: &ArmOrder, deployed: &Deployed) -> Option<Trouble> {
    let properties = &deployed.properties;
    let kind = match properties.provisioning_state {
        ProvisioningState::Succeeded => return None,
        ProvisioningState::Canceled => TroubleKind::Interrupted,
        _ => TroubleKind::Refused,
    };
    let said = properties.error.as_ref().map(ToString::to_string);
    let said = said.unwrap_or_else(|| "the service does not say why".to_owned());
    let text = format!(
        "the deployment `{}` ended as {}: {}",
        order.name,
        properties.provisioning_state,
        order.without_secrets(&said)
    );
    let mut trouble = Trouble::new(kind, text);
    trouble.code = properties.error.as_ref().map(|error| error.code.clone());
    trouble.request_id.clone_from(&properties.correlation_id);
    Some(trouble)
}

fn hidden(order: &ArmOrder, mut trouble: Trouble) -> Trouble {
    trouble.message = order.without_secrets(&trouble.message);
    trouble
}

/// What has ended so far.
#[derive(Default)]
struct Seen(Mutex<BTreeMap<ResourceKey, ResourceOutcome>>);

impl Seen {
    fn all(&self) -> MutexGuard<'_, BTreeMap<ResourceKey, ResourceOutcome>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_failed(&self) -> bool {
        self.all()
            .values()
            .any(|outcome| outcome.status == Status::Failed)
    }

    /// Tells what has ended since the last time.
    fn see(&self, work: &Work<'_>, order: &ArmOrder, operations: &[Operation]) {
        let mut all = self.all();
        for operation in operations {
            let key = operation.target().and_then(|id| order.key_of(id));
            let Some(key) = key.filter(|key| !all.contains_key(*key)) else {
                continue;
            };
            if let Some(outcome) = outcome(work, order, key, operation) {
                (work.tell)(Event::Resource(&outcome));
                all.insert(key.clone(), outcome);
            }
        }
    }

    /// All resources: what was done, then what was not begun.
    fn put(
        self,
        work: &Work<'_>,
        order: &ArmOrder,
        trouble: Option<Trouble>,
        correlation: Option<String>,
    ) -> Written {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        let has_begun = correlation.is_some() || !all.is_empty();
        let levels = work.plan.order.put.iter().flatten();
        let outcomes = levels.map(|key| {
            let done = all.remove(key);
            done.unwrap_or_else(|| skipped(key.clone(), work.action(key)))
        });
        Written {
            outcomes: outcomes.collect(),
            trouble,
            record: has_begun.then(|| order.record(correlation)),
            awaiting_approval: Vec::new(),
        }
    }
}

/// What came of a resource; nothing while it goes on.
fn outcome(
    work: &Work<'_>,
    order: &ArmOrder,
    key: &ResourceKey,
    operation: &Operation,
) -> Option<ResourceOutcome> {
    let properties = &operation.properties;
    let mut outcome = skipped(key.clone(), work.action(key));
    outcome
        .request_id
        .clone_from(&properties.service_request_id);
    outcome.took = properties
        .duration
        .as_deref()
        .and_then(time)
        .unwrap_or_default();
    match properties.provisioning_state {
        ProvisioningState::Succeeded => outcome.status = Status::Done,
        ProvisioningState::Failed => {
            let said = properties.status_message.as_ref();
            let status = properties.status_code.as_deref().unwrap_or("Failed");
            let text = said.map_or_else(
                || format!("the service answered {status}"),
                ToString::to_string,
            );
            let mut trouble = Trouble::new(TroubleKind::Refused, order.without_secrets(&text));
            let reason = said.and_then(|said| said.reasons().next());
            trouble.code = reason
                .map(|reason| reason.code.clone())
                .filter(|code| !code.is_empty());
            trouble
                .request_id
                .clone_from(&properties.service_request_id);
            outcome.status = Status::Failed;
            outcome.trouble = Some(trouble);
        }
        _ => return None,
    }
    Some(outcome)
}

/// A time as the service writes it, such as `PT1M2.5S`.
fn time(text: &str) -> Option<Duration> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        let number: f64 = rest[..end].parse().ok()?;
        seconds += number
            * match rest.as_bytes()[end] {
                b'H' => 3600.0,
                b'M' => 60.0,
                b'S' => 1.0,
                _ => return None,
            };
        rest = &rest[end + 1..];
    }
    Duration::try_from_secs_f64(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_of_the_service_are_read() {
        assert_eq!(time("PT1M2.5S"), Some(Duration::from_millis(62_500)));
        assert_eq!(time("PT2H"), Some(Duration::from_secs(7200)));
        for odd in ["", "P1D", "PT", "PT-5S", "PTxS", "PT5", "PT5X", "PT1eS"] {
            assert!(time(odd).is_none_or(|time| time.is_zero()), "{odd}");
        }
    }
}
