//! `dataops env prepare`: the first set-up of an environment, and what goes wrong with it.

use std::fs;
use std::path::Path;

use integration_tests::{Emulator, Ended, Program, Python, Request, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const SUBSCRIPTION: &str = "11111111-1111-1111-1111-111111111111";
const CANARY: &str = "canary-scope-value-4711";

/// An environment with everything that can be prepared. `libraries` are those of its cluster.
fn solution(libraries: &str) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let settings = format!(
        "\
name: ingest
adf: {{ root: adf }}
storage: {{ containers: [input], mounts: {{ input: /mnt/input }} }}
environments:
  qa:
    subscription: {SUBSCRIPTION}
    resourceGroup: rg-qa
    location: westeurope
    dataFactory: adf-qa
    storage: {{ account: devstoreaccount1 }}
    databricks:
      host: https://adb-1.2.azuredatabricks.net
      resourceId: /subscriptions/{SUBSCRIPTION}/resourceGroups/rg-qa/providers/Microsoft.Databricks/workspaces/dbw-qa
      cluster: {{ name: ingest, spec: clusters/ingest.json, instancePool: warm, libraries: [{libraries}] }}
      instancePools: {{ warm: {{ spec: clusters/pool.json }} }}
      secretScopes: {{ ingest: {{ values: {{ api-key: '${{API_KEY}}' }} }} }}
      unityCatalog:
        externalLocations: {{ raw: {{ url: 'abfss://input@devstoreaccount1.dfs.core.windows.net/', credential: mi }} }}
        volumes: {{ ingest.bronze.input: {{ location: 'abfss://input@devstoreaccount1.dfs.core.windows.net/' }} }}
"
    );
    write(folder.path(), "dataops.yaml", &settings);
    write(
        folder.path(),
        "clusters/ingest.json",
        r#"{"spark_version": "15.4.x-scala2.12", "num_workers": 1, "autotermination_minutes": 30, "spark_conf": {"spark.x": "1"}}"#,
    );
    write(
        folder.path(),
        "clusters/pool.json",
        r#"{"node_type_id": "Standard_D4ds_v5", "min_idle_instances": 0, "max_capacity": 4}"#,
    );
    folder
}

#[test]
fn an_environment_is_prepared_before_anybody_knows_the_id_of_its_cluster() {
    let Some(emulator) =
        emulator("an_environment_is_prepared_before_anybody_knows_the_id_of_its_cluster")
    else {
        return;
    };
    with_credential(&emulator);
    let folder = solution("");
    let settings = fs::read_to_string(folder.path().join("dataops.yaml")).unwrap();
    let overrides = "    overrides: { linkedService.L.typeProperties.existingClusterId: '${DATABRICKS_CLUSTER_ID}' }\n";
    write(folder.path(), "dataops.yaml", &(settings + overrides));

    let prepared = prepare(&emulator, folder.path(), &["--output", "json"]).run();
    let told = prepare(&emulator, folder.path(), &[]).run();

    assert_eq!(prepared.code, Some(0), "{prepared}");
    let report: Value = serde_json::from_str(&prepared.stdout).unwrap();
    let steps = report["steps"].as_array().unwrap();
    let cluster = steps.iter().find(|step| step["name"] == "cluster ingest");
    let id = cluster.unwrap()["id"].as_str().unwrap();
    let clusters = emulator.send(Request::new("GET", "/api/2.1/clusters/list"));
    assert!(clusters.body.contains(id), "{clusters:?}");
    // People get what they have to put into the variable.
    assert!(told.stdout.contains(&format!(", id {id}")), "{told}");
}

fn prepare(emulator: &Emulator, folder: &Path, more: &[&str]) -> Program {
    Program::dataops(["env", "prepare", "--env", "qa"])
        .args(more)
        .at(emulator)
        .env("API_KEY", CANARY)
        .within(folder)
}

/// The steps of the JSON report: name and state.
fn states(ended: &Ended) -> Vec<(String, String)> {
    let report: Value =
        serde_json::from_str(&ended.stdout).unwrap_or_else(|error| panic!("{error}\n{ended}"));
    let steps = report["steps"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    steps
        .iter()
        .map(|step| (text(&step["name"]), text(&step["state"])))
        .collect()
}

fn state<'s>(states: &'s [(String, String)], name: &str) -> &'s str {
    let mut found = states.iter().filter(|(step, _)| step == name);
    found.next().map_or("absent", |(_, state)| state)
}

