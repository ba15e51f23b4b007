//! The activities of a pipeline: which have ended when another one starts.

use std::cell::OnceCell;
use std::collections::HashMap;

use adf_expr::{Activities, Output, Sight};
use adf_graph::{ActivityGraph, name_key};

use super::outputs::output;
use crate::pipeline::Pipeline;

/// The most activities whose order is looked at; several times what the service allows in a pipeline.
const MOST: usize = 1_000;

/// The order of a pipeline's activities, found when it is first asked for.
pub(super) struct Flow<'p, 'a> {
    pub(super) pipeline: &'p Pipeline<'a>,
    by_name: OnceCell<HashMap<String, usize>>,
    /// What each waits for.
    waits_for: OnceCell<Vec<Waiting>>,
    /// All in the same flow that have ended when one starts.
    upstream: Vec<OnceCell<Vec<bool>>>,
}

/// What an activity waits for.
#[derive(Clone, Debug, Default)]
struct Waiting {
    siblings: Vec<usize>,
    /// Whether it waits for something that there is not.
    is_open: bool,
}

impl<'p, 'a> Flow<'p, 'a> {
    pub(super) fn of(pipeline: &'p Pipeline<'a>) -> Self {
        let upstream = pipeline.activities.iter().map(|_| OnceCell::new());
        Self {
            pipeline,
            by_name: OnceCell::new(),
            waits_for: OnceCell::new(),
            upstream: upstream.collect(),
        }
    }

    /// Whether `item()` has a meaning in the activity.
    pub(super) fn is_in_loop(&self, activity: usize) -> bool {
        self.containers(activity)
            .any(|container| self.pipeline.activities[container].kind() == Some("ForEach"))
    }

    fn name(&self, activity: usize) -> &'a str {
        self.pipeline.activities[activity]
            .name()
            .unwrap_or_default()
    }

    fn find(&self, name: &str) -> Option<usize> {
        let by_name = self.by_name.get_or_init(|| {
            let names = (0..self.upstream.len()).rev();
            names.map(|at| (name_key(self.name(at)), at)).collect()
        });
        by_name.get(&name_key(name)).copied()
    }

    fn container(&self, activity: usize) -> Option<usize> {
        let within = self.pipeline.activities[activity].within.as_ref()?;
        Some(within.0)
    }

    /// The containers around an activity, the nearest first.
    fn containers(&self, activity: usize) -> impl Iterator<Item = usize> {
        std::iter::successors(self.container(activity), |at| self.container(*at))
    }

    /// An activity and the containers around it.
    fn itself_and_around(&self, activity: usize) -> impl Iterator<Item = usize> {
        std::iter::once(activity).chain(self.containers(activity))
    }

    /// Whether `earlier` has ended when `later` starts.
    fn precedes(&self, earlier: usize, later: usize) -> bool {
        self.upstream.len() > MOST
            || self
                .itself_and_around(later)
                .any(|at| self.upstream(at)[earlier])
    }

    fn upstream(&self, activity: usize) -> &[bool] {
        self.upstream[activity].get_or_init(|| {
            let waits_for = self.waits_for();
            let mut seen = vec![false; waits_for.len()];
            let mut open = waits_for[activity].siblings.clone();
            while let Some(at) = open.pop() {
                if !std::mem::replace(&mut seen[at], true) {
                    open.extend(&waits_for[at].siblings);
                }
            }
            seen
        })
    }

    fn waits_for(&self) -> &[Waiting] {
        self.waits_for.get_or_init(|| {
            let mut waits_for = vec![Waiting::default(); self.upstream.len()];
            for waits in ActivityGraph::of(self.pipeline.resource.file.json()).waits {
                let waiting = &mut waits_for[waits.waiting];
                waiting.is_open |= waits.on.is_none();
                waiting.siblings.extend(waits.on);
            }
            waits_for
        })
    }

    /// Whether the activity, a container around it or something that either waits for has a dependency on what there is not:
    /// then it is not known what it was to wait for.
    fn waits_for_the_unknown(&self, activity: usize) -> bool {
        let waits_for = self.waits_for();
        self.itself_and_around(activity).any(|at| {
            let mut upstream = self.upstream(at).iter().zip(waits_for);
            waits_for[at].is_open || upstream.any(|(is_upstream, of)| *is_upstream && of.is_open)
        })
    }
}

