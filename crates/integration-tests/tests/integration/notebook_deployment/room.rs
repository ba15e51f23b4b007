//! What goes from a workspace to make room, and what stays there.

use std::fs;

use super::*;

#[tokio::test]
async fn only_what_was_brought_is_removed_and_only_within_the_folder() {
    let emulator = Emulator::start();
    let (folder, keeping) = solution("");
    deploy(&emulator, &keeping).await.unwrap();
    let client = emulator.databricks();
    edit(&emulator, "deep/theirs", "print(1)").await;
    let format = ImportFormat::Source(Language::Python);
    client
        .workspace()
        .import("/Shared/outside", b"x", format, None)
        .await
        .unwrap();
    fs::remove_dir_all(folder.path().join("notebooks/deep")).unwrap();
    fs::remove_dir_all(folder.path().join("notebooks/lib")).unwrap();
    edit(&emulator, "deep/model", "edited").await;

    let kept = plan(&emulator, &keeping).await;
    let text = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let text = text.replace(TARGET, &format!("{TARGET}, removeStale: true"));
    fs::write(folder.path().join("dataops.yaml"), text).unwrap();
    let removing = Solution::find(folder.path()).unwrap();
    let removed = plan(&emulator, &removing).await;
    deploy(&emulator, &removing).await.unwrap();

    assert!(
        work(&kept).iter().all(|line| line.starts_with("Skip")),
        "{:?}",
        work(&kept)
    );
    assert_eq!(
        work(&removed),
        [
            "Delete notebook (sql) /deep/er/load: the source does not have it",
            "Skip notebook (python) /deep/model: the source does not have it, and somebody has changed it since the deployment",
            "Skip notebook (python) /deep/theirs: it was not put there by a deployment",
            "Delete file /lib/columns.py: the source does not have it",
        ]
    );
    let left = objects(&emulator).await;
    assert!(left.contains(&"PYTHON /deep/theirs".to_owned()), "{left:?}");
    assert!(left.contains(&"PYTHON /deep/model".to_owned()), "{left:?}");
    client
        .workspace()
        .get_status("/Shared/outside", None)
        .await
        .unwrap();
    for emptied in ["lib", "deep/er"] {
        let folder = format!("{TARGET}/{emptied}");
        client
            .workspace()
            .get_status(&folder, None)
            .await
            .unwrap_err();
    }
}

#[tokio::test]
async fn a_file_where_a_notebook_ought_to_be_makes_room() {
    let emulator = Emulator::start();
    let (folder, solution) = solution("");
    fs::write(folder.path().join("notebooks/prepare"), "a file").unwrap();
    fs::remove_file(folder.path().join("notebooks/prepare.py")).unwrap();
    deploy(&emulator, &solution).await.unwrap();
    fs::remove_file(folder.path().join("notebooks/prepare")).unwrap();
    write(
        folder.path(),
        "notebooks/prepare.py",
        "# Databricks notebook source\n",
    );

    let found = plan(&emulator, &solution).await;
    deploy(&emulator, &solution).await.unwrap();

    assert_eq!(
        work(&found),
        ["Replace notebook (python) /prepare: a file is there"]
    );
    assert!(
        objects(&emulator)
            .await
            .contains(&"PYTHON /prepare".to_owned())
    );
}
