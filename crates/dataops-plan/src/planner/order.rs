//! The order in which resources are put and deleted.
//!
//! References alone decide it: the service refuses a PUT whose target is missing, and a DELETE of what is referred to. Within a level
//! the order is only a hint for who sends one after the other: what others tend to need first.

use std::collections::BTreeSet;

use adf_graph::Cycle;
use adf_model::{Kind, ResourceId};
use serde_json::Value;

use super::draft::{Draft, Entry};
use crate::key::ResourceKey;
use crate::levels::levels;
use crate::plan::{Action, Order, Problem};

/// The order, and the circles that make one impossible.
pub(super) fn order(draft: &Draft<'_>) -> (Order, Vec<Problem>) {
    let (put, problems) = put(draft);
    let early = early(draft);
    let deleted = |at: &usize| draft.entries[*at].action.deletes();
    let (first, last): (Vec<_>, Vec<_>) = (0..draft.entries.len())
        .filter(deleted)
        .partition(|at| early.contains(at));
    let order = Order {
        remove: referrers_first(draft, &first),
        put: keys(draft, put),
        delete: referrers_first(draft, &last),
        ..Order::default()
    };
    (order, problems)
}

/// What is put. What is deleted for it comes last, with what refers to that: until all else is there, nothing of it goes.
fn put(draft: &Draft<'_>) -> (Vec<Vec<usize>>, Vec<Problem>) {
    let late = late(draft);
    let nodes = (0..draft.entries.len()).filter(|at| draft.entries[*at].action.puts());
    let (last, first): (Vec<_>, Vec<_>) = nodes.partition(|at| late.contains(at));
    let (mut put, mut problems) = put_of(draft, &first);
    let (rest, more) = put_of(draft, &last);
    put.extend(rest);
    problems.extend(more);
    (put, problems)
}

/// What is deleted and created anew, and what is put and refers to it.
fn late(draft: &Draft<'_>) -> BTreeSet<usize> {
    let entries = 0..draft.entries.len();
    let of = |at: &usize| draft.entries[*at].action;
    let mut late: BTreeSet<_> = entries
        .clone()
        .filter(|at| of(at) == Action::Replace)
        .collect();
    while !late.is_empty() {
        let uses = |at: usize| draft.desired.uses[at].iter();
        let more = entries.clone().filter(|at| {
            of(at).puts() && !late.contains(at) && uses(*at).any(|used| late.contains(used))
        });
        let more: Vec<_> = more.collect();
        if more.is_empty() {
            break;
        }
        late.extend(more);
    }
    late
}

fn put_of(draft: &Draft<'_>, nodes: &[usize]) -> (Vec<Vec<usize>>, Vec<Problem>) {
    let all = draft.entries.len();
    let uses = &draft.desired.uses;
    let (mut put, left) = levels(nodes, all, |at| uses[at].iter().copied());
    if left.is_empty() {
        return (put, Vec::new());
    }
    // In a circle whatever is there already need not be waited for.
    let is_new = |at: &usize| draft.entries[*at].action != Action::Update;
    let new = |at: usize| uses[at].iter().copied().filter(is_new);
    let (rest, stuck) = levels(&left, all, new);
    put.extend(rest);
    (put, circles(draft, &stuck))
}

fn circles(draft: &Draft<'_>, stuck: &[usize]) -> Vec<Problem> {
    let stuck: BTreeSet<_> = stuck.iter().map(|at| draft.entries[*at].id).collect();
    let cycles = draft.desired.graph.cycles();
    let stuck = cycles
        .iter()
        .filter(|cycle| cycle.members.iter().all(|id| stuck.contains(id)));
    stuck.filter_map(circle).collect()
}

fn circle(cycle: &Cycle<'_>) -> Option<Problem> {
    let first = cycle.path.first()?.from;
    let mut way: Vec<_> = cycle.path.iter().map(|step| shown(step.from)).collect();
    way.push(shown(first));
    Some(Problem {
        resource: first.into(),
        text: format!(
            "it refers to itself, so that none can be created first: {}",
            way.join(" → ")
        ),
        hint: Some("break the circle; a pipeline can be started over REST instead".to_owned()),
    })
}

fn shown(id: &ResourceId) -> String {
    ResourceKey::from(id).to_string()
}

/// What is deleted so that something can be put: what comes again, and what is deleted and refers to it.
fn early(draft: &Draft<'_>) -> BTreeSet<usize> {
    let replaced = |at: &usize| draft.entries[*at].action == Action::Replace;
    let mut open: Vec<_> = (0..draft.entries.len()).filter(replaced).collect();
    let mut early = BTreeSet::new();
    while let Some(at) = open.pop() {
        if early.insert(at) {
            let by = draft.live.used_by[at].iter().copied();
            open.extend(by.filter(|by| draft.entries[*by].action.deletes()));
        }
    }
    early
}

fn referrers_first(draft: &Draft<'_>, nodes: &[usize]) -> Vec<Vec<ResourceKey>> {
    let used_by = &draft.live.used_by;
    let (levels, circles) = levels(nodes, draft.entries.len(), |at| used_by[at].iter().copied());
    // Deletions of circles were taken back; replaced triggers cannot depend on each other.
    let circles = (!circles.is_empty()).then_some(circles);
    let levels = levels.into_iter().chain(circles);
    levels.map(|level| draft.keys(level)).collect()
}

fn keys(draft: &Draft<'_>, levels: Vec<Vec<usize>>) -> Vec<Vec<ResourceKey>> {
    let levels = levels.into_iter().map(|mut level| {
        level.sort_by_key(|at| (rank(&draft.entries[*at]), *at));
        draft.keys(level)
    });
    levels.collect()
}

/// What others tend to need comes first: networks, credentials, runtimes (a shared one before a linked one), Key Vaults.
fn rank(entry: &Entry<'_>) -> u8 {
    let details = entry
        .desired
        .map(|desired| (desired.prepared.type_name(), &desired.prepared.normal));
    let (kind, document) = details.unwrap_or(("", &Value::Null));
    match (entry.id.kind, kind) {
        (Kind::ManagedVirtualNetwork, _) => 0,
        (Kind::ManagedPrivateEndpoint | Kind::Credential, _) => 1,
        (Kind::IntegrationRuntime, _)
            if document.pointer("/typeProperties/linkedInfo").is_none() =>
        {
            2
        }
        (Kind::IntegrationRuntime, _) => 3,
        (Kind::LinkedService, "AzureKeyVault") => 4,
        (Kind::LinkedService, _) => 5,
        (Kind::GlobalParameters, _) => 6,
        (Kind::Dataset, _) => 7,
        (Kind::DataFlow, _) => 8,
        (Kind::Pipeline, _) => 9,
        _ => 10,
    }
}
