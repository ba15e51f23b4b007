use dataops_emulator::notebook::{Event, MountChange, TaskContext};
use serde_json::json;

use crate::workspace::{Workspace, error, exit_value};

#[tokio::test]
async fn exit_ends_the_notebook_at_once() {
    let text = "try:\n    dbutils.notebook.exit('done')\nexcept Exception:\n    pass\nraise ValueError('too far')";

    assert_eq!(exit_value(text).await, "done");
}

#[tokio::test]
async fn a_notebook_without_exit_has_no_value() {
    let outcome = Workspace::with("x = 1").await.run().await;

    assert!(outcome.succeeded());
    assert_eq!(outcome.exit_value, None);
}

#[tokio::test]
async fn run_gives_the_exit_value_of_a_notebook_with_its_own_names() {
    let mut workspace = Workspace::with(
        "x = 1\nvalue = dbutils.notebook.run('child', 60, {'p': 'q'})\n\
         dbutils.notebook.exit(value + str(x) + str(dbutils.fs.mounts()[1].mountPoint))",
    )
    .await;
    workspace.notebook(
        "/Shared/team/child",
        "assert 'x' not in globals()\n\
         dbutils.fs.mount('wasbs://input@lake.blob.core.windows.net/', '/mnt/c', \
         extra_configs={'fs.azure.account.key.lake.blob.core.windows.net': 'a2V5LW9mLXRoZS1sYWtl'})\n\
         dbutils.notebook.exit(dbutils.notebook.run('/Shared/grandchild', 0) + getArgument('p'))",
    );
    workspace.notebook("/Shared/grandchild", "dbutils.notebook.exit('deep ')");
    let mut children = Vec::new();

    let outcome = workspace
        .run_with(|event| {
            if let Event::ChildEnded {
                notebook,
                succeeded,
            } = event
            {
                children.push((notebook, succeeded));
            }
        })
        .await;

    assert_eq!(
        outcome.exit_value.as_deref(),
        Some("deep q1/mnt/c"),
        "{:?}",
        outcome.failure
    );
    assert!(
        matches!(&outcome.mount_changes[..], [MountChange::Mounted(mount)] if mount.mount_point == "/mnt/c")
    );
    assert_eq!(
        children,
        [
            ("/Shared/grandchild".to_owned(), true),
            ("/Shared/team/child".to_owned(), true)
        ]
    );
}

#[tokio::test]
async fn a_failing_child_raises_in_its_parent() {
    let mut workspace = Workspace::with("dbutils.notebook.run('/child', 0)").await;
    workspace.notebook("/child", "1 / 0");

    assert_eq!(
        workspace.error().await,
        "com.databricks.WorkflowException: com.databricks.NotebookExecutionException: FAILED: \
         ZeroDivisionError: division by zero"
    );
}

#[tokio::test]
async fn a_child_that_takes_too_long_raises_in_its_parent() {
    let mut workspace = Workspace::with("dbutils.notebook.run('/child', 0.3)").await;
    workspace.notebook("/child", "import threading\nthreading.Event().wait()");

    let error = workspace.error().await;

    assert!(
        error.contains("NotebookExecutionException: TIMEDOUT"),
        "{error}"
    );
}

#[tokio::test]
async fn a_missing_child_and_arguments_that_are_no_text_are_refused() {
    let missing = error("dbutils.notebook.run('nothing', 0)").await;
    assert!(
        missing.contains("Unable to access the notebook \"/Shared/team/nothing\""),
        "{missing}"
    );

    let number = error("dbutils.notebook.run('main', 0, {'n': 1})").await;
    assert!(
        number.starts_with("TypeError: dbutils.notebook.run takes strings only"),
        "{number}"
    );
}

#[tokio::test]
async fn task_values_pass_between_the_tasks_of_a_job() {
    let mut workspace = Workspace::with(
        "values = dbutils.jobs.taskValues\n\
         n = values.get('load', 'rows')\n\
         values.set('twice', n * 2)\n\
         dbutils.notebook.exit(str(values.get('load', 'other', default='none')))",
    )
    .await;
    let mut task = TaskContext {
        key: "split".into(),
        ..TaskContext::default()
    };
    let rows = json!({"rows": 21}).as_object().unwrap().clone();
    task.values.insert("load".into(), rows);
    workspace.request.task = Some(task);

    let outcome = workspace.run().await;

    assert_eq!(outcome.exit_value.as_deref(), Some("none"));
    assert_eq!(
        serde_json::Value::from(outcome.task_values),
        json!({"twice": 42})
    );
}

#[tokio::test]
async fn task_values_outside_a_job_need_a_debug_value() {
    let text = "dbutils.notebook.exit(str(dbutils.jobs.taskValues.get('a', 'b', debugValue=5)))";
    assert_eq!(exit_value(text).await, "5");

    let error = error("dbutils.jobs.taskValues.get('a', 'b')").await;
    assert!(
        error.starts_with("TypeError: Must pass debugValue"),
        "{error}"
    );
}
