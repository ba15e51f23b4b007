//! Triggers are brought into the states that they should be in, and looked at afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

use adf_client::{FactoryClient, Remote};
use adf_model::{Factory, FactoryError, Kind, references};
use dataops_plan::{ResourceKey, TriggerState, TriggerStep};
use futures::future::join_all;
use serde_json::Value;
use tokio::sync::watch;

use super::trigger::{Steps, of_text};
use super::trouble::in_full;
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

/// Brings triggers into the states that they should be in, and tells where each one stands. Nobody is asked to do what is done already.
/// A trigger waits for those of earlier waves that it depends on or that depend on it, and for no others: one that is stuck keeps only those.
pub async fn settle(
    client: &FactoryClient,
    waves: &[Vec<Target>],
    limits: Limits,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> Vec<TriggerOutcome> {
    settle_and_look(client, waves, &[], limits, tell).await.0
}

/// The same, and tells of others where they stand, without doing anything about them: they were not begun.
pub(super) async fn settle_and_look(
    client: &FactoryClient,
    waves: &[Vec<Target>],
    others: &[Target],
    limits: Limits,
    tell: &(dyn Fn(Event<'_>) + Sync),
) -> (Vec<TriggerOutcome>, Vec<TriggerOutcome>) {
    let remote = Remote::new(client.clone());
    let before = look(&remote).await;
    let triggers = client.triggers();
    let steps = Steps {
        client: &triggers,
        wait: limits.trigger,
        tell,
    };
    let has_acted = AtomicBool::new(false);
    let queue = Queue::of(waves, before.as_ref().ok());
    let taken = queue.targets.iter().enumerate().map(|(at, target)| {
        let (before, steps, has_acted) = (&before, &steps, &has_acted);
        queue.in_turn(at, async move {
            let open = steps_of(target, before, steps).await?;
            has_acted.fetch_or(!open.is_empty(), Ordering::SeqCst);
            steps.take(&target.trigger, open).await
        })
    });
    let taken = join_all(taken).await;
    let failed = queue.targets.iter().zip(taken);
    let failed = failed.filter_map(|(target, taken)| Some((&target.trigger, taken.err()?)));
    let mut troubles: BTreeMap<_, _> = failed.collect();
    let again;
    let after = match has_acted.load(Ordering::SeqCst) {
        true => {
            again = look(&remote).await;
            &again
        }
        false => &before,
    };
    let targets = queue.targets.iter();
    let outcomes: Vec<_> = targets
        .map(|target| outcome(target, after, troubles.remove(&target.trigger)))
        .collect();
    let others: Vec<_> = others
        .iter()
        .map(|target| outcome(target, after, Some(not_begun())))
        .collect();
    outcomes
        .iter()
        .for_each(|outcome| tell(Event::Settled(outcome)));
    (outcomes, others)
}

/// The triggers of a factory; one that does not exist has none.
async fn look(remote: &Remote) -> Result<States, FactoryError> {
    match observe(remote).await {
        Err(FactoryError::NotFound { .. }) => Ok(States::new()),
        observed => observed,
    }
}

fn not_begun() -> Trouble {
    let text = "it was not begun, because something before it failed";
    Trouble::new(TroubleKind::Interrupted, text)
}

/// Triggers that wait for each other.
struct Queue<'t> {
    targets: Vec<&'t Target>,
    /// For each of them, the earlier ones that it waits for.
    after: Vec<Vec<usize>>,
    ended: Vec<watch::Sender<bool>>,
}

impl<'t> Queue<'t> {
    /// Where it is not known what depends on what, each waits for all earlier waves.
    fn of(waves: &'t [Vec<Target>], states: Option<&States>) -> Self {
        let mut targets: Vec<&Target> = Vec::new();
        let mut after = Vec::new();
        for wave in waves {
            let earlier = targets.len();
            for target in wave {
                let waits = |at: &usize| match states {
                    Some(states) => are_linked(states, target, targets[*at]),
                    None => true,
                };
                after.push((0..earlier).filter(waits).collect());
            }
            targets.extend(wave);
        }
        let ended = targets.iter().map(|_| watch::Sender::new(false)).collect();
        Self {
            targets,
            after,
            ended,
        }
    }

    /// Does something for one of them once those before it have ended, however they did.
    async fn in_turn<T>(&self, at: usize, work: impl Future<Output = T>) -> T {
        for before in &self.after[at] {
            // The sender is here, so that this ends only when that one has ended.
            let _ = self.ended[*before].subscribe().wait_for(|it| *it).await;
        }
        let done = work.await;
        self.ended[at].send_replace(true);
        done
    }
}

/// Whether one of two triggers depends on the other.
fn are_linked(states: &States, one: &Target, other: &Target) -> bool {
    let depends = |one: &Target, other: &Target| {
        let state = states.get(&one.trigger);
        state.is_some_and(|state| state.depends_on.contains(&other.trigger))
    };
    depends(one, other) || depends(other, one)
}

/// The triggers of a factory.
pub(super) type States = BTreeMap<ResourceKey, State>;

/// A trigger as it is.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) state: TriggerState,
    /// Its type.
    pub(super) kind: String,
    /// The triggers that it depends on.
    depends_on: Vec<ResourceKey>,
}

pub(super) async fn observe(remote: &Remote) -> Result<States, FactoryError> {
    let listed = remote.list(Kind::Trigger).await?;
    let text = |document: &Value, place: &str| {
        let text = document.pointer(place).and_then(Value::as_str);
        text.map(str::to_owned)
    };
    let states = listed.into_iter().map(|(id, document)| {
        let targets = references(&document).into_iter().map(|it| it.target);
        let state = State {
            state: of_text(text(&document, "/properties/runtimeState").as_deref()),
            kind: text(&document, "/properties/type").unwrap_or_default(),
            depends_on: targets
                .filter(|target| target.kind == Kind::Trigger)
                .map(ResourceKey::from)
                .collect(),
        };
        (ResourceKey::from(id), state)
    });
    Ok(states.collect())
}

fn state_in(states: &States, trigger: &ResourceKey) -> TriggerState {
    states
        .get(trigger)
        .map_or(TriggerState::Absent, |found| found.state)
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
