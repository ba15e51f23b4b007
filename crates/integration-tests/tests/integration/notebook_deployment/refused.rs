//! What is refused before anything is sent.

use std::fs;

use super::*;

#[tokio::test]
async fn what_cannot_be_brought_is_told_before_anything_is_sent() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    write(
        folder.path(),
        "notebooks/prepare.ipynb",
        r#"{"cells": [], "metadata": {}}"#,
    );
    write(folder.path(), "notebooks/broken.ipynb", "{}");
    let large = fs::File::create(folder.path().join("notebooks/large.bin")).unwrap();
    large.set_len((10 << 20) + 1).unwrap();

    let error = deploy(&emulator, &solution).await.unwrap_err().to_string();

    assert_eq!(
        error,
        "the notebooks cannot be brought to the workspace:\n\
         notebooks/broken.ipynb: it is no Jupyter document: it has no list `cells`\n\
         notebooks/large.bin: it has 10485761 bytes, and an import takes at most 10485760; strip the outputs of a notebook, or put data into a volume\n\
         notebooks/prepare.ipynb: notebooks/prepare.ipynb and notebooks/prepare.py become it"
    );
    emulator
        .databricks()
        .workspace()
        .get_status(TARGET, None)
        .await
        .unwrap_err();
}

#[tokio::test]
async fn a_plan_is_refused_when_something_moved_since() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    let client = client(&emulator);
    deploy(&emulator, &solution).await.unwrap();
    write(
        folder.path(),
        "notebooks/new.py",
        "# Databricks notebook source\n",
    );
    let planned = plan(&emulator, &solution).await;
    edit(&emulator, "prepare", "print(2)").await;

    let error = workspace::apply(&client, &source(&solution), &planned, |_, _| {})
        .await
        .unwrap_err();

    assert!(
        matches!(&error, WorkspaceError::Moved(paths) if *paths == [format!("{TARGET}/prepare was changed in the workspace")]),
        "{error}"
    );
    assert!(!objects(&emulator).await.contains(&"PYTHON /new".to_owned()));
}

#[cfg(unix)]
#[test]
fn a_link_is_refused_and_not_passed_by_unless_it_is_left_out() {
    let (folder, linked) = solution("");
    let link = folder.path().join("notebooks/lib/shared.py");
    std::os::unix::fs::symlink("../prepare.py", link).unwrap();

    let refused = brought(&linked).unwrap_err().to_string();

    assert!(
        refused.contains("notebooks/lib/shared.py: it is a link"),
        "{refused}"
    );
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let settings = settings.replace(TARGET, &format!("{TARGET}, exclude: [lib/**]"));
    write(folder.path(), "dataops.yaml", &settings);
    let without = source(&Solution::find(folder.path()).unwrap());
    assert_eq!(without.paths().count(), 6);
}

#[test]
fn a_folder_that_is_too_deep_is_refused_and_not_passed_by() {
    let (folder, deep) = solution("");
    let path = format!("notebooks/{}a.py", "d/".repeat(33));
    write(folder.path(), &path, "# Databricks notebook source\n");

    let refused = brought(&deep).unwrap_err().to_string();

    assert!(refused.contains("to a depth of 32"), "{refused}");
}
