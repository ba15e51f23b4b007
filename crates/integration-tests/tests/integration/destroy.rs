//! `dataops destroy`: what a solution has brought goes, and nothing else.

use std::path::Path;

use adf_client::Remote;
use adf_model::{Factory as _, Kind, ResourceId};
use integration_tests::{Counter, Emulator, Ended, Program, small, write};
use serde_json::{Value, json};
use tempfile::TempDir;

const YES: [&str; 2] = ["destroy", "--yes"];

/// A solution with notebooks that is deployed, beside resources and notebooks of others.
struct Stage {
    emulator: Emulator,
    folder: TempDir,
}

impl Stage {
    async fn new() -> Self {
        let (folder, _) = small();
        let path = folder.path().join("dataops.yaml");
        let settings = std::fs::read_to_string(&path).unwrap();
        let notebooks = "notebooks: { root: notebooks, target: /Shared/small }\n";
        std::fs::write(&path, settings + notebooks).unwrap();
        write(
            folder.path(),
            "notebooks/prepare.py",
            "# Databricks notebook source\nprint(1)\n",
        );
        write(folder.path(), "notebooks/lib/rules.py", "LIMIT = 1\n");
        let stage = Self {
            emulator: Emulator::start(),
            folder,
        };
        let deployed = stage.call(&["deploy"]);
        assert_eq!(deployed.code, Some(0), "{deployed}");
        stage
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn call(&self, args: &[&str]) -> Ended {
        let program = Program::dataops(args).within(self.path());
        program.at(&self.emulator).env("USER", "ada").run()
    }

    fn remote(&self) -> Remote {
        Remote::new(self.emulator.client("small"))
    }

    async fn put(&self, kind: Kind, name: &str, properties: Value) {
        let id = ResourceId::new(kind, name);
        let document = json!({"name": name, "properties": properties});
        self.remote().put(&id, document).await.unwrap();
    }

    /// The resources of the factory.
    async fn resources(&self) -> Vec<String> {
        let mut all = Vec::new();
        for kind in [
            Kind::Pipeline,
            Kind::Trigger,
            Kind::Dataset,
            Kind::LinkedService,
            Kind::Credential,
        ] {
            let listed = self.remote().list(kind).await.unwrap();
            all.extend(listed.into_iter().map(|(id, _)| id.to_string()));
        }
        all
    }

    fn notebooks(&self) -> Vec<String> {
        let listed = self.emulator.send(integration_tests::Request::new(
            "GET",
            "/api/2.0/workspace/list?path=/Shared/small",
        ));
        let said: Value = serde_json::from_str(&listed.body).unwrap();
        let objects = said["objects"].as_array().cloned().unwrap_or_default();
        let paths = objects
            .iter()
            .map(|it| it["path"].as_str().unwrap().to_owned());
        paths.collect()
    }
}

#[tokio::test]
async fn what_the_solution_has_brought_goes_and_what_is_of_others_stays() {
    let stage = Stage::new().await;
    stage
        .put(Kind::Pipeline, "theirs", json!({"activities": []}))
        .await;
    let lone = stage.call(&YES);
    assert_eq!(lone.code, Some(0), "{lone}");

    assert_eq!(stage.resources().await, ["pipeline `theirs`"]);
    assert_eq!(stage.notebooks(), Vec::<String>::new());
    for text in [
        "- trigger.OnDrop",
        "- pipeline.greet",
        "- /Shared/small/prepare",
        "unsubscribe, wait, stop",
    ] {
        assert!(lone.stderr.contains(text), "{text}: {lone}");
    }
    assert!(
        lone.stdout.contains("removed from small: 4 deleted"),
        "{lone}"
    );
    assert!(
        lone.stdout.contains("notebooks and files: 2 deleted"),
        "{lone}"
    );
    let audited = stage.call(&["audit"]);
    assert!(audited.stdout.contains("removal"), "{audited}");
    assert!(
        audited.stdout.contains("removed, 4 deleted, 1 left"),
        "{audited}"
    );
    let again = stage.call(&YES);
    assert_eq!(again.code, Some(0), "{again}");
    assert!(
        again.stdout.contains("removed from small: nothing to do"),
        "{again}"
    );
    let drifted = stage.call(&["drift"]);
    assert_eq!(drifted.code, Some(0), "{drifted}");
}

#[tokio::test]
async fn a_dry_run_shows_what_would_go_and_a_plan_is_carried_out_as_it_was_seen() {
    let stage = Stage::new().await;
    let before = stage.resources().await;

    let dry = stage.call(&["destroy", "--dry-run"]);
    let plan = stage.path().join("removal.json");
    let out = stage.call(&["destroy", "--out", plan.to_str().unwrap()]);
    let deployed = stage.call(&["deploy", "--plan", plan.to_str().unwrap()]);
    let after = stage.resources().await;
    stage
        .put(
            Kind::Pipeline,
            "greet",
            json!({"activities": [], "description": "by hand"}),
        )
        .await;
    let moved = stage.call(&["destroy", "--yes", "--plan", plan.to_str().unwrap()]);

    assert_eq!((dry.code, out.code), (Some(0), Some(0)), "{dry}{out}");
    assert!(dry.stdout.contains("What is removed from local"), "{dry}");
    assert!(dry.stdout.contains("4 to delete"), "{dry}");
    assert_eq!(deployed.code, Some(2), "{deployed}");
    assert_eq!(after, before);
    assert_eq!(moved.code, Some(1), "{moved}");
    assert!(
        moved
            .stderr
            .contains("pipeline.greet was changed in the factory"),
        "{moved}"
    );
    assert_eq!(stage.resources().await, before);
}

#[tokio::test]
async fn nothing_goes_unasked() {
    let stage = Stage::new().await;
    let before = stage.resources().await;

    let unasked = stage.call(&["destroy"]);

    assert_eq!(unasked.code, Some(2), "{unasked}");
    assert!(
        unasked.stderr.contains("--yes removes it without asking"),
        "{unasked}"
    );
    assert_eq!(stage.resources().await, before);
}

#[tokio::test]
async fn an_environment_that_denies_it_is_left_alone_whoever_consents() {
    let stage = Stage::new().await;
    let before = stage.resources().await;
    let path = stage.path().join("dataops.yaml");
    let settings = std::fs::read_to_string(&path).unwrap();

    for rule in ["destroy", "delete", "mass-delete"] {
        let denying = format!("local: {{ emulator: true, policy: {{ deny: [{rule}] }} }}");
        let denying = settings.replace("local: { emulator: true }", &denying);
        std::fs::write(&path, denying).unwrap();

        let denied = stage.call(&["destroy", "--yes", "--consent", rule]);

        assert_eq!(denied.code, Some(1), "{denied}");
        assert!(
            denied.stderr.contains(&format!("({rule}: denied)")),
            "{denied}"
        );
        assert_eq!(stage.resources().await, before);
    }
}

#[tokio::test]
async fn what_has_a_state_of_its_own_goes_only_with_consent() {
    let stage = Stage::new().await;
    let hourly = json!({"type": "TumblingWindowTrigger", "runtimeState": "Stopped",
        "pipeline": {"pipelineReference": {"referenceName": "greet", "type": "PipelineReference"}},
        "typeProperties": {"frequency": "Hour", "interval": 1, "startTime": "2026-01-01T00:00:00Z", "maxConcurrency": 1}});
    let document = json!({"name": "Hourly", "properties": hourly});
    write(
        stage.path(),
        "adf/trigger/Hourly.json",
        &document.to_string(),
    );
    assert_eq!(stage.call(&["deploy"]).code, Some(0));

    let refused = stage.call(&YES);
    let left = stage.resources().await.len();
    let removed = stage.call(&["destroy", "--yes", "--consent", "delete-stateful"]);

    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused
            .stderr
            .contains("--consent delete-stateful consents to it"),
        "{refused}"
    );
    assert_eq!(left, 5);
    assert_eq!(removed.code, Some(0), "{removed}");
    assert_eq!(stage.resources().await, Vec::<String>::new());
}

