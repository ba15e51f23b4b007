//! What the forms of a plan say alike.

use std::collections::{BTreeMap, BTreeSet};

use crate::key::ResourceKey;
use crate::notebooks::{NotebookAction, NotebookPlan};
use crate::plan::{
    Action, AfterBecause, Because, Change, Finding, Plan, ResourcePlan, SecretState, TriggerPlan,
    TriggerStep, Verdict, What,
};

use super::{value, workspace};

/// What a plan is, before the name of the environment.
pub(super) fn title(plan: &Plan) -> &'static str {
    match plan.options.destroys {
        true => "What is removed from",
        false => "Plan for",
    }
}

/// The sign of an action.
pub(super) const fn sign(action: Action) -> &'static str {
    match action {
        Action::Create => "+",
        Action::Update => "~",
        Action::Replace => "-/+",
        Action::Delete => "-",
        Action::Unchanged => "=",
        Action::Skip => "·",
    }
}

/// A resource with its type.
pub(super) fn name(plan: &ResourcePlan) -> String {
    match plan.detail.as_str() {
        "" => plan.resource.to_string(),
        detail => format!("{} ({detail})", plan.resource),
    }
}

/// Why something is done with a resource.
pub(super) fn because(plan: &ResourcePlan) -> String {
    let because = match (&plan.because, plan.changes.len()) {
        (Because::Differs, 1) => "1 place differs".to_owned(),
        (Because::Differs, places) => format!("{places} places differ"),
        (because, _) => because.to_string(),
    };
    let risks: BTreeSet<_> = plan
        .changes
        .iter()
        .filter_map(|change| change.risk.as_deref())
        .collect();
    match risks.is_empty() {
        true => because,
        false => because + "; concerns " + &Vec::from_iter(risks).join(", "),
    }
}

/// Whether a resource that is left alone is worth a line.
pub(super) fn is_told(plan: &ResourcePlan) -> bool {
    match plan.because {
        Because::ReferencedBy(_) | Because::NotDeletable | Because::NoGlobalParameters => true,
        Because::OfTheFactory => true,
        Because::NeverPut => !plan.changes.is_empty(),
        _ => plan.action.changes(),
    }
}

/// A place that differs: its sign, and what differs.
#[must_use]
pub fn change(change: &Change) -> (&'static str, String) {
    let path = &change.path;
    match &change.what {
        What::Added { new } => ("+", format!("{path}: {}", value::one(new))),
        What::Removed { old } => ("-", format!("{path}: {}", value::one(old))),
        What::Changed { old, new } => {
            let (old, new) = value::both(old, new);
            ("~", format!("{path}: {old} → {new}"))
        }
        What::Moved { from, to } => ("~", format!("{path}: moved from {from} to {to}")),
        What::Renamed { from, to } => ("~", format!("{path}: renamed from {from} to {to}")),
    }
}

/// The secrets of a resource that a reader should know of.
pub(super) fn secrets(plan: &ResourcePlan) -> impl Iterator<Item = (&'static str, String)> {
    let told = plan.secrets.iter().filter(|secret| {
        let unknown = secret.state == SecretState::Unknown;
        plan.action.puts() && (secret.state == SecretState::Changed || unknown)
    });
    told.map(|secret| {
        let sign = match secret.state {
            SecretState::Changed => "~",
            _ => "?",
        };
        let place = secret
            .at
            .trim_start_matches("/properties")
            .trim_start_matches('/');
        (
            sign,
            format!("{}: secret, {}", place.replace('/', "."), secret.state),
        )
    })
}

/// The triggers of a plan, and the steps of each.
pub(super) struct Triggers<'p> {
    plan: &'p Plan,
    steps: BTreeMap<&'p ResourceKey, Vec<TriggerStep>>,
}

impl<'p> Triggers<'p> {
    pub(super) fn of(plan: &'p Plan) -> Self {
        let mut steps: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for one in plan.order.stop.iter().chain(&plan.order.start).flatten() {
            steps.entry(&one.trigger).or_default().extend(&one.steps);
        }
        Self { plan, steps }
    }

    /// Those that something is done with, or all.
    pub(super) fn told(&self, everything: bool) -> impl Iterator<Item = &'p TriggerPlan> {
        self.plan.triggers.iter().filter(move |trigger| {
            let is_touched = trigger.start || trigger.stop.is_some();
            everything || is_touched || trigger.before != trigger.after
        })
    }

    /// What becomes of a trigger.
    pub(super) fn words(&self, trigger: &TriggerPlan) -> String {
        let action = self.plan.resource(&trigger.trigger).map(|plan| plan.action);
        let mut words = Vec::new();
        let steps = self.steps.get(&trigger.trigger);
        for step in steps.into_iter().flatten() {
            let begins = matches!(step, TriggerStep::Subscribe)
                || (*step == TriggerStep::Start && !words.contains(&"subscribe"));
            match action {
                Some(Action::Replace) if begins => words.extend(["delete", "put"]),
                Some(action) if begins && action.puts() => words.push("put"),
                _ => {}
            }
            words.push(match step {
                TriggerStep::Unsubscribe => "unsubscribe",
                TriggerStep::AwaitDisabled | TriggerStep::AwaitEnabled => "wait",
                TriggerStep::Stop => "stop",
                TriggerStep::Subscribe => "subscribe",
                TriggerStep::Start => "start",
            });
        }
        let (before, after) = (trigger.before, trigger.after);
        let mut text = match trigger.because {
            because @ AfterBecause::LeftStopped => format!("→ {after}: {because}"),
            because => format!("{before} → {after}: {because}"),
        };
        if let Some(why) = &trigger.stop {
            text += &format!("; stopped because {why}");
        }
        if !words.is_empty() {
            text += &format!(" ({})", words.join(", "));
        }
        text
    }
}

