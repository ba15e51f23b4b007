//! `aml://batch-endpoints/…`: the default deployment of a batch endpoint, and its address, reach the factory by the endpoint's name.

use std::path::Path;
use std::time::Duration;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use aml_client::{MachineLearningClient, Wait};
use dataops_solution::Solution;
use integration_tests::{Emulator, Ended, Program, edit, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::from_millis(1),
    longest: Duration::from_millis(50),
};

fn settings(address: &str) -> String {
    format!(
        "\
name: small
adf: {{ root: adf }}
environments:
  local:
    emulator: true
    records: {{ folder: records }}
    overrides:
      pipeline.greet.variables.greeting.defaultValue: {address}
"
    )
}

struct Team {
    emulator: Emulator,
    folder: TempDir,
    client: MachineLearningClient,
}

impl Team {
    /// A team whose ML side has a batch endpoint `training` with the deployments `blue`, which is the default, and `green`.
    async fn new(address: &str) -> Self {
        let (folder, _) = small();
        write(folder.path(), "dataops.yaml", &settings(address));
        edit(folder.path(), "adf/pipeline/greet.json", |greet| {
            greet["variables"]["greeting"]["defaultValue"] = "set by each environment".into();
        });
        let solution = Solution::find(folder.path()).unwrap();
        let emulator = Emulator::start();
        let client = emulator.connection(&solution).machine_learning().unwrap();
        let endpoints = client.batch_endpoints();
        let body = json!({"location": "local", "properties": {"authMode": "AADToken"}});
        let made = endpoints.create_or_update("training", &body, SOON, None);
        made.await.unwrap();
        let deployments = endpoints.deployments("training").unwrap();
        for (name, version) in [("blue", 1), ("green", 2)] {
            let component = format!(
                "{}/components/train/versions/{version}",
                client.resource_id()
            );
            let body = json!({"location": "local", "properties": {"deploymentConfiguration": {
                "deploymentConfigurationType": "PipelineComponent",
                "componentId": {"referenceType": "Id", "assetId": component}}}});
            let made = deployments.create_or_update(name, &body, SOON, None);
            made.await.unwrap();
        }
        let team = Self {
            emulator,
            folder,
            client,
        };
        team.make_default("blue").await;
        team
    }

    async fn make_default(&self, deployment: &str) {
        let endpoints = self.client.batch_endpoints();
        let set = endpoints.set_default_deployment("training", deployment, SOON, None);
        let set = set.await.unwrap().into_model().unwrap();
        assert_eq!(set.default_deployment(), Some(deployment));
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn call(&self, args: &[&str]) -> Ended {
        let program = Program::dataops(args).within(self.path());
        program.at(&self.emulator).env("USER", "ada").run()
    }

    async fn greet(&self) -> Value {
        let remote = Remote::new(self.emulator.client("small"));
        let id = ResourceId::new(Kind::Pipeline, "greet");
        remote.get(&id).await.unwrap()
    }

    async fn greeting(&self) -> Value {
        self.greet().await["properties"]["variables"]["greeting"]["defaultValue"].clone()
    }
}

#[tokio::test]
async fn the_default_deployment_is_planned_deployed_and_bound_anew() {
    let team = Team::new("aml://batch-endpoints/training/default").await;

    let planned = team.call(&["plan"]);
    let deployed = team.call(&["deploy"]);

    assert!(planned.stdout.contains("pipeline.greet"), "{planned}");
    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert_eq!(team.greeting().await, "blue");
    // What the sources say by now is not the ML side's business.
    edit(team.path(), "adf/pipeline/greet.json", |greet| {
        greet["parameters"]["times"]["defaultValue"] = 9.into();
    });
    team.make_default("green").await;
    let looked = team.call(&["bind", "--dry-run"]);
    assert!(looked.stdout.contains("green"), "{looked}");
    assert_eq!(team.greeting().await, "blue");
    let bound = team.call(&["bind"]);
    assert_eq!(bound.code, Some(0), "{bound}");
    assert_eq!(team.greeting().await, "green");
    let times = &team.greet().await["properties"]["parameters"]["times"]["defaultValue"];
    assert_eq!(*times, 1);
    let again = team.call(&["bind", "--dry-run"]);
    assert!(again.stdout.contains("nothing to do"), "{again}");
}

#[tokio::test]
async fn the_address_of_the_jobs_stays_while_the_deployment_changes() {
    let team = Team::new("aml://batch-endpoints/training").await;

    let deployed = team.call(&["deploy"]);

    assert_eq!(deployed.code, Some(0), "{deployed}");
    let address = format!(
        "{}/batchEndpoints/training/jobs",
        team.emulator.ready.endpoint
    );
    assert_eq!(team.greeting().await, address);
    team.make_default("green").await;
    let bound = team.call(&["bind", "--dry-run"]);
    assert!(bound.stdout.contains("nothing to do"), "{bound}");
}

#[tokio::test]
async fn a_wrong_name_is_told_with_its_place_the_reason_and_what_is_meant() {
    let team = Team::new("aml://batch-endpoints/trainnig/default").await;

    for args in [["plan"], ["deploy"], ["bind"]] {
        let ended = team.call(&args);

        assert_eq!(ended.code, Some(3), "{ended}");
        for told in [
            "dataops.yaml:8:55: `pipeline.greet.variables.greeting.defaultValue` of `overrides` cannot be looked up",
            "there is no `aml://batch-endpoints/trainnig/default`",
            "NoSuchEndpoint: There is no endpoint with name: trainnig",
            "hint: did you mean `training`?",
        ] {
            assert!(ended.stderr.contains(told), "{told}: {ended}");
        }
    }
}

#[tokio::test]
async fn an_endpoint_without_a_default_is_told_with_what_to_do() {
    let team = Team::new("aml://batch-endpoints/other/default").await;
    let body = json!({"location": "local", "properties": {"authMode": "AADToken"}});
    let endpoints = team.client.batch_endpoints();
    let made = endpoints.create_or_update("other", &body, SOON, None);
    made.await.unwrap();

    let ended = team.call(&["deploy"]);

    assert_eq!(ended.code, Some(3), "{ended}");
    for told in [
        "batch endpoint `other` has no default deployment",
        "az ml batch-endpoint update --name other --set defaults.deployment_name=DEPLOYMENT",
    ] {
        assert!(ended.stderr.contains(told), "{told}: {ended}");
    }
}
