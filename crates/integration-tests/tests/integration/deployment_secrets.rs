//! What an environment sets as a secret: it is deployed, it settles, and nobody is shown it.

use std::fs;
use std::path::Path;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use integration_tests::{Emulator, Ended, Program, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const SETTINGS: &str = r#"
name: small
adf: { root: adf }
environments:
  local:
    emulator: true
    records: { folder: records }
    overrides:
      linkedService.sql.typeProperties.connectionString: { secret: "${SQL}" }
      linkedService.web.typeProperties.password: { secret: "${WEB}" }
      pipeline.note.activities.remember.typeProperties.value: { secret: "${NOTE}" }
"#;

/// A connection string of which the service shows most, a password that it does not show, and a text that it shows whole.
const SQL: &str = "Server=canary-server.test;Password=canary-password;Database=d";
const WEB: &str = "canary-web-password";
const NOTE: &str = "canary-note";

struct Team {
    emulator: Emulator,
    folder: TempDir,
    /// Everything that was written on stdout and stderr.
    said: Vec<String>,
}

impl Team {
    fn new() -> Self {
        let (folder, _) = small();
        write(folder.path(), "dataops.yaml", SETTINGS);
        let sql = json!({"name": "sql", "properties": {"type": "AzureSqlDatabase", "typeProperties": {"connectionString": "set by each environment"}}});
        let web = json!({"name": "web", "properties": {"type": "Web", "typeProperties": {
            "url": "https://web.test", "authenticationType": "Basic", "username": "u", "password": {"type": "SecureString", "value": "set by each environment"}}}});
        let note = json!({"name": "note", "properties": {"variables": {"memory": {"type": "String"}}, "activities": [
            {"name": "wait", "type": "Wait", "typeProperties": {"waitTimeInSeconds": 1}},
            {"name": "remember", "type": "SetVariable", "typeProperties": {"variableName": "memory", "value": "set by each environment"}}]}});
        for (path, document) in [
            ("adf/linkedService/sql.json", sql),
            ("adf/linkedService/web.json", web),
            ("adf/pipeline/note.json", note),
        ] {
            write(folder.path(), path, &document.to_string());
        }
        Self {
            emulator: Emulator::start(),
            folder,
            said: Vec::new(),
        }
    }

    fn call(&mut self, args: &[&str]) -> Ended {
        self.call_with(SQL, args)
    }

    fn call_with(&mut self, sql: &str, args: &[&str]) -> Ended {
        let ended = Program::dataops(args)
            .within(self.folder.path())
            .at(&self.emulator)
            .env("SQL", sql)
            .env("WEB", WEB)
            .env("NOTE", NOTE)
            .run();
        self.said.push(format!("{args:?}\n{ended}"));
        ended
    }

    fn remote(&self) -> Remote {
        Remote::new(self.emulator.client("small"))
    }

    /// Writes a document over the one that is there, as a person does.
    async fn edit(&self, id: ResourceId, change: impl FnOnce(&mut Value)) {
        let remote = self.remote();
        let mut document = remote.get(&id).await.unwrap();
        change(&mut document["properties"]);
        remote.put(&id, document).await.unwrap();
    }
}

/// Every file in a folder, as text.
fn texts(folder: &Path, texts: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => self::texts(&path, texts),
            false => {
                let bytes = fs::read(&path).unwrap();
                texts.push(format!(
                    "{}\n{}",
                    path.display(),
                    String::from_utf8_lossy(&bytes)
                ));
            }
        }
    }
}

