//! Carries a plan for notebooks out: remember what is about to be brought, delete, make folders, import, remember what was brought.

use std::collections::{BTreeMap, BTreeSet};

use azure_core::http::headers::{HeaderName, Headers};
use azure_core::time::parse_rfc7231;
use databricks_client::{ApiError, ApiErrorKind, ImportOptions};
use dataops_plan::NotebookAction::{self, Create, Delete, Replace, Unchanged, Update};
use dataops_plan::ObjectPlan;
use futures::{StreamExt, stream};
use serde::Serialize;

use super::Survey;
use super::manifest;
use crate::workspace::gate::WIDEST;
use crate::workspace::{ObjectFailure, WorkspaceError};

/// After so many failures the rest is not tried: it would fail alike.
const MOST_FAILURES: usize = 20;

/// What was done with the objects of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Applied {
    /// Those that the workspace did not have.
    pub created: usize,
    /// Those that differed.
    pub updated: usize,
    /// Those that the source does not have any more.
    pub deleted: usize,
    /// Those that were as they ought to be.
    pub unchanged: usize,
}

impl Survey<'_> {
    /// Does what the survey's plan says.
    pub(super) async fn carry_out(
        &self,
        mut on_progress: impl FnMut(usize, usize),
    ) -> Result<Applied, WorkspaceError> {
        if !self.plan.has_work() {
            self.complete().await?;
            return Ok(self.applied());
        }
        manifest::write(&self.client, &self.gate, self.source, &self.intended()).await?;
        let all = self.of(changes).count();
        let mut progress = Progress::default();
        let mut count = |progress: &Progress<'_>| on_progress(progress.done(), all);
        self.delete_all(&mut progress, &mut count).await;
        self.make_folders(&mut progress).await;
        if progress.failures.is_empty() {
            self.import_all(&mut progress, &mut count).await?;
        }
        self.remove_emptied_folders(&progress.gone).await;
        self.remember(&progress).await?;
        match progress.failures.is_empty() {
            true => Ok(self.applied()),
            false => Err(WorkspaceError::Incomplete {
                done: progress.done(),
                all,
                failures: progress.failures,
            }),
        }
    }

    fn of(&self, wanted: impl Fn(NotebookAction) -> bool) -> impl Iterator<Item = &ObjectPlan> {
        let objects = self.plan.objects.iter();
        objects.filter(move |object| wanted(object.action))
    }

    fn applied(&self) -> Applied {
        let count = |wanted: fn(NotebookAction) -> bool| self.of(wanted).count();
        Applied {
            created: count(|action| action == Create),
            updated: count(|action| matches!(action, Update | Replace)),
            deleted: count(|action| action == Delete),
            unchanged: count(|action| action == Unchanged),
        }
    }

    async fn delete_all<'s>(
        &'s self,
        progress: &mut Progress<'s>,
        count: &mut impl FnMut(&Progress<'s>),
    ) {
        let objects = self.of(|action| matches!(action, Delete | Replace));
        let deletions = objects.map(|object| async move {
            let path = object.path.as_str();
            match self.delete(path).await {
                Ok(()) => Ok(object),
                Err(error) => Err(ObjectFailure::new(path, "deleting", error)),
            }
        });
        let mut deleted = stream::iter(deletions).buffer_unordered(WIDEST);
        while let Some(outcome) = deleted.next().await {
            match outcome {
                Ok(object) if object.action == Replace => {
                    progress.replaced.insert(&object.path);
                }
                Ok(object) => {
                    progress.gone.insert(&object.path);
                }
                Err(failure) => progress.failures.push(failure),
            }
            count(progress);
            if progress.has_failed() {
                break;
            }
        }
    }

    /// Deletes one object and never what is below it; one that is gone is fine.
    pub(super) async fn delete(&self, path: &str) -> azure_core::Result<()> {
        let workspace = self.client.workspace();
        let deleted = self.gate.pass(|| workspace.delete(path, false, None)).await;
        match deleted {
            Ok(_) => Ok(()),
            Err(error) if is(&error, ApiErrorKind::NotFound) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Makes the folders that imports need and that are not there: the deepest ones, whose parents come along.
    async fn make_folders(&self, progress: &mut Progress<'_>) {
        let target = self.source.target.as_str();
        let mut missing: BTreeSet<_> = self.plan.folders();
        missing.retain(|folder| !self.listing.has_folder(target, folder));
        let folders: Vec<_> = missing.iter().copied().collect();
        for folder in folders {
            let mut parent = folder;
            while let Some((above, _)) = parent.rsplit_once('/') {
                missing.remove(above);
                parent = above;
            }
        }
        let workspace = self.client.workspace();
        let made = stream::iter(missing).map(|folder| async move {
            let made = self.gate.pass(|| workspace.mkdirs(folder, None)).await;
            (folder, made)
        });
        let made: Vec<_> = made.buffer_unordered(WIDEST).collect().await;
        for (folder, made) in made {
            match made {
                // Two that have a parent in common may meet there.
                Err(error) if !is(&error, ApiErrorKind::Conflict) => {
                    let failure = ObjectFailure::new(folder, "creating folder", error);
                    progress.failures.push(failure);
                }
                _ => {}
            }
        }
    }

    async fn import_all<'s>(
        &'s self,
        progress: &mut Progress<'s>,
        count: &mut impl FnMut(&Progress<'s>),
    ) -> Result<(), WorkspaceError> {
        let is_free = |object: &&ObjectPlan| {
            object.action != Replace || progress.replaced.contains(object.path.as_str())
        };
        let objects = self.of(|action| matches!(action, Create | Update | Replace));
        let objects: Vec<_> = objects.filter(is_free).collect();
        let imports = objects.into_iter().map(|object| self.import(&object.path));
        let mut imported = stream::iter(imports).buffer_unordered(WIDEST);
        while let Some(outcome) = imported.next().await {
            match outcome? {
                Ok((path, answered)) => drop(progress.brought.insert(path, answered)),
                Err(failure) => progress.failures.push(failure),
            }
            count(progress);
            if progress.has_failed() {
                break;
            }
        }
        Ok(())
    }

    /// Imports one object; gives its path, and when the service answered by its own clock.
    async fn import<'p>(
        &self,
        path: &'p str,
    ) -> Result<Result<(&'p str, Option<i64>), ObjectFailure>, WorkspaceError> {
        let (format, content) = self.source.content(path)?;
        let workspace = self.client.workspace();
        let imported = self.gate.pass(|| {
            let options = ImportOptions {
                overwrite: true,
                ..ImportOptions::default()
            };
            workspace.import(path, &content, format.clone(), Some(options))
        });
        Ok(match imported.await {
            Ok(answer) => Ok((path, answered(answer.headers()))),
            Err(error) => Err(ObjectFailure::new(path, "importing", error)),
        })
    }

    /// Removes the folders that only held what is gone. One that is not empty, for whatever reason, stays.
    pub(super) async fn remove_emptied_folders(&self, gone: &BTreeSet<&str>) {
        let target = self.source.target.as_str();
        let mut candidates = BTreeSet::new();
        for path in gone {
            let mut parent = *path;
            while let Some((above, _)) = parent.rsplit_once('/') {
                if above.len() <= target.len() {
                    break;
                }
                candidates.insert(above);
                parent = above;
            }
        }
        // The deepest come last in the order of paths.
        for folder in candidates.into_iter().rev() {
            let below = format!("{folder}/");
            let is_needed = self
                .of(|action| action != Delete)
                .any(|object| object.path.starts_with(&below));
            if !is_needed {
                // It may hold what nobody lists, or be gone.
                let _ = self.delete(folder).await;
            }
        }
    }
}

