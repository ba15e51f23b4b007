//! Notebooks and files of a workspace as a deployment left them, and what somebody has done with them since.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use dataops_plan::{Digest, NotebookAction, NotebookBecause, NotebookPlan, ObjectKind, ObjectPlan};
use serde::{Deserialize, Serialize};

/// Notebooks and files as they were left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotebooksLeft {
    /// The name of the solution that brought them.
    pub solution: String,
    /// The folder in the workspace.
    pub target: String,
    /// Those that the solution has brought, or has found there as it wants them, by their paths in the workspace.
    pub objects: BTreeMap<String, ObjectLeft>,
    /// The paths of what was there besides.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub others: BTreeSet<String>,
}

/// A notebook or file as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectLeft {
    /// What it is.
    pub kind: ObjectKind,
    /// The SHA-256 of its content.
    pub content: Digest,
    /// The file in the source.
    pub source: String,
    /// Whether another solution has brought it: what that one makes of it is nobody's edit, as long as it is there.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
}

/// A notebook or file that is not as it was left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotebookMoved {
    /// Its path in the workspace.
    pub path: String,
    /// What somebody has done with it.
    pub how: NotebookMovedHow,
}

/// What somebody has done with a notebook or file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum NotebookMovedHow {
    /// It was not there.
    Created,
    /// It is another one.
    Changed,
    /// It is there no longer.
    Deleted,
}

impl fmt::Display for NotebookMovedHow {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Deleted => "deleted",
        })
    }
}

impl NotebooksLeft {
    /// What a plan leaves in the folder of a solution once it is carried out.
    #[must_use]
    pub fn of(plan: &NotebookPlan, solution: &str, target: &str) -> Self {
        let is_other =
            |object: &ObjectPlan| matches!(object.because, NotebookBecause::BroughtBy(_));
        let is_had =
            |object: &&ObjectPlan| !is_other(object) || object.action == NotebookAction::Unchanged;
        let objects = plan.objects.iter().filter(is_had).filter_map(|object| {
            let left = ObjectLeft {
                kind: object.kind.clone(),
                content: object.content.clone()?,
                source: object.source.clone()?,
                shared: is_other(object),
            };
            Some((object.path.clone(), left))
        });
        let others = plan.objects.iter();
        let others = others.filter(|it| it.action == NotebookAction::Skip || is_other(it));
        Self {
            solution: solution.to_owned(),
            target: target.to_owned(),
            objects: objects.collect(),
            others: others.map(|it| it.path.clone()).collect(),
        }
    }

    /// What differs, by the plan that would bring them again.
    #[must_use]
    pub fn moved(&self, again: &NotebookPlan) -> Vec<NotebookMoved> {
        let moved = again.objects.iter().filter_map(|object| {
            use NotebookAction::{Clash, Create, Replace, Skip, Update};
            let left = self.objects.get(&object.path);
            let is_shared = left.is_some_and(|left| left.shared);
            let how = match object.action {
                Create => NotebookMovedHow::Deleted,
                Update | Replace | Clash if is_shared => return None,
                Update | Replace | Clash => NotebookMovedHow::Changed,
                Skip if object.because == NotebookBecause::DeletionOff => return None,
                // Another solution may have a part of the folder, and its deployments tell what becomes of that.
                Skip if is_of_another(&object.because) => return None,
                Skip if !self.others.contains(&object.path) => NotebookMovedHow::Created,
                _ => return None,
            };
            Some(NotebookMoved {
                path: object.path.clone(),
                how,
            })
        });
        moved.collect()
    }
}

fn is_of_another(because: &NotebookBecause) -> bool {
    use NotebookBecause::{BroughtBy, WantedBy};
    matches!(because, BroughtBy(_) | WantedBy(_))
}

#[cfg(test)]
mod tests {
    use dataops_plan::{LocalObject, RemoteObject};

    use super::*;

    fn local(name: &str, text: &str) -> LocalObject {
        LocalObject {
            source: format!("notebooks/{name}.py"),
            path: format!("/Shared/s/{name}"),
            kind: ObjectKind::Notebook("PYTHON".to_owned()),
            content: Digest::of_bytes(text.as_bytes()),
            obstacle: None,
        }
    }

    fn remote(name: &str, text: &str, is_ours: bool) -> RemoteObject {
        RemoteObject {
            path: format!("/Shared/s/{name}"),
            kind: ObjectKind::Notebook("PYTHON".to_owned()),
            content: Some(Digest::of_bytes(text.as_bytes())),
            is_ours,
            brought_by: None,
            wanted_by: None,
        }
    }

    #[test]
    fn what_somebody_did_with_notebooks_is_told() {
        let source = [
            local("same", "1"),
            local("changed", "1"),
            local("deleted", "1"),
        ];
        let before = [remote("stranger", "1", false)];
        let plan = NotebookPlan::of(&source, &before, false);
        let left = NotebooksLeft::of(&plan, "s", "/Shared/s");
        let now = [
            remote("same", "1", true),
            remote("changed", "2", true),
            remote("stranger", "2", false),
            remote("created", "1", false),
        ];

        let moved = left.moved(&NotebookPlan::of(&source, &now, false));

        let told: Vec<_> = moved
            .iter()
            .map(|it| format!("{} {}", it.path, it.how))
            .collect();
        assert_eq!(
            told,
            [
                "/Shared/s/changed changed",
                "/Shared/s/created created",
                "/Shared/s/deleted deleted"
            ]
        );
    }

    #[test]
    fn what_another_solution_brings_is_nobodys_edit_until_it_is_gone() {
        let theirs = |name: &str, text: &str| RemoteObject {
            brought_by: Some("team-b".to_owned()),
            ..remote(name, text, false)
        };
        let source = [local("ours", "1"), local("alike", "1")];
        let plan = NotebookPlan::of(&source, &[theirs("alike", "1")], false);
        let left = NotebooksLeft::of(&plan, "s", "/Shared/s");
        let again = |now: &[RemoteObject]| {
            let source = source.iter();
            let source = source.filter(|it| left.objects.contains_key(&it.path));
            let source: Vec<_> = source.cloned().collect();
            let moved = left.moved(&NotebookPlan::of(&source, now, false));
            let paths = moved.into_iter().map(|it| it.path);
            paths.collect::<Vec<_>>()
        };
        let ours = || remote("ours", "1", true);

        let theirs_now = [ours(), theirs("alike", "2"), theirs("new", "1")];
        assert_eq!(again(&theirs_now), [""; 0]);
        assert_eq!(again(&[ours()]), ["/Shared/s/alike"]);
        let left_by_them = RemoteObject {
            wanted_by: Some("team-b".to_owned()),
            ..remote("new", "1", true)
        };
        assert_eq!(
            again(&[ours(), remote("alike", "1", true), left_by_them]),
            [""; 0]
        );
        // What they have brought over it is another one here.
        assert_eq!(
            again(&[theirs("ours", "2"), theirs("alike", "1")]),
            ["/Shared/s/ours"]
        );
        let nobodys = [ours(), theirs("alike", "1"), remote("new", "1", false)];
        assert_eq!(again(&nobodys), ["/Shared/s/new"]);
    }
}