#[tokio::test]
async fn what_others_refer_to_stays_and_is_told() {
    let stage = Stage::new().await;
    let calls = json!({"activities": [{"name": "call", "type": "ExecutePipeline", "typeProperties": {
        "pipeline": {"referenceName": "greet", "type": "PipelineReference"}}}]});
    stage.put(Kind::Pipeline, "theirs", calls).await;

    let removed = stage.call(&YES);

    assert_eq!(removed.code, Some(0), "{removed}");
    assert!(
        removed
            .stderr
            .contains("pipeline.greet: it is not deleted, because pipeline.theirs refers to it"),
        "{removed}"
    );
    assert_eq!(
        stage.resources().await,
        ["pipeline `greet`", "pipeline `theirs`"]
    );
}

#[tokio::test]
async fn a_notebook_that_somebody_has_changed_stays_and_is_told() {
    let stage = Stage::new().await;
    let content = "IyBEYXRhYnJpY2tzIG5vdGVib29rIHNvdXJjZQpwcmludCgyKQo=";
    let import = json!({"path": "/Shared/small/prepare", "format": "SOURCE", "language": "PYTHON", "overwrite": true, "content": content});
    let request =
        integration_tests::Request::new("POST", "/api/2.0/workspace/import").json(&import);
    assert_eq!(stage.emulator.send(request).status, 200);

    let removed = stage.call(&YES);

    assert_eq!(removed.code, Some(0), "{removed}");
    assert!(
        removed
            .stderr
            .contains("/Shared/small/prepare is not deleted: somebody has changed it"),
        "{removed}"
    );
    assert!(
        stage
            .notebooks()
            .contains(&"/Shared/small/prepare".to_owned())
    );
}