#[tokio::test]
async fn secrets_of_an_environment_settle_and_are_compared_as_far_as_they_show() {
    let mut team = Team::new();

    let deployed = team.call(&["deploy"]);
    assert_eq!(deployed.code, Some(0), "{deployed}");
    let sql = team
        .remote()
        .get(&ResourceId::new(Kind::LinkedService, "sql"))
        .await
        .unwrap();
    let shown = sql["properties"]["typeProperties"]["connectionString"]
        .as_str()
        .unwrap();
    assert_eq!(
        shown,
        "Server=canary-server.test;Password=**********;Database=d"
    );
    let again = team.call(&["plan", "--exit-code"]);
    assert_eq!(again.code, Some(0), "{again}");
    assert!(again.stdout.contains("nothing to do: "), "{again}");
    let told = "secrets of linkedService.sql, linkedService.web cannot be compared";
    assert!(again.stdout.contains(told), "{again}");
    let compared = team.call(&["diff", "--base", "env:local", "--exit-code"]);
    assert_eq!(compared.code, Some(0), "{compared}");
    assert!(
        compared
            .stderr
            .contains("whether the secret there differs is not known"),
        "{compared}"
    );

    let other = SQL.replace("canary-server", "canary-other");
    let planned = team.call_with(&other, &["plan", "--exit-code"]);
    assert_eq!(planned.code, Some(1), "{planned}");
    assert!(
        planned
            .stdout
            .contains("linkedService.sql (AzureSqlDatabase): a secret differs"),
        "{planned}"
    );
    let compared = team.call_with(&other, &["diff", "--base", "env:local", "--exit-code"]);
    assert_eq!(compared.code, Some(1), "{compared}");
}

#[tokio::test]
async fn another_secret_is_drift_where_the_service_shows_it() {
    let mut team = Team::new();
    team.call(&["deploy"]);
    let same = team.call(&["drift"]);
    team.edit(ResourceId::new(Kind::LinkedService, "web"), |_| {})
        .await;
    let hidden = team.call(&["drift"]);
    team.edit(ResourceId::new(Kind::Pipeline, "note"), |note| {
        note["activities"][1]["typeProperties"]["value"] = "canary-edited".into();
    })
    .await;

    let drifted = team.call(&["drift"]);

    assert_eq!(same.code, Some(0), "{same}");
    assert_eq!(hidden.code, Some(0), "{hidden}");
    let told = "? linkedService.web: somebody has written it again with the same content; whether the secret is another";
    assert!(hidden.stdout.contains(told), "{hidden}");
    assert_eq!(drifted.code, Some(1), "{drifted}");
    let told = "~ pipeline.note: a secret differs";
    assert!(drifted.stdout.contains(told), "{drifted}");
    assert!(!drifted.stdout.contains("canary-"), "{drifted}");
}

/// A pipeline that calls something, with what it authorises by.
fn caller(authorization: &Value) -> String {
    let call = json!({"name": "call", "type": "WebActivity", "typeProperties": {
        "method": "GET", "url": "https://f.test", "headers": {"Authorization": authorization}}});
    json!({"name": "caller", "properties": {"parameters": {"t": {"type": "SecureString"}}, "activities": [call]}})
        .to_string()
}

#[tokio::test]
async fn a_secret_in_the_place_of_an_expression_is_found_and_taken_away() {
    let mut team = Team::new();
    let id = ResourceId::new(Kind::Pipeline, "caller");
    let file = "adf/pipeline/caller.json";
    let expression = json!({"value": "@pipeline().parameters.t", "type": "Expression"});
    let there = |caller: &Value| {
        caller["properties"]["activities"][0]["typeProperties"]["headers"]["Authorization"].clone()
    };
    for method in ["direct", "arm"] {
        write(
            team.folder.path(),
            file,
            &caller(&json!("Bearer canary-abcdefgh12345678")),
        );
        let deployed = team.call(&["deploy", "--method", method]);
        assert_eq!(deployed.code, Some(0), "{deployed}");
        write(team.folder.path(), file, &caller(&expression));

        let planned = team.call(&["plan", "--exit-code"]);
        let deployed = team.call(&["deploy", "--method", method]);

        assert_eq!(planned.code, Some(1), "{planned}");
        let told = "pipeline.caller: a secret differs";
        assert!(planned.stdout.contains(told), "{planned}");
        assert!(
            !planned.stdout.contains("secrets of pipeline.caller"),
            "{planned}"
        );
        assert_eq!(deployed.code, Some(0), "{deployed}");
        assert_eq!(there(&team.remote().get(&id).await.unwrap()), expression);
        let again = team.call(&["plan", "--exit-code"]);
        assert_eq!(again.code, Some(0), "{again}");
        assert_eq!(team.call(&["drift"]).code, Some(0));
    }

    team.edit(id.clone(), |caller| {
        caller["activities"][0]["typeProperties"]["headers"]["Authorization"] =
            "Bearer canary-by-hand-1234".into();
    })
    .await;
    let drifted = team.call(&["drift"]);
    let deployed = team.call(&["deploy"]);

    assert_eq!(drifted.code, Some(1), "{drifted}");
    let told = "~ pipeline.caller: a secret differs";
    assert!(drifted.stdout.contains(told), "{drifted}");
    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert_eq!(there(&team.remote().get(&id).await.unwrap()), expression);
    assert!(
        team.said.iter().all(|said| !said.contains("canary")),
        "{:?}",
        team.said
    );
}

