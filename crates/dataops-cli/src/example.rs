//! The example solution, as part of the program: `dataops demo` works wherever the program does.

use std::fs;
use std::io;
use std::path::Path;

macro_rules! file {
    ($path:literal) => {
        (
            $path,
            include_bytes!(concat!("../../../examples/data-ingestion/", $path)),
        )
    };
}

/// The files of the solution, without its tests.
const FILES: &[(&str, &[u8])] = &[
    file!(".gitignore"),
    file!("README.md"),
    file!("adf/arm-template-parameters-definition.json"),
    file!("adf/dataset/ArchivedFile.json"),
    file!("adf/dataset/InputFile.json"),
    file!("adf/factory/adf-ingest-dev.json"),
    file!("adf/linkedService/AzureDatabricks.json"),
    file!("adf/linkedService/AzureMLService.json"),
    file!("adf/linkedService/InputStorage.json"),
    file!("adf/pipeline/data-ingestion-pipeline.json"),
    file!("adf/pipeline/ingest-and-archive.json"),
    file!("adf/publish_config.json"),
    file!("adf/trigger/OnDataDrop.json"),
    file!("branch-policy.yaml"),
    file!("clusters/ingest.json"),
    file!("contracts/driver-claims.odcs.yaml"),
    file!("data/generate.py"),
    file!("dataops.yaml"),
    file!("ml/training/pipeline.yaml"),
    file!("ml/training/train.py"),
    file!("notebooks/data-prepare.py"),
    file!("notebooks/data_preparation/__init__.py"),
    file!("notebooks/data_preparation/columns.py"),
    file!("notebooks/data_preparation/errors.py"),
    file!("notebooks/data_preparation/ingested.py"),
    file!("notebooks/data_preparation/preparation.py"),
    file!("notebooks/data_preparation/source.py"),
    file!("notebooks/data_preparation/split.py"),
    file!("notebooks/mount-containers.py"),
    file!("notebooks/test-data-ingestion.py"),
    file!("pyproject.toml"),
    file!("requirements-dev.txt"),
    file!("requirements.txt"),
];

/// Writes the solution into `folder`; files that are there are overwritten.
///
/// # Errors
///
/// When the folder cannot be written.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    for (path, content) in FILES {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, content)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    /// Not part of the solution: caches, generated data, its own tests.
    fn is_kept(path: &Path) -> bool {
        !path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            name == "tests"
                || name == "__pycache__"
                || (name.starts_with('.') && name != ".gitignore")
                || name.ends_with(".csv")
        })
    }

    fn files_below(root: &Path, folder: &Path, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let relative = path.strip_prefix(root).unwrap();
            match () {
                () if !is_kept(relative) => {}
                () if path.is_dir() => files_below(root, &path, found),
                () => {
                    found.insert(relative.to_string_lossy().replace('\\', "/"));
                }
            }
        }
    }

    #[test]
    fn no_file_of_the_example_is_forgotten() {
        let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
            .join("../../examples/data-ingestion")
            .canonicalize()
            .unwrap();
        let mut there = BTreeSet::new();
        files_below(&root, &root, &mut there);

        let listed: BTreeSet<_> = FILES.iter().map(|(path, _)| (*path).to_owned()).collect();

        assert_eq!(there, listed);
    }
}