/// What a metastore admin does beforehand.
fn with_credential(emulator: &Emulator) {
    let request = Request::new("POST", "/api/2.1/unity-catalog/storage-credentials");
    let answer = emulator.send(request.json(&json!({"name": "mi"})));
    assert_eq!(answer.status, 200, "{answer:?}");
}

fn emulator(test: &str) -> Option<Emulator> {
    let python = Python::for_test(test, &[])?;
    Some(Emulator::start_with_python(python.path()))
}

#[test]
fn an_environment_is_prepared_once_and_then_is_ready() {
    let Some(emulator) = emulator("an_environment_is_prepared_once_and_then_is_ready") else {
        return;
    };
    with_credential(&emulator);
    let folder = solution("{ pypi: { package: pip } }");
    let run = |more: &[&str]| prepare(&emulator, folder.path(), more).run();

    let looked = run(&["--check", "--output", "json"]);
    let clusters = emulator.send(Request::new("GET", "/api/2.1/clusters/list"));
    let prepared = run(&["--output", "json"]);
    let again = run(&["--output", "json"]);
    let human = run(&[]);
    let checked = run(&["--check"]);

    assert_eq!(looked.code, Some(1), "{looked}");
    assert!(
        states(&looked)
            .iter()
            .all(|(_, state)| ["ready", "todo", "skipped"].contains(&state.as_str())),
        "{looked}"
    );
    assert_eq!(clusters.body, r#"{"clusters":[]}"#, "a look makes nothing");
    assert_eq!(prepared.code, Some(0), "{prepared}");
    let names: Vec<_> = states(&prepared).into_iter().collect();
    let shown: Vec<_> = names
        .iter()
        .map(|(name, state)| format!("{name}: {state}"))
        .collect();
    assert_eq!(
        shown,
        [
            "resource provider Microsoft.DataFactory: ready",
            "resource provider Microsoft.EventGrid: done",
            "resource group rg-qa: done",
            "factory adf-qa: done",
            "workspace access: ready",
            "instance pool warm: done",
            "cluster ingest: done",
            "libraries of ingest: done",
            "secret scope ingest: done",
            "mounts: done",
            "storage credential mi: ready",
            "external location raw: done",
            "catalog ingest: done",
            "schema ingest.bronze: done",
            "volume ingest.bronze.input: done",
        ]
    );
    assert_eq!(again.code, Some(0), "{again}");
    assert!(
        states(&again).iter().all(|(_, state)| state == "ready"),
        "{again}"
    );
    assert_eq!(human.code, Some(0), "{human}");
    assert!(
        human.stdout.contains("qa is ready; nothing was to be done"),
        "{human}"
    );
    assert_eq!(checked.code, Some(0), "{checked}");
}

#[test]
fn a_volume_and_a_mount_show_the_same_container() {
    let Some(emulator) = emulator("a_volume_and_a_mount_show_the_same_container") else {
        return;
    };
    with_credential(&emulator);
    let folder = solution("");
    let prepared = prepare(&emulator, folder.path(), &[]).run();
    assert_eq!(prepared.code, Some(0), "{prepared}");

    let upload = Request::new(
        "PUT",
        "/api/2.0/fs/files/Volumes/ingest/bronze/input/a.csv?overwrite=true",
    );
    let uploaded = emulator.send(upload);
    assert!(uploaded.status < 300, "{uploaded:?}");
    let mounted = emulator.send(Request::new(
        "GET",
        "/api/2.0/dbfs/get-status?path=/mnt/input/a.csv",
    ));
    assert_eq!(mounted.status, 200, "{mounted:?}");
}

#[test]
fn only_fields_that_the_specification_names_change_a_cluster() {
    let emulator = Emulator::start();
    let folder = solution("");
    let _ = prepare(&emulator, folder.path(), &["--output", "json"]).run();
    let spec = r#"{"spark_version": "15.4.x-scala2.12", "num_workers": 3, "spark_conf": {"spark.y": "2"}}"#;
    fs::write(folder.path().join("clusters/ingest.json"), spec).unwrap();

    let looked = prepare(&emulator, folder.path(), &["--check"]).run();
    let changed = prepare(&emulator, folder.path(), &["--output", "json"]).run();
    let clusters = emulator.send(Request::new("GET", "/api/2.1/clusters/list"));

    assert!(
        looked
            .stdout
            .contains("it differs, and would be changed: num_workers, spark_conf.spark.y"),
        "{looked}"
    );
    assert_eq!(
        state(&states(&changed), "cluster ingest"),
        "done",
        "{changed}"
    );
    let clusters: Value = serde_json::from_str(&clusters.body).unwrap();
    let cluster = &clusters["clusters"][0];
    assert_eq!(clusters["clusters"].as_array().map(Vec::len), Some(1));
    assert_eq!(
        (&cluster["num_workers"], &cluster["autotermination_minutes"]),
        (&json!(3), &json!(30))
    );
    assert_eq!(
        cluster["spark_conf"],
        json!({"spark.x": "1", "spark.y": "2"})
    );
}

#[test]
fn a_cluster_that_never_starts_is_told_with_what_the_service_says() {
    let emulator = Emulator::start();
    let folder = solution("");
    let pending = json!({"cluster_id": "c", "cluster_name": "ingest", "state": "PENDING", "state_message": "Finding instances for new nodes"});
    emulator.order(&json!({"pattern": "GET /api/2.1/clusters/get", "times": 0, "status": 200, "body": pending}));

    let ended = prepare(&emulator, folder.path(), &["--timeout", "2s"]).run();

    assert_eq!(ended.code, Some(4), "{ended}");
    for text in [
        "✘ cluster ingest",
        "(it still is PENDING: Finding instances for new nodes; latest events: ",
        "CREATING): ",
        "took longer than 2s",
    ] {
        assert!(ended.stdout.contains(text), "{text}\n{ended}");
    }
    assert!(
        ended.stderr.contains("cluster `ingest` is PENDING"),
        "{ended}"
    );
    // What needs no cluster is done all the same.
    assert!(
        ended.stdout.contains("created, 1 secret written"),
        "{ended}"
    );
    assert!(ended.stdout.contains("it needs the cluster"), "{ended}");
}

#[test]
fn a_cluster_that_takes_no_change_is_told_with_what_the_service_says() {
    let emulator = Emulator::start();
    let folder = solution("");
    let _ = prepare(&emulator, folder.path(), &["--output", "json"]).run();
    let clusters = emulator.send(Request::new("GET", "/api/2.1/clusters/list"));
    let clusters: Value = serde_json::from_str(&clusters.body).unwrap();
    let mut pending = clusters["clusters"][0].clone();
    pending["state"] = "PENDING".into();
    pending["state_message"] = "Finding instances for new nodes".into();
    emulator.order(&json!({"pattern": "GET /api/2.1/clusters/get", "times": 0, "status": 200, "body": pending}));
    let spec = r#"{"spark_version": "15.4.x-scala2.12", "num_workers": 3}"#;
    fs::write(folder.path().join("clusters/ingest.json"), spec).unwrap();

    let ended = prepare(&emulator, folder.path(), &["--timeout", "2s"]).run();

    assert_eq!(ended.code, Some(4), "{ended}");
    let told = "(it still is PENDING: Finding instances for new nodes; latest events: ";
    assert!(ended.stdout.contains(told), "{ended}");
    let meanwhile =
        "cluster `ingest` is PENDING: Finding instances for new nodes, and takes no change yet";
    assert!(ended.stderr.contains(meanwhile), "{ended}");
}

#[test]
fn a_cluster_that_stops_while_it_starts_is_told_with_the_reason() {
    let emulator = Emulator::start();
    let folder = solution("");
    let cluster = |state: &str, reason: Value| json!({"cluster_id": "c", "cluster_name": "ingest", "state": state, "termination_reason": reason});
    let quota = json!({"code": "AZURE_QUOTA_EXCEEDED_EXCEPTION", "type": "CLIENT_ERROR",
        "parameters": {"azure_error_message": "Quota of 10 cores is used up"}});
    emulator.order(&json!([
        {"pattern": "GET /api/2.1/clusters/get", "status": 200, "body": cluster("PENDING", Value::Null)},
        {"pattern": "GET /api/2.1/clusters/get", "times": 0, "status": 200, "body": cluster("TERMINATED", quota)},
    ]));

    let ended = prepare(
        &emulator,
        folder.path(),
        &["--timeout", "5s", "--output", "json"],
    )
    .run();

    let states = states(&ended);
    assert_eq!(state(&states, "cluster ingest"), "failed", "{ended}");
    assert!(
        ended.stdout.contains("AZURE_QUOTA_EXCEEDED_EXCEPTION"),
        "{ended}"
    );
    assert!(
        ended.stdout.contains("Quota of 10 cores is used up"),
        "{ended}"
    );
}

#[test]
fn a_library_that_fails_is_a_failure_with_its_message() {
    let Some(emulator) = emulator("a_library_that_fails_is_a_failure_with_its_message") else {
        return;
    };
    with_credential(&emulator);
    let folder = solution("{ pypi: { package: no-such-package-of-anybody==1.0 } }");

    let ended = prepare(&emulator, folder.path(), &[]).run();

    assert_eq!(ended.code, Some(1), "{ended}");
    assert!(ended.stdout.contains("✘ libraries of ingest"), "{ended}");
    assert!(
        ended.stdout.contains("no-such-package-of-anybody==1.0 was not installed: no-such-package-of-anybody is not installed"),
        "{ended}"
    );
    assert!(
        ended.stdout.contains("qa is not ready: 1 failed"),
        "{ended}"
    );
}

#[test]
fn a_volume_waits_for_the_external_location_that_it_lies_in() {
    let emulator = Emulator::start();
    let folder = solution("");
    let run = || prepare(&emulator, folder.path(), &["--output", "json"]).run();

    let lacking = run();
    with_credential(&emulator);
    let then = run();
    let hidden = json!({"error_code": "RESOURCE_DOES_NOT_EXIST", "message": "no such credential"});
    emulator.order(&json!({"pattern": "GET /api/2.1/unity-catalog/storage-credentials/mi", "times": 0, "status": 404, "body": hidden}));
    let unseen = run();

    let of = |ended: &Ended| {
        let states = states(ended);
        [
            "storage credential mi",
            "external location raw",
            "schema ingest.bronze",
            "volume ingest.bronze.input",
        ]
        .map(|step| state(&states, step).to_owned())
    };
    assert_eq!(
        of(&lacking),
        ["needs-somebody", "skipped", "done", "skipped"]
    );
    let why = r#""found": "it needs the external location raw""#;
    assert!(lacking.stdout.contains(why), "{lacking}");
    assert_eq!(of(&then), ["ready", "done", "ready", "done"]);
    // What is there is there, also for whoever may not see what it rests on.
    assert_eq!(of(&unseen), ["needs-somebody", "ready", "ready", "ready"]);
}

#[test]
fn what_needs_somebody_with_more_rights_is_told_with_the_command_and_stops_nothing() {
    let emulator = Emulator::start();
    let folder = solution("");
    let arm = json!({"error": {"code": "AuthorizationFailed", "message": "The client does not have authorization"}});
    let workspace = json!({"error_code": "PERMISSION_DENIED", "message": "you may not do this"});
    emulator.order(&json!([
        {"pattern": "POST */providers/Microsoft.EventGrid/register", "times": 0, "status": 403, "body": arm},
        {"pattern": "POST /api/2.0/instance-pools/create", "times": 0, "status": 403, "body": workspace},
    ]));

    let ended = prepare(&emulator, folder.path(), &[]).run();
    let json = prepare(&emulator, folder.path(), &["--output", "json"]).run();

    assert_eq!(ended.code, Some(3), "{ended}");
    for text in [
        "! resource provider Microsoft.EventGrid",
        "who: an Owner or Contributor of the subscription",
        &format!(
            "run: az provider register --namespace Microsoft.EventGrid --subscription {SUBSCRIPTION}"
        ),
        "! instance pool warm",
        "! storage credential mi",
        "databricks storage-credentials create",
        "it needs the pool warm",
    ] {
        assert!(ended.stdout.contains(text), "{text}\n{ended}");
    }
    let states = states(&json);
    assert_eq!(state(&states, "factory adf-qa"), "ready", "{json}");
    assert_eq!(state(&states, "secret scope ingest"), "ready", "{json}");
    assert_eq!(state(&states, "cluster ingest"), "skipped", "{json}");
    assert_eq!(state(&states, "catalog ingest"), "ready", "{json}");
}

#[test]
fn a_workspace_that_cannot_be_reached_or_entered_is_told() {
    let emulator = Emulator::start();
    let folder = solution("");
    emulator.order(&json!({"pattern": "* /api/*", "times": 0, "status": 503}));
    let away = prepare(&emulator, folder.path(), &["--output", "json"]).run();
    let cleared = emulator.send(Request::new("DELETE", "/_emulator/faults"));
    assert!(cleared.status < 300);
    let page = "<html><title>Databricks - Sign In</title></html>";
    emulator.order(&json!({"pattern": "* /api/*", "times": 0, "status": 200, "body": page, "headers": {"content-type": "text/html"}}));
    let sign_in = prepare(&emulator, folder.path(), &[]).run();

    assert_eq!(away.code, Some(4), "{away}");
    assert_eq!(
        state(&states(&away), "workspace access"),
        "unreachable",
        "{away}"
    );
    assert_eq!(state(&states(&away), "factory adf-qa"), "done", "{away}");
    assert_eq!(sign_in.code, Some(3), "{sign_in}");
    assert!(
        sign_in
            .stdout
            .contains("az role assignment create --role Contributor"),
        "{sign_in}"
    );
}

#[test]
fn a_factory_without_an_identity_gets_one() {
    let emulator = Emulator::start();
    let folder = solution("");
    let at = format!(
        "/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-qa/providers/Microsoft.DataFactory/factories/adf-qa?api-version=2018-06-01"
    );
    let body = json!({"location": "westeurope", "properties": {"globalParameters": {"p": {"type": "string", "value": "kept"}}}});
    assert!(emulator.send(Request::new("PUT", &at).json(&body)).status < 300);

    let ended = prepare(&emulator, folder.path(), &["--output", "json"]).run();
    let factory = emulator.send(Request::new("GET", &at));

    assert_eq!(state(&states(&ended), "factory adf-qa"), "done", "{ended}");
    let factory: Value = serde_json::from_str(&factory.body).unwrap();
    assert_eq!(factory["identity"]["type"], "SystemAssigned");
    assert_eq!(
        factory["properties"]["globalParameters"]["p"]["value"],
        "kept"
    );
}

#[test]
fn a_secret_without_a_value_is_told_before_anything_is_changed() {
    let emulator = Emulator::start();
    let folder = solution("");

    let ended = Program::dataops(["env", "prepare", "--env", "qa"])
        .at(&emulator)
        .within(folder.path())
        .run();
    let looked = Program::dataops([
        "env", "prepare", "--env", "qa", "--check", "--output", "json",
    ])
    .at(&emulator)
    .within(folder.path())
    .run();

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(
        ended.stderr.contains(
            "`databricks.secretScopes.ingest.values.api-key` needs the variable `API_KEY`"
        ),
        "{ended}"
    );
    assert_eq!(
        state(&states(&looked), "factory adf-qa"),
        "todo",
        "{looked}"
    );
}

#[test]
fn a_secret_is_in_no_output() {
    let emulator = Emulator::start();
    let folder = solution("");
    emulator.order(
        &json!({"pattern": "POST /api/2.0/secrets/put", "status": 400,
        "body": {"error_code": "BAD_REQUEST", "message": "the value is refused"}}),
    );

    for more in [
        vec!["-vvv"],
        vec!["-vvv", "--output", "json"],
        vec!["--check", "-vvv"],
    ] {
        let ended = prepare(&emulator, folder.path(), &more).run();

        let leaks = ended.stdout.contains(CANARY) || ended.stderr.contains(CANARY);
        assert!(!leaks, "{ended}");
    }
    let kept = emulator.send(Request::new("GET", "/api/2.0/secrets/list?scope=ingest"));
    assert!(kept.body.contains("api-key"), "{kept:?}");
}

#[test]
fn a_secret_that_the_workspace_repeats_is_in_no_output() {
    let emulator = Emulator::start();
    let folder = solution(
        "{ whl: 'https://u:canary-wheel-4711@h.test/a.whl' }, { jar: 'abfss://c@a.test/x.jar?sig=canary-jar-4711' }",
    );
    let spec = folder.path().join("clusters/ingest.json");
    let spark = fs::read_to_string(&spec).unwrap().replace(
        "\"spark.x\": \"1\"",
        "\"fs.azure.account.key.st.dfs.core.windows.net\": \"canary-spark-4711\"",
    );
    fs::write(&spec, spark).unwrap();
    let looked = prepare(&emulator, folder.path(), &["--check"]).run();
    let says = |what: &str| json!({"error_code": "INVALID_PARAMETER_VALUE", "message": format!("Value {what} is not good")});
    emulator.order(&json!([
        {"pattern": "POST */secrets/put", "times": 0, "status": 400, "body": says(CANARY)},
        {"pattern": "POST */clusters/create", "times": 0, "status": 400, "body": says("canary-spark-4711 for canary-wheel-4711")},
    ]));

    for more in [vec![], vec!["--output", "json"]] {
        let ended = prepare(&emulator, folder.path(), &more).run();

        let all = format!("{}{}", ended.stdout, ended.stderr);
        assert!(!all.contains("canary"), "{ended}");
        let stars = "Value ********** is not good";
        assert!(all.contains(stars), "{ended}");
        assert!(
            all.contains("Value ********** for ********** is not good"),
            "{ended}"
        );
    }
    assert!(!looked.stdout.contains("canary"), "{looked}");
    for library in ["https://***@h.test/a.whl", "abfss://c@a.test/x.jar?***"] {
        assert!(looked.stdout.contains(library), "{looked}");
    }
}
