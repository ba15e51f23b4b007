//! What is done with each resource that the source does not have. Nothing is deleted that something that stays refers to.

use adf_model::Kind;

use super::draft::{Draft, Entry};
use crate::levels::levels;
use crate::plan::{Action, Because};
use crate::request::Request;

/// How many referrers are named.
const MOST_NAMED: usize = 5;

/// The integration runtime that every factory has.
const BUILT_IN: &str = "AutoResolveIntegrationRuntime";

/// Decides what is done with the resources that the source does not have.
pub(super) fn decide(draft: &mut Draft<'_>) {
    for entry in &mut draft.entries {
        if entry.desired.is_none() {
            (entry.action, entry.because) = wanted(entry, draft.request);
        }
    }
    keep_what_is_needed(draft);
    keep_circles(draft);
}

fn wanted(entry: &Entry<'_>, request: &Request) -> (Action, Because) {
    let goes = match &request.removes {
        Some(removed) if !removed.contains(entry.id) => return (Action::Skip, Because::NotOurs),
        Some(_) => Because::Removed,
        None => Because::NotInSource,
    };
    let because = match () {
        () if entry.id.kind == Kind::GlobalParameters && goes == Because::Removed => {
            Because::OfTheFactory
        }
        // What the source says of them is not known where they are not meant.
        () if entry.id.kind == Kind::GlobalParameters && !entry.is_selected => Because::NotSelected,
        () if entry.id.kind == Kind::GlobalParameters => Because::NoGlobalParameters,
        () if request.removes.is_none() && !request.delete_not_in_source => {
            match entry.is_selected && request.undone.contains(entry.id) {
                true => Because::Undone,
                false => Because::DeletionOff,
            }
        }
        () if !entry.is_selected => Because::NotSelected,
        () if !entry.id.kind.can_be_deleted() => Because::NotDeletable,
        () if entry.id.kind == Kind::IntegrationRuntime
            && entry.id.name.eq_ignore_ascii_case(BUILT_IN) =>
        {
            Because::BuiltIn
        }
        () => return (Action::Delete, goes),
    };
    (Action::Skip, because)
}

/// Takes back the deletion of what something that stays refers to, and of what that refers to.
fn keep_what_is_needed(draft: &mut Draft<'_>) {
    let stays = |draft: &Draft<'_>, at: &usize| draft.entries[*at].will_be();
    let mut open: Vec<_> = (0..draft.entries.len())
        .filter(|at| stays(draft, at))
        .collect();
    let mut referrers = vec![Vec::new(); draft.entries.len()];
    // In the order of names, so that the first referrers are named.
    open.reverse();
    while let Some(at) = open.pop() {
        let uses = draft.uses_afterwards(at).to_vec();
        for used in uses {
            if draft.entries[used].action == Action::Delete {
                draft.entries[used].action = Action::Skip;
                draft.entries[used].because = Because::ReferencedBy(Vec::new());
                open.push(used);
            }
            if matches!(draft.entries[used].because, Because::ReferencedBy(_)) {
                referrers[used].push(at);
            }
        }
    }
    name(draft, referrers);
}

/// Resources that refer to each other cannot be deleted one after the other.
fn keep_circles(draft: &mut Draft<'_>) {
    let deleted: Vec<_> = (0..draft.entries.len())
        .filter(|at| draft.entries[*at].action == Action::Delete)
        .collect();
    let used_by = &draft.live.used_by;
    let (_, circles) = levels(&deleted, draft.entries.len(), |at| {
        used_by[at].iter().copied()
    });
    let mut referrers = vec![Vec::new(); draft.entries.len()];
    for at in &circles {
        draft.entries[*at].action = Action::Skip;
        draft.entries[*at].because = Because::ReferencedBy(Vec::new());
        let stay = draft.live.used_by[*at].iter();
        referrers[*at] = stay.copied().filter(|by| circles.contains(by)).collect();
    }
    name(draft, referrers);
}

fn name(draft: &mut Draft<'_>, referrers: Vec<Vec<usize>>) {
    for (at, mut by) in referrers.into_iter().enumerate() {
        if !by.is_empty() {
            by.sort_unstable();
            by.dedup();
            by.truncate(MOST_NAMED);
            draft.entries[at].because = Because::ReferencedBy(draft.keys(by));
        }
    }
}
