//! The Python side, which is part of this crate and is written to disk once.

use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

macro_rules! files {
    ($($name:literal),* $(,)?) => {
        &[$(($name, include_str!(concat!("../../python/", $name)))),*]
    };
}

const FILES: &[(&str, &str)] = files![
    "start.py",
    "child/sitecustomize.py",
    "dataops_notebook/__init__.py",
    "dataops_notebook/channel.py",
    "dataops_notebook/dbutils.py",
    "dataops_notebook/display.py",
    "dataops_notebook/errors.py",
    "dataops_notebook/filesystem.py",
    "dataops_notebook/interception.py",
    "dataops_notebook/kernel.py",
    "dataops_notebook/libraries.py",
    "dataops_notebook/magics.py",
    "dataops_notebook/paths.py",
    "dataops_notebook/process.py",
    "dataops_notebook/source.py",
    "dataops_notebook/spark.py",
    "dataops_notebook/sql.py",
    "dataops_notebook/subprocesses.py",
    "dataops_notebook/warehouse.py",
    "dataops_notebook/widgets.py",
    "dataops_notebook/workflow.py",
];

/// Writes the Python side below `support_dir` unless it is there, and answers the script to start.
///
/// The folder's name holds a hash of the content, and it appears by a rename: it is whole when it is there. Python
/// keeps its compiled form beside it, which makes later starts fast.
pub(super) fn install(support_dir: &Path) -> io::Result<PathBuf> {
    let folder = support_dir.join(format!("notebook-{}", version()));
    if !folder.is_dir() {
        let draft = support_dir.join(format!("draft-{}", uuid::Uuid::new_v4()));
        write_all(&draft)?;
        if let Err(error) = std::fs::rename(&draft, &folder) {
            std::fs::remove_dir_all(&draft)?;
            if !folder.is_dir() {
                return Err(error);
            }
        }
    }
    Ok(folder.join("start.py"))
}

fn write_all(folder: &Path) -> io::Result<()> {
    for below in ["dataops_notebook", "child"] {
        create_private(&folder.join(below))?;
    }
    for (name, text) in FILES {
        std::fs::write(folder.join(name), text)?;
    }
    Ok(())
}

/// Makes a folder, with its parents, that only this user can look into.
fn create_private(folder: &Path) -> io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn version() -> String {
    let mut hash = Sha256::new();
    for (name, text) in FILES {
        hash.update(name);
        hash.update([0]);
        hash.update(text);
        hash.update([0]);
    }
    hash.finalize()[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn installs_every_module_of_the_python_side() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("python/dataops_notebook");
        let mut modules: Vec<String> = std::fs::read_dir(source)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.ends_with(".py"))
            .map(|name| format!("dataops_notebook/{name}"))
            .collect();
        modules.extend(["start.py", "child/sitecustomize.py"].map(str::to_owned));
        modules.sort();
        let mut installed: Vec<&str> = FILES.iter().map(|(name, _)| *name).collect();
        installed.sort_unstable();

        assert_eq!(installed, modules);
    }

    #[test]
    fn a_second_installation_changes_nothing() {
        let root = tempfile::tempdir().unwrap();

        let first = install(root.path()).unwrap();
        let second = install(root.path()).unwrap();

        assert_eq!(first, second);
        assert_eq!(std::fs::read_dir(root.path()).unwrap().count(), 1);
    }
}
