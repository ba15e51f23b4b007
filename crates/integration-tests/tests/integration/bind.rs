//! `dataops bind`: ids of the ML side reach the factory without a deployment of it.

use std::path::Path;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use dataops_solution::Solution;
use integration_tests::{Emulator, Ended, Program, edit, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const SETTINGS: &str = "\
name: small
adf: { root: adf }
environments:
  local:
    emulator: true
    records: { folder: records }
    overrides:
      pipeline.greet.variables.greeting.defaultValue: aml://pipelines/training
";

struct Team {
    emulator: Emulator,
    folder: TempDir,
    solution: Solution,
}

impl Team {
    /// A team whose ML side has published a pipeline, and which has deployed.
    async fn new() -> Self {
        let (folder, _) = small();
        write(folder.path(), "dataops.yaml", SETTINGS);
        edit(folder.path(), "adf/pipeline/greet.json", |greet| {
            greet["variables"]["greeting"]["defaultValue"] = "set by each environment".into();
        });
        let solution = Solution::find(folder.path()).unwrap();
        let team = Self {
            emulator: Emulator::start(),
            folder,
            solution,
        };
        let first = team.publish("1").await;
        let deployed = team.call(&["deploy"]);
        assert_eq!(deployed.code, Some(0), "{deployed}");
        assert_eq!(team.greeting().await, first);
        team
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn call(&self, args: &[&str]) -> Ended {
        let program = Program::dataops(args).within(self.path());
        program.at(&self.emulator).env("USER", "ada").run()
    }

    /// Publishes a version of the pipeline in the place of the one before, and gives its id.
    async fn publish(&self, version: &str) -> String {
        let client = self.emulator.connection(&self.solution).machine_learning();
        let pipelines = client.unwrap().pipelines().await.unwrap();
        for earlier in pipelines.find("training", None, None).await.unwrap() {
            let disabled = aml_client::EntityStatus::Disabled;
            pipelines
                .set_status(&earlier.id, disabled, None)
                .await
                .unwrap();
        }
        let script = self.path().join("train.py");
        std::fs::write(script, "print('trained')").unwrap();
        let body = json!({"Name": "training", "Version": version, "ParameterAssignments": {}, "Properties": {
            "dataops.sourceDirectory": self.path(), "dataops.entryScript": "train.py"}});
        let made = pipelines.create(&body, None).await.unwrap();
        made.into_model().unwrap().id.clone()
    }

    fn remote(&self) -> Remote {
        Remote::new(self.emulator.client("small"))
    }

    async fn greet(&self) -> Value {
        let id = ResourceId::new(Kind::Pipeline, "greet");
        self.remote().get(&id).await.unwrap()
    }

    async fn greeting(&self) -> Value {
        self.greet().await["properties"]["variables"]["greeting"]["defaultValue"].clone()
    }

    async fn trigger_runs(&self) -> bool {
        let id = ResourceId::new(Kind::Trigger, "OnDrop");
        let trigger = self.remote().get(&id).await.unwrap();
        trigger["properties"]["runtimeState"] == "Started"
    }
}

#[tokio::test]
async fn a_new_id_is_handed_over_and_nothing_else_is_touched() {
    let team = Team::new().await;
    let second = team.publish("2").await;
    // What the sources say by now, and what somebody has changed by hand, is not the ML side's business.
    edit(team.path(), "adf/pipeline/greet.json", |greet| {
        greet["parameters"]["times"]["defaultValue"] = 9.into();
    });
    let mut changed = team.greet().await;
    changed["properties"]["description"] = "by hand".into();
    let id = ResourceId::new(Kind::Pipeline, "greet");
    team.remote().put(&id, changed).await.unwrap();

    let planned = team.call(&["bind", "--dry-run"]);
    assert_eq!(planned.code, Some(0), "{planned}");
    assert!(
        planned.stdout.contains("~ pipeline.greet: 1 place differs"),
        "{planned}"
    );
    assert!(planned.stdout.contains(&second), "{planned}");
    let bound = team.call(&["bind"]);

    assert_eq!(bound.code, Some(0), "{bound}");
    let greet = team.greet().await;
    assert_eq!(team.greeting().await, second);
    assert_eq!(greet["properties"]["description"], "by hand");
    assert_eq!(
        greet["properties"]["parameters"]["times"]["defaultValue"],
        1
    );
    assert!(team.trigger_runs().await);
    let audited = team.call(&["audit"]);
    assert!(audited.stdout.contains("binding of ML ids"), "{audited}");
    let again = team.call(&["bind", "--dry-run"]);
    assert!(again.stdout.contains("nothing to do"), "{again}");
    // The id is of the deployment; what somebody has changed by hand is not, though it stands in the same pipeline.
    let drifted = team.call(&["drift"]);
    assert_eq!(drifted.code, Some(1), "{drifted}");
    assert!(drifted.stdout.contains("by hand"), "{drifted}");
}

#[tokio::test]
async fn binding_makes_no_drift_and_hides_none() {
    let team = Team::new().await;
    team.publish("2").await;
    let bound = team.call(&["bind"]);
    let same = team.call(&["drift"]);
    let id = ResourceId::new(Kind::Pipeline, "long");
    let mut long = team.remote().get(&id).await.unwrap();
    long["properties"]["description"] = "by hand".into();
    team.remote().put(&id, long).await.unwrap();

    let again = team.call(&["bind"]);
    let drifted = team.call(&["drift"]);

    assert_eq!(bound.code, Some(0), "{bound}");
    assert_eq!(same.code, Some(0), "{same}");
    assert_eq!(again.code, Some(0), "{again}");
    assert_eq!(drifted.code, Some(1), "{drifted}");
    assert!(drifted.stdout.contains("~ pipeline.long: "), "{drifted}");
    assert!(!drifted.stdout.contains("pipeline.greet"), "{drifted}");
}

#[tokio::test]
async fn an_id_may_be_given_instead() {
    let team = Team::new().await;

    let set = "pipeline.greet.variables.greeting.defaultValue=11111111-2222-3333-4444-555555555555";
    let bound = team.call(&["bind", "--set", set]);

    assert_eq!(bound.code, Some(0), "{bound}");
    assert_eq!(
        team.greeting().await,
        "11111111-2222-3333-4444-555555555555"
    );
    assert!(!format!("{bound}").contains("is no id"), "{bound}");
    let named = "pipeline.greet.variables.greeting.defaultValue=hello";
    let named = team.call(&["bind", "--dry-run", "--set", named]);
    assert_eq!(named.code, Some(0), "{named}");
    let told = "`hello` is no id, and takes the place of one";
    assert!(format!("{named}").contains(told), "{named}");
    let wrong = team.call(&[
        "bind",
        "--set",
        "pipeline.greet.variables.greting.defaultValue=x",
    ]);
    assert_eq!(wrong.code, Some(2), "{wrong}");
    let absent = team.call(&["bind", "--set", "pipeline.gone.variables.a.defaultValue=x"]);
    assert_eq!(absent.code, Some(3), "{absent}");
    assert!(
        absent.stderr.contains("the factory has no pipeline `gone`"),
        "{absent}"
    );
}

#[tokio::test]
async fn what_is_no_id_of_the_ml_side_is_not_bound() {
    let team = Team::new().await;
    let before = team.greet().await;

    let set = "pipeline.greet.parameters.times.defaultValue=7";
    let refused = team.call(&["bind", "--set", set]);
    let nameless = "pipeline.greet.variables.greeting.defaultValue=aml://pipelines/";
    let nameless = team.call(&["bind", "--set", nameless]);

    assert_eq!(refused.code, Some(2), "{refused}");
    let hint = "places that can be bound: pipeline.greet.variables.greeting.defaultValue";
    assert!(refused.stderr.contains(hint), "{refused}");
    let empty = team.call(&[
        "bind",
        "--set",
        "pipeline.greet.variables.greeting.defaultValue=",
    ]);
    assert_eq!(nameless.code, Some(2), "{nameless}");
    assert_eq!(empty.code, Some(2), "{empty}");
    assert!(
        empty
            .stderr
            .contains("is the variable that the value comes from set?"),
        "{empty}"
    );
    assert_eq!(team.greet().await, before);
}

#[tokio::test]
async fn what_somebody_has_written_meanwhile_is_not_written_over() {
    let team = Team::new().await;
    team.publish("2").await;
    team.emulator.order(
        &json!({"pattern": "PUT */pipelines/greet", "status": 412, "times": 0, "body":
        {"error": {"code": "PreconditionFailed", "message": "as ordered"}}}),
    );

    let bound = team.call(&["bind"]);

    assert_eq!(bound.code, Some(3), "{bound}");
    assert!(team.trigger_runs().await);
}

#[tokio::test]
async fn a_document_whose_secrets_do_not_come_back_is_left_alone() {
    let team = Team::new().await;
    let settings =
        format!("{SETTINGS}      linkedService.web.typeProperties.url: aml://pipelines/training\n");
    write(team.path(), "dataops.yaml", &settings);
    let web = json!({"name": "web", "properties": {"type": "Web", "typeProperties": {"url": "https://web.test",
        "authenticationType": "Basic", "username": "u", "password": {"type": "SecureString", "value": "canary"}}}});
    let id = ResourceId::new(Kind::LinkedService, "web");
    team.remote().put(&id, web).await.unwrap();

    let bound = team.call(&[
        "bind",
        "--set",
        "linkedService.web.typeProperties.url=https://other.test",
    ]);

    assert_eq!(bound.code, Some(3), "{bound}");
    assert!(
        bound
            .stderr
            .contains("has secrets that the service does not give back"),
        "{bound}"
    );
}

#[tokio::test]
async fn ids_are_handed_over_by_a_deployment_of_azure_resource_manager_too() {
    let team = Team::new().await;
    let second = team.publish("2").await;
    let mut changed = team.greet().await;
    changed["properties"]["description"] = "by hand".into();
    let id = ResourceId::new(Kind::Pipeline, "greet");
    team.remote().put(&id, changed).await.unwrap();

    let told = team.call(&["bind", "--method", "arm", "--what-if"]);
    let untouched = team.greeting().await;
    let bound = team.call(&["bind", "--method", "arm"]);

    assert_eq!(told.code, Some(0), "{told}");
    assert!(told.stdout.contains("~ pipeline.greet"), "{told}");
    assert_ne!(untouched, second);
    assert_eq!(bound.code, Some(0), "{bound}");
    assert!(
        bound
            .stderr
            .contains("deploying 1 resources as `dataops-local-"),
        "{bound}"
    );
    assert_eq!(team.greeting().await, second);
    assert_eq!(team.greet().await["properties"]["description"], "by hand");
    assert!(team.trigger_runs().await);
    let audited = team.call(&["audit", "--format", "json"]);
    let audited: Value = serde_json::from_str(&audited.stdout).unwrap();
    let last = audited["records"].as_array().unwrap().last().unwrap();
    let name = last["did"]["deployment"]["arm"]["name"].as_str();
    assert!(
        name.is_some_and(|name| name.starts_with("dataops-local-")),
        "{last}"
    );
}
