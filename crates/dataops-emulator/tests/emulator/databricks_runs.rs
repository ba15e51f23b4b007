//! Jobs and runs of a Databricks workspace: notebooks and scripts in local Python.

mod jobs;
mod surroundings;

use serde_json::{Value, json};

use crate::databricks_site::{SLEEPER, Site, task};
use crate::support::until;

#[tokio::test]
async fn a_submitted_notebook_gives_its_output() {
    let site = Site::new();
    let cluster = site.cluster().await;
    let source = "print('hello')\ndbutils.notebook.exit(dbutils.widgets.get('a') + '!')";
    site.notebook("/Shared/n", source).await;
    let mut task = task("/Workspace/Shared/n", &json!({"a": "v"}));
    task["existing_cluster_id"] = cluster.as_str().into();

    let run_id = site.submit(task).await;
    let finished = site.workspace.wait(run_id).await.unwrap();

    assert!(finished.succeeded(), "{finished:?}");
    assert_eq!(finished.output, ["hello"]);
    let run = site
        .get(&format!("2.2/jobs/runs/get?run_id={run_id}"))
        .await;
    assert_eq!(run["state"]["life_cycle_state"], "TERMINATED");
    assert_eq!(run["state"]["result_state"], "SUCCESS");
    assert_eq!(run["status"]["termination_details"]["code"], "SUCCESS");
    let task_run = run["tasks"][0]["run_id"].as_u64().unwrap();
    assert_ne!(task_run, run_id);
    assert_eq!(
        run["tasks"][0]["cluster_instance"]["cluster_id"],
        cluster.as_str()
    );
    let output = site
        .get(&format!("2.1/jobs/runs/get-output?run_id={task_run}"))
        .await;
    assert_eq!(
        output["notebook_output"],
        json!({"result": "v!", "truncated": false})
    );
    assert!(output.get("logs").is_none());
    let path = format!("2.1/jobs/runs/get-output?run_id={run_id}");
    let (status, refused) = site.call("GET", &path, Value::Null).await;
    assert_eq!(status, 400);
    let message = refused["message"].as_str().unwrap();
    assert!(
        message.starts_with("Retrieving the output of runs with multiple tasks"),
        "{message}"
    );
}

#[tokio::test]
async fn the_old_form_gives_its_output_by_the_one_id() {
    let site = Site::new();
    site.notebook("/Shared/n", "dbutils.notebook.exit('done')")
        .await;
    let body = json!({
        "run_name": "old", "notebook_task": {"notebook_path": "/Shared/n"},
        "new_cluster": {"spark_version": "6.2.x-scala2.11", "num_workers": 1},
    });

    let run_id = site.post("2.0/jobs/runs/submit", body).await["run_id"]
        .as_u64()
        .unwrap();
    site.workspace.wait(run_id).await.unwrap();

    let output = site
        .get(&format!("2.0/jobs/runs/get-output?run_id={run_id}"))
        .await;
    assert_eq!(output["notebook_output"]["result"], "done");
    let run = site
        .get(&format!("2.0/jobs/runs/get?run_id={run_id}"))
        .await;
    assert_eq!(run["run_name"], "old");
    let cluster = run["cluster_instance"]["cluster_id"].as_str().unwrap();
    let cluster = site
        .get(&format!("2.0/clusters/get?cluster_id={cluster}"))
        .await;
    assert_eq!(
        (&cluster["state"], &cluster["cluster_source"]),
        (&json!("TERMINATED"), &json!("JOB"))
    );
}

