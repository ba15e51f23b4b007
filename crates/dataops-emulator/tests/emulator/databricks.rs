//! The workspace tree, clusters, libraries, secrets and data of a Databricks workspace.

use std::fs;

use axum::body::Body;
use axum::http::Request;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::databricks_site::Site;

fn import(path: &str, format: &str, content: &str) -> Value {
    json!({"path": path, "format": format, "content": STANDARD.encode(content)})
}

#[tokio::test]
async fn objects_are_made_listed_and_deleted() {
    let site = Site::new();
    assert_eq!(site.get("2.0/workspace/list?path=/Shared").await, json!({}));
    site.notebook("/Shared/a/one", "x = 1\n").await;
    let file = import("/Workspace/Shared/a/two.py", "AUTO", "y = 2\n");
    site.post("2.0/workspace/import", file).await;

    let listed = site
        .get("2.0/workspace/list?path=/Workspace/Shared/a/")
        .await;
    let objects: Vec<_> = listed["objects"]
        .as_array()
        .unwrap()
        .iter()
        .map(|object| {
            (
                object["path"].as_str().unwrap(),
                object["object_type"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        objects,
        [("/Shared/a/one", "NOTEBOOK"), ("/Shared/a/two.py", "FILE")]
    );
    let alone = site.get("2.0/workspace/list?path=/Shared/a/one").await;
    assert_eq!(alone["objects"][0]["language"], "PYTHON");
    let delete = |path: &str, recursive: bool| json!({"path": path, "recursive": recursive});
    let refused = site
        .refused("2.0/workspace/delete", delete("/Shared/a", false))
        .await;
    assert_eq!(refused.1, "DIRECTORY_NOT_EMPTY");
    site.post("2.0/workspace/delete", delete("/Shared/a", true))
        .await;
    let missing = site
        .call(
            "GET",
            "2.0/workspace/get-status?path=/Shared/a/one",
            Value::Null,
        )
        .await;
    assert_eq!(missing.0, 404);
    assert_eq!(missing.1["message"], "Path (/Shared/a/one) doesn't exist.");
    assert_eq!(
        site.refused("2.0/workspace/delete", delete("/Shared", true))
            .await
            .0,
        400
    );
}

fn wrong_imports() -> Vec<(Value, u16, &'static str, &'static str)> {
    let large = "x".repeat(10_485_761);
    let overwrite = |mut body: Value| {
        body["overwrite"] = true.into();
        body["language"] = "PYTHON".into();
        body
    };
    vec![
        (
            import("/Shared/none/n", "RAW", "x"),
            404,
            "RESOURCE_DOES_NOT_EXIST",
            "The parent folder (/Shared/none) does not exist.",
        ),
        (
            import("/Shared/n", "RAW", "x"),
            400,
            "RESOURCE_ALREADY_EXISTS",
            "already exists.",
        ),
        (
            overwrite(import("/Shared/n", "RAW", "x")),
            400,
            "BAD_REQUEST",
            "of another type",
        ),
        (
            overwrite(import("/Shared/d", "SOURCE", "x")),
            400,
            "BAD_REQUEST",
            "of another type",
        ),
        (
            import("/Shared/big", "RAW", &large),
            400,
            "MAX_NOTEBOOK_SIZE_EXCEEDED",
            "File size imported is (10485761 bytes), exceeded max size (10485760 bytes)",
        ),
        (
            import("/Shared/../x", "RAW", "x"),
            400,
            "INVALID_PARAMETER_VALUE",
            "..",
        ),
        (
            import("/Shared/s", "SOURCE", "x"),
            400,
            "INVALID_PARAMETER_VALUE",
            "zip file",
        ),
        (
            import("/Shared/z", "DBC", "x"),
            501,
            "NOT_IMPLEMENTED",
            "DBC",
        ),
    ]
}

#[tokio::test]
async fn an_import_is_refused_in_the_words_of_the_service() {
    let site = Site::new();
    site.notebook("/Shared/n", "x").await;
    site.post("2.0/workspace/mkdirs", json!({"path": "/Shared/d"}))
        .await;
    for (body, status, code, words) in wrong_imports() {
        let refused = site.refused("2.0/workspace/import", body).await;
        assert_eq!(
            (refused.0, refused.1.as_str()),
            (status, code),
            "{}",
            refused.2
        );
        assert!(refused.2.contains(words), "{}", refused.2);
    }
}

#[tokio::test]
async fn an_export_gives_back_what_was_imported() {
    let site = Site::new();
    let source = "# Databricks notebook source\nx = 1\n\n# COMMAND ----------\n\ny = 2\n";
    site.notebook("/Shared/n", source).await;
    site.notebook("/Shared/bare", "x = 1").await;

    let text = |answer: &Value| {
        let content = STANDARD
            .decode(answer["content"].as_str().unwrap())
            .unwrap();
        String::from_utf8(content).unwrap()
    };
    let exported = site.get("2.0/workspace/export?path=/Shared/n").await;
    assert_eq!(
        (text(&exported).as_str(), &exported["file_type"]),
        (source, &json!("py"))
    );
    let bare = site
        .get("2.0/workspace/export?path=/Shared/bare&format=SOURCE")
        .await;
    assert_eq!(text(&bare), "# Databricks notebook source\nx = 1");
    let jupyter = site
        .get("2.0/workspace/export?path=/Shared/n&format=JUPYTER")
        .await;
    let document: Value = serde_json::from_str(&text(&jupyter)).unwrap();
    assert_eq!(document["cells"].as_array().unwrap().len(), 2);
    let direct = Request::get("/api/2.0/workspace/export?path=/Shared/n&direct_download=true");
    let (_, bytes) = site.send(direct.body(Body::empty()).unwrap()).await;
    assert_eq!(bytes, source.as_bytes());
}

#[tokio::test]
async fn a_form_and_a_raw_body_import_too() {
    let site = Site::new();
    let form = "--b\r\nContent-Disposition: form-data; name=\"path\"\r\n\r\n/Shared/f\r\n\
        --b\r\nContent-Disposition: form-data; name=\"language\"\r\n\r\nPYTHON\r\n\
        --b\r\nContent-Disposition: form-data; name=\"content\"; filename=\"f\"\r\n\r\nx = 1\r\n--b--\r\n";
    let request = Request::post("/api/2.0/workspace/import")
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Body::from(form))
        .unwrap();
    assert_eq!(site.send(request).await.0, 200);
    let raw = |query: &str| {
        let path = format!("/api/2.0/workspace-files/import-file/Shared%2Fg%20h.py?{query}");
        Request::post(path).body(Body::from("y = 2")).unwrap()
    };
    assert_eq!(site.send(raw("")).await.0, 200);

    assert_eq!(site.send(raw("overwrite=false")).await.0, 409);
    assert_eq!(site.send(raw("overwrite=true")).await.0, 200);
    let read = Request::get("/api/2.0/workspace-files/Shared/g%20h.py");
    assert_eq!(
        site.send(read.body(Body::empty()).unwrap()).await.1,
        b"y = 2"
    );
    let form = site.get("2.0/workspace/get-status?path=/Shared/f").await;
    assert_eq!(form["object_type"], "NOTEBOOK");
}

#[tokio::test]
async fn everything_outlives_the_process() {
    let site = Site::new();
    site.notebook("/Shared/n", "x = 1").await;
    let cluster = site.cluster().await;
    site.post("2.0/secrets/scopes/create", json!({"scope": "s"}))
        .await;
    let secret = json!({"scope": "s", "key": "k", "string_value": "v"});
    site.post("2.0/secrets/put", secret).await;
    let job = json!({"name": "j", "tasks": [
        {"task_key": "t", "notebook_task": {"notebook_path": "/Shared/n"}}]});
    let job = site.post("2.2/jobs/create", job).await["job_id"].clone();
    let token = site.post("2.0/token/create", json!({})).await;
    let warehouse = json!({"name": "w"});
    let warehouse = site.post("2.0/sql/warehouses", warehouse).await["id"].clone();

    let site = site.reopened();

    let status = site.get("2.0/workspace/get-status?path=/Shared/n").await;
    assert_eq!(status["object_type"], "NOTEBOOK");
    let path = format!("2.1/clusters/get?cluster_id={cluster}");
    assert_eq!(site.get(&path).await["state"], "RUNNING");
    let secret = site.get("2.0/secrets/get?scope=s&key=k").await;
    assert_eq!(secret["value"], STANDARD.encode("v"));
    let found = site.get(&format!("2.2/jobs/get?job_id={job}")).await;
    assert_eq!(found["settings"]["name"], "j");
    assert!(
        site.workspace
            .accepts_token(token["token_value"].as_str().unwrap())
    );
    assert!(!site.workspace.accepts_token("dapi0"));
    let path = format!("2.0/sql/warehouses/{}", warehouse.as_str().unwrap());
    assert_eq!(site.get(&path).await["state"], "RUNNING");
    let other = json!({"tasks": [{"task_key": "t", "notebook_task": {"notebook_path": "/x"}}]});
    assert_ne!(site.post("2.2/jobs/create", other).await["job_id"], job);
}

#[tokio::test]
async fn a_cluster_goes_through_its_states_when_it_is_read() {
    let site = Site::new();
    let id = site.cluster().await;
    let named = json!({"cluster_id": id});
    let refused = site.refused("2.0/clusters/start", named.clone()).await;
    let words = format!("Cluster {id} is in unexpected state Pending.");
    assert_eq!(refused, (400, "INVALID_STATE".into(), words));

    // Old clients send the body of a read with POST, and the query with GET.
    assert_eq!(
        site.post("2.0/clusters/get", named.clone()).await["state"],
        "RUNNING"
    );
    site.post("2.1/clusters/delete", named.clone()).await;
    let list = "2.1/clusters/list?filter_by.cluster_states=TERMINATED";
    assert_eq!(
        site.get(list).await["clusters"][0]["cluster_id"],
        id.as_str()
    );
    site.post("2.1/clusters/start", named.clone()).await;
    let running =
        "2.1/clusters/list?filter_by.cluster_states=PENDING&filter_by.cluster_states=RUNNING";
    assert_eq!(site.get(running).await["clusters"][0]["state"], "RUNNING");
    let unknown = site
        .refused("2.1/clusters/start", json!({"cluster_id": "x"}))
        .await;
    assert_eq!(unknown.2, "Cluster x does not exist");
}

#[tokio::test]
async fn a_library_is_installed_when_the_local_python_has_it() {
    let site = Site::new();
    let id = site.cluster().await;
    let body = json!({"cluster_id": id, "libraries": [
        {"pypi": {"package": "no-such-package-anywhere==1"}}, {"maven": {"coordinates": "a:b:1"}}]});
    site.post("2.0/libraries/install", body).await;
    let path = format!("2.0/libraries/cluster-status?cluster_id={id}");

    let first = site.get(&path).await;
    let second = site.get(&path).await;

    assert_eq!(first["library_statuses"][0]["status"], "INSTALLING");
    let pypi = &second["library_statuses"][0];
    assert_eq!(pypi["status"], "FAILED");
    let message = pypi["messages"][0].as_str().unwrap();
    assert!(
        message.contains("-m pip install \"no-such-package-anywhere==1\""),
        "{message}"
    );
    let maven = second["library_statuses"][1]["messages"][0]
        .as_str()
        .unwrap();
    assert!(maven.contains("`maven`"), "{maven}");
    let odd = json!({"cluster_id": id, "libraries": [{"conda": {}}]});
    assert_eq!(site.refused("2.0/libraries/install", odd).await.0, 400);
}

#[tokio::test]
async fn secrets_are_refused_in_the_words_of_the_service() {
    let site = Site::new();
    let scope = json!({"scope": "s"});
    site.post("2.0/secrets/scopes/create", scope.clone()).await;

    let twice = site.refused("2.0/secrets/scopes/create", scope).await;
    assert_eq!(
        twice,
        (
            400,
            "RESOURCE_ALREADY_EXISTS".into(),
            "Scope s already exists!".into()
        )
    );
    let put = json!({"scope": "none", "key": "k", "string_value": "v"});
    assert_eq!(
        site.refused("2.0/secrets/put", put).await.2,
        "Scope none does not exist!"
    );
    let both = json!({"scope": "s", "key": "k", "string_value": "v", "bytes_value": "dg=="});
    assert_eq!(
        site.refused("2.0/secrets/put", both).await.1,
        "MALFORMED_REQUEST"
    );
    let missing = site
        .call("GET", "2.0/secrets/get?scope=s&key=k", Value::Null)
        .await;
    assert_eq!(
        missing.1["message"],
        "Secret does not exist with scope: s and key: k"
    );
    let vault = json!({"scope": "v", "scope_backend_type": "AZURE_KEYVAULT"});
    assert_eq!(
        site.refused("2.0/secrets/scopes/create", vault).await.0,
        501
    );
}

#[tokio::test]
async fn dbfs_takes_blocks_and_gives_pieces() {
    let site = Site::new();
    let create = json!({"path": "/a/b.bin"});
    let handle = site.post("2.0/dbfs/create", create.clone()).await["handle"].clone();
    for block in ["abc", "def"] {
        let body = json!({"handle": handle, "data": STANDARD.encode(block)});
        site.post("2.0/dbfs/add-block", body).await;
    }
    site.post("2.0/dbfs/close", json!({"handle": handle})).await;

    let piece = site
        .get("2.0/dbfs/read?path=/a/b.bin&offset=2&length=3")
        .await;
    assert_eq!(
        piece,
        json!({"bytes_read": 3, "data": STANDARD.encode("cde")})
    );
    let end = site.get("2.0/dbfs/read?path=/a/b.bin&offset=6").await;
    assert_eq!(end, json!({"bytes_read": 0}));
    assert_eq!(
        site.refused("2.0/dbfs/create", create).await.1,
        "RESOURCE_ALREADY_EXISTS"
    );
    let gone = json!({"handle": handle, "data": ""});
    assert_eq!(site.refused("2.0/dbfs/add-block", gone).await.0, 400);
    let full = site.refused("2.0/dbfs/delete", json!({"path": "/a"})).await;
    assert_eq!(full.1, "IO_ERROR");
    site.post("2.0/dbfs/delete", json!({"path": "/missing"}))
        .await;
    let climbing = site
        .call("GET", "2.0/dbfs/list?path=/../x", Value::Null)
        .await;
    assert_eq!(climbing.0, 400);
    let block = json!({"path": "/big", "contents": STANDARD.encode(vec![0; (1 << 20) + 1])});
    assert_eq!(
        site.refused("2.0/dbfs/put", block).await.1,
        "MAX_BLOCK_SIZE_EXCEEDED"
    );
}

#[tokio::test]
async fn volumes_keep_files() {
    let site = Site::new();
    let file = |method: &str, query: &str, content: &'static str| {
        let path = format!("/api/2.0/fs/files/Volumes/c/s/v/d/x%20y.txt{query}");
        Request::builder()
            .method(method)
            .uri(path)
            .body(Body::from(content))
            .unwrap()
    };
    assert_eq!(site.send(file("PUT", "", "0123456789")).await.0, 204);
    assert_eq!(site.send(file("PUT", "?overwrite=false", "z")).await.0, 409);

    let mut ranged = file("GET", "", "");
    ranged
        .headers_mut()
        .insert("range", "bytes=2-4".parse().unwrap());
    assert_eq!(
        site.send(ranged).await,
        (206.try_into().unwrap(), b"234".to_vec())
    );
    let listed = site.get("2.0/fs/directories/Volumes/c/s/v/d").await;
    assert_eq!(listed["contents"][0]["path"], "/Volumes/c/s/v/d/x y.txt");
    assert_eq!(listed["contents"][0]["file_size"], 10);
    let (status, full) = site
        .call("DELETE", "2.0/fs/directories/Volumes/c/s/v/d", Value::Null)
        .await;
    assert_eq!(status, 400);
    assert_eq!(
        full["details"][0]["reason"],
        "FILES_API_DIRECTORY_IS_NOT_EMPTY"
    );
    assert_eq!(site.send(file("DELETE", "", "")).await.0, 204);
    assert_eq!(site.send(file("HEAD", "", "")).await.0, 404);
    let outside = site
        .call("PUT", "2.0/fs/files/etc/passwd", Value::Null)
        .await;
    assert_eq!(outside.0, 400);
    let climbing = site
        .call("PUT", "2.0/fs/files/Volumes/c/s/v/..%2F..%2Fx", Value::Null)
        .await;
    assert_eq!(climbing.0, 400);
}

#[tokio::test]
async fn what_is_lacking_says_its_name() {
    let site = Site::new();

    let lacking = site.refused("1.2/contexts/create", json!({})).await;

    assert_eq!((lacking.0, lacking.1.as_str()), (501, "NOT_IMPLEMENTED"));
    assert!(
        lacking.2.ends_with("POST /api/1.2/contexts/create"),
        "{}",
        lacking.2
    );
    let wrong_method = site
        .call("DELETE", "2.0/workspace/import", Value::Null)
        .await;
    assert_eq!(wrong_method.0, 501);
    let malformed = Request::post("/api/2.0/workspace/mkdirs")
        .body(Body::from("{"))
        .unwrap();
    assert_eq!(site.send(malformed).await.0, 400);
}

#[tokio::test]
async fn a_file_that_a_run_writes_is_an_object() {
    let site = Site::new();
    let finished = site
        .run_text(
            "open('/Workspace/Shared/made.txt', 'w').write('by a run')",
            json!({}),
        )
        .await;
    assert!(finished.succeeded(), "{finished:?}");

    let status = site
        .get("2.0/workspace/get-status?path=/Shared/made.txt")
        .await;

    assert_eq!(
        (&status["object_type"], &status["size"]),
        (&json!("FILE"), &json!(8))
    );
    let kept = site.dir.path().join("databricks/files/Shared/made.txt");
    assert_eq!(fs::read_to_string(kept).unwrap(), "by a run");
}
