//! What the forms of a plan say alike of a workspace: of notebooks and files, and of the cluster.

use super::words::amount;
use crate::cluster::{ClusterAction, ClusterPlan};
use crate::notebooks::{NotebookAction, NotebookBecause, NotebookPlan, ObjectPlan};
use crate::plan::{Because, Plan};

/// The sign of what is done with a notebook.
pub(super) const fn notebook_sign(action: NotebookAction) -> &'static str {
    match action {
        NotebookAction::Create => "+",
        NotebookAction::Update => "~",
        NotebookAction::Replace => "-/+",
        NotebookAction::Delete => "-",
        NotebookAction::Unchanged => "=",
        NotebookAction::Skip => "·",
        NotebookAction::Clash => "!",
    }
}

/// Why something is done with a notebook or file.
pub(super) fn notebook_because(plan: &Plan, object: &ObjectPlan) -> String {
    match (&object.because, plan.options.destroys) {
        (NotebookBecause::NotInSource, true) => Because::Removed.to_string(),
        (NotebookBecause::ChangedSince, true) => {
            "somebody has changed it since the deployment".to_owned()
        }
        (NotebookBecause::WantedBy(solution), true) => {
            format!("the solution `{solution}` wants it")
        }
        (because, _) => because.to_string(),
    }
}

/// What is done with notebooks and files; nothing where there are none.
pub(super) fn of_notebooks(plan: &NotebookPlan) -> Option<String> {
    let count = |wanted: &[NotebookAction]| {
        let objects = plan.objects.iter();
        objects.filter(|plan| wanted.contains(&plan.action)).count()
    };
    use NotebookAction::{Clash, Create, Delete, Replace, Skip, Unchanged, Update};
    let parts = [
        (count(&[Create]), "to create"),
        (count(&[Update, Replace]), "to update"),
        (count(&[Delete]), "to delete"),
        (count(&[Clash]), "that cannot be brought"),
        (count(&[Unchanged]), "unchanged"),
        (count(&[Skip]), "left alone"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0);
    let parts: Vec<_> = parts
        .map(|(count, what)| format!("{count} {what}"))
        .collect();
    (!parts.is_empty()).then(|| format!("notebooks and files: {}", parts.join(", ")))
}

/// The sign of what is done with a cluster.
pub(super) const fn cluster_sign(action: ClusterAction) -> &'static str {
    match action {
        ClusterAction::Create => "+",
        ClusterAction::Update => "~",
        ClusterAction::Unchanged => "=",
    }
}

/// What is done with the cluster; nothing where nothing is.
pub(super) fn of_cluster(plan: &ClusterPlan) -> Option<String> {
    let action = match plan.action {
        ClusterAction::Create => "to create",
        ClusterAction::Update => "to update",
        ClusterAction::Unchanged => "",
    };
    let libraries = match plan.install.len() {
        0 => String::new(),
        count => amount(count, "library", "libraries") + " to install",
    };
    let parts = [action.to_owned(), libraries];
    let parts: Vec<_> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    (!parts.is_empty()).then(|| format!("cluster {}: {}", plan.name, parts.join(", ")))
}
