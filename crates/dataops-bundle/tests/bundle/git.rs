//! What git says about the files of a bundle.

use std::fs;
use std::path::Path;
use std::process::Command;

use dataops_bundle::{Checkout, Origin, collect};
use tempfile::TempDir;

use crate::{fill, write};

fn git(folder: &Path, args: &[&str]) -> String {
    let answer = Command::new("git")
        .arg("-C")
        .arg(folder)
        .args([
            "-c",
            "user.name=x",
            "-c",
            "user.email=x@example.test",
            "-c",
            "commit.gpgSign=false",
        ])
        .args(args)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_SYSTEM", "/dev/null")
        .output()
        .unwrap();
    assert!(
        answer.status.success(),
        "{}",
        String::from_utf8_lossy(&answer.stderr)
    );
    String::from_utf8(answer.stdout).unwrap().trim().to_owned()
}

/// A repository whose folder `team/ingest` is the solution.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    git(
        folder.path(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    fill(&folder.path().join("team/ingest"));
    write(folder.path(), "team/other/file.txt", "x");
    git(folder.path(), &["add", "."]);
    git(folder.path(), &["commit", "--quiet", "--message", "first"]);
    folder
}

fn origin(repository: &Path) -> Option<Origin> {
    let root = repository.join("team/ingest");
    let checkout = Checkout::of(&root).unwrap();
    let sealed = collect(&root, Some(&checkout))
        .unwrap()
        .seal(Some(&checkout));
    sealed.manifest().source.clone()
}

#[test]
fn the_commit_is_clean_until_a_file_of_the_bundle_differs() {
    let repository = repository();
    let at = |path: &str| repository.path().join("team/ingest").join(path);
    let commit = git(repository.path(), &["rev-parse", "HEAD"]);
    let is_dirty = || {
        let origin = origin(repository.path()).unwrap();
        assert_eq!(origin.commit, commit);
        origin.dirty
    };

    assert!(!is_dirty());
    write(repository.path(), "team/other/file.txt", "y");
    write(
        repository.path(),
        "team/ingest/notes.md",
        "untracked, and not in the bundle",
    );
    write(
        repository.path(),
        "team/ingest/secrets.txt",
        "changed, and not in the bundle",
    );
    assert!(!is_dirty());
    fs::write(at("notebooks/ä b.py"), "new").unwrap();
    assert!(is_dirty());
    fs::remove_file(at("notebooks/ä b.py")).unwrap();
    assert!(!is_dirty());
    fs::write(at("notebooks/prepare.py"), "changed").unwrap();
    assert!(is_dirty());
    git(
        repository.path(),
        &["checkout", "--quiet", "team/ingest/notebooks"],
    );
    fs::remove_file(at("contracts/claims.yaml")).unwrap();
    assert!(is_dirty());
}

#[test]
fn lines_end_as_they_do_in_git() {
    let repository = repository();
    let root = repository.path().join("team/ingest");
    let sealed = |root: &Path| {
        let checkout = Checkout::of(root).unwrap();
        collect(root, Some(&checkout))
            .unwrap()
            .seal(Some(&checkout))
    };
    fs::write(root.join("notebooks/windows.py"), "a\r\nb\r\n").unwrap();
    git(
        repository.path(),
        &["-c", "core.autocrlf=false", "add", "."],
    );
    git(
        repository.path(),
        &["commit", "--quiet", "--message", "second"],
    );
    let on_linux = sealed(&root);

    git(repository.path(), &["config", "core.autocrlf", "true"]);
    fs::remove_dir_all(root.join("notebooks")).unwrap();
    git(repository.path(), &["checkout", "--quiet", "."]);

    let here = fs::read_to_string(root.join("notebooks/prepare.py")).unwrap();
    assert!(here.contains("\r\n"));
    let on_windows = sealed(&root);
    assert_eq!(on_windows.digest(), on_linux.digest());
    assert_eq!(
        on_windows
            .manifest()
            .source
            .as_ref()
            .map(|source| source.dirty),
        Some(false)
    );
}

#[test]
fn a_folder_that_git_does_not_know_has_no_origin() {
    let outside = tempfile::tempdir().unwrap();
    fill(outside.path());
    assert!(Checkout::of(outside.path()).is_err());

    let repository = repository();
    fill(&repository.path().join("copy"));
    write(repository.path(), ".gitignore", "copy\n");
    let root = repository.path().join("copy");
    let checkout = Checkout::of(&root).unwrap();
    let sealed = collect(&root, Some(&checkout))
        .unwrap()
        .seal(Some(&checkout));
    assert_eq!(sealed.manifest().source, None);
}
