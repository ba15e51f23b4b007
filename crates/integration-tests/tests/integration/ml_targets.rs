//! What `aml://…` leads to: the newest of several pipelines, and nothing that cannot run.

use std::time::Duration;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use aml_client::{EntityStatus, MachineLearningClient, Wait};
use dataops_solution::Solution;
use integration_tests::{Emulator, Ended, Program, Request, edit, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const SOON: Wait = Wait {
    limit: Duration::from_secs(60),
    first: Duration::from_millis(1),
    longest: Duration::from_millis(50),
};

struct Team {
    emulator: Emulator,
    folder: TempDir,
    client: MachineLearningClient,
}

impl Team {
    fn new(address: &str) -> Self {
        let (folder, _) = small();
        let settings = format!(
            "name: small\nadf: {{ root: adf }}\nenvironments:\n  local:\n    emulator: true\n    records: {{ folder: records }}\n    \
             overrides:\n      pipeline.greet.variables.greeting.defaultValue: {address}\n"
        );
        write(folder.path(), "dataops.yaml", &settings);
        edit(folder.path(), "adf/pipeline/greet.json", |greet| {
            greet["variables"]["greeting"]["defaultValue"] = "set by each environment".into();
        });
        write(folder.path(), "train.py", "print('trained')");
        let solution = Solution::find(folder.path()).unwrap();
        let emulator = Emulator::start();
        let client = emulator.connection(&solution).machine_learning().unwrap();
        Self {
            emulator,
            folder,
            client,
        }
    }

    fn call(&self, args: &[&str]) -> Ended {
        let program = Program::dataops(args).within(self.folder.path());
        program.at(&self.emulator).env("USER", "ada").run()
    }

    /// Publishes a pipeline beside those that are there, and gives its id.
    async fn publish(&self, version: &str) -> String {
        let body = json!({"Name": "training", "Version": version, "ParameterAssignments": {}, "Properties": {
            "dataops.sourceDirectory": self.folder.path(), "dataops.entryScript": "train.py"}});
        let pipelines = self.client.pipelines().await.unwrap();
        let made = pipelines.create(&body, None).await.unwrap();
        made.into_model().unwrap().id.clone()
    }

    async fn greeting(&self) -> Value {
        let remote = Remote::new(self.emulator.client("small"));
        let id = ResourceId::new(Kind::Pipeline, "greet");
        let greet = remote.get(&id).await.unwrap();
        greet["properties"]["variables"]["greeting"]["defaultValue"].clone()
    }

    /// Makes the batch endpoint `retrain` with the default deployment `blue`.
    async fn makes_batch_endpoint(&self) -> Value {
        let endpoints = self.client.batch_endpoints();
        let body = json!({"location": "local", "properties": {"authMode": "AADToken"}});
        let made = endpoints.create_or_update("retrain", &body, SOON, None);
        made.await.unwrap();
        let component = format!("{}/components/train/versions/1", self.client.resource_id());
        let body = json!({"location": "local", "properties": {"deploymentConfiguration": {
            "deploymentConfigurationType": "PipelineComponent",
            "componentId": {"referenceType": "Id", "assetId": component}}}});
        let deployments = endpoints.deployments("retrain").unwrap();
        let made = deployments.create_or_update("blue", &body, SOON, None);
        made.await.unwrap();
        let set = endpoints.set_default_deployment("retrain", "blue", SOON, None);
        let set = set.await.unwrap().into_model().unwrap();
        set.json().clone()
    }

    /// Lets the service say that the batch endpoint is in some state.
    fn finds(&self, endpoint: &Value, state: &str) {
        let mut endpoint = endpoint.clone();
        endpoint["properties"]["provisioningState"] = state.into();
        self.emulator.order(
            &json!({"pattern": "GET */batchEndpoints/retrain", "status": 200, "times": 0, "body": endpoint}),
        );
    }

    /// Neither a plan nor a deployment goes on, and both say why.
    fn refuses(&self, told: &[&str]) {
        for args in [["plan"], ["deploy"]] {
            let ended = self.call(&args);

            assert_eq!(ended.code, Some(3), "{ended}");
            for told in told {
                assert!(ended.stderr.contains(told), "{told}: {ended}");
            }
        }
    }
}

#[tokio::test]
async fn a_name_means_the_newest_pipeline_and_the_plan_says_of_how_many() {
    let team = Team::new("aml://pipelines/training");
    team.publish("1").await;
    let second = team.publish("2").await;

    let planned = team.call(&["plan"]);
    let deployed = team.call(&["deploy"]);

    let told = format!(
        "`aml://pipelines/training` is the newest of 2 active pipelines, {second} of version `2`"
    );
    assert!(planned.stdout.contains(&told), "{planned}");
    assert_eq!(deployed.code, Some(0), "{deployed}");
    assert!(deployed.stderr.contains(&told), "{deployed}");
    assert_eq!(team.greeting().await, second);
    let third = team.publish("3").await;
    let bound = team.call(&["bind"]);
    assert_eq!(bound.code, Some(0), "{bound}");
    assert_eq!(team.greeting().await, third);
}

#[tokio::test]
async fn pipelines_whose_dates_do_not_tell_are_told_with_what_to_name() {
    let team = Team::new("aml://pipelines/training");
    let listed = |id: &str| json!({"Id": id, "Name": "training", "EntityStatus": 0, "CreatedDate": "1970-01-01T00:00:00"});
    team.emulator.order(
        &json!({"pattern": "GET */Pipelines", "status": 200, "times": 0, "body": [listed("a"), listed("b")]}),
    );

    team.refuses(&[
        "which pipeline `aml://pipelines/training` means cannot be told",
        "2 published pipelines `training`: a, b",
        "hint: name the version, aml://pipelines/training/VERSION, or an endpoint, aml://pipeline-endpoints/NAME",
    ]);
}

#[tokio::test]
async fn a_pipeline_that_an_endpoint_cannot_run_is_refused() {
    for address in [
        "aml://pipeline-endpoints/retrain",
        "aml://pipeline-endpoints/retrain/default",
    ] {
        let team = Team::new(address);
        let id = team.publish("1").await;
        let endpoints = team.client.pipeline_endpoints().await.unwrap();
        endpoints.create("retrain", "", &id, None).await.unwrap();
        assert_eq!(team.call(&["plan"]).code, Some(0));

        let pipelines = team.client.pipelines().await.unwrap();
        let set = pipelines.set_status(&id, EntityStatus::Disabled, None);
        set.await.unwrap();
        team.refuses(&[
            &format!("`{address}` leads to nothing that can run: the pipeline {id}, which endpoint `retrain` runs by default as version 0, is disabled"),
            "hint: the ML side makes another version the endpoint's default",
        ]);
        let gone = json!({"pattern": format!("GET */Pipelines/{id}"), "status": 404, "times": 0,
            "body": {"error": {"code": "NotFound", "message": "gone"}}});
        team.emulator.order(&gone);
        team.refuses(&["is gone"]);
    }
}

#[tokio::test]
async fn a_disabled_endpoint_is_refused() {
    let team = Team::new("aml://pipeline-endpoints/retrain");
    let id = team.publish("1").await;
    let endpoints = team.client.pipeline_endpoints().await.unwrap();
    let made = endpoints.create("retrain", "", &id, None).await.unwrap();
    let made = made.into_model().unwrap();
    let disabled = made.edit(|endpoint| endpoint["EntityStatus"] = "Disabled".into());
    let disabled = disabled.unwrap();
    endpoints.update(&disabled, None).await.unwrap();

    team.refuses(&["pipeline endpoint `retrain` is disabled"]);
}

#[tokio::test]
async fn a_batch_endpoint_that_cannot_start_a_job_is_refused() {
    for address in [
        "aml://batch-endpoints/retrain",
        "aml://batch-endpoints/retrain/default",
    ] {
        let team = Team::new(address);
        let endpoint = team.makes_batch_endpoint().await;
        assert_eq!(team.call(&["plan"]).code, Some(0));

        let failed = json!({"name": "blue", "properties": {"provisioningState": "Failed"}});
        let pattern = "GET */batchEndpoints/retrain/deployments/blue";
        team.emulator
            .order(&json!({"pattern": pattern, "status": 200, "times": 0, "body": failed}));
        team.refuses(&[
            "the deployment `blue`, which batch endpoint `retrain` has by default, is Failed",
            "az ml batch-endpoint update --name retrain --set defaults.deployment_name=DEPLOYMENT",
        ]);
        let _ = team
            .emulator
            .send(Request::new("DELETE", "/_emulator/faults"));
        let gone = json!({"error": {"code": "NotFound", "message": "gone"}});
        team.emulator
            .order(&json!({"pattern": pattern, "status": 404, "times": 0, "body": gone}));
        team.refuses(&["is gone"]);
        team.emulator.forget_faults();
        team.finds(&endpoint, "Deleting");
        team.refuses(&["batch endpoint `retrain` is Deleting"]);
    }
}

#[tokio::test]
async fn a_batch_endpoint_whose_last_change_has_failed_is_told_where_its_deployment_serves() {
    let team = Team::new("aml://batch-endpoints/retrain");
    let mut endpoint = team.makes_batch_endpoint().await;
    team.finds(&endpoint, "Failed");

    let planned = team.call(&["plan"]);

    assert_eq!(planned.code, Some(0), "{planned}");
    let all = format!("{}{}", planned.stdout, planned.stderr);
    for words in [
        "batch endpoint `retrain` is Failed, which is what came of its last change; its deployment `blue` is there",
        "az ml batch-endpoint show --name retrain",
    ] {
        assert!(all.contains(words), "{words}: {planned}");
    }
    endpoint["properties"]["defaults"] = json!({});
    team.emulator.forget_faults();
    team.finds(&endpoint, "Failed");
    team.refuses(&["batch endpoint `retrain` is Failed"]);
}

#[tokio::test]
async fn who_may_not_read_the_ml_side_is_told_its_own_role() {
    let team = Team::new("aml://pipelines/training");
    let denied = json!({"error": {"code": "UserError", "message": "no"}});
    team.emulator
        .order(&json!({"pattern": "GET */Pipelines", "status": 403, "times": 0, "body": denied}));

    let planned = team.call(&["plan"]);

    assert_eq!(planned.code, Some(3), "{planned}");
    assert!(
        planned.stderr.contains("AzureML Data Scientist"),
        "{planned}"
    );
    assert!(
        !planned.stderr.contains("Data Factory Contributor"),
        "{planned}"
    );
}
