//! Whether a new solution is by itself, and its pipelines are where their system looks for them.

use std::fs;
use std::path::{Component, Path, PathBuf};

use dataops_solution::settings::FILE_NAME;

use super::Ci;
use crate::context::Context;
use crate::failure::Failure;

/// The same folder, without ways through folders that are not there: `new/../../other` is `../other`.
pub(super) fn without_detours(dir: &Path) -> PathBuf {
    let mut way = PathBuf::new();
    for part in dir.components() {
        let last = way.components().next_back();
        match (part, last) {
            (Component::ParentDir, Some(Component::Normal(_))) if !way.exists() => {
                way.pop();
            }
            _ => way.push(part),
        }
    }
    match way.as_os_str().is_empty() {
        true => PathBuf::from("."),
        false => way,
    }
}

/// Refuses a folder that is within another solution, as when a command is called a second time, now in the folder that it has made.
pub(super) fn refuse_within_another(dir: &Path) -> Result<(), Failure> {
    let Some(root) = solution_above(dir) else {
        return Ok(());
    };
    let text = format!(
        "{} is in the solution of {} already; nothing was written",
        dir.display(),
        root.join(FILE_NAME).display()
    );
    let hint = format!(
        "name a folder outside of it, such as `dataops init {}`, or remove that {FILE_NAME} where it is nobody's",
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
        .find(|folder| {
            let file = folder.join(FILE_NAME);
            file.is_file() && !says_nothing(&file)
        })
        .map(Path::to_owned)
}

/// Whether nothing but comments stands in a file: it makes no solution. One that cannot be read may say something.
fn says_nothing(file: &Path) -> bool {
    let text = fs::read(file).unwrap_or_else(|_| b"?".to_vec());
    let text = String::from_utf8_lossy(&text);
    let mut lines = text.trim_start_matches('\u{feff}').lines().map(str::trim);
    lines.all(|line| line.is_empty() || line.starts_with('#') || matches!(line, "---" | "..."))
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
    #[test]
    fn a_file_that_says_nothing_makes_no_solution() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("team/demo")).unwrap();
        let above = |text: &str| {
            fs::write(root.join("team/dataops.yaml"), text).unwrap();
            solution_above(&root.join("team/demo"))
        };

        for text in ["", "\n \n", "# left over\n", "\u{feff}---\r\n# x\r\n..."] {
            assert_eq!(above(text), None, "{text:?}");
        }
        for text in ["name: x\n", "# x\nname: [", "{}"] {
            assert_eq!(above(text), Some(root.join("team")), "{text:?}");
        }
    }

    #[test]
    fn a_way_through_what_is_not_there_is_shortened() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("demo/adf")).unwrap();
        fs::write(root.join("demo/dataops.yaml"), "name: demo\n").unwrap();
        let way = |path: &str| without_detours(&root.join(path));

        let other = way("demo/new/../../other");

        assert_eq!(other, root.join("demo/../other"));
        assert_eq!(solution_above(&other), None);
        assert_eq!(way("demo/new/er/../../x"), root.join("demo/x"));
        // A folder that is there may be a link, and what is above it elsewhere.
        assert_eq!(way("demo/adf/../x"), root.join("demo/adf/../x"));
        for (path, short) in [
            ("no-such/../../other", "../other"),
            ("no-such/..", "."),
            ("../x", "../x"),
            (".", "."),
        ] {
            assert_eq!(without_detours(Path::new(path)), Path::new(short), "{path}");
        }
    }
}
