use super::*;
use crate::digest::Digest;

fn digest(content: &str) -> Digest {
    Digest::of_bytes(content.as_bytes())
}

fn python() -> ObjectKind {
    ObjectKind::Notebook("PYTHON".to_owned())
}

fn local(path: &str, kind: ObjectKind, content: &str) -> LocalObject {
    LocalObject {
        source: format!("notebooks{path}.py"),
        path: path.to_owned(),
        kind,
        content: digest(content),
        obstacle: None,
    }
}

fn remote(path: &str, kind: ObjectKind, content: Option<&str>, is_ours: bool) -> RemoteObject {
    RemoteObject {
        path: path.to_owned(),
        kind,
        content: content.map(digest),
        is_ours,
        brought_by: None,
        wanted_by: None,
    }
}

fn shown(plan: &NotebookPlan) -> String {
    let line = |plan: &ObjectPlan| {
        format!(
            "{:?} {} {}: {}",
            plan.action, plan.kind, plan.path, plan.because
        )
    };
    let lines: Vec<_> = plan.objects.iter().map(line).collect();
    lines.join("\n")
}

#[test]
fn objects_are_compared_by_content_and_kind() {
    let wanted = [
        local("/s/new", python(), "1"),
        local("/s/same", python(), "1"),
        local("/s/other", python(), "2"),
        local("/s/unknown", python(), "1"),
        local("/s/was-file", python(), "1"),
        local("/s/was-sql", python(), "1"),
        local("/s/folder", ObjectKind::File, "1"),
    ];
    let there = [
        remote("/Workspace/s/same", python(), Some("1"), false),
        remote("/s/other", python(), Some("1"), true),
        remote("/s/unknown", python(), None, true),
        remote("/s/was-file", ObjectKind::File, Some("1"), true),
        remote(
            "/s/was-sql",
            ObjectKind::Notebook("SQL".into()),
            Some("1"),
            true,
        ),
        remote("/s/folder", ObjectKind::Folder, None, false),
        remote("/s/some-folder", ObjectKind::Folder, None, false),
    ];

    let plan = NotebookPlan::of(&wanted, &there, true);

    insta::assert_snapshot!(shown(&plan), @r"
    Clash file /s/folder: a folder is there
    Create notebook (python) /s/new: the workspace does not have it
    Update notebook (python) /s/other: it differs
    Unchanged notebook (python) /s/same: it is as it ought to be
    Update notebook (python) /s/unknown: what is there cannot be compared
    Replace notebook (python) /s/was-file: a file is there
    Update notebook (python) /s/was-sql: a notebook (sql) is there
    ");
    assert!(plan.has_work() && plan.has_clash());
    assert_eq!(plan.folders(), BTreeSet::from(["/s"]));
}

#[test]
fn only_what_a_deployment_put_there_is_deleted_and_only_when_asked() {
    let there = [
        remote("/s/ours", python(), Some("1"), true),
        remote("/s/ours-edited", python(), None, true),
        remote("/s/theirs", python(), Some("1"), false),
    ];

    insta::assert_snapshot!(shown(&NotebookPlan::of(&[], &there, true)), @r"
    Delete notebook (python) /s/ours: the source does not have it
    Skip notebook (python) /s/ours-edited: the source does not have it, and somebody has changed it since the deployment
    Skip notebook (python) /s/theirs: it was not put there by a deployment
    ");
    insta::assert_snapshot!(shown(&NotebookPlan::of(&[], &there, false)), @r"
    Skip notebook (python) /s/ours: the source does not have it, and nothing is deleted unasked
    Skip notebook (python) /s/ours-edited: the source does not have it, and nothing is deleted unasked
    Skip notebook (python) /s/theirs: it was not put there by a deployment
    ");
    assert!(!NotebookPlan::of(&[], &there, false).has_work());
}

#[test]
fn what_another_solution_has_brought_is_neither_written_over_nor_deleted() {
    let theirs = |path: &str, content, is_ours| RemoteObject {
        brought_by: Some("team-a".to_owned()),
        ..remote(path, python(), Some(content), is_ours)
    };
    let wanted = [
        local("/s/differs", python(), "2"),
        local("/s/lib/x", python(), "1"),
        local("/s/same", python(), "1"),
        local("/s/was-sql", ObjectKind::Notebook("SQL".into()), "1"),
    ];
    let there = [
        theirs("/s/both", "1", true),
        theirs("/s/differs", "1", true),
        theirs("/s/gone", "1", false),
        theirs("/s/lib", "1", true),
        theirs("/s/same", "1", true),
        theirs("/s/was-sql", "1", false),
    ];

    insta::assert_snapshot!(shown(&NotebookPlan::of(&wanted, &there, true)), @r"
    Skip notebook (python) /s/both: the solution `team-a` has brought it
    Clash notebook (python) /s/differs: the solution `team-a` has brought it
    Skip notebook (python) /s/gone: the solution `team-a` has brought it
    Skip notebook (python) /s/lib: the solution `team-a` has brought it
    Clash notebook (python) /s/lib/x: /s/lib is there and is no folder
    Unchanged notebook (python) /s/same: the solution `team-a` has brought it
    Clash notebook (sql) /s/was-sql: the solution `team-a` has brought it
    ");
}

#[test]
fn what_another_solution_wants_too_is_not_deleted() {
    let shared = RemoteObject {
        wanted_by: Some("team-b".to_owned()),
        ..remote("/s/common", python(), Some("1"), true)
    };

    let dropped = NotebookPlan::of(&[], std::slice::from_ref(&shared), true);
    let changed = [local("/s/common", python(), "2")];
    let changed = NotebookPlan::of(&changed, &[shared], true);

    insta::assert_snapshot!(shown(&dropped), @"Skip notebook (python) /s/common: the source does not have it, and the solution `team-b` wants it");
    assert!(!dropped.has_work());
    insta::assert_snapshot!(shown(&changed), @"Update notebook (python) /s/common: it differs");
}

#[test]
fn two_files_cannot_become_one_object() {
    let wanted = [
        local("/s/x", python(), "1"),
        local("/Workspace/s/x", ObjectKind::File, "2"),
        local("/s/a", ObjectKind::File, "1"),
        local("/s/a/b", python(), "1"),
        local("/s/a-b", python(), "1"),
    ];

    let plan = NotebookPlan::of(&wanted, &[], true);

    insta::assert_snapshot!(shown(&plan), @r"
    Clash file /s/a: it would have to be a folder for /s/a/b
    Create notebook (python) /s/a-b: the workspace does not have it
    Create notebook (python) /s/a/b: the workspace does not have it
    Clash notebook (python) /s/x: notebooks/s/x.py and notebooks/Workspace/s/x.py become it
    ");
}

#[test]
fn what_no_workspace_takes_is_told_before_anything_is_sent() {
    let large = LocalObject {
        obstacle: Some(Obstacle::TooLarge(10_485_761)),
        ..local("/s/large", python(), "1")
    };

    let plan = NotebookPlan::of(&[large], &[], false);

    insta::assert_snapshot!(shown(&plan), @"Clash notebook (python) /s/large: it has 10485761 bytes, and an import takes at most 10485760; strip the outputs of a notebook, or put data into a volume");
}

#[test]
fn an_object_in_the_place_of_a_folder_is_in_the_way_unless_it_goes() {
    let wanted = [local("/s/lib/a/x", python(), "1")];
    let there = [remote("/s/lib", ObjectKind::File, Some("1"), true)];

    insta::assert_snapshot!(shown(&NotebookPlan::of(&wanted, &there, false)), @r"
    Skip file /s/lib: the source does not have it, and nothing is deleted unasked
    Clash notebook (python) /s/lib/a/x: /s/lib is there and is no folder
    ");
    insta::assert_snapshot!(shown(&NotebookPlan::of(&wanted, &there, true)), @r"
    Delete file /s/lib: the source does not have it
    Create notebook (python) /s/lib/a/x: the workspace does not have it
    ");
}
