//! Paths as hosts of git repositories want them: from the repository's root, wherever in it a program runs.

use std::path::{Path, PathBuf};

/// A folder in the working copy of a git repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Checkout {
    /// The repository's root.
    pub(crate) root: PathBuf,
    /// The folder from there: nothing, or with `/` at its end.
    pub(crate) folder: String,
}

impl Checkout {
    /// The repository that a folder lies in, if it lies in one.
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let folder = folder.canonicalize().ok()?;
        let root = folder.ancestors().find(|above| above.join(".git").exists());
        let below = folder.strip_prefix(root?).ok()?;
        let parts = below.iter().map(|part| part.to_string_lossy());
        Some(Self {
            root: root?.to_owned(),
            folder: parts.map(|part| format!("{part}/")).collect(),
        })
    }
}

/// The path of a file from the root of its repository; as it is where it lies in none.
pub(crate) fn from_repository(path: &Path) -> PathBuf {
    let folder = match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    match (Checkout::of(folder), path.file_name()) {
        (Some(checkout), Some(name)) => Path::new(&checkout.folder).join(name),
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_begins_at_the_root_of_the_repository() {
        let folder = tempfile::tempdir().unwrap();
        let deep = folder.path().join("solutions/ing");
        std::fs::create_dir_all(&deep).unwrap();
        let file = deep.join("dataops.yaml");
        let outside = from_repository(&file);

        std::fs::create_dir(folder.path().join(".git")).unwrap();

        assert_eq!(outside, file);
        assert_eq!(
            from_repository(&file),
            Path::new("solutions/ing/dataops.yaml")
        );
        let checkout = Checkout::of(&deep).unwrap();
        assert_eq!(checkout.folder, "solutions/ing/");
        assert_eq!(checkout.root, folder.path().canonicalize().unwrap());
        assert_eq!(Checkout::of(folder.path()).unwrap().folder, "");
    }
}
