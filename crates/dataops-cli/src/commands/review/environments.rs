//! What a change means for environments: which of them are deployed to or tested when it is merged, and because of what.

use adf_diff::{Difference, Subject};
use dataops_solution::touched::{Change, ChangedFile, SettingChange, Touched, setting_changes};

use super::sides::Sides;
use crate::report::review::{EnvironmentWork, Environments};

/// What is to be done in each environment, and the settings that say something else. There is nothing to tell of a folder without a
/// `dataops.yaml`, nor where it cannot be read: findings tell that.
pub(super) fn touched(sides: &Sides, difference: &Difference) -> Environments {
    let Some(head) = sides.after.settings() else {
        return Environments::default();
    };
    let adf_differs = difference
        .changes
        .iter()
        .any(|change| matches!(change.subject, Subject::Resource(_)) && !change.is_noise());
    let mut touched = match sides.before.settings() {
        Some(base) => Touched::by(Change {
            base,
            head,
            files: &sides.changed,
            folder: &sides.folder,
            adf_differs,
        }),
        None => Touched::everything(head, "there was no dataops.yaml that could be read"),
    };
    Touched::pass_on(&mut touched.environments, head);
    let works = head.environments.iter().filter_map(|(name, written)| {
        let work = touched.environments.remove(name)?;
        work.test.then(|| EnvironmentWork {
            name: name.clone(),
            is_local: written.emulator == Some(true),
            work,
        })
    });
    Environments {
        works: works.collect(),
        settings: settings(sides),
    }
}

fn settings(sides: &Sides) -> Vec<SettingChange> {
    let (Some(before), Some(after)) = (sides.before.yaml(), sides.after.yaml()) else {
        return Vec::new();
    };
    let resources = [&sides.after, &sides.before].map(|side| &side.repository.resources);
    let documents = resources.into_iter().flatten();
    let documents: Vec<_> = documents.map(|it| (&it.id, it.file.json())).collect();
    setting_changes(before, after, &documents)
}

/// Whether a file that is in no commit is one that the solution is about.
pub(super) fn concerns(sides: &Sides, uncommitted: &[ChangedFile]) -> bool {
    let Some(head) = sides.after.settings() else {
        return !uncommitted.is_empty();
    };
    let touched = Touched::by(Change {
        base: head,
        head,
        files: uncommitted,
        folder: &sides.folder,
        adf_differs: false,
    });
    let settings = format!("{}{}", sides.folder, dataops_solution::settings::FILE_NAME);
    !touched.parts.is_empty() || uncommitted.iter().any(|file| file.path == settings)
}
