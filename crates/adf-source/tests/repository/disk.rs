//! Folders on a disk.

use std::fs;
use std::path::Path;

use adf_source::{Files, Limits, Repository, Selection};
use tempfile::TempDir;

use crate::{named, problems, resources};

pub(crate) fn folder<const N: usize>(files: [(&str, &str); N]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

pub(crate) fn read(folder: &Path, limits: &Limits) -> Repository {
    Repository::read(&Files::read_folder(folder, limits).unwrap())
}

#[test]
fn a_disk_and_a_git_tree_are_read_alike() {
    let files = [
        ("pipeline/a.json", named("a")),
        ("pipeline/sub/b.JSON", named("x")),
        ("pipeline/c.bak", named("c")),
        ("dataset/.gitkeep", String::new()),
        (".git/pipeline/d.json", named("d")),
        ("docs/readme.md", String::new()),
        ("factories/e.json", named("e")),
    ];
    let disk = tempfile::tempdir().unwrap();
    fs::create_dir(disk.path().join("trigger")).unwrap();
    for (path, text) in &files {
        let path = disk.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    let from_disk = read(disk.path(), &Limits::default());
    let from_tree = Repository::read(&files.into_iter().collect());

    assert_eq!(resources(&from_disk), resources(&from_tree));
    assert_eq!(problems(&from_disk), problems(&from_tree));
    assert_eq!(from_disk.problems.len(), 4, "{}", problems(&from_disk));
}

#[test]
fn what_is_too_much_is_told_and_the_rest_read() {
    let disk = folder([
        ("pipeline/a.json", &named("a")),
        ("pipeline/deep/deep/deep/b.json", &named("b")),
        ("docs/large.json", &" ".repeat(1000)),
    ]);
    let large = fs::File::create(disk.path().join("pipeline/large.json")).unwrap();
    large.set_len(100 << 20).unwrap();
    let limits = Limits {
        file_bytes: 500,
        folders: 2,
        ..Limits::default()
    };

    let read = read(disk.path(), &limits);

    assert_eq!(resources(&read), ["pipeline `a` in pipeline/a.json"]);
    assert!(read.lost.iter().any(|id| id.name == "large"));
    insta::assert_snapshot!(problems(&read), @r"
    pipeline/deep/deep: TooDeep: folders are nested more than 2 levels deep (what is in this one is not read)
    pipeline/large.json: TooLarge: the file has more than 500 bytes (Data Factory refuses documents of a small part of that, so it is none of its own; it is not read)
    ");
}

#[test]
fn more_files_than_are_read_are_told_once() {
    let disk = tempfile::tempdir().unwrap();
    fs::create_dir(disk.path().join("pipeline")).unwrap();
    for at in 0..20 {
        fs::write(
            disk.path().join(format!("pipeline/p{at}.json")),
            named(&format!("p{at}")),
        )
        .unwrap();
    }

    let few = read(
        disk.path(),
        &Limits {
            files: 10,
            ..Limits::default()
        },
    );
    let small = read(
        disk.path(),
        &Limits {
            total_bytes: 100,
            ..Limits::default()
        },
    );

    assert_eq!((few.resources.len(), few.problems.len()), (10, 1));
    assert_eq!(few.problems[0].message, "there are more than 10 files");
    assert!(small.resources.len() < 5 && small.problems.len() == 1);
}

#[test]
fn of_a_tree_the_same_files_are_read_as_of_a_disk() {
    let files = [
        ("pipeline/a.json", named("a")),
        ("pipeline/large.json", format!("{:600}", named("large"))),
        ("pipeline/notes.txt", "x".to_owned()),
        ("pipeline/deep/deep/deep/b.json", named("b")),
        ("pipeline/deep/deep/deep/c.json", named("c")),
        ("docs/large.json", " ".repeat(1000)),
        ("docs/data.bin", " ".repeat(1000)),
        (".vscode/x.json", "{}".to_owned()),
    ];
    let disk = folder(files.each_ref().map(|(path, text)| (*path, text.as_str())));
    let limits = Limits {
        file_bytes: 500,
        folders: 2,
        ..Limits::default()
    };

    let mut selection = Selection::new(&limits);
    let taken: Vec<_> = files
        .into_iter()
        .filter(|(path, text)| selection.takes(path, text.len() as u64))
        .map(|(path, text)| (path.to_owned(), text.into_bytes()))
        .collect();
    let of_tree = Repository::read(&selection.with(taken));

    let of_disk = read(disk.path(), &limits);
    assert_eq!(resources(&of_tree), resources(&of_disk));
    assert_eq!(problems(&of_tree), problems(&of_disk));
    assert_eq!(of_tree.lost, of_disk.lost);
    assert_eq!(of_tree.problems.len(), 3);
}

#[test]
fn a_tree_is_read_no_further_than_its_limits() {
    let limits = Limits {
        total_bytes: 100,
        ..Limits::default()
    };
    let mut selection = Selection::new(&limits);

    let taken = (0..1000).filter(|at| selection.takes(&format!("pipeline/{at}.json"), 30));

    assert_eq!(taken.count(), 4);
    let files = selection.with([]);
    assert_eq!(files.problems().len(), 1);
    assert_eq!(
        files.problems()[0].message,
        "the files have more than 100 bytes"
    );
}

#[test]
fn a_root_that_is_no_folder_is_an_error() {
    let disk = folder([("a", "")]);

    for path in ["a", "missing"] {
        assert!(Files::read_folder(&disk.path().join(path), &Limits::default()).is_err());
    }
}
