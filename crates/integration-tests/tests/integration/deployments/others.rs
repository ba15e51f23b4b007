//! What somebody else does during a deployment.

use super::*;

#[tokio::test]
async fn what_somebody_else_creates_during_a_deployment_is_not_overwritten() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    let factory = emulator.client("small");
    emulator.order(&json!({"pattern": "PUT */pipelines/greet", "delayMs": 2_000}));
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    integration_tests::eventually("our PUT", || {
        let seen = emulator.faults()[0]["seen"].as_u64();
        std::future::ready((seen == Some(1)).then_some(()))
    })
    .await;
    // The trigger comes after the pipelines.
    let theirs = json!({"name": "OnDrop", "properties": {"type": "ScheduleTrigger", "description": "theirs",
        "typeProperties": {"recurrence": {"frequency": "Day", "interval": 1}}}});
    let theirs = adf_model::Document::<adf_model::Trigger>::parse(theirs).unwrap();
    let triggers = factory.triggers();
    triggers.put("OnDrop", &theirs, None).await.unwrap();
    let ended = program.end();

    assert_eq!(ended.code, Some(3), "{ended}");
    let words = "trigger.OnDrop was created by somebody else since the plan was made";
    assert!(ended.stdout.contains(words), "{ended}");
    let now = triggers.get("OnDrop", None).await.unwrap();
    let now = now.into_model().unwrap();
    assert_eq!(now.json()["properties"]["description"], "theirs");
}

#[tokio::test]
async fn somebody_elses_change_during_a_deployment_is_not_overwritten() {
    let emulator = Emulator::start();
    let (folder, _solution) = small();
    assert_eq!(dataops(&emulator, folder.path(), &["deploy"]).code, Some(0));
    edit(folder.path(), "adf/pipeline/greet.json", |greet| {
        greet["description"] = "ours".into();
    });
    // The first PUT is told that another version is there, as it is when somebody was faster.
    let factory = emulator.client("small");
    emulator.order(&json!({"pattern": "PUT */pipelines/greet", "delayMs": 2_000}));
    let program = Program::dataops(["deploy"])
        .within(folder.path())
        .at(&emulator)
        .start();
    integration_tests::eventually("our PUT", || {
        let seen = emulator.faults()[0]["seen"].as_u64();
        std::future::ready((seen == Some(1)).then_some(()))
    })
    .await;
    let theirs =
        json!({"name": "greet", "properties": {"description": "theirs", "activities": []}});
    let theirs = adf_model::Document::<adf_model::Pipeline>::parse(theirs).unwrap();
    factory
        .pipelines()
        .put("greet", &theirs, None)
        .await
        .unwrap();
    let ended = program.end();

    assert_eq!(ended.code, Some(3), "{ended}");
    let words = "pipeline.greet was changed by somebody else since the plan was made";
    assert!(ended.stdout.contains(words), "{ended}");
    let now = factory
        .pipelines()
        .get("greet", None)
        .await
        .unwrap()
        .into_model()
        .unwrap();
    assert_eq!(now.json()["properties"]["description"], "theirs");
}
