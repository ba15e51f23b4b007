//! Whether the pipelines of a new solution are where their system looks for them.

use std::path::{Path, PathBuf};

use super::Ci;
use crate::context::Context;

/// Warns where the solution is not the root of its repository.
pub(super) fn caution(context: &Context, dir: &Path, ci: Ci) {
    if ci == Ci::None {
        return;
    }
    let Some(root) = repository_above(dir) else {
        return;
    };
    let why = match ci {
        Ci::AzureDevOps => {
            "the pipelines run at the root of a repository, and look for the solution there"
        }
        _ => {
            "GitHub reads workflows at the root of a repository only, and those that were written are never started"
        }
    };
    let text = format!(
        "{} is a folder of the repository {}: {why}",
        dir.display(),
        root.display()
    );
    let hint = "give the solution a repository of its own, or have it in the root of this one; \
                or move the pipelines there, and have each step begin in the solution's folder";
    context.warn("warning", &text, Some(hint));
}

/// The root of the git repository that a folder is below, and is not itself.
fn repository_above(dir: &Path) -> Option<PathBuf> {
    let dir = dir.canonicalize().ok()?;
    if dir.join(".git").exists() {
        return None;
    }
    let mut above = dir.ancestors().skip(1);
    above
        .find(|folder| folder.join(".git").exists())
        .map(Path::to_owned)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_repository_is_found_above_and_not_where_it_begins() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("repository/team/solution")).unwrap();
        fs::create_dir_all(root.join("repository/.git")).unwrap();

        let below = repository_above(&root.join("repository/team/solution"));

        assert_eq!(below, Some(root.join("repository")));
        assert_eq!(repository_above(&root.join("repository")), None);
    }
}
