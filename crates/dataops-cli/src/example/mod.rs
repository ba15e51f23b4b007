//! The example solution, as part of the program: `dataops demo` works wherever the program does, and `dataops init` writes it as a team's
//! own.

mod adapt;

use std::fs;
use std::io;
use std::path::Path;

pub(crate) use adapt::{Adapted, BRANCH, Hosts};

macro_rules! file {
    ($path:literal) => {
        (
            $path,
            include_bytes!(concat!("../../../../examples/data-ingestion/", $path)),
        )
    };
}

/// A file: its path, and what it holds.
pub(crate) type File = (&'static str, &'static [u8]);

/// What a solution is made of, without its tests.
pub(crate) const SOLUTION: &[File] = &[
    file!(".gitattributes"),
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

/// What passes through the last environment, and through one with real data, after each deployment.
pub(crate) const SMOKE: &[File] = &[file!("smoke/canary.txt")];

/// The unit tests of its Python.
pub(crate) const TESTS: &[File] = &[
    file!("tests/conftest.py"),
    file!("tests/test_columns.py"),
    file!("tests/test_generator.py"),
    file!("tests/test_ingested.py"),
    file!("tests/test_notebooks.py"),
    file!("tests/test_preparation.py"),
    file!("tests/test_solution.py"),
    file!("tests/test_split.py"),
    file!("tests/test_training.py"),
];

/// What pipelines of every CI system run.
pub(crate) const CI: &[File] = &[
    file!("branch-policy.yaml"),
    file!("ci/Dockerfile"),
    file!("ci/install-dataops.sh"),
];

/// The pipelines of Azure DevOps.
pub(crate) const AZURE_DEVOPS: &[File] = &[
    file!(".azuredevops/drift.yml"),
    file!(".azuredevops/prepare.yml"),
    file!(".azuredevops/pull-request.yml"),
    file!(".azuredevops/release.yml"),
    file!(".azuredevops/rollback.yml"),
    file!(".azuredevops/templates/environment.yml"),
    file!(".azuredevops/templates/install.yml"),
    file!(".azuredevops/templates/python.yml"),
    file!(".azuredevops/templates/sign-in.yml"),
    file!(".azuredevops/templates/variables.yml"),
];

/// The workflows of GitHub.
pub(crate) const GITHUB: &[File] = &[
    file!(".github/CODEOWNERS"),
    file!(".github/actions/install/action.yml"),
    file!(".github/dependabot.yml"),
    file!(".github/workflows/drift.yml"),
    file!(".github/workflows/environment.yml"),
    file!(".github/workflows/prepare.yml"),
    file!(".github/workflows/pull-request.yml"),
    file!(".github/workflows/release.yml"),
    file!(".github/workflows/rollback.yml"),
];

/// What keeps the actions up to date; one that is there already says it better.
pub(crate) const DEPENDABOT: &str = ".github/dependabot.yml";

/// The scripts that are run as programs.
pub(crate) const EXECUTABLE: &str = "ci/install-dataops.sh";

/// Writes the solution into `folder`; files that are there are overwritten.
///
/// # Errors
///
/// When the folder cannot be written.
pub(crate) fn write(folder: &Path) -> io::Result<()> {
    for (path, content) in SOLUTION.iter().chain(SMOKE) {
        put(folder, path, content)?;
    }
    Ok(())
}

/// Writes one file, and the folders that it needs.
///
/// # Errors
///
/// When it cannot be written.
pub(crate) fn put(folder: &Path, path: &str, content: &[u8]) -> io::Result<()> {
    let file = folder.join(path);
    if let Some(parent) = file.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::write(&file, content)?;
    #[cfg(unix)]
    if path == EXECUTABLE {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::PathBuf;

    use super::*;

    /// Not part of the solution: caches and generated data.
    fn is_kept(path: &Path) -> bool {
        const HIDDEN: [&str; 4] = [".gitattributes", ".gitignore", ".azuredevops", ".github"];
        !path.components().any(|part| {
            let name = part.as_os_str().to_string_lossy();
            name == "__pycache__"
                || name == "out"
                || (name.starts_with('.') && !HIDDEN.contains(&name.as_ref()))
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

        let listed = [SOLUTION, SMOKE, TESTS, CI, AZURE_DEVOPS, GITHUB].concat();
        let listed: BTreeSet<_> = listed.iter().map(|(path, _)| (*path).to_owned()).collect();

        assert_eq!(there, listed);
    }
}
