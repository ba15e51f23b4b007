//! What becomes of each trigger: which are stopped, which run afterwards, and in which order.

use std::collections::BTreeMap;

use adf_model::Kind;
use dataops_solution::deployment::TriggerPolicy;
use serde_json::Value;

use super::draft::{Draft, Entry};
use crate::levels::levels;
use crate::live::LiveResource;
use crate::plan::{
    Action, AfterBecause, Order, StopBecause, TriggerPlan, TriggerState, TriggerStep, TriggerSteps,
};
use crate::prepared::Prepared;

/// Plans the triggers, and the steps of stopping and starting them.
pub(super) fn plan(draft: &Draft<'_>, order: &mut Order) -> Vec<TriggerPlan> {
    let mut plans: BTreeMap<usize, TriggerPlan> = BTreeMap::new();
    for (at, entry) in draft.entries.iter().enumerate() {
        if entry.id.kind == Kind::Trigger {
            plans.insert(at, afterwards(draft, entry));
        }
    }
    stop(draft, &mut plans);
    for (at, plan) in &mut plans {
        let found = draft.entries[*at].live;
        let is_left = plan.stop.is_none() && found.is_some_and(|live| live.is_left_stopped);
        let runs = plan.before == TriggerState::Started && plan.stop.is_none() && !is_left;
        plan.start = plan.after == TriggerState::Started && !runs;
        if plan.start && is_left {
            plan.because = AfterBecause::LeftStopped;
        }
    }
    let stopped: Vec<_> = at(&plans, |plan| plan.stop.is_some());
    let started: Vec<_> = at(&plans, |plan| plan.start);
    let all = draft.entries.len();
    let (waves, circle) = levels(&stopped, all, |at| draft.live.used_by[at].iter().copied());
    order.stop = steps(draft, waves, circle, stopping);
    let (waves, circle) = levels(&started, all, |at| {
        draft.uses_afterwards(at).iter().copied()
    });
    order.start = steps(draft, waves, circle, starting);
    let is_touched = |plan: &TriggerPlan| {
        plan.because != AfterBecause::Untouched || plan.stop.is_some() || plan.start
    };
    plans.into_values().filter(is_touched).collect()
}

fn at(plans: &BTreeMap<usize, TriggerPlan>, is: impl Fn(&TriggerPlan) -> bool) -> Vec<usize> {
    let found = plans.iter().filter(|(_, plan)| is(plan));
    found.map(|(at, _)| *at).collect()
}

/// The state of a trigger afterwards.
fn afterwards(draft: &Draft<'_>, entry: &Entry<'_>) -> TriggerPlan {
    let before = match entry.live.map(|live| live.state.as_deref()) {
        None => TriggerState::Absent,
        Some(Some("Started")) => TriggerState::Started,
        Some(_) => TriggerState::Stopped,
    };
    let is_ours = entry.is_selected && entry.desired.is_some();
    let policy = is_ours.then(|| draft.request.triggers.of(&entry.id.name));
    let (after, because) = match (policy, entry.action) {
        (_, Action::Delete) => (TriggerState::Absent, AfterBecause::Deleted),
        (None, _) if is_undone(draft, entry) && before == TriggerState::Started => {
            (TriggerState::Stopped, AfterBecause::Undone)
        }
        (None, _) => (before, AfterBecause::Untouched),
        (Some(policy), _) => wanted(policy, before, entry),
    };
    let kind = entry.prepared().map(Prepared::type_name);
    TriggerPlan {
        trigger: entry.key(),
        kind: kind.unwrap_or_default().to_owned(),
        policy,
        before,
        after,
        because,
        stop: None,
        start: false,
    }
}

/// Whether nothing but what is undone wants it.
fn is_undone(draft: &Draft<'_>, entry: &Entry<'_>) -> bool {
    entry.is_selected && entry.desired.is_none() && draft.request.undone.contains(entry.id)
}