#[tokio::test]
async fn a_failure_has_the_shape_of_the_service() {
    let site = Site::new();
    let finished = site
        .run_text("def f():\n    raise ValueError('boom')\nf()", json!({}))
        .await;

    let run = site
        .get(&format!("2.2/jobs/runs/get?run_id={}", finished.run_id))
        .await;
    assert_eq!(run["state"]["life_cycle_state"], "INTERNAL_ERROR");
    assert_eq!(run["state"]["result_state"], "FAILED");
    assert_eq!(
        run["state"]["state_message"],
        "Task t failed with message: Workload failed, see run output for details."
    );
    let task = &run["tasks"][0];
    assert_eq!(task["state"]["life_cycle_state"], "TERMINATED");
    for status in [&run["status"], &task["status"]] {
        assert_eq!(status["state"], "TERMINATED");
        assert_eq!(status["termination_details"]["code"], "RUN_EXECUTION_ERROR");
        assert_eq!(status["termination_details"]["type"], "CLIENT_ERROR");
    }
    let path = format!("2.2/jobs/runs/get-output?run_id={}", task["run_id"]);
    let output = site.get(&path).await;
    assert_eq!(output["error"], "ValueError: boom");
    let trace = output["error_trace"].as_str().unwrap();
    assert!(trace.contains("line 2, in f"), "{trace}");
    assert!(output["notebook_output"].get("result").is_none());
}

#[tokio::test]
async fn a_missing_notebook_fails_the_run_and_not_the_submission() {
    let site = Site::new();
    site.post(
        "2.0/workspace/import",
        json!({"path": "/Shared/f.py", "format": "AUTO", "content": ""}),
    )
    .await;

    for path in ["/Shared/missing", "/Shared/f.py"] {
        let finished = site.run(task(path, &json!({}))).await;
        assert_eq!(finished.life_cycle_state, "INTERNAL_ERROR");
        assert_eq!(finished.code.as_deref(), Some("RESOURCE_NOT_FOUND"));
        let start = format!(
            "Task t failed with message: Unable to access the notebook \"{path}\" in the workspace."
        );
        assert!(
            finished.state_message.starts_with(&start),
            "{}",
            finished.state_message
        );
        assert!(
            finished
                .error
                .unwrap()
                .starts_with("Unable to access the notebook")
        );
    }
}

#[tokio::test]
async fn a_wrong_submission_is_refused() {
    let site = Site::new();
    site.notebook("/Shared/n", "").await;
    let fine = || task("/Shared/n", &json!({}));
    let mut unknown_cluster = fine();
    unknown_cluster["existing_cluster_id"] = "x".into();
    let mut number = fine();
    number["notebook_task"]["base_parameters"] = json!({"a": 1});
    for (task, words) in [
        (unknown_cluster, "Cluster x does not exist"),
        (number, "must be strings"),
        (task("relative", &json!({})), "absolute path"),
    ] {
        let mut task = task;
        task["task_key"] = "t".into();
        let refused = site
            .refused("2.1/jobs/runs/submit", json!({"tasks": [task]}))
            .await;
        assert_eq!(refused.0, 400);
        assert!(refused.2.contains(words), "{}", refused.2);
    }
    let unknown = site
        .call("GET", "2.1/jobs/runs/get?run_id=77", Value::Null)
        .await;
    assert_eq!(
        (unknown.0, &unknown.1["message"]),
        (400, &json!("Run 77 does not exist."))
    );
    let wheel = json!({"python_wheel_task": {"package_name": "p", "entry_point": "e"}});
    let finished = site.run(wheel).await;
    assert!(finished.error.unwrap().contains("`python_wheel_task`"));
}

#[tokio::test]
async fn one_token_is_one_run() {
    let site = Site::new();
    site.notebook("/Shared/n", "").await;
    let mut task = task("/Shared/n", &json!({}));
    task["task_key"] = "t".into();
    let body = json!({"tasks": [task], "idempotency_token": "once"});

    let first = site.post("2.2/jobs/runs/submit", body.clone()).await;
    let second = site.post("2.2/jobs/runs/submit", body.clone()).await;

    assert_eq!(first["run_id"], second["run_id"]);
    let run_id = first["run_id"].as_u64().unwrap();
    site.workspace.wait(run_id).await.unwrap();
    site.post("2.2/jobs/runs/delete", json!({"run_id": run_id}))
        .await;
    assert!(
        site.refused("2.2/jobs/runs/submit", body)
            .await
            .2
            .contains("was deleted")
    );
    assert_eq!(
        site.get("2.2/jobs/runs/list").await,
        json!({"has_more": false})
    );
}