/// The activities as they are seen from one of them.
pub(super) struct From<'f, 'p, 'a> {
    pub(super) flow: &'f Flow<'p, 'a>,
    pub(super) activity: usize,
    /// Whether those inside have ended too, as they have when an Until loop asks whether to go on.
    pub(super) after_inside: bool,
}

/// How an activity stands to the one that asks for it.
enum Standing {
    Ended,
    /// It may not have ended: whether the service refuses that, why, and what to do.
    Open(bool, String, &'static str),
}

impl Standing {
    fn refused(why: String, hint: &'static str) -> Self {
        Self::Open(true, why, hint)
    }
}

impl From<'_, '_, '_> {
    fn standing(&self, other: usize) -> Standing {
        if self.flow.precedes(other, self.activity) {
            return Standing::Ended;
        }
        let name = self.flow.name(self.activity);
        if other == self.activity {
            let hint = "an activity sees only what ended before it started";
            return Standing::refused("it is the activity itself".to_owned(), hint);
        }
        let around: Vec<usize> = self.flow.itself_and_around(self.activity).collect();
        if around.contains(&other) {
            let hint = "it ends after what is inside";
            return Standing::refused("it is the container around this one".to_owned(), hint);
        }
        let mut outside = self.flow.containers(other);
        let outside = outside.by_ref().take_while(|at| !around.contains(at));
        let containers: Vec<usize> = outside.collect();
        let inside = self.after_inside && self.flow.containers(other).any(|at| at == self.activity);
        match containers.last() {
            _ if inside => self.out_of(&containers),
            Some(last) if self.flow.precedes(*last, self.activity) => self.out_of(&containers),
            _ if self.flow.precedes(self.activity, other) => {
                let hint = "turn the dependency round, or take the value from elsewhere";
                Standing::refused(format!("it starts after `{name}`"), hint)
            }
            // The dependency is what is wrong.
            _ if self.flow.waits_for_the_unknown(self.activity) => Standing::Ended,
            _ => {
                let hint = "add it to `dependsOn`, or to that of the container around";
                Standing::refused(format!("nothing lets `{name}` wait for it"), hint)
            }
        }
    }

    /// Something inside of containers that have ended, the innermost first: a loop's passes cannot be told apart, and a
    /// branch may not have run.
    fn out_of(&self, containers: &[usize]) -> Standing {
        const HINT: &str = "keep the value in a variable there";
        let kind = |at: &usize| self.flow.pipeline.activities[*at].kind();
        let of = |kinds: &[&str]| {
            let mut all = containers.iter();
            let found = all.find(|at| kind(at).is_some_and(|kind| kinds.contains(&kind)));
            found.map(|at| self.flow.name(*at))
        };
        if let Some(each) = of(&["ForEach"]) {
            let why = format!("it is inside the loop `{each}`, and cannot be seen from outside");
            return Standing::refused(why, HINT);
        }
        match of(&["IfCondition", "Switch"]) {
            Some(branching) => {
                let why = format!("it is inside `{branching}`, in a branch that may not have run");
                Standing::Open(false, why, HINT)
            }
            None => Standing::Ended,
        }
    }
}

impl Activities for From<'_, '_, '_> {
    fn sight(&self, name: &str) -> Sight {
        let Some(other) = self.flow.find(name) else {
            return Sight::Missing;
        };
        if let Standing::Open(refused, why, hint) = self.standing(other) {
            let hint = hint.to_owned();
            // With other blanks around the name, the service looks no further.
            let refused = refused && self.flow.name(other).len() == name.len();
            return Sight::NotUpstream { refused, why, hint };
        }
        let activity = &self.flow.pipeline.activities[other];
        match activity.kind() {
            Some(kind) if activity.is_active => Sight::Ended(output(kind, activity.json)),
            _ => Sight::Ended(Output::default()),
        }
    }

    fn spelling(&self, name: &str) -> Option<&str> {
        self.flow.find(name).map(|other| self.flow.name(other))
    }

    fn names(&self) -> Vec<&str> {
        let all = 0..self.flow.upstream.len();
        let ended = all.filter(|at| matches!(self.standing(*at), Standing::Ended));
        ended.map(|at| self.flow.name(at)).collect()
    }
}
