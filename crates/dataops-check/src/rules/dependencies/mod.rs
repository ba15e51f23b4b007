//! Who waits for whom among the activities of a pipeline.

mod reach;

use std::cell::Cell;
use std::collections::{HashMap, HashSet};

use adf_graph::{ActivityGraph, name_key};
use adf_model::Members as _;
use serde_json::Value;

use super::{Group, rule};
use crate::pipeline::{Activity, Pipeline};
use crate::{Context, Finding, Findings, Related, Rule, suggestion};
use reach::{Outcomes, Step};

pub(super) const GROUP: Group = Group {
    rules: &[
        &UNKNOWN, &ITSELF, &CIRCLE, &CONDITION, &TWICE, &NEVER, &REDUNDANT, &CASE,
    ],
    check,
};

static UNKNOWN: Rule = rule!(
    "ADF210",
    "unknown-dependency",
    Error,
    "An activity waits for one that does not stand beside it"
);
static ITSELF: Rule = rule!(
    "ADF211",
    "dependency-on-itself",
    Error,
    "An activity waits for itself"
);
static CIRCLE: Rule = rule!(
    "ADF212",
    "circular-dependency",
    Error,
    "Activities wait for each other, so that none can start"
);
static CONDITION: Rule = rule!(
    "ADF213",
    "dependency-condition",
    Error,
    "A dependency has a condition that does not exist"
);
static TWICE: Rule = rule!(
    "ADF214",
    "duplicate-dependency",
    Warning,
    "An activity waits for another one twice"
);
static NEVER: Rule = rule!(
    "ADF215",
    "unreachable-activity",
    Warning,
    "What an activity waits for cannot all happen in one run"
);
static REDUNDANT: Rule = rule!(
    "ADF216",
    "redundant-condition",
    Warning,
    "A dependency has `Completed` and a condition that it includes"
);

static CASE: Rule = rule!(
    "ADF217",
    "dependency-case",
    Note,
    "A dependency spells an activity's name in other upper and lower case, or with other blanks around it"
);

const CONDITIONS: [&str; 4] = ["Succeeded", "Failed", "Skipped", "Completed"];

fn check(context: &Context<'_>, findings: &mut Findings) {
    for pipeline in context.pipelines() {
        Check::of(pipeline).run(findings);
    }
}

/// A dependency as it is written.
struct Waits<'p> {
    /// The one that waits.
    waiting: usize,
    /// The one that it waits for, if there is one.
    on: Option<usize>,
    name: &'p str,
    conditions: &'p [Value],
    /// Its place in `dependsOn`.
    number: usize,
}

struct Check<'p> {
    pipeline: &'p Pipeline<'p>,
    waits: Vec<Waits<'p>>,
    /// The first activity of each name, as all its spellings have it.
    names: HashMap<String, usize>,
    /// How many names were looked for that nobody has.
    unknown: Cell<usize>,
}

/// The most unknown names of a pipeline that are compared with all others.
const MOST_SUGGESTIONS: usize = 20;

impl<'p> Check<'p> {
    fn of(pipeline: &'p Pipeline<'p>) -> Self {
        let mut siblings = HashMap::new();
        let mut names = HashMap::new();
        for (at, activity) in pipeline.activities.iter().enumerate() {
            if let Some(name) = activity.name() {
                let name = name_key(name);
                let key = (activity.siblings.as_str(), name.clone());
                siblings.entry(key).or_insert(at);
                names.entry(name).or_insert(at);
            }
        }
        let mut waits = Vec::new();
        for (waiting, activity) in pipeline.activities.iter().enumerate() {
            for (number, entry) in dependencies(activity).iter().enumerate() {
                let Some(name) = entry.member("activity").and_then(Value::as_str) else {
                    continue;
                };
                let key = (activity.siblings.as_str(), name_key(name));
                let conditions = entry
                    .member("dependencyConditions")
                    .and_then(Value::as_array);
                waits.push(Waits {
                    waiting,
                    on: siblings.get(&key).copied(),
                    name,
                    conditions: conditions.map_or(&[], Vec::as_slice),
                    number,
                });
            }
        }
        Self {
            pipeline,
            waits,
            names,
            unknown: Cell::new(0),
        }
    }

