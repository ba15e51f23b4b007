//! Finds the programs under test, and builds them when they are absent or stale.
//!
//! `CARGO_BIN_EXE_…` names only the programs of the tested package itself. They lie beside the test's own executable, and the
//! dep-info file that cargo leaves there lists their sources; so a fresh program costs no call of cargo.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;
use std::time::SystemTime;

/// The program `name`: from the folder `DATAOPS_TEST_PROGRAMS` as it is, otherwise up to date with its sources.
pub(crate) fn program(name: &str) -> PathBuf {
    static BUILT: OnceLock<()> = OnceLock::new();
    if let Some(folder) = std::env::var_os("DATAOPS_TEST_PROGRAMS") {
        return PathBuf::from(folder).join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    }
    let folder = profile_folder();
    let path = |name: &str| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    BUILT.get_or_init(|| {
        let programs = ["dataops", "invoke-adf-pipeline", "test-data-ingestion"];
        if !programs.iter().all(|name| is_fresh(&path(name))) {
            build(&folder);
        }
    });
    path(name)
}

/// `target/debug` of `target/debug/deps/integration-0123`.
fn profile_folder() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let mut folder = test.parent().unwrap();
    if folder.ends_with("deps") || folder.ends_with("examples") {
        folder = folder.parent().unwrap();
    }
    folder.to_owned()
}

fn is_fresh(program: &Path) -> bool {
    let changed = |path: &Path| fs::metadata(path).and_then(|about| about.modified()).ok();
    let (Some(built), Ok(info)) = (
        changed(program),
        fs::read_to_string(program.with_extension("d")),
    ) else {
        return false;
    };
    let unchanged =
        |source: &PathBuf| changed(source).is_some_and(|time: SystemTime| time <= built);
    let sources = sources(&info);
    // Where checkouts share a target folder, the program may be another one's.
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let is_ours = ours.is_some_and(|ours| sources.iter().any(|path| path.starts_with(ours)));
    is_ours && sources.iter().all(unchanged)
}

/// The files after the colon of a dep-info line, where a space inside a name is written as `\ `.
fn sources(info: &str) -> Vec<PathBuf> {
    let (_, files) = info.split_once(": ").unwrap_or_default();
    let marked = files.trim_end().replace("\\ ", "\0");
    let names = marked.split(' ').filter(|name| !name.is_empty());
    names
        .map(|name| PathBuf::from(name.replace('\0', " ")))
        .collect()
}

fn build(profile: &Path) {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let name = profile.file_name().unwrap().to_str().unwrap();
    let name = if name == "debug" { "dev" } else { name };
    let above = profile.parent().unwrap();
    let mut command = Command::new(cargo);
    command.args(["build", "-p", "dataops-cli", "--bins", "--profile", name]);
    // Cargo marks the target folder itself with this file; a folder in between is a target triple.
    if above.join("CACHEDIR.TAG").is_file() {
        command.arg("--target-dir").arg(above);
    } else {
        command.arg("--target").arg(above.file_name().unwrap());
        command.arg("--target-dir").arg(above.parent().unwrap());
    }
    let output = command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "the programs under test were not built:\n{said}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_with_spaces_are_whole() {
        assert_eq!(
            sources("/t/dataops: /a/b.rs /a\\ b/c.rs\n"),
            [PathBuf::from("/a/b.rs"), PathBuf::from("/a b/c.rs")]
        );
    }
}
