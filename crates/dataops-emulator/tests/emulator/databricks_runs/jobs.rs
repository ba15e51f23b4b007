//! Runs of jobs: several tasks, attempts, and one run after another.

use super::*;

#[tokio::test]
async fn a_job_passes_parameters_and_values_from_task_to_task() {
    let site = Site::new();
    site.notebook(
        "/Shared/a",
        "dbutils.jobs.taskValues.set('v', dbutils.widgets.get('x') + getArgument('y'))",
    )
    .await;
    site.notebook(
        "/Shared/b",
        "dbutils.notebook.exit(dbutils.jobs.taskValues.get('a', 'v') + dbutils.widgets.get('z'))",
    )
    .await;
    let body = json!({"name": "j", "parameters": [{"name": "x", "default": "0"}], "tasks": [
        {"task_key": "b", "depends_on": [{"task_key": "a"}],
         "notebook_task": {"notebook_path": "/Shared/b", "base_parameters": {"z": "{{tasks.a.values.v}}/{{task.name}}"}}},
        {"task_key": "a", "notebook_task": {"notebook_path": "/Shared/a", "base_parameters": {"y": "base"}}}]});
    let job = site.post("2.2/jobs/create", body).await["job_id"].clone();

    let now = json!({"job_id": job, "job_parameters": {"x": "1"}, "notebook_params": {"y": "2"}});
    let started = site.post("2.2/jobs/run-now", now).await;

    assert_eq!(started["number_in_job"], 1);
    let run_id = started["run_id"].as_u64().unwrap();
    site.workspace.wait(run_id).await.unwrap();
    let run = site
        .get(&format!("2.2/jobs/runs/get?run_id={run_id}"))
        .await;
    assert_eq!(run["state"]["result_state"], "SUCCESS", "{run}");
    let output = format!(
        "2.2/jobs/runs/get-output?run_id={}",
        run["tasks"][0]["run_id"]
    );
    assert_eq!(
        site.get(&output).await["notebook_output"]["result"],
        "1212/b"
    );
    let undeclared = json!({"job_id": job, "job_parameters": {"q": "1"}});
    assert_eq!(site.refused("2.2/jobs/run-now", undeclared).await.0, 400);
    let listed = site
        .get(&format!(
            "2.2/jobs/runs/list?job_id={job}&completed_only=true"
        ))
        .await;
    assert_eq!(listed["runs"][0]["run_id"], run_id);
}

#[tokio::test]
async fn a_failed_attempt_is_followed_by_another() {
    let site = Site::new();
    let source = "import os\nif not os.path.exists('/dbfs/tried'):\n    open('/dbfs/tried', 'w').close()\n    raise ValueError('first')";
    site.notebook("/Shared/n", source).await;
    let mut task = task("/Shared/n", &json!({}));
    task["max_retries"] = 1.into();

    let finished = site.run(task).await;

    assert!(finished.succeeded(), "{finished:?}");
    let run = site
        .get(&format!("2.2/jobs/runs/get?run_id={}", finished.run_id))
        .await;
    let attempts: Vec<_> = run["tasks"]
        .as_array()
        .unwrap()
        .iter()
        .map(|task| {
            (
                task["attempt_number"].as_u64().unwrap(),
                task["state"]["result_state"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(attempts, [(0, "FAILED"), (1, "SUCCESS")]);
    assert_ne!(run["tasks"][0]["run_id"], run["tasks"][1]["run_id"]);
}

#[tokio::test]
async fn a_second_run_of_a_job_is_skipped_while_the_first_goes_on() {
    let site = Site::new();
    site.notebook("/Shared/n", SLEEPER).await;
    let body = json!({"name": "j", "notebook_task": {"notebook_path": "/Shared/n"}});
    let job = site.post("2.0/jobs/create", body).await["job_id"].clone();
    let now = json!({"job_id": job});
    let first = site.post("2.1/jobs/run-now", now.clone()).await["run_id"]
        .as_u64()
        .unwrap();

    let second = site.post("2.1/jobs/run-now", now).await["run_id"]
        .as_u64()
        .unwrap();

    let skipped = site.workspace.wait(second).await.unwrap();
    assert_eq!(
        (skipped.life_cycle_state, skipped.result_state),
        ("SKIPPED", None)
    );
    site.post("2.1/jobs/runs/cancel-all", json!({"job_id": job}))
        .await;
    assert_eq!(
        site.workspace.wait(first).await.unwrap().result_state,
        Some("CANCELED")
    );
}