#[tokio::test]
async fn a_cancelled_run_is_cancelled() {
    let site = Site::new();
    site.notebook("/Shared/n", SLEEPER).await;
    let run_id = site.submit(task("/Shared/n", &json!({}))).await;
    until(|| async {
        let lines = site.workspace.output_so_far(run_id).unwrap();
        (lines == ["begun"]).then_some(())
    })
    .await;
    let run = site
        .get(&format!("2.2/jobs/runs/get?run_id={run_id}"))
        .await;
    assert_eq!(run["state"]["life_cycle_state"], "RUNNING");
    let active = json!({"run_id": run_id});
    assert_eq!(
        site.refused("2.2/jobs/runs/delete", active.clone()).await.0,
        400
    );

    site.post("2.2/jobs/runs/cancel", active.clone()).await;
    let finished = site.workspace.wait(run_id).await.unwrap();

    assert_eq!(
        (finished.life_cycle_state, finished.result_state),
        ("TERMINATED", Some("CANCELED"))
    );
    assert_eq!(finished.output, ["begun"]);
    site.post("2.2/jobs/runs/cancel", active).await;
    assert_eq!(
        site.workspace.wait(run_id).await.unwrap().result_state,
        Some("CANCELED")
    );
}

#[tokio::test]
async fn a_run_that_takes_too_long_is_ended() {
    let site = Site::new();
    site.notebook("/Shared/n", SLEEPER).await;
    let mut task = task("/Shared/n", &json!({}));
    task["timeout_seconds"] = 2.into();

    let finished = site.run(task).await;

    assert_eq!(
        (finished.life_cycle_state, finished.result_state),
        ("TERMINATED", Some("TIMEDOUT"))
    );
}

#[test]
fn what_ran_when_the_process_died_has_failed() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let site = Site::new();
    let run_id = runtime.block_on(async {
        site.notebook("/Shared/n", SLEEPER).await;
        let run_id = site.submit(task("/Shared/n", &json!({}))).await;
        site.mark("mark").await;
        run_id
    });
    drop(runtime);

    let site = site.reopened();

    let runtime = tokio::runtime::Runtime::new().unwrap();
    let finished = runtime.block_on(site.workspace.wait(run_id)).unwrap();
    assert_eq!(
        (finished.life_cycle_state, finished.result_state),
        ("INTERNAL_ERROR", Some("FAILED"))
    );
    assert!(finished.state_message.contains("emulator stopped"));
}

#[tokio::test]
async fn a_script_runs_with_its_arguments() {
    let site = Site::new();
    let put = |path: &str, text: &str| {
        use base64::Engine as _;
        let content = base64::engine::general_purpose::STANDARD.encode(text);
        json!({"path": path, "format": "AUTO", "content": content})
    };
    site.post(
        "2.0/workspace/import",
        put("/Shared/part.py", "WORD = 'imported'"),
    )
    .await;
    let text = "import sys, part\nif __name__ == '__main__':\n    print(part.WORD, sys.argv[1:])\n    sys.exit(int(sys.argv[1]))";
    site.post("2.0/workspace/import", put("/Shared/s.py", text))
        .await;
    let script = |code: &str| json!({"spark_python_task": {"python_file": "/Workspace/Shared/s.py", "parameters": [code, "b c"]}});

    let fine = site.run(script("0")).await;
    let failed = site.run(script("3")).await;
    let missing = site
        .run(json!({"spark_python_task": {"python_file": "dbfs:/none.py"}}))
        .await;

    assert!(fine.succeeded(), "{fine:?}");
    assert_eq!(fine.output, ["imported ['0', 'b c']"]);
    let output = site
        .get(&format!(
            "2.1/jobs/runs/get-output?run_id={}",
            fine.task_run_id
        ))
        .await;
    assert_eq!(output["logs"], "imported ['0', 'b c']");
    assert!(failed.error.unwrap().ends_with("exit code 3"));
    assert!(
        missing
            .error
            .unwrap()
            .starts_with("Cannot read the python file dbfs:/none.py")
    );
}
