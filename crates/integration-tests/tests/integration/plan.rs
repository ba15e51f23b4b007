//! `dataops plan` against an emulator: what it says before, after and between deployments.

use std::fs;
use std::path::Path;

use dataops_plan::{Action, Plan};
use integration_tests::{Emulator, Ended, Program, edit, small, write};

fn plan(emulator: &Emulator, folder: &Path, args: &[&str]) -> Ended {
    let all = ["plan"].iter().chain(args);
    Program::dataops(all).within(folder).at(emulator).run()
}

#[tokio::test]
async fn a_plan_tells_what_a_deployment_would_do_and_does_nothing() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();

    let ended = plan(&emulator, folder.path(), &[]);

    assert_eq!(ended.code, Some(0), "{ended}");
    insta::assert_snapshot!(ended.stdout, @"
    Plan for local: factory small in local

      + factory.small: the factory does not have it
      + pipeline.broken: the factory does not have it
      + pipeline.greet: the factory does not have it
      + pipeline.long: the factory does not have it
      + trigger.OnDrop (BlobEventsTrigger): the factory does not have it

    Triggers
      trigger.OnDrop: absent → started: its document says so (put, subscribe, wait, start)

    5 to create, 1 trigger started
    ");
    let found = emulator.client("small").get(None).await;
    assert!(found.is_err(), "{found:?}");
}

#[tokio::test]
async fn after_a_deployment_there_is_nothing_to_do() {
    let emulator = Emulator::start();
    let (folder, solution) = small();
    emulator.deploy(&solution).await;

    let ended = plan(&emulator, folder.path(), &["--exit-code"]);

    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("nothing to do: "), "{ended}");
}

#[tokio::test]
async fn a_change_is_shown_by_its_place_and_written_as_a_document() {
    let emulator = Emulator::start();
    let (folder, solution) = small();
    emulator.deploy(&solution).await;
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["parameters"]["times"]["defaultValue"] = 2.into();
    });
    edit(folder.path(), "adf/trigger/OnDrop.json", |trigger| {
        trigger["typeProperties"]["blobPathEndsWith"] = ".json".into();
    });
    fs::remove_file(folder.path().join("adf/pipeline/long.json")).unwrap();

    let args = [
        "--delete-not-in-source",
        "--exit-code",
        "--out",
        "plan.json",
    ];
    let ended = plan(&emulator, folder.path(), &args);

    assert_eq!(ended.code, Some(1), "{ended}");
    insta::assert_snapshot!(ended.stdout, @r#"
    Plan for local: factory small in local

      ~ pipeline.greet: 1 place differs
          ~ parameters.times.defaultValue: 1 → 2
      - pipeline.long: the source does not have it
      ~ trigger.OnDrop (BlobEventsTrigger): 1 place differs; concerns trigger behaviour
          ~ typeProperties.blobPathEndsWith: ".csv" → ".json"

    Triggers
      trigger.OnDrop: started → started: its document says so; stopped because it is put (unsubscribe, wait, stop, put, subscribe, wait, start)

    2 to update, 1 to delete, 2 unchanged, 1 trigger stopped, 1 trigger started
    "#);
    let written = fs::read_to_string(folder.path().join("plan.json")).unwrap();
    let read = Plan::read(&written).unwrap();
    let update = read.resource(&"pipeline.greet".parse().unwrap()).unwrap();
    assert_eq!(update.action, Action::Update);
    assert!(update.etag.is_some());
    let shown = plan(
        &emulator,
        folder.path(),
        &["--delete-not-in-source", "--format", "json"],
    );
    assert_eq!(Plan::read(&shown.stdout).unwrap(), read);
    assert_eq!(shown.code, Some(0), "{shown}");
}

