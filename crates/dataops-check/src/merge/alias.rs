//! Findings under the names that things had before a side renamed them.

use adf_diff::Difference;

use super::{Key, key};
use crate::Finding;

/// What a side has renamed.
pub(super) struct Aliases(Vec<Alias>);

/// Files from the solution's root, and names.
struct Alias {
    old_path: String,
    new_path: String,
    old_name: String,
    new_name: String,
}

impl Aliases {
    pub(super) fn of(difference: &Difference, prefix: &str) -> Self {
        let renamed = difference.changes.iter().filter_map(|change| {
            let old_name = change.was.clone()?;
            Some(Alias {
                old_path: format!("{prefix}{}", change.base_path.as_ref()?),
                new_path: format!("{prefix}{}", change.head_path.as_ref()?),
                new_name: change.subject.name().to_owned(),
                old_name,
            })
        });
        Self(renamed.collect())
    }

    /// What the finding would be without one of the renames, in its path or in its words.
    pub(super) fn keys(&self, finding: &Finding) -> impl Iterator<Item = Key> {
        let (id, code, path, message) = key(finding);
        self.0.iter().filter_map(move |alias| {
            let is_there = path == alias.new_path;
            let quoted = |name: &str| format!("`{name}`");
            let before = message.replace(&quoted(&alias.new_name), &quoted(&alias.old_name));
            let path = match is_there {
                true => alias.old_path.clone(),
                false => path.clone(),
            };
            (is_there || before != message).then(|| (id, code.clone(), path, before))
        })
    }
}
