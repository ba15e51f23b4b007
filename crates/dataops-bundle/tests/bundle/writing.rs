//! Bundles that are written: the same bytes everywhere, and all of them or none.

use std::fs;

use dataops_bundle::{Bundle, WriteError, Written};

use crate::{fill, sealed, solution, tree, write};

#[test]
fn the_same_solution_makes_the_same_bytes_wherever_it_lies() {
    let one = solution();
    let other = tempfile::tempdir().unwrap();
    let deep = other.path().join("a/b/c");
    fs::create_dir_all(&deep).unwrap();
    fill(&deep);
    let out = tempfile::tempdir().unwrap();

    sealed(one.path()).write(&out.path().join("one")).unwrap();
    sealed(&deep).write(&out.path().join("deep/two")).unwrap();

    assert_eq!(
        tree(&out.path().join("one")),
        tree(&out.path().join("deep/two"))
    );
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 2);
}

#[test]
fn another_byte_makes_another_digest() {
    let solution = solution();
    let before = sealed(solution.path()).digest().clone();

    write(solution.path(), "notebooks/prepare.py", "print(2)\n");

    assert_ne!(*sealed(solution.path()).digest(), before);
}

#[test]
fn an_older_bundle_is_replaced_and_the_same_one_left() {
    let solution = solution();
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("bundle");
    fs::create_dir(&folder).unwrap();

    assert_eq!(
        sealed(solution.path()).write(&folder).unwrap(),
        Written::New
    );
    assert_eq!(
        sealed(solution.path()).write(&folder).unwrap(),
        Written::Unchanged
    );
    fs::remove_file(solution.path().join("contracts/claims.yaml")).unwrap();
    assert_eq!(
        sealed(solution.path()).write(&folder).unwrap(),
        Written::Replaced
    );

    let bundle = Bundle::open(&folder).unwrap();
    assert!(
        bundle
            .contents()
            .get("solution/contracts/claims.yaml")
            .is_none()
    );
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
}

#[test]
fn nothing_else_is_replaced() {
    let solution = solution();
    let out = tempfile::tempdir().unwrap();
    write(out.path(), "mine/notes.txt", "mine");
    write(out.path(), "file", "mine");
    sealed(solution.path())
        .write(&out.path().join("edited"))
        .unwrap();
    write(out.path(), "edited/notes.txt", "mine");
    let before = tree(out.path());

    for name in ["mine", "file", "edited"] {
        let error = sealed(solution.path())
            .write(&out.path().join(name))
            .unwrap_err();
        assert!(
            matches!(error, WriteError::Occupied { .. }),
            "{name}: {error}"
        );
    }

    assert_eq!(tree(out.path()), before);
}

#[test]
fn a_write_that_fails_leaves_nothing() {
    let solution = solution();
    let out = tempfile::tempdir().unwrap();
    write(out.path(), "file", "mine");

    let error = sealed(solution.path())
        .write(&out.path().join("file/bundle"))
        .unwrap_err();

    assert!(matches!(error, WriteError::Io { .. }), "{error}");
    assert_eq!(fs::read_dir(out.path()).unwrap().count(), 1);
}

#[cfg(unix)]
#[test]
fn modes_do_not_depend_on_who_builds() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let solution = solution();
    let script = solution.path().join("notebooks/prepare.py");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o700)).unwrap();
    let out = tempfile::tempdir().unwrap();
    let folder = out.path().join("bundle");

    sealed(solution.path()).write(&folder).unwrap();

    let mode = |path: &str| {
        fs::metadata(folder.join(path))
            .unwrap()
            .permissions()
            .mode()
            & 0o7777
    };
    assert_eq!(mode("solution/notebooks/prepare.py"), 0o644);
    assert_eq!(
        (mode(""), mode("solution/notebooks"), mode("manifest.json")),
        (0o755, 0o755, 0o644)
    );
    symlink(&folder, out.path().join("link")).unwrap();
    let error = sealed(solution.path())
        .write(&out.path().join("link"))
        .unwrap_err();
    assert!(matches!(error, WriteError::Occupied { .. }), "{error}");
}