    fn run(&self, findings: &mut Findings) {
        let mut seen = HashSet::new();
        for waits in &self.waits {
            self.check_target(waits, findings);
            self.check_conditions(waits, findings);
            if let Some(on) = waits.on
                && on != waits.waiting
                && !seen.insert((waits.waiting, on))
            {
                let message = format!("`{}` is waited for twice", waits.name);
                let hint =
                    "both must hold; write their conditions into one, where one of them is enough";
                findings.add(self.at(&TWICE, waits, message).hint(hint));
            }
        }
        let circles = self.circles(findings);
        if !circles && self.waits.iter().all(|waits| waits.on.is_some()) {
            self.check_reach(findings);
        }
    }

    fn at(&self, rule: &'static Rule, waits: &Waits<'_>, message: String) -> Finding {
        let pointer = format!("{}/activity", self.pointer(waits));
        Finding::at(rule, &self.pipeline.resource.file, pointer, message)
    }

    fn pointer(&self, waits: &Waits<'_>) -> String {
        format!(
            "{}/dependsOn/{}",
            self.activity(waits.waiting).pointer,
            waits.number
        )
    }

    fn activity(&self, at: usize) -> &Activity<'p> {
        &self.pipeline.activities[at]
    }

    fn check_target(&self, waits: &Waits<'_>, findings: &mut Findings) {
        let waiting = self.activity(waits.waiting);
        let name = waiting.name().unwrap_or_default();
        match waits.on {
            Some(on) if on == waits.waiting => {
                let message = format!("`{name}` waits for itself");
                findings.add(self.at(&ITSELF, waits, message));
            }
            Some(on) => {
                let known = self.activity(on).name().unwrap_or_default();
                if known != waits.name {
                    let message = format!("activity `{}` is called `{known}`", waits.name);
                    findings.add(self.at(&CASE, waits, message).written_as(known));
                }
            }
            None => {
                let elsewhere = self.names.get(&name_key(waits.name));
                let elsewhere = elsewhere.map(|at| self.activity(*at));
                let message = format!("there is no activity `{}` beside `{name}`", waits.name);
                let finding = self.at(&UNKNOWN, waits, message);
                findings.add(match elsewhere {
                    Some(activity) => {
                        let place = format!("{}/name", activity.pointer);
                        let file = &self.pipeline.resource.file;
                        finding
                            .related(Related::at(file, &place, "it stands in another container"))
                            .hint("wait for an activity of the same container, or for the container around the other one")
                    }
                    None => finding.hint_if(self.meant(waiting, waits.name)),
                });
            }
        }
    }

    fn meant(&self, waiting: &Activity<'_>, name: &str) -> Option<String> {
        self.unknown.set(self.unknown.get() + 1);
        if self.unknown.get() > MOST_SUGGESTIONS {
            return None;
        }
        let siblings =
            self.pipeline.activities.iter().filter(|other| {
                other.siblings == waiting.siblings && other.pointer != waiting.pointer
            });
        suggestion::meant(name, siblings.filter_map(|other| other.name()))
    }

    fn check_conditions(&self, waits: &Waits<'_>, findings: &mut Findings) {
        let file = &self.pipeline.resource.file;
        let mut known = Vec::new();
        for (number, written) in waits.conditions.iter().enumerate() {
            let Some(text) = written.as_str() else {
                continue;
            };
            match condition(text) {
                Some(condition) => known.push(condition),
                None => {
                    let pointer = format!("{}/dependencyConditions/{number}", self.pointer(waits));
                    let message = format!("`{text}` is no condition");
                    let hint = suggestion::meant(text, CONDITIONS)
                        .unwrap_or_else(|| format!("it is one of {}", CONDITIONS.join(", ")));
                    findings.add(Finding::at(&CONDITION, file, pointer, message).hint(hint));
                }
            }
        }
        let included = |condition: &&&str| matches!(**condition, "Succeeded" | "Failed");
        if known.contains(&"Completed")
            && let Some(included) = known.iter().find(included)
        {
            let message = format!("`Completed` includes `{included}`");
            let finding = self.at(&REDUNDANT, waits, message);
            findings.add(finding.hint("write one of them; Data Factory Studio refuses both"));
        }
    }

    /// Reports circles; says whether there are any.
    fn circles(&self, findings: &mut Findings) -> bool {
        if !self.has_circle() {
            return false;
        }
        let cycles = ActivityGraph::of(self.pipeline.resource.file.json()).cycles();
        for cycle in cycles.iter().filter(|cycle| cycle.len() > 1) {
            let mut waits = self.waits.iter();
            let first =
                waits.find(|waits| waits.waiting == cycle[0] && waits.on == cycle.get(1).copied());
            if let Some(first) = first {
                let names = cycle.iter().take(8).map(|at| self.activity(*at).name());
                let names: Vec<_> = names.flatten().map(|name| format!("`{name}`")).collect();
                let message = format!("activities wait for each other: {}", names.join(" for "));
                findings.add(
                    self.at(&CIRCLE, first, message)
                        .hint("take one of the dependencies away"),
                );
            }
        }
        !cycles.is_empty()
    }

    /// Whether some activity never gets its turn when each is taken as soon as all that it waits for are taken.
    fn has_circle(&self) -> bool {
        let count = self.pipeline.activities.len();
        let (mut left, mut waiting_for) = (vec![0_usize; count], vec![Vec::new(); count]);
        for waits in &self.waits {
            if let Some(on) = waits.on {
                left[waits.waiting] += 1;
                waiting_for[on].push(waits.waiting);
            }
        }
        let mut free: Vec<_> = (0..count).filter(|at| left[*at] == 0).collect();
        let mut taken = 0;
        while let Some(at) = free.pop() {
            taken += 1;
            for waiting in &waiting_for[at] {
                left[*waiting] -= 1;
                if left[*waiting] == 0 {
                    free.push(*waiting);
                }
            }
        }
        taken < count
    }

    fn check_reach(&self, findings: &mut Findings) {
        let steps: Vec<_> = self.pipeline.activities.iter().map(step).collect();
        let waits = self
            .waits
            .iter()
            .filter_map(|waits| Some((waits.waiting, waits.on?, outcomes(waits.conditions))));
        for at in reach::unreachable(steps, waits) {
            let activity = self.activity(at);
            let name = activity.name().unwrap_or_default();
            let message =
                format!("`{name}` never runs: what it waits for cannot all happen in one run");
            let pointer = format!("{}/dependsOn", activity.pointer);
            let finding = Finding::at_key(&NEVER, &self.pipeline.resource.file, pointer, message);
            findings.add(finding.hint(
                "all dependencies must hold; for one of several outcomes, let two activities do the work, or call a pipeline",
            ));
        }
    }
}