fn wanted(
    policy: TriggerPolicy,
    before: TriggerState,
    entry: &Entry<'_>,
) -> (TriggerState, AfterBecause) {
    let document = entry.desired.map(|desired| &*desired.prepared);
    let says_started =
        document.and_then(|document| document.text("/properties/runtimeState")) == Some("Started");
    let state = |started| match started {
        true => TriggerState::Started,
        false => TriggerState::Stopped,
    };
    let (after, because) = match (policy, before) {
        (TriggerPolicy::Source, _) => (state(says_started), AfterBecause::Source),
        (TriggerPolicy::Keep, TriggerState::Absent) if entry.has_run => {
            (TriggerState::Started, AfterBecause::RanBefore)
        }
        (TriggerPolicy::Keep, TriggerState::Absent) => {
            (TriggerState::Stopped, AfterBecause::NewAndKept)
        }
        (TriggerPolicy::Keep, before) => (before, AfterBecause::Kept),
        (TriggerPolicy::On, _) => (TriggerState::Started, AfterBecause::Environment),
        (TriggerPolicy::Off, _) => (TriggerState::Stopped, AfterBecause::Environment),
    };
    match (after, document.is_some_and(starts_something)) {
        (TriggerState::Started, false) => (TriggerState::Stopped, AfterBecause::NoPipeline),
        _ => (after, because),
    }
}

/// Whether a trigger starts a pipeline.
fn starts_something(trigger: &Prepared) -> bool {
    let properties = &trigger.normal;
    let several = properties.get("pipelines").and_then(Value::as_array);
    several.is_some_and(|pipelines| !pipelines.is_empty())
        || properties.pointer("/pipeline/pipelineReference").is_some()
}

/// Decides which triggers are stopped: those that are written or deleted, those that depend on them, and those that are not to run.
fn stop(draft: &Draft<'_>, plans: &mut BTreeMap<usize, TriggerPlan>) {
    let mut open = Vec::new();
    for (at, plan) in plans.iter_mut() {
        if plan.before != TriggerState::Started {
            continue;
        }
        plan.stop = match draft.entries[*at].action {
            Action::Update | Action::Replace => Some(StopBecause::Put),
            Action::Delete => Some(StopBecause::Delete),
            _ if plan.after != TriggerState::Started => Some(StopBecause::After),
            _ => None,
        };
        if matches!(plan.stop, Some(StopBecause::Put | StopBecause::Delete)) {
            open.push((*at, *at));
        }
    }
    while let Some((at, root)) = open.pop() {
        for dependant in &draft.live.used_by[at] {
            let root_key = draft.entries[root].key();
            if let Some(plan) = plans.get_mut(dependant)
                && plan.before == TriggerState::Started
                && plan.stop.is_none()
            {
                plan.stop = Some(StopBecause::DependsOn(root_key));
                open.push((*dependant, root));
            }
        }
    }
}

fn steps(
    draft: &Draft<'_>,
    waves: Vec<Vec<usize>>,
    circle: Vec<usize>,
    steps: impl Fn(&Entry<'_>) -> Vec<TriggerStep>,
) -> Vec<Vec<TriggerSteps>> {
    let circle = (!circle.is_empty()).then_some(circle);
    let waves = waves.into_iter().chain(circle).map(|wave| {
        let steps = wave.into_iter().map(|at| {
            let entry = &draft.entries[at];
            TriggerSteps {
                trigger: entry.key(),
                steps: steps(entry),
            }
        });
        steps.collect()
    });
    waves.collect()
}

/// Whether a trigger of this type has a subscription of its own.
fn has_subscription(kind: &str) -> bool {
    matches!(kind, "BlobEventsTrigger" | "CustomEventsTrigger")
}

fn stopping(entry: &Entry<'_>) -> Vec<TriggerStep> {
    let kind = entry.live.map(|live| live.prepared().type_name());
    match has_subscription(kind.unwrap_or_default()) {
        true => vec![
            TriggerStep::Unsubscribe,
            TriggerStep::AwaitDisabled,
            TriggerStep::Stop,
        ],
        false => vec![TriggerStep::Stop],
    }
}

fn starting(entry: &Entry<'_>) -> Vec<TriggerStep> {
    let document = match entry.action.puts() {
        true => entry.prepared(),
        false => entry.live.map(LiveResource::prepared),
    };
    match has_subscription(document.map(Prepared::type_name).unwrap_or_default()) {
        true => vec![
            TriggerStep::Subscribe,
            TriggerStep::AwaitEnabled,
            TriggerStep::Start,
        ],
        false => vec![TriggerStep::Start],
    }
}
