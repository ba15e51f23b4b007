//! Secrets reach nothing that people or machines read.

use std::path::Path;

use databricks_client::ScopeCreate;
use integration_tests::{Emulator, Program, Python, Request, small, write};
use serde_json::json;

/// Each secret is another one, so that a leak tells where it comes from.
const IN_LINKED_SERVICE: &str = "canary-linked-service-4711";
const IN_CONNECTION_STRING: &str = "Y2FuYXJ5LWNvbm5lY3Rpb24tc3RyaW5nLTQ3MTE=";
const IN_SCOPE: &str = "canary-secret-scope-4711";
const IN_CLIENT_SECRET: &str = "canary-client-secret-4711";
const IN_PARAMETER: &str = "canary-secure-parameter-4711";
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

fn linked_services(folder: &Path) {
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

/// Puts the secret scope and the notebook into the workspace, and gives the cluster that the linked service names from now on.
async fn workspace(emulator: &Emulator, folder: &Path) -> String {
    emulator.import("/Shared/note", NOTEBOOK).await;
    let client = emulator.databricks();
    let secrets = client.secrets();
    let created = secrets.create_scope("vault", ScopeCreate::Databricks, None, None);
    created.await.unwrap();
    secrets.put("vault", "key", IN_SCOPE, None).await.unwrap();
    let cluster = emulator.cluster().await;
    let path = "adf/linkedService/spark.json";
    let spark = std::fs::read_to_string(folder.join(path)).unwrap();
    write(folder, path, &spark.replace("set-by-deployment", &cluster));
    cluster
}

/// Runs both pipelines, as talkative as can be, with secrets in the environment.
fn run_programs(emulator: &Emulator, folder: &Path, outputs: &mut Outputs) {
    let run = |args: &[&str]| {
        Program::dataops(["run", "-vvv"])
            .args(args)
            .within(folder)
            .at(emulator)
            .env("AZURE_CLIENT_SECRET", IN_CLIENT_SECRET)
            .env("DATABRICKS_TOKEN", IN_DATABRICKS_TOKEN)
            .run()
    };
    let succeeded = run(&["--pipeline", "note", "--report", "report.html"]);
    assert_eq!(succeeded.code, Some(0), "{succeeded}");
    let failed = run(&["--pipeline", "raise", "--output", "json"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    assert!(failed.stdout.contains("ValueError"), "{failed}");
    let report = std::fs::read_to_string(folder.join("report.html")).unwrap();
    outputs.add("a run that succeeds", succeeded.to_string());
    outputs.add("a run that fails", failed.to_string());
    outputs.add("the HTML report", report);
}

/// Reads what the services answer about all of it.
fn ask_services(emulator: &Emulator, outputs: &mut Outputs) {
    let factory = "/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/local\
        /providers/Microsoft.DataFactory/factories/small";
    let resources = [
        "linkedservices",
        "linkedservices/spark",
        "linkedservices/store",
        "pipelines",
    ];
    let resources = resources.map(|path| format!("{factory}/{path}?api-version=2018-06-01"));
    let others = [
        "/",
        "/_emulator/state",
        "/api/2.2/jobs/runs/list?expand_tasks=true",
        "/api/2.0/secrets/list?scope=vault",
    ];
    for path in resources.into_iter().chain(others.map(str::to_owned)) {
        let answer = emulator.send(Request::new("GET", &path));
        assert_eq!(answer.status, 200, "{path}: {answer:?}");
        outputs.add(&path, answer.head + &answer.body);
    }
}

#[tokio::test]
async fn no_secret_is_shown_logged_reported_or_answered() {
    let Some(python) = Python::for_test("no_secret_is_shown_logged_reported_or_answered", &[])
    else {
        return;
    };
    let (folder, _) = small();
    linked_services(folder.path());
    let python = python.path().to_str().unwrap();
    let emulator = Emulator::start_with(&["-vvv", "--python", python], &[]);
    let cluster = workspace(&emulator, folder.path()).await;

    let mut outputs = Outputs::default();
    run_programs(&emulator, folder.path(), &mut outputs);
    ask_services(&emulator, &mut outputs);
    let (_, output) = emulator.run_notebook(&cluster, "/Shared/note", &[]).await;
    let result = output.notebook_output.as_ref().unwrap().result.as_deref();
    assert_eq!(result, Some("exit with [REDACTED]"));
    outputs.add("a notebook's output", format!("{output:?}"));
    let ready = emulator.ready.clone();
    outputs.add("the emulator's log", emulator.stop().stderr);

    outputs.assert_without(&[
        IN_LINKED_SERVICE,
        IN_CONNECTION_STRING,
        IN_SCOPE,
        IN_CLIENT_SECRET,
        IN_DATABRICKS_TOKEN,
        &ready.token,
        &ready.account_key,
    ]);
}

const ECHO: &str = "\
pw = dbutils.widgets.get('pw')
print('the password is', pw)
if dbutils.widgets.get('fail') == 'yes':
    raise ValueError('no ' + pw)
dbutils.notebook.exit(pw[::-1])
";

/// A pipeline that hands a secure parameter on: to a notebook, to a variable, to a message.
fn with_parameter(folder: &Path) {
    let ex = |text: &str| json!({"value": text, "type": "Expression"});
    let handed = json!({"name": "handed", "properties": {
    "parameters": {"pw": {"type": "SecureString"}, "fail": {"type": "String"}},
    "variables": {"v": {"type": "String"}},
    "activities": [
        {"name": "note", "type": "DatabricksNotebook",
            "typeProperties": {"notebookPath": "/Shared/echo", "baseParameters": {
                "pw": ex("@pipeline().parameters.pw"), "fail": ex("@pipeline().parameters.fail")}},
            "linkedServiceName": {"referenceName": "spark", "type": "LinkedServiceReference"}},
        {"name": "keep", "type": "SetVariable", "dependsOn": [{"activity": "note", "dependencyConditions": ["Completed"]}],
            "typeProperties": {"variableName": "v", "value": ex("@concat('pw=', pipeline().parameters.pw)")}},
        {"name": "stop", "type": "Fail", "dependsOn": [{"activity": "note", "dependencyConditions": ["Failed"]}],
            "typeProperties": {"message": ex("@concat('with ', pipeline().parameters.pw)"), "errorCode": "E1"}},
    ]}});
    write(folder, "adf/pipeline/handed.json", &handed.to_string());
}

#[tokio::test]
async fn a_secure_parameter_reaches_the_notebook_and_nobody_else() {
    let Some(python) = Python::for_test(
        "a_secure_parameter_reaches_the_notebook_and_nobody_else",
        &[],
    ) else {
        return;
    };
    let (folder, _) = small();
    linked_services(folder.path());
    with_parameter(folder.path());
    let python = python.path().to_str().unwrap();
    let emulator = Emulator::start_with(&["-vvv", "--python", python], &[]);
    workspace(&emulator, folder.path()).await;
    emulator.import("/Shared/echo", ECHO).await;

    let mut outputs = Outputs::default();
    for (fail, code) in [("no", 0), ("yes", 1)] {
        let secret = format!("pw={IN_PARAMETER}");
        let fails = format!("fail={fail}");
        for form in ["json", "human"] {
            let ended = Program::dataops(["run", "-vvv", "--pipeline", "handed"])
                .args(["-p", &secret, "-p", &fails, "--output", form])
                .args(["--report", "report.html"])
                .within(folder.path())
                .at(&emulator)
                .run();
            assert_eq!(ended.code, Some(code), "{ended}");
            assert!(form == "human" || ended.stdout.contains("***"), "{ended}");
            // The notebook has had the real one.
            let turned: String = IN_PARAMETER.chars().rev().collect();
            assert!(
                fail == "yes" || form == "human" || ended.stdout.contains(&turned),
                "{ended}"
            );
            let run = ended
                .stdout
                .split("\"runId\": \"")
                .nth(1)
                .map(|rest| rest[..36].to_owned());
            outputs.add("a run", ended.to_string());
            let report = std::fs::read_to_string(folder.path().join("report.html")).unwrap();
            outputs.add("the HTML report", report);
            for page in run
                .map(|run| format!("/?run={run}"))
                .into_iter()
                .chain(["/".to_owned()])
            {
                let answer = emulator.send(Request::new("GET", &page));
                assert_eq!(answer.status, 200, "{page}: {answer:?}");
                outputs.add(&page, answer.head + &answer.body);
            }
        }
    }
    outputs.add("the emulator's log", emulator.stop().stderr);

    outputs.assert_without(&[IN_PARAMETER]);
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
