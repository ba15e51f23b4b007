//! What is done with notebooks and files of a Databricks workspace: what is there is compared with what ought to be, by content.

mod content;
mod moved;
mod object;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use content::as_stored;
pub use moved::MovedObject;
pub use object::{
    LARGEST_IMPORT, LocalObject, NotebookAction, NotebookBecause, ObjectKind, ObjectPlan, Obstacle,
    RemoteObject,
};

/// What is done with the objects of a workspace.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct NotebookPlan {
    /// Whether what an earlier deployment put there, and the source does not have any more, is deleted.
    #[serde(default)]
    pub removes_stale: bool,
    /// The objects, in the order of their paths.
    pub objects: Vec<ObjectPlan>,
}

impl NotebookPlan {
    /// Compares what ought to be with what is there. `deletes`: whether what the source does not have is deleted; only what an
    /// earlier deployment put there ever is.
    #[must_use]
    pub fn of(local: &[LocalObject], remote: &[RemoteObject], deletes: bool) -> Self {
        let there: BTreeMap<&str, &RemoteObject> = remote
            .iter()
            .map(|object| (plain(&object.path), object))
            .collect();
        let mut wanted: BTreeMap<&str, Vec<&LocalObject>> = BTreeMap::new();
        for object in local {
            wanted.entry(plain(&object.path)).or_default().push(object);
        }
        let mut objects: BTreeMap<&str, ObjectPlan> = BTreeMap::new();
        for (path, objects_here) in &wanted {
            let plan = match objects_here.as_slice() {
                [object] => match obstacle(object, path, &wanted, &there, deletes) {
                    Some(because) => clash(object, because),
                    None => one(object, there.get(path).copied()),
                },
                [object, ..] => {
                    let files = objects_here.iter().map(|object| object.source.clone());
                    clash(object, NotebookBecause::SeveralFiles(files.collect()))
                }
                [] => continue,
            };
            objects.insert(path, plan);
        }
        let gone = there.iter().filter(|(path, object)| {
            !wanted.contains_key(*path) && object.kind != ObjectKind::Folder
        });
        objects.extend(gone.map(|(path, object)| (*path, stale(object, deletes))));
        Self {
            removes_stale: deletes,
            objects: objects.into_values().collect(),
        }
    }

    /// Whether there is something to do.
    #[must_use]
    pub fn has_work(&self) -> bool {
        let idle = [NotebookAction::Unchanged, NotebookAction::Skip];
        self.objects.iter().any(|plan| !idle.contains(&plan.action))
    }

    /// Whether something cannot be done.
    #[must_use]
    pub fn has_clash(&self) -> bool {
        let mut actions = self.objects.iter().map(|plan| plan.action);
        actions.any(|action| action == NotebookAction::Clash)
    }

    /// The folders that imports need.
    #[must_use]
    pub fn folders(&self) -> BTreeSet<&str> {
        let imports = self.objects.iter().filter(|plan| {
            use NotebookAction::{Create, Replace, Update};
            matches!(plan.action, Create | Update | Replace)
        });
        imports
            .filter_map(|plan| Some(plan.path.rsplit_once('/')?.0))
            .filter(|folder| !folder.is_empty())
            .collect()
    }
}

/// `/Workspace/x` and `/x` name the same object.
fn plain(path: &str) -> &str {
    let rest = path.strip_prefix("/Workspace");
    rest.filter(|rest| rest.starts_with('/')).unwrap_or(path)
}

/// What keeps an object from becoming what it ought to be.
fn obstacle(
    object: &LocalObject,
    path: &str,
    wanted: &BTreeMap<&str, Vec<&LocalObject>>,
    there: &BTreeMap<&str, &RemoteObject>,
    deletes: bool,
) -> Option<NotebookBecause> {
    if let Some(obstacle) = &object.obstacle {
        return Some(NotebookBecause::Cannot(obstacle.clone()));
    }
    if let Some(other) = below(path, wanted) {
        return Some(NotebookBecause::IsAFolderToo(other));
    }
    // What is deleted anyway is in nobody's way.
    let blocks = |object: &&&RemoteObject| {
        object.kind != ObjectKind::Folder && stale(object, deletes).action != NotebookAction::Delete
    };
    let above = std::iter::successors(path.rsplit_once('/'), |(folder, _)| folder.rsplit_once('/'));
    let mut above = above.filter_map(|(folder, _)| there.get(folder));
    let blocking = above.find(blocks)?;
    Some(NotebookBecause::InTheWay(blocking.path.clone()))
}

