//! Whether a new solution is by itself, and its pipelines are where their system looks for them.

use std::path::{Path, PathBuf};

use dataops_solution::settings::FILE_NAME;

use super::Ci;
use crate::context::Context;
use crate::failure::Failure;

/// Refuses a folder that is within another solution, as when a command is called a second time, now in the folder that it has made.
pub(super) fn refuse_within_another(dir: &Path) -> Result<(), Failure> {
    let Some(root) = solution_above(dir) else {
        return Ok(());
    };
    let text = format!(
        "{} is in the solution {} already; nothing was written",
        dir.display(),
        root.display()
    );
    let hint = format!(
        "name a folder outside of it, such as `dataops init {}`",
        root.with_file_name("NAME").display()
    );
    Err(Failure::usage(text).hint(hint))
}

/// The root of the solution that a folder is in, and is not itself. The folder need not be there.
fn solution_above(dir: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(dir).ok()?;
    let (there, real) = absolute
        .ancestors()
        .find_map(|it| Some((it, it.canonicalize().ok()?)))?;
    let own = usize::from(there == absolute);
    let mut above = real.ancestors().skip(own);
    above
        .find(|folder| folder.join(FILE_NAME).is_file())
        .map(Path::to_owned)
}

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

    #[test]
    fn a_solution_is_found_above_a_folder_and_beside_it_none() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("demo/adf")).unwrap();
        fs::write(root.join("demo/dataops.yaml"), "name: demo\n").unwrap();

        for within in ["demo/adf", "demo/new", "demo/new/er", "demo/new/../adf"] {
            let above = solution_above(&root.join(within));
            assert_eq!(above, Some(root.join("demo")), "{within}");
        }
        for beside in ["demo", "other", "demo/../other", "demo/adf/../../other"] {
            assert_eq!(solution_above(&root.join(beside)), None, "{beside}");
        }
    }
}
