//! What a deployment leaves in the workspace for the next one: which objects it brought, and when the service says that it did.

use dataops_plan::NotebookAction::Unchanged;
use dataops_plan::NotebookBecause::{BroughtBy, WantedBy};

use super::Survey;
use super::carry::Progress;
use super::manifest::{self, Entry, Manifest};
use super::remote::Listing;
use crate::workspace::WorkspaceError;

/// How much later than the answer to an import the service may say that the object was modified, in milliseconds. The header
/// `Date` counts whole seconds.
const SAME_MOMENT: i64 = 2_000;

impl Survey<'_> {
    /// What will be remembered of the objects that this deployment does not touch, and that they are its own before it does.
    pub(super) fn intended(&self) -> Manifest {
        let target = self.source.target.as_str();
        let mut manifest = Manifest::new(&self.source.solution);
        for object in &self.plan.objects {
            let is_of_another = matches!(object.because, BroughtBy(_));
            // What another solution has brought is that one's alone, so that two never wait for each other; and what another one wants
            // is given up to it.
            let is_theirs = is_of_another && object.action != Unchanged;
            if is_theirs || matches!(object.because, WantedBy(_)) {
                continue;
            }
            let before = self.manifest.entry(target, &object.path).cloned();
            let entry = match (&object.content, self.listing.objects.get(&object.path)) {
                (Some(content), Some(there)) if object.action == Unchanged => {
                    Some(Entry::sure(object.kind.clone(), content.clone(), there))
                }
                (Some(content), _) => Some(Entry::unsure(object.kind.clone(), content.clone())),
                (None, _) => before,
            };
            if let Some(entry) = entry {
                let entry = if is_of_another { entry.shared() } else { entry };
                manifest.insert(target, &object.path, entry);
            }
        }
        manifest
    }

    /// Remembers what was brought, by the times that the service has given it.
    pub(super) async fn remember(&self, progress: &Progress<'_>) -> Result<(), WorkspaceError> {
        let target = self.source.target.as_str();
        let listing = Listing::read(&self.client, &self.gate, target).await?;
        let mut manifest = self.intended();
        for object in &self.plan.objects {
            let path = object.path.as_str();
            if progress.gone.contains(path) {
                manifest.remove(target, path);
            }
            let brought = progress.brought.get(path);
            let there = listing.objects.get(path);
            if let (Some(answered), Some(content), Some(there)) = (brought, &object.content, there)
                && is_of_that_moment(there.modified_at, *answered)
            {
                let entry = Entry::sure(object.kind.clone(), content.clone(), there);
                manifest.insert(target, path, entry);
            }
        }
        self.keep(&manifest).await
    }

    /// Completes the manifest where nothing else is to be done.
    pub(super) async fn complete(&self) -> Result<(), WorkspaceError> {
        let manifest = self.intended();
        if manifest == self.manifest && !self.source.leaves {
            return Ok(());
        }
        self.keep(&manifest).await
    }

    /// Writes the manifest, or forgets it when the solution has left.
    async fn keep(&self, manifest: &Manifest) -> Result<(), WorkspaceError> {
        if !self.source.leaves || !manifest.objects.is_empty() {
            return manifest::write(&self.client, &self.gate, self.source, manifest).await;
        }
        let path = manifest::path(self.source);
        if !self.listing.memory.contains_key(&path) {
            return Ok(());
        }
        // One that was killed has left folders, and only the manifest tells whose they are.
        let target = &self.source.target;
        let brought = self.manifest.objects.keys();
        let brought: Vec<_> = brought.map(|below| format!("{target}/{below}")).collect();
        let brought = brought.iter().map(String::as_str).collect();
        self.remove_emptied_folders(&brought).await;
        let step = WorkspaceError::step(format!("deleting `{path}`"));
        self.delete(&path).await.map_err(step)?;
        // What others have in them keeps these folders: a service deletes none that is not empty.
        if let Some((memory, _)) = path.rsplit_once('/') {
            let _ = self.delete(memory).await;
        }
        let _ = self.delete(&self.source.target).await;
        Ok(())
    }
}

/// Whether what was modified then was modified by the import that was answered then, and not by somebody afterwards.
fn is_of_that_moment(modified: Option<i64>, answered: Option<i64>) -> bool {
    match (modified, answered) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(modified), Some(answered)) => modified <= answered.saturating_add(SAME_MOMENT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_modified_after_the_import_was_modified_by_somebody() {
        assert!(is_of_that_moment(Some(1_999), Some(1_000)));
        assert!(!is_of_that_moment(Some(3_001), Some(1_000)));
        assert!(!is_of_that_moment(None, Some(1_000)));
        assert!(is_of_that_moment(Some(9_000), None));
    }
}
