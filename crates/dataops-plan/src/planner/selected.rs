//! Which resources the deployment is about: those that are selected, and those that they cannot be without.

use super::draft::{Draft, Entry};
use crate::plan::Because;
use crate::prepared::Prepared;

/// Marks what is selected, and what has to come along because the factory lacks it.
pub(super) fn select(draft: &mut Draft<'_>) {
    let selection = &draft.request.selection;
    for entry in &mut draft.entries {
        entry.is_selected = selection.selects(entry.id, folder(entry));
    }
    let mut open: Vec<_> = (0..draft.entries.len())
        .filter(|at| draft.entries[*at].is_selected && draft.entries[*at].desired.is_some())
        .collect();
    while let Some(at) = open.pop() {
        for needed in &draft.desired.uses[at] {
            let entry = &draft.entries[*needed];
            let lacks = entry.desired.is_some() && entry.live.is_none();
            let left_out = selection.leaves_out(entry.id, folder(entry));
            if lacks && !left_out && !entry.is_selected {
                let by = draft.entries[at].key();
                let entry = &mut draft.entries[*needed];
                entry.is_selected = true;
                entry.because = Because::NeededBy(by);
                open.push(*needed);
            }
        }
    }
}

fn folder<'d>(entry: &Entry<'d>) -> Option<&'d str> {
    entry.prepared().and_then(Prepared::folder)
}