#[tokio::test]
async fn what_cannot_be_carried_out_ends_with_one() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    edit(folder.path(), "adf/trigger/OnDrop.json", |trigger| {
        trigger["pipelines"][0]["pipelineReference"]["referenceName"] = "gone".into();
    });

    let ended = plan(&emulator, folder.path(), &["--format", "markdown"]);

    assert_eq!(ended.code, Some(1), "{ended}");
    let problem = "- `trigger.OnDrop`: it refers to pipeline.gone, which neither the source nor the factory has";
    assert!(ended.stdout.contains(problem), "{ended}");
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_not_a_deletion() {
    let emulator = Emulator::start();
    let (folder, solution) = small();
    emulator.deploy(&solution).await;
    fs::write(folder.path().join("adf/pipeline/long.json"), "{ \"name\": ").unwrap();

    let ended = plan(&emulator, folder.path(), &["--delete-not-in-source"]);

    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(ended.stderr.contains("pipeline/long.json:1:"), "{ended}");
}

/// Gives the environment of a solution more settings.
fn set(folder: &Path, settings: &str) {
    let path = folder.join("dataops.yaml");
    let text = fs::read_to_string(&path).unwrap();
    let text = text.replace(
        "local: { emulator: true }",
        &format!("local:\n    emulator: true\n{settings}"),
    );
    write(folder, "dataops.yaml", &text);
}

#[tokio::test]
async fn a_property_that_an_override_adds_is_told_with_its_place() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let overrides = "    overrides:\n      trigger.OnDrop.typeProperties.scop: /subscriptions/1\n      pipeline.greet.concurrency: 1\n";
    set(folder.path(), overrides);
    let shown = |form: &str| plan(&emulator, folder.path(), &["--format", form]);

    let (human, markdown, json) = (shown("human"), shown("markdown"), shown("json"));
    let one = plan(&emulator, folder.path(), &["--only", "pipeline.greet"]);

    assert_eq!(human.code, Some(0), "{human}");
    let scope = "the override `trigger.OnDrop.typeProperties.scop` adds `scop`, which the document does not have";
    let meant = "did you mean `trigger.OnDrop.typeProperties.scope`?";
    let told = format!("dataops.yaml:10:7: trigger.OnDrop: {scope}\n    hint: {meant}\n");
    assert!(human.stdout.contains(&told), "{human}");
    assert!(
        human.stdout.contains("dataops.yaml:11:7: pipeline.greet: "),
        "{human}"
    );
    let told = format!("- `dataops.yaml:10:7`: `trigger.OnDrop`: {scope}\n  - hint: {meant}\n");
    assert!(markdown.stdout.contains(&told), "{markdown}");
    let read: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let warning = &read["warnings"][1];
    assert_eq!(warning["place"], "dataops.yaml:10:7", "{read}");
    assert_eq!(warning["hint"], meant, "{read}");
    Plan::read(&json.stdout).unwrap();
    assert!(!one.stdout.contains("scop"), "{one}");
    assert!(one.stdout.contains("adds `concurrency`"), "{one}");
}

#[tokio::test]
async fn a_setting_that_does_not_fit_is_told_with_its_place() {
    let emulator = Emulator::start();
    for (settings, told) in [
        (
            "    overrides:\n      trigger.OnDrop.typeProperties.events[5]: x\n",
            "dataops.yaml:10:7: override `trigger.OnDrop.typeProperties.events[5]`: there is no `5`; the array has 1 element: 0",
        ),
        (
            "    overrides:\n      pipeline.gret.description: x\n",
            "dataops.yaml:10:7: override `pipeline.gret.description`: there is no pipeline `gret`",
        ),
        (
            "    renames:\n      pipeline.gone: x\n",
            "dataops.yaml:10:7: rename `pipeline.gone`: there is no pipeline `gone`",
        ),
        (
            "    globalParameters:\n      days: 1\n",
            "dataops.yaml:10:7: global parameter `days`: the source does not have it",
        ),
        (
            "    overrides:\n      pipeline.greet.name: x\n",
            "dataops.yaml:10:7: override `pipeline.greet.name`: no override changes the name of a pipeline",
        ),
    ] {
        let (folder, _solution) = small();
        set(folder.path(), settings);

        let ended = plan(&emulator, folder.path(), &[]);

        assert_eq!(ended.code, Some(2), "{ended}");
        assert!(ended.stderr.contains(told), "{ended}");
        assert!(ended.stderr.contains(" 10 | "), "{ended}");
    }
}