fn dependencies<'p>(activity: &Activity<'p>) -> &'p [Value] {
    let entries = activity.json.member("dependsOn").and_then(Value::as_array);
    entries.map_or(&[], Vec::as_slice)
}

fn condition(text: &str) -> Option<&'static str> {
    CONDITIONS
        .into_iter()
        .find(|condition| condition.eq_ignore_ascii_case(text))
}

fn step(activity: &Activity<'_>) -> Step {
    let mark = activity
        .json
        .member("onInactiveMarkAs")
        .and_then(Value::as_str);
    match (activity.is_active, activity.kind(), mark) {
        (false, _, Some("Failed")) => Step::Fixed(Outcomes::FAILED),
        (false, _, Some("Skipped")) => Step::Fixed(Outcomes::SKIPPED),
        (false, _, _) => Step::Fixed(Outcomes::SUCCEEDED),
        (true, Some("Fail"), _) => Step::Runs(Outcomes::FAILED),
        (true, _, _) => Step::Runs(Outcomes::SUCCEEDED.or(Outcomes::FAILED)),
    }
}

fn outcomes(conditions: &[Value]) -> Outcomes {
    let known = conditions
        .iter()
        .filter_map(|text| condition(text.as_str()?));
    let outcomes = known.map(|condition| match condition {
        "Failed" => Outcomes::FAILED,
        "Skipped" => Outcomes::SKIPPED,
        "Completed" => Outcomes::SUCCEEDED.or(Outcomes::FAILED),
        _ => Outcomes::SUCCEEDED,
    });
    outcomes.reduce(Outcomes::or).unwrap_or(Outcomes::SUCCEEDED)
}