/// What has been done so far.
#[derive(Default)]
pub(super) struct Progress<'p> {
    /// The objects that were deleted for good.
    pub(super) gone: BTreeSet<&'p str>,
    /// The objects that were deleted to make room.
    replaced: BTreeSet<&'p str>,
    /// The objects that were imported, and when the service answered.
    pub(super) brought: BTreeMap<&'p str, Option<i64>>,
    failures: Vec<ObjectFailure>,
}

impl Progress<'_> {
    fn done(&self) -> usize {
        self.gone.len() + self.brought.len()
    }

    /// Whether the rest would fail alike.
    fn has_failed(&self) -> bool {
        let last = self.failures.last();
        let is_general = last.is_some_and(|failure| {
            ApiError::of(&failure.error)
                .is_none_or(|error| error.kind() == ApiErrorKind::Unauthenticated)
        });
        is_general || self.failures.len() >= MOST_FAILURES
    }
}

impl ObjectFailure {
    fn new(path: &str, step: &'static str, error: azure_core::Error) -> Self {
        Self {
            path: path.to_owned(),
            step,
            error,
        }
    }
}

fn changes(action: NotebookAction) -> bool {
    matches!(action, Create | Update | Replace | Delete)
}

fn is(error: &azure_core::Error, kind: ApiErrorKind) -> bool {
    ApiError::of(error).is_some_and(|error| error.kind() == kind)
}

/// When the service answered, by its own clock, in milliseconds since the epoch.
fn answered(headers: &Headers) -> Option<i64> {
    let date = headers.get_optional_str(&HeaderName::from_static("date"))?;
    let time = parse_rfc7231(date).ok()?;
    time.unix_timestamp().checked_mul(1_000)
}
