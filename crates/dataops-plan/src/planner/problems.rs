//! What the service would refuse, known before anything is sent.

use super::draft::{Draft, Entry};
use crate::key::ResourceKey;
use crate::plan::{Action, Problem};

/// References that lead nowhere, and replacements that something stands in the way of.
pub(super) fn problems(draft: &Draft<'_>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (at, target) in &draft.desired.missing {
        let entry = &draft.entries[*at];
        if entry.action.puts() {
            problems.push(Problem {
                resource: entry.key(),
                text: format!(
                    "it refers to {}, which neither the source nor the factory has",
                    ResourceKey::from(target)
                ),
                hint: None,
            });
        }
    }
    for (at, entry) in draft.entries.iter().enumerate() {
        if entry.action.puts() {
            let uses = draft.desired.uses[at].iter();
            let used = uses.map(|used| &draft.entries[*used]);
            problems.extend(
                used.filter(|used| !used.will_be())
                    .map(|used| lacking(entry, used)),
            );
        }
        if entry.action == Action::Replace {
            let by = draft.live.used_by[at].iter();
            let by = by.map(|by| &draft.entries[*by]);
            problems.extend(
                by.filter(|by| !by.action.deletes())
                    .map(|by| in_the_way(entry, by)),
            );
        }
    }
    problems
}

fn lacking(entry: &Entry<'_>, used: &Entry<'_>) -> Problem {
    Problem {
        resource: entry.key(),
        text: format!(
            "it refers to {}, which the factory lacks and the selection leaves out",
            used.key()
        ),
        hint: Some(format!("select {} too", used.key())),
    }
}

fn in_the_way(entry: &Entry<'_>, by: &Entry<'_>) -> Problem {
    Problem {
        resource: entry.key(),
        text: format!(
            "it has to be deleted before it can be changed, and {} refers to it",
            by.key()
        ),
        hint: Some(
            "take the reference away in a deployment before, or keep what is there".to_owned(),
        ),
    }
}
