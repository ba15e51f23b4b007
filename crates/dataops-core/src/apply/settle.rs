//! Triggers are brought into the states that they should be in, and looked at afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use adf_client::{FactoryClient, Remote};
use adf_model::{Factory, FactoryError, Kind};
use dataops_plan::{ResourceKey, TriggerState, TriggerStep};
use futures::future::join_all;
use serde_json::Value;

use super::trigger::{Steps, of_text};
use super::{Event, Limits, TriggerOutcome, Trouble, TroubleKind};

/// The state that a trigger should be in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Which.
    pub trigger: ResourceKey,
    /// Its type.
    pub kind: String,
    /// The state.
    pub state: TriggerState,
    /// Whether a deployment may have broken off while it changed the trigger: started, and without its subscription.
    pub in_doubt: bool,
    /// Whether it is as it should be, too, when it does not exist.
    pub may_be_gone: bool,
}

/// Brings triggers into the states that they should be in, wave by wave, and tells where each one stands. Nobody is asked to do what is
/// done already.
pub async fn settle(
    client: &FactoryClient,
    waves: &[Vec<Target>],
    limits: Limits,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> Vec<TriggerOutcome> {
    let remote = Remote::new(client.clone());
    let before = observe(&remote).await;
    let triggers = client.triggers();
    let steps = Steps {
        client: &triggers,
        wait: limits.trigger,
        tell,
    };
    let mut troubles = BTreeMap::new();
    let has_acted = AtomicBool::new(false);
    for wave in waves {
        let taken = wave.iter().map(|target| async {
            let open = steps_of(target, &before, &steps).await?;
            has_acted.fetch_or(!open.is_empty(), Ordering::SeqCst);
            steps.take(&target.trigger, open).await
        });
        let taken = join_all(taken).await;
        let failed = wave.iter().zip(taken);
        let failed = failed.filter_map(|(target, taken)| Some((&target.trigger, taken.err()?)));
        troubles.extend(failed);
    }
    let after = match has_acted.into_inner() {
        true => observe(&remote).await,
        false => before,
    };
    let targets = waves.iter().flatten();
    let outcomes: Vec<_> = targets
        .map(|target| outcome(target, &after, troubles.remove(&target.trigger)))
        .collect();
    outcomes
        .iter()
        .for_each(|outcome| tell(Event::Settled(outcome)));
    outcomes
}

/// The states of all triggers of a factory, with their types.
pub(super) type States = BTreeMap<ResourceKey, (TriggerState, String)>;

pub(super) async fn observe(remote: &Remote) -> Result<States, FactoryError> {
    let listed = remote.list(Kind::Trigger).await?;
    let text = |document: &Value, place: &str| {
        let text = document.pointer(place).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let states = listed.into_iter().map(|(id, document)| {
        let state = of_text(text(&document, "/properties/runtimeState").as_deref());
        let kind = text(&document, "/properties/type").unwrap_or_default();
        (ResourceKey::from(id), (state, kind))
    });
    Ok(states.collect())
}

fn state_in(states: &States, trigger: &ResourceKey) -> TriggerState {
    states
        .get(trigger)
        .map_or(TriggerState::Absent, |(state, _)| *state)
}

/// The steps that a trigger needs. One that is not there can be neither started nor stopped.
async fn steps_of(
    target: &Target,
    states: &Result<States, FactoryError>,
    steps: &Steps<'_>,
) -> Result<&'static [TriggerStep], Trouble> {
    let now = states.as_ref().ok();
    let now = now.map(|states| state_in(states, &target.trigger));
    if target.state == TriggerState::Absent || now == Some(TriggerState::Absent) {
        return Ok(&[]);
    }
    if now != Some(target.state) {
        return Ok(steps_to(target));
    }
    let may_lack = target.in_doubt && target.state == TriggerState::Started;
    if may_lack && has_subscription(&target.kind) && !steps.is_subscribed(&target.trigger).await? {
        return Ok(&[TriggerStep::Subscribe]);
    }
    Ok(&[])
}

/// Whether a trigger of this type has a subscription of its own.
fn has_subscription(kind: &str) -> bool {
    matches!(kind, "BlobEventsTrigger" | "CustomEventsTrigger")
}

fn steps_to(target: &Target) -> &'static [TriggerStep] {
    use TriggerStep::{Start, Stop, Subscribe, Unsubscribe};
    match (target.state, has_subscription(&target.kind)) {
        (TriggerState::Started, true) => &[Subscribe, Start],
        (TriggerState::Started, false) => &[Start],
        (_, true) => &[Unsubscribe, Stop],
        (_, false) => &[Stop],
    }
}

fn outcome(
    target: &Target,
    states: &Result<States, FactoryError>,
    trouble: Option<Trouble>,
) -> TriggerOutcome {
    let observed = states
        .as_ref()
        .ok()
        .map(|all| state_in(all, &target.trigger));
    let is_gone = observed == Some(TriggerState::Absent) && target.may_be_gone;
    let desired = match is_gone {
        true => TriggerState::Absent,
        false => target.state,
    };
    let as_desired = observed == Some(desired);
    let why = || match (states, observed) {
        (Err(error), _) => Trouble::new(
            TroubleKind::Unreachable,
            format!("its state cannot be told: {}", in_full(error)),
        ),
        (_, Some(TriggerState::Absent)) => {
            Trouble::moved(format!("{} is not in the factory", target.trigger))
        }
        _ => Trouble::moved(format!("somebody else has changed {}", target.trigger)),
    };
    TriggerOutcome {
        trigger: target.trigger.clone(),
        kind: target.kind.clone(),
        desired,
        observed,
        trouble: (!as_desired).then(|| trouble.unwrap_or_else(why)),
    }
}

fn in_full(error: &dyn std::error::Error) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let texts: Vec<_> = causes.map(ToString::to_string).collect();
    texts.join(": ")
}

/// Targets that are not among others yet, each in a wave of its own, last first: what was stopped last is started first.
pub(super) fn in_reverse(targets: Vec<Target>, known: &[Vec<Target>]) -> Vec<Vec<Target>> {
    let known: BTreeSet<_> = known
        .iter()
        .flatten()
        .map(|target| &target.trigger)
        .collect();
    let rest = targets.into_iter().rev();
    rest.filter(|target| !known.contains(&target.trigger))
        .map(|target| vec![target])
        .collect()
}