#[tokio::test]
async fn no_secret_of_an_environment_or_factory_is_said_or_kept() {
    let mut team = Team::new();
    team.call(&["deploy", "-vvv"]);
    team.edit(ResourceId::new(Kind::Pipeline, "note"), |note| {
        let activities = note["activities"].as_array_mut().unwrap();
        activities.reverse();
        activities[0]["typeProperties"]["value"] = "canary-edited".into();
        activities.push(json!({"name": "token", "type": "SetVariable",
            "typeProperties": {"variableName": "apiToken", "value": "canary-variable"}}));
        activities.push(json!({"name": "call", "type": "WebActivity", "typeProperties": {"method": "GET",
            "url": "https://f.test/?code=canary-code", "headers": {"Authorization": "canary-header", "x": "Bearer canary-bearer-1"}}}));
        note["variables"]["apiToken"] = json!({"type": "String", "defaultValue": "canary-default"});
    })
    .await;
    team.edit(ResourceId::new(Kind::LinkedService, "sql"), |sql| {
        sql["typeProperties"]["connectionString"] =
            "Server=canary-moved.test;Database=d;User ID=u;Password=canary-old".into();
    })
    .await;

    for format in ["human", "json", "markdown"] {
        team.call(&["plan", "-vvv", "--format", format]);
        team.call(&["diff", "--base", "env:local", "--format", format]);
    }
    let expected = team.call(&["deploy", "--method", "arm", "--what-if"]);
    assert!(expected.stdout.contains("pipeline.note"), "{expected}");
    team.call(&["drift", "-vvv"]);
    team.call(&["plan", "--out", "plan.json"]);
    team.emulator.order(&json!({"pattern": "PUT */linkedservices/sql", "status": 400, "times": 1, "body":
        {"error": {"code": "BadRequest", "message": "the value Server=s;Password=canary-password is wrong: canary-password is too old"}}}));
    let failed = team.call(&["deploy", "-vvv", "--plan", "plan.json"]);
    assert_eq!(failed.code, Some(3), "{failed}");
    team.emulator.forget_faults();
    let deployed = team.call(&["deploy", "-vvv", "--output", "json"]);
    assert_eq!(deployed.code, Some(0), "{deployed}");
    team.call(&["audit", "--format", "json"]);
    team.call(&["audit", "--format", "markdown"]);
    team.call(&[
        "export",
        "arm",
        "--source",
        "adf",
        "--factory",
        "small",
        "--out",
        "arm",
    ]);

    let mut texts = std::mem::take(&mut team.said);
    for kept in ["records", "plan.json", "arm"] {
        let path = team.folder.path().join(kept);
        match path.is_dir() {
            true => self::texts(&path, &mut texts),
            false => texts.push(fs::read_to_string(path).unwrap()),
        }
    }
    texts.push(team.emulator.stop().stderr);
    assert!(texts.len() > 20, "{}", texts.len());
    for text in texts {
        let at = text.find("canary");
        assert_eq!(at.map(|at| &text[at.saturating_sub(400)..]), None);
    }
}