#[tokio::test]
async fn what_was_killed_is_finished_by_the_next() {
    for pattern in [
        "DELETE */pipelines/greet",
        "DELETE */triggers/OnDrop",
        "POST */triggers/OnDrop/stop",
        "POST /api/2.0/workspace/delete",
    ] {
        let stage = Stage::new().await;
        stage
            .emulator
            .order(&json!({"pattern": pattern, "delayMs": 600_000}));
        let program = Program::dataops(YES)
            .within(stage.path())
            .at(&stage.emulator)
            .start();
        integration_tests::eventually("the call at which it is killed", || {
            let seen = stage.emulator.faults()[0]["seen"].as_u64() > Some(0);
            std::future::ready(seen.then_some(()))
        })
        .await;
        program.kill();
        stage.emulator.forget_faults();

        let next = stage.call(&YES);

        assert_eq!(next.code, Some(0), "{pattern}: {next}");
        assert_eq!(stage.resources().await, Vec::<String>::new(), "{pattern}");
        assert_eq!(stage.notebooks(), Vec::<String>::new(), "{pattern}");
        let audited = stage.call(&["audit"]);
        assert!(audited.stdout.contains("begun, and not ended"), "{audited}");
    }
}

#[tokio::test]
async fn a_refused_deletion_leaves_triggers_running() {
    let stage = Stage::new().await;
    stage.emulator.order(
        &json!({"pattern": "DELETE */triggers/OnDrop", "status": 409, "times": 0,
        "body": {"error": {"code": "Conflict", "message": "as ordered"}}}),
    );

    let refused = stage.call(&YES);

    assert_eq!(refused.code, Some(3), "{refused}");
    let id = ResourceId::new(Kind::Trigger, "OnDrop");
    let trigger = stage.remote().get(&id).await.unwrap();
    assert_eq!(trigger["properties"]["runtimeState"], "Started");
    assert!(
        stage
            .notebooks()
            .contains(&"/Shared/small/prepare".to_owned())
    );
    let audited = stage.call(&["audit"]);
    assert!(audited.stdout.contains("failed: "), "{audited}");
}

#[tokio::test]
async fn the_bundle_that_was_deployed_last_is_known_without_its_folder_and_comes_back() {
    let stage = Stage::new().await;
    let bundle = stage.path().join("bundle");
    let bundle = bundle.to_str().unwrap();
    assert_eq!(stage.call(&["build", "--out", bundle]).code, Some(0));
    assert_eq!(stage.call(&["deploy", "--bundle", bundle]).code, Some(0));
    let before = stage.resources().await;
    // The folder has another pipeline by now, and lacks one that was deployed.
    std::fs::remove_file(stage.path().join("adf/pipeline/long.json")).unwrap();

    let removed = stage.call(&["destroy", "--yes", "--recorded"]);
    let left = stage.resources().await;
    let back = stage.call(&["rollback"]);

    assert_eq!(removed.code, Some(0), "{removed}");
    assert_eq!(left, Vec::<String>::new());
    assert_eq!(back.code, Some(0), "{back}");
    assert_eq!(stage.resources().await, before);
}

#[tokio::test]
async fn the_factory_is_never_deleted_and_none_is_created() {
    let stage = Stage::new().await;
    let factories = Counter::of(&stage.emulator, "DELETE */factories/small");
    let removed = stage.call(&YES);
    assert_eq!((removed.code, factories.count()), (Some(0), 0), "{removed}");

    let (elsewhere, _) = small();
    let none = Emulator::start();
    let program = Program::dataops(YES).within(elsewhere.path()).at(&none);
    let ended = program.run();

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        !none.state().to_string().contains("\"small\""),
        "{}",
        none.state()
    );
}
