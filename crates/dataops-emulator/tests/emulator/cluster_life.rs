//! What clusters, scopes and repaired runs tell of themselves.

use serde_json::{Value, json};

use crate::databricks_site::Site;

async fn kinds(site: &Site, body: Value) -> Vec<String> {
    let answer = site.post("2.1/clusters/events", body).await;
    let events = answer["events"].as_array().unwrap().iter();
    events
        .map(|event| event["type"].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_cluster_tells_what_happened_to_it() {
    let site = Site::new();
    let id = site.cluster().await;
    site.get(&format!("2.1/clusters/get?cluster_id={id}")).await;
    site.post(
        "2.1/clusters/resize",
        json!({"cluster_id": id, "num_workers": 3}),
    )
    .await;
    site.post("2.1/clusters/delete", json!({"cluster_id": id}))
        .await;

    let newest = kinds(&site, json!({"cluster_id": id})).await;
    let oldest = json!({"cluster_id": id, "order": "ASC", "event_types": ["CREATING", "RUNNING"]});
    let oldest = kinds(&site, oldest).await;
    let page = site
        .post("2.1/clusters/events", json!({"cluster_id": id, "limit": 2}))
        .await;
    let next = kinds(&site, page["next_page"].clone()).await;
    let unknown = site
        .refused("2.1/clusters/events", json!({"cluster_id": "none"}))
        .await;
    let site = site.reopened();

    assert_eq!(
        newest,
        [
            "TERMINATING",
            "UPSIZE_COMPLETED",
            "RESIZING",
            "RUNNING",
            "CREATING"
        ]
    );
    assert_eq!(oldest, ["CREATING", "RUNNING"]);
    assert_eq!(page["total_count"], 5);
    assert_eq!(next, ["RESIZING", "RUNNING"]);
    assert_eq!(unknown.1, "INVALID_PARAMETER_VALUE");
    assert_eq!(kinds(&site, json!({"cluster_id": id})).await.len(), 5);
}

#[tokio::test]
async fn a_cluster_is_changed_where_a_mask_says_so_and_resized_while_it_runs() {
    let site = Site::new();
    let id = site.cluster().await;
    let get = async || site.get(&format!("2.1/clusters/get?cluster_id={id}")).await;
    get().await;

    let update = json!({"cluster_id": id, "update_mask": "cluster_name,num_workers",
        "cluster": {"cluster_name": "renamed", "spark_version": "ignored", "num_workers": 4}});
    site.post("2.1/clusters/update", update).await;
    let updated = get().await;
    let both = json!({"cluster_id": id, "num_workers": 1, "autoscale": {"min_workers": 1, "max_workers": 2}});
    let both = site.refused("2.1/clusters/resize", both).await;
    let grow = json!({"cluster_id": id, "autoscale": {"min_workers": 1, "max_workers": 2}});
    site.post("2.1/clusters/resize", grow.clone()).await;
    let resized = get().await;
    site.post("2.1/clusters/delete", json!({"cluster_id": id}))
        .await;
    let stopped = site.refused("2.1/clusters/resize", grow).await;

    assert_eq!(
        (&updated["cluster_name"], &updated["num_workers"]),
        (&json!("renamed"), &json!(4))
    );
    assert_ne!(updated["spark_version"], "ignored");
    assert_eq!(both.1, "INVALID_PARAMETER_VALUE");
    assert_eq!(resized["autoscale"]["max_workers"], 2);
    assert!(resized.get("num_workers").is_none());
    assert_eq!(stopped.1, "INVALID_STATE");
}

#[tokio::test]
async fn a_scope_tells_who_may_do_what() {
    let site = Site::new();
    let scope = json!({"scope": "s", "initial_manage_principal": "users"});
    site.post("2.0/secrets/scopes/create", scope).await;
    let acl = |principal: &str| json!({"scope": "s", "principal": principal, "permission": "READ"});

    site.post("2.0/secrets/acls/put", acl("readers")).await;
    let listed = site.get("2.0/secrets/acls/list?scope=s").await;
    let one = site
        .get("2.0/secrets/acls/get?scope=s&principal=readers")
        .await;
    site.post("2.0/secrets/acls/delete", acl("readers")).await;
    let gone = site
        .refused("2.0/secrets/acls/delete", acl("readers"))
        .await;
    let wrong = json!({"scope": "s", "principal": "p", "permission": "OWN"});
    let wrong = site.refused("2.0/secrets/acls/put", wrong).await;
    let none = json!({"scope": "t", "principal": "p", "permission": "READ"});
    let none = site.refused("2.0/secrets/acls/put", none).await;

    let principals: Vec<_> = listed["items"].as_array().unwrap().iter().collect();
    assert_eq!(principals.len(), 3);
    assert!(principals.contains(&&json!({"principal": "users", "permission": "MANAGE"})));
    assert_eq!(one, json!({"principal": "readers", "permission": "READ"}));
    assert_eq!((gone.0, gone.1.as_str()), (404, "RESOURCE_DOES_NOT_EXIST"));
    assert_eq!(wrong.1, "INVALID_PARAMETER_VALUE");
    assert_eq!(none.1, "RESOURCE_DOES_NOT_EXIST");
}

fn notebook(key: &str, upstream: &[&str]) -> Value {
    let upstream: Vec<_> = upstream
        .iter()
        .map(|key| json!({"task_key": key}))
        .collect();
    json!({"task_key": key, "depends_on": upstream,
        "notebook_task": {"notebook_path": format!("/Shared/{key}")}})
}

/// A run whose second task failed, so that the third was not run; the second is mended now.
async fn failed_run(site: &Site) -> u64 {
    for (path, source) in [
        ("/Shared/fine", "dbutils.notebook.exit('once')"),
        ("/Shared/broken", "raise ValueError('boom')"),
        ("/Shared/after", "dbutils.notebook.exit('after')"),
    ] {
        site.notebook(path, source).await;
    }
    let tasks = [
        notebook("fine", &[]),
        notebook("broken", &["fine"]),
        notebook("after", &["broken"]),
    ];
    let body = json!({"run_name": "r", "tasks": tasks});
    let run = site.post("2.2/jobs/runs/submit", body).await;
    let run_id = run["run_id"].as_u64().unwrap();
    site.workspace.wait(run_id).await.unwrap();
    site.notebook("/Shared/broken", "dbutils.notebook.exit('mended')")
        .await;
    run_id
}

async fn run_of(site: &Site, run_id: u64) -> Value {
    let path = format!("2.2/jobs/runs/get?run_id={run_id}&include_history=true");
    site.get(&path).await
}

#[tokio::test]
async fn a_repaired_run_repeats_what_failed_and_what_waited_for_it() {
    let site = Site::new();
    let run_id = failed_run(&site).await;
    let before = run_of(&site, run_id).await;

    let failed = json!({"run_id": run_id, "rerun_all_failed_tasks": true});
    let repair = site.post("2.2/jobs/runs/repair", failed).await;
    site.workspace.wait(run_id).await.unwrap();

    let after = run_of(&site, run_id).await;
    assert_eq!(before["state"]["result_state"], "FAILED");
    assert_eq!(before["repair_history"].as_array().unwrap().len(), 1);
    assert_eq!(after["state"]["result_state"], "SUCCESS", "{after:#}");
    let tasks = after["tasks"].as_array().unwrap().iter();
    let attempts: Vec<_> = tasks
        .map(|task| {
            format!(
                "{} {}",
                task["task_key"].as_str().unwrap(),
                task["attempt_number"]
            )
        })
        .collect();
    assert_eq!(
        attempts,
        ["fine 0", "broken 0", "after 0", "broken 1", "after 1"]
    );
    let history = after["repair_history"].as_array().unwrap();
    assert_eq!(
        (&history[0]["type"], &history[0]["state"]["result_state"]),
        (&json!("ORIGINAL"), &json!("FAILED"))
    );
    assert_eq!(
        (&history[1]["type"], &history[1]["id"]),
        (&json!("REPAIR"), &repair["repair_id"])
    );
}

#[tokio::test]
async fn a_repair_names_the_one_before_it_and_tasks_that_there_are() {
    let site = Site::new();
    let run_id = failed_run(&site).await;
    let failed = json!({"run_id": run_id, "rerun_all_failed_tasks": true});
    let repair = site.post("2.2/jobs/runs/repair", failed.clone()).await;
    site.workspace.wait(run_id).await.unwrap();

    let again = site.refused("2.2/jobs/runs/repair", failed).await;
    let named =
        json!({"run_id": run_id, "rerun_tasks": ["none"], "latest_repair_id": repair["repair_id"]});
    let named = site.refused("2.2/jobs/runs/repair", named).await;
    let neither = json!({"run_id": run_id, "latest_repair_id": repair["repair_id"]});
    let neither = site.refused("2.2/jobs/runs/repair", neither).await;

    assert!(again.2.contains("latest_repair_id"), "{again:?}");
    assert!(named.2.contains("`none`"), "{named:?}");
    assert_eq!(neither.1, "INVALID_PARAMETER_VALUE");
}

#[tokio::test]
async fn a_job_runs_a_task_with_those_before_or_after_it() {
    let site = Site::new();
    for key in ["a", "b", "c"] {
        site.notebook(&format!("/Shared/{key}"), "1").await;
    }
    let tasks = [
        notebook("a", &[]),
        notebook("b", &["a"]),
        notebook("c", &["b"]),
    ];
    let job = site
        .post(
            "2.2/jobs/create",
            json!({"name": "j", "max_concurrent_runs": 9, "tasks": tasks}),
        )
        .await;
    let ran = async |only: &str| {
        let body = json!({"job_id": job["job_id"], "only": [only]});
        let run = site.post("2.2/jobs/run-now", body).await;
        let run = site
            .get(&format!("2.2/jobs/runs/get?run_id={}", run["run_id"]))
            .await;
        let keys = run["tasks"].as_array().unwrap().iter();
        let keys: Vec<_> = keys
            .map(|task| task["task_key"].as_str().unwrap().to_owned())
            .collect();
        keys.concat()
    };

    assert_eq!(ran("b").await, "b");
    assert_eq!(ran("+b").await, "ab");
    assert_eq!(ran("b+").await, "bc");
    assert_eq!(ran("+b+").await, "abc");
}

#[tokio::test]
async fn what_says_nothing_is_refused() {
    let site = Site::new();
    let submit = async |task: Value| {
        let body = json!({"tasks": [task]});
        site.refused("2.2/jobs/runs/submit", body).await
    };

    let nothing = submit(json!({"task_key": "t"})).await;
    let mut both = notebook("t", &[]);
    both["spark_python_task"] = json!({"python_file": "dbfs:/x.py"});
    let both = submit(both).await;
    let cluster = json!({"spark_version": "", "num_workers": 1});
    let cluster = site.refused("2.1/clusters/create", cluster).await;

    assert!(nothing.2.contains("exactly one"), "{nothing:?}");
    assert!(both.2.contains("exactly one"), "{both:?}");
    assert!(cluster.2.contains("spark_version"), "{cluster:?}");
}