/// What a policy says.
pub(super) fn finding(finding: &Finding) -> String {
    let on = finding.resource.as_ref();
    let on = on.map(|on| format!("{on}: ")).unwrap_or_default();
    let consent = match finding.verdict {
        Verdict::NeedsConsent => format!("; consent with `--consent {}`", finding.rule),
        _ => String::new(),
    };
    format!("{on}{} ({}{consent})", finding.text, finding.rule)
}

/// The plan in one sentence.
pub(super) fn summary(plan: &Plan) -> String {
    if !plan.has_work() {
        return nothing(plan);
    }
    let lists = &plan.lists;
    let mut parts = Vec::new();
    for (count, verb) in [
        (lists.create.len(), "create"),
        (lists.update.len(), "update"),
        (lists.replace.len(), "replace"),
        (lists.delete.len(), "delete"),
    ] {
        if count > 0 {
            parts.push(format!("{count} to {verb}"));
        }
    }
    for (count, what) in [
        (lists.unchanged.len(), "unchanged"),
        (lists.skip.len(), "left alone"),
    ] {
        if count > 0 {
            parts.push(format!("{count} {what}"));
        }
    }
    let stopped = plan
        .triggers
        .iter()
        .filter(|trigger| trigger.stop.is_some())
        .count();
    let started = plan.triggers.iter().filter(|trigger| trigger.start).count();
    for (count, what) in [(stopped, "stopped"), (started, "started")] {
        if count > 0 {
            parts.push(amount(count, "trigger", "triggers") + " " + what);
        }
    }
    let text = Some(parts.join(", ")).filter(|text| !text.is_empty());
    let notebooks = plan.notebooks.as_ref().and_then(workspace::of_notebooks);
    let cluster = plan.cluster.as_ref().and_then(workspace::of_cluster);
    let all: Vec<_> = [text, notebooks, cluster].into_iter().flatten().collect();
    all.join("; ")
}

/// That there is nothing to do, in one sentence.
fn nothing(plan: &Plan) -> String {
    if plan.options.destroys {
        return "nothing to remove: what the solution has brought is gone".to_owned();
    }
    let same = plan.lists.unchanged.len();
    let notebooks = plan.notebooks.iter().flat_map(|it| &it.objects);
    let notebooks = notebooks.filter(|it| it.action == NotebookAction::Unchanged);
    let resources = amount(same, "resource", "resources");
    let text = match (same, notebooks.count()) {
        (1, 0) => "nothing to do: 1 resource is as it ought to be".to_owned(),
        (_, 0) => format!("nothing to do: {resources} are as they ought to be"),
        (_, objects) => {
            let objects = amount(objects, "notebook or file", "notebooks and files");
            format!("nothing to do: {resources} and {objects} are as they ought to be")
        }
    };
    let resources = plan.resources.iter();
    let mut factories = resources.filter(|it| it.because == Because::NeverPut);
    match factories.any(|it| !it.changes.is_empty()) {
        true => text + "; the factory itself differs, and is left as it is",
        false => text,
    }
}

/// A number of things.
pub(super) fn amount(count: usize, one: &str, several: &str) -> String {
    format!("{count} {}", if count == 1 { one } else { several })
}

/// Why the plan cannot be carried out.
pub(super) fn obstacle(plan: &Plan) -> Option<String> {
    let count = |verdict| {
        let found = plan
            .findings
            .iter()
            .filter(|finding| finding.verdict == verdict);
        found.count()
    };
    let clashes = plan.notebooks.as_ref().is_some_and(NotebookPlan::has_clash);
    let mut parts = Vec::new();
    for (count, one, several) in [
        (plan.problems.len(), "problem", "problems"),
        (count(Verdict::Denied), "denial", "denials"),
        (
            count(Verdict::NeedsConsent),
            "missing consent",
            "missing consents",
        ),
        (usize::from(clashes), "clash of notebooks", ""),
    ] {
        if count > 0 {
            parts.push(amount(count, one, several));
        }
    }
    (!parts.is_empty()).then(|| format!("it cannot be carried out: {}", parts.join(", ")))
}