/// Something that ought to be below `path`.
fn below(path: &str, wanted: &BTreeMap<&str, Vec<&LocalObject>>) -> Option<String> {
    let folder = format!("{path}/");
    let (next, _) = wanted.range(folder.as_str()..).next()?;
    next.starts_with(&folder).then(|| (*next).to_owned())
}

fn one(object: &LocalObject, there: Option<&RemoteObject>) -> ObjectPlan {
    let (action, because) = match there {
        None => (NotebookAction::Create, NotebookBecause::Missing),
        Some(there) if there.brought_by.is_some() => of_another(object, there),
        // A folder may hold anything: it is not deleted for one file.
        Some(there) if there.kind == ObjectKind::Folder => (
            NotebookAction::Clash,
            NotebookBecause::IsA(there.kind.clone()),
        ),
        Some(there) if is_other(&there.kind, &object.kind) => (
            NotebookAction::Replace,
            NotebookBecause::IsA(there.kind.clone()),
        ),
        Some(there) if there.kind != object.kind => (
            NotebookAction::Update,
            NotebookBecause::IsA(there.kind.clone()),
        ),
        Some(there) => match &there.content {
            None => (NotebookAction::Update, NotebookBecause::Unknown),
            Some(content) if *content == object.content => {
                (NotebookAction::Unchanged, NotebookBecause::Same)
            }
            Some(_) => (NotebookAction::Update, NotebookBecause::Differs),
        },
    };
    ObjectPlan {
        path: object.path.clone(),
        kind: object.kind.clone(),
        action,
        because,
        source: Some(object.source.clone()),
        content: Some(object.content.clone()),
        live: there.and_then(|there| there.content.clone()),
    }
}

/// What another solution has brought is not written over; where it is the same, both have what they want.
fn of_another(object: &LocalObject, there: &RemoteObject) -> (NotebookAction, NotebookBecause) {
    let is_same = there.kind == object.kind && there.content.as_ref() == Some(&object.content);
    let action = match is_same {
        true => NotebookAction::Unchanged,
        false => NotebookAction::Clash,
    };
    let solution = there.brought_by.clone().unwrap_or_default();
    (action, NotebookBecause::BroughtBy(solution))
}

/// Whether one is a notebook and the other a file.
fn is_other(one: &ObjectKind, other: &ObjectKind) -> bool {
    matches!(one, ObjectKind::Notebook(_)) != matches!(other, ObjectKind::Notebook(_))
}

fn clash(object: &LocalObject, because: NotebookBecause) -> ObjectPlan {
    ObjectPlan {
        action: NotebookAction::Clash,
        because,
        ..one(object, None)
    }
}

fn stale(object: &RemoteObject, deletes: bool) -> ObjectPlan {
    let (action, because) = match (object.is_ours, deletes) {
        _ if object.brought_by.is_some() => {
            let solution = object.brought_by.clone().unwrap_or_default();
            (NotebookAction::Skip, NotebookBecause::BroughtBy(solution))
        }
        _ if object.wanted_by.is_some() => {
            let solution = object.wanted_by.clone().unwrap_or_default();
            (NotebookAction::Skip, NotebookBecause::WantedBy(solution))
        }
        // What a person has written into it is nowhere else.
        (true, true) if object.content.is_none() => {
            (NotebookAction::Skip, NotebookBecause::ChangedSince)
        }
        (true, true) => (NotebookAction::Delete, NotebookBecause::NotInSource),
        (true, false) => (NotebookAction::Skip, NotebookBecause::DeletionOff),
        (false, _) => (NotebookAction::Skip, NotebookBecause::NotOurs),
    };
    ObjectPlan {
        path: object.path.clone(),
        kind: object.kind.clone(),
        action,
        because,
        source: None,
        content: None,
        live: object.content.clone(),
    }
}

#[cfg(test)]
mod tests;
