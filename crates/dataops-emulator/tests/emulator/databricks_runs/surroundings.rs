//! What a run finds: mounts, secrets, libraries, packages, and its cluster.

use std::fs;

use dataops_emulator::databricks::{Compute, NotebookSubmission};

use super::*;
use crate::databricks_site::KEY;

const MOUNT_CLAIMS: &str =
    include_str!("../../../../../examples/old-style-notebooks/mount-claims.py");

#[tokio::test]
async fn an_old_notebook_mounts_containers_for_all_later_runs() {
    let site = Site::new();
    for container in ["input", "training"] {
        fs::create_dir_all(site.dir.path().join("blob").join(container)).unwrap();
    }
    fs::write(site.dir.path().join("blob/input/a.csv"), "x").unwrap();
    let parameters = json!({"storage_account_name": "acct", "storage_account_key": KEY});
    let finished = site.run_text(MOUNT_CLAIMS, parameters).await;
    assert!(finished.succeeded(), "{finished:?}");

    let site = site.reopened();
    let second = site
        .run_text(
            "dbutils.notebook.exit(open('/dbfs/mnt/claims-in/a.csv').read())",
            json!({}),
        )
        .await;

    assert_eq!(second.result.as_deref(), Some("x"));
    let listed = site.get("2.0/dbfs/list?path=/mnt/claims-in").await;
    assert_eq!(listed["files"][0]["path"], "/mnt/claims-in/a.csv");
    let points = site.get("2.0/dbfs/list?path=/mnt").await;
    assert_eq!(points["files"].as_array().unwrap().len(), 2);
}

#[tokio::test]
async fn secrets_are_hidden_in_what_a_run_tells() {
    let site = Site::new();
    site.post("2.0/secrets/scopes/create", json!({"scope": "s"}))
        .await;
    let secret = json!({"scope": "s", "key": "k", "string_value": "hunter2-hunter2"});
    site.post("2.0/secrets/put", secret).await;

    let source =
        "value = dbutils.secrets.get('s', 'k')\nprint(len(value), value)\nraise ValueError(value)";
    let finished = site.run_text(source, json!({})).await;

    assert_eq!(finished.output[0], "15 [REDACTED]");
    assert_eq!(finished.error.as_deref(), Some("ValueError: [REDACTED]"));
}

#[tokio::test]
async fn a_library_that_is_missing_fails_the_run() {
    let site = Site::new();
    site.notebook("/Shared/n", "").await;
    let mut task = task("/Shared/n", &json!({}));
    task["libraries"] = json!([{"pypi": {"package": "no-such-package-anywhere"}}]);

    let finished = site.run(task).await;

    assert_eq!(finished.code.as_deref(), Some("LIBRARY_INSTALLATION_ERROR"));
    assert!(
        finished
            .error
            .unwrap()
            .contains("pip install \"no-such-package-anywhere\"")
    );
}

#[tokio::test]
async fn a_terminated_cluster_is_started_by_a_run_in_process() {
    let site = Site::new();
    let cluster = site.cluster().await;
    let named = json!({"cluster_id": cluster});
    site.post("2.1/clusters/delete", named).await;
    site.workspace.set_endpoint("http://127.0.0.1:5");
    site.notebook(
        "/Shared/n",
        "import os\ndbutils.notebook.exit(os.environ['DATABRICKS_RUNTIME_VERSION'])",
    )
    .await;
    let mut submission = NotebookSubmission::new("/Shared/n");
    submission.compute = Compute::Existing(cluster.clone());

    let run_id = site.workspace.submit_notebook(&submission).await.unwrap();
    let finished = site.workspace.wait(run_id).await.unwrap();

    assert_eq!(finished.result.as_deref(), Some("14.3"));
    assert_eq!(
        finished.page_url,
        format!("http://127.0.0.1:5/#job/run/{run_id}")
    );
    let path = format!("2.1/clusters/get?cluster_id={cluster}");
    assert_eq!(site.get(&path).await["state"], "RUNNING");
}

#[tokio::test]
async fn notebooks_run_side_by_side_and_packages_lie_beside_them() {
    let site = Site::new();
    site.post("2.0/workspace/mkdirs", json!({"path": "/Shared/p/inner"}))
        .await;
    use base64::Engine as _;
    let content = base64::engine::general_purpose::STANDARD.encode("WORD = 'beside'");
    let file = json!({"path": "/Shared/p/inner/__init__.py", "format": "AUTO", "content": content});
    site.post("2.0/workspace/import", file).await;
    site.notebook(
        "/Shared/p/n",
        "import inner\ndbutils.notebook.exit(inner.WORD)",
    )
    .await;
    let mut runs = Vec::new();
    for _ in 0..3 {
        runs.push(site.submit(task("/Shared/p/n", &json!({}))).await);
    }

    for run_id in runs {
        let finished = site.workspace.wait(run_id).await.unwrap();
        assert_eq!(finished.result.as_deref(), Some("beside"), "{finished:?}");
    }
    until(|| async {
        let active = site.get("2.2/jobs/runs/list?active_only=true").await;
        active.get("runs").is_none().then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_cluster_of_a_known_id_is_made_once() {
    let site = Site::new();
    let spec = |name: &str| {
        let spec = json!({"spark_version": "15.4.x-scala2.12", "cluster_name": name});
        spec.as_object().unwrap().clone()
    };

    site.workspace
        .keep_cluster("1101-090000-ingest01", spec("first"))
        .unwrap();
    site.workspace
        .keep_cluster("1101-090000-ingest01", spec("second"))
        .unwrap();

    let found = site
        .get("2.1/clusters/get?cluster_id=1101-090000-ingest01")
        .await;
    assert_eq!(found["cluster_name"], "first");
    assert!(
        site.workspace
            .keep_cluster("x", Default::default())
            .is_err()
    );
}
