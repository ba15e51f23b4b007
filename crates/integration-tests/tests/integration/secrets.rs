//! Secrets reach nothing that people or machines read.

use databricks_client::ScopeCreate;
use integration_tests::{Emulator, Program, Python, Request, small, write};
use serde_json::json;

/// Each secret is another one, so that a leak tells where it comes from.
const IN_LINKED_SERVICE: &str = "canary-linked-service-4711";
const IN_CONNECTION_STRING: &str = "Y2FuYXJ5LWNvbm5lY3Rpb24tc3RyaW5nLTQ3MTE=";
const IN_SCOPE: &str = "canary-secret-scope-4711";
const IN_CLIENT_SECRET: &str = "canary-client-secret-4711";
const IN_DATABRICKS_TOKEN: &str = "canary-databricks-token-4711";

const NOTEBOOK: &str = "\
secret = dbutils.secrets.get('vault', 'key')
print('the secret is', secret)
import sys
print('and on stderr', secret, file=sys.stderr)
if getArgument('fail', 'no') == 'yes':
    raise ValueError('with ' + secret)
dbutils.notebook.exit('exit with ' + secret)
";

/// Everything that came out, by place.
#[derive(Default)]
struct Outputs(Vec<(String, String)>);

impl Outputs {
    fn add(&mut self, place: &str, text: impl Into<String>) {
        self.0.push((place.to_owned(), text.into()));
    }

    fn assert_without(&self, secrets: &[&str]) {
        for (place, text) in &self.0 {
            for secret in secrets {
                assert!(!text.contains(secret), "`{secret}` is in {place}:\n{text}");
            }
        }
    }
}

fn linked_services(folder: &std::path::Path) {
    let secure = |value: &str| json!({"type": "SecureString", "value": value});
    let databricks = json!({"name": "spark", "properties": {"type": "AzureDatabricks", "typeProperties": {
        "domain": "https://adb-1.2.azuredatabricks.net", "accessToken": secure(IN_LINKED_SERVICE), "existingClusterId": "set-by-deployment"}}});
    let text = format!(
        "DefaultEndpointsProtocol=https;AccountName=devstoreaccount1;AccountKey={IN_CONNECTION_STRING};EndpointSuffix=core.windows.net"
    );
    let store = json!({"name": "store", "properties": {"type": "AzureBlobStorage", "typeProperties": {"connectionString": secure(&text)}}});
    write(
        folder,
        "adf/linkedService/spark.json",
        &databricks.to_string(),
    );
    write(folder, "adf/linkedService/store.json", &store.to_string());
    let note = |name: &str, fail: &str| {
        json!({"name": name, "properties": {"activities": [{"name": "run-note", "type": "DatabricksNotebook",
        "typeProperties": {"notebookPath": "/Shared/note", "baseParameters": {"fail": fail}},
        "linkedServiceName": {"referenceName": "spark", "type": "LinkedServiceReference"}}]}})
    };
    write(
        folder,
        "adf/pipeline/note.json",
        &note("note", "no").to_string(),
    );
    write(
        folder,
        "adf/pipeline/raise.json",
        &note("raise", "yes").to_string(),
    );
}

#[tokio::test]
async fn no_secret_is_shown_logged_reported_or_answered() {
    let Some(python) = Python::for_test("no_secret_is_shown_logged_reported_or_answered", &[])
    else {
        return;
    };
    let (folder, _) = small();
    linked_services(folder.path());
    let emulator =
        Emulator::start_with(&["-vvv", "--python", python.path().to_str().unwrap()], &[]);
    emulator.import("/Shared/note", NOTEBOOK).await;
    let cluster = emulator.cluster().await;
    let spark =
        std::fs::read_to_string(folder.path().join("adf/linkedService/spark.json")).unwrap();
    write(
        folder.path(),
        "adf/linkedService/spark.json",
        &spark.replace("set-by-deployment", &cluster),
    );
    let client = emulator.databricks();
    client
        .secrets()
        .create_scope("vault", ScopeCreate::Databricks, None, None)
        .await
        .unwrap();
    client
        .secrets()
        .put("vault", "key", IN_SCOPE, None)
        .await
        .unwrap();

    let mut outputs = Outputs::default();
    let run = |args: &[&str]| {
        Program::dataops(args)
            .within(folder.path())
            .at(&emulator)
            .env("AZURE_CLIENT_SECRET", IN_CLIENT_SECRET)
            .env("DATABRICKS_TOKEN", IN_DATABRICKS_TOKEN)
            .run()
    };
    let succeeded = run(&[
        "run",
        "-vvv",
        "--pipeline",
        "note",
        "--report",
        "report.html",
    ]);
    assert_eq!(succeeded.code, Some(0), "{succeeded}");
    let failed = run(&["run", "-vvv", "--pipeline", "raise", "--output", "json"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(failed.stdout.contains("ValueError"), "{failed}");
    for (name, ended) in [
        ("a run that succeeds", succeeded),
        ("a run that fails", failed),
    ] {
        outputs.add(name, ended.to_string());
    }
    outputs.add(
        "the HTML report",
        std::fs::read_to_string(folder.path().join("report.html")).unwrap(),
    );
    let factory = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local/providers/Microsoft.DataFactory/factories/small";
    for path in [
        "linkedservices",
        "linkedservices/spark",
        "linkedservices/store",
        "pipelines",
    ] {
        let answer = emulator.send(Request::new(
            "GET",
            &format!("{factory}/{path}?api-version=2018-06-01"),
        ));
        assert_eq!(answer.status, 200, "{answer:?}");
        outputs.add(path, answer.head + &answer.body);
    }
    for path in [
        "/",
        "/_emulator/state",
        "/api/2.2/jobs/runs/list?expand_tasks=true",
        "/api/2.0/secrets/list?scope=vault",
    ] {
        let answer = emulator.send(Request::new("GET", path));
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        outputs.add(path, answer.head + &answer.body);
    }
    let (_, output) = emulator.run_notebook(&cluster, "/Shared/note", &[]).await;
    assert_eq!(
        output.notebook_output.as_ref().unwrap().result.as_deref(),
        Some("exit with [REDACTED]")
    );
    outputs.add("a notebook's output", format!("{output:?}"));
    let (token, key) = (
        emulator.ready.token.clone(),
        emulator.ready.account_key.clone(),
    );
    let said = emulator.stop();
    outputs.add("the emulator's log", said.stderr);

    outputs.assert_without(&[
        IN_LINKED_SERVICE,
        IN_CONNECTION_STRING,
        IN_SCOPE,
        IN_CLIENT_SECRET,
        IN_DATABRICKS_TOKEN,
        &token,
        &key,
    ]);
}

#[tokio::test]
async fn a_token_that_is_refused_is_not_repeated_in_the_error() {
    let (folder, _) = small();
    let emulator = Emulator::start();

    let ended = Program::dataops(["run", "-vvv"])
        .within(folder.path())
        .at(&emulator)
        .env("DATAOPS_EMULATOR_TOKEN", IN_CLIENT_SECRET)
        .run();

    assert_eq!(ended.code, Some(3), "{ended}");
    assert!(!ended.to_string().contains(IN_CLIENT_SECRET), "{ended}");
    assert!(!emulator.so_far().stderr.contains(IN_CLIENT_SECRET));
}
