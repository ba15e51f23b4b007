//! Values of secure parameters are used, and shown to nobody.

use std::sync::Arc;

use adf_model::Kind;
use adf_runtime::{Recovery, RunRequest};
use serde_json::{Map, Value, json};

use crate::world::{Act, Aftermath, World, activity, call, ex, fail, object, pipeline, set, task};

const SECRET: &str = "tr0ub4dor";
const HIDDEN: &str = "**********";

fn secured(activities: impl IntoIterator<Item = Value>) -> Value {
    let mut pipeline = pipeline(activities);
    pipeline["parameters"] = json!({"pw": {"type": "secureString"}});
    pipeline
}

fn run(world: World) -> Aftermath {
    world.run_with(json!({"pw": SECRET}))
}

/// All records, as text.
fn records(after: &Aftermath) -> String {
    let activities = json!(after.all_activities());
    format!("{activities}{}", json!(after.pipeline_runs()))
}

#[test]
fn an_activity_gets_the_value_and_its_record_does_not() {
    let mut work = task("T", "");
    work["typeProperties"] = json!({"baseParameters": {
        "pw": ex("@pipeline().parameters.pw"), "header": "Bearer @{pipeline().parameters.pw}", "other": "x"}});
    work["userProperties"] = json!([{"name": "label", "value": ex("@pipeline().parameters.pw")}]);

    let after = run(World::new(secured([work])));

    let given = &after.calls()[0].properties["baseParameters"];
    assert_eq!(given["pw"], SECRET);
    assert_eq!(
        after.only("T").input["baseParameters"],
        json!({"pw": HIDDEN, "header": format!("Bearer {HIDDEN}"), "other": "x"})
    );
    assert!(!records(&after).contains(SECRET), "{}", records(&after));
}

#[test]
fn a_secret_goes_on_through_variables_outputs_and_messages_and_is_hidden_in_each() {
    let after = run(World::new(secured([
        set(
            "S",
            "",
            "out",
            ex("@concat('pw:', pipeline().parameters.pw)"),
        ),
        task("T", "S"),
        set("U", "T", "out", ex("@activity('T').output.echo")),
        activity(
            "If",
            "IfCondition",
            "U",
            json!({"expression": ex("@equals(variables('out'), pipeline().parameters.pw)"),
            "ifTrueActivities": [set("Same", "", "flag", true)]}),
        ),
        set("Bad", "U", "n", ex("@int(pipeline().parameters.pw)")),
        activity(
            "Stop",
            "Fail",
            "Bad:Failed",
            json!({"message": ex("@variables('out')"), "errorCode": "E1"}),
        ),
    ]))
    .acts("T", &[Act::Give(json!({"echo": SECRET}))]));

    assert_eq!(after.variable("out"), SECRET);
    assert_eq!(after.variable("flag"), true);
    assert_eq!(after.only("S").output["value"], format!("pw:{HIDDEN}"));
    assert_eq!(after.only("T").output, json!({"echo": HIDDEN}));
    assert!(after.only("Bad").error.message.contains(HIDDEN));
    assert_eq!(after.only("Stop").error.message, HIDDEN);
    assert!(after.message().contains(HIDDEN), "{}", after.message());
    assert!(!records(&after).contains(SECRET), "{}", records(&after));
}

#[test]
fn a_failure_of_the_work_does_not_tell_the_value() {
    let after = run(World::new(secured([task("T", "")]))
        .acts("T", &[Act::Fail("ValueError: tr0ub4dor is no token")]));

    assert_eq!(
        after.only("T").error.message,
        format!("ValueError: {HIDDEN} is no token")
    );
    assert!(!after.message().contains(SECRET));
}

#[test]
fn child_runs_hide_what_they_are_given_and_return_it() {
    let child = json!({
        "parameters": {"text": {"type": "String"}},
        "activities": [activity("Return", "SetVariable", "", json!({
            "variableName": "pipelineReturnValue", "setSystemVariable": true,
            "value": [{"key": "k", "value": {"type": "Expression", "content": "@pipeline().parameters.text"}}]}))]});
    let given = json!({"text": ex("@pipeline().parameters.pw")});
    let main = secured([
        call("C", "", "child", given),
        set(
            "S",
            "C",
            "out",
            ex("@activity('C').output.pipelineReturnValue.k"),
        ),
    ]);

    let after = run(World::new(main).pipeline("child", child));

    assert_eq!(after.variable("out"), SECRET);
    let runs = after.pipeline_runs();
    assert_eq!(runs[1].parameters["text"], HIDDEN);
    assert_eq!(json!(runs[1].pipeline_return_value), json!({"k": HIDDEN}));
    assert!(!records(&after).contains(SECRET), "{}", records(&after));
}

#[test]
fn a_child_s_own_secure_parameter_is_hidden_in_its_caller() {
    let child =
        json!({"parameters": {"pw": {"type": "SecureString"}}, "activities": [fail("F", "")]});
    let main = pipeline([call(
        "C",
        "",
        "child",
        json!({"pw": ex("@variables('out')")}),
    )]);
    let mut main = main;
    main["variables"]["out"]["defaultValue"] = json!(SECRET);

    let after = run(World::new(main).pipeline("child", child));

    assert_eq!(after.only("C").input["parameters"], json!({"pw": HIDDEN}));
}

#[test]
fn a_dataset_s_secure_parameter_is_hidden_in_the_input() {
    let world = World::new(pipeline([activity("T", "Task", "", json!({
        "dataset": {"referenceName": "d", "type": "DatasetReference", "parameters": {"key": SECRET}}}))]))
    .resource(Kind::LinkedService, "s", json!({"type": "HttpServer", "typeProperties": {}}))
    .resource(Kind::Dataset, "d", json!({"type": "Binary", "parameters": {"key": {"type": "SecureString"}},
        "typeProperties": {"key": "@dataset().key"},
        "linkedServiceName": {"referenceName": "s", "type": "LinkedServiceReference"}}));

    let after = world.run();

    assert_eq!(after.calls()[0].inputs[0].properties["key"], SECRET);
    assert_eq!(
        after.only("T").input["dataset"]["parameters"]["key"],
        HIDDEN
    );
}

#[test]
fn a_rerun_makes_again_what_was_hidden() {
    let world = || {
        World::new(secured([
            task("Hidden", ""),
            task("Open", ""),
            task("Last", "Hidden Open"),
        ]))
        .acts("Hidden", &[Act::Give(json!({"echo": SECRET}))])
    };
    let first = run(world().acts("Last", &[Act::Fail("busy")]));

    let second = world().request(RunRequest {
        recovery: Some(Recovery {
            run_id: first.outcome.run.run_id.clone(),
            earlier: Arc::new(first.all_activities()),
            start_activity: None,
        }),
        ..RunRequest::manual("main", object(json!({"pw": SECRET})))
    });

    let called: Vec<String> = second
        .calls()
        .into_iter()
        .map(|call| call.activity)
        .collect();
    assert_eq!(called, ["Hidden", "Last"]);
}

#[test]
fn what_is_not_secure_is_shown() {
    let mut main = pipeline([set("S", "", "out", ex("@pipeline().parameters.name"))]);
    main["parameters"] = json!({"name": {"type": "String"}});

    let after = World::new(main).run_with(json!({"name": SECRET}));

    assert_eq!(after.only("S").output["value"], SECRET);
    assert_eq!(
        after.outcome.run.parameters,
        Map::from_iter([("name".to_owned(), json!(SECRET))])
    );
}

#[test]
fn a_message_does_not_tell_what_secure_input_hides() {
    let mut wait = activity(
        "Wait",
        "Wait",
        "",
        json!({"waitTimeInSeconds": ex("@variables('out')")}),
    );
    wait["policy"] = json!({"secureInput": true});
    let mut main = pipeline([wait]);
    main["variables"]["out"]["defaultValue"] = json!(SECRET);

    let after = World::new(main).run();

    assert_eq!(after.status(), "Failed");
    let message = after.only("Wait").error.message;
    assert!(message.contains(HIDDEN), "{message}");
    assert!(!records(&after).contains(SECRET), "{}", records(&after));
}

#[test]
fn an_expression_that_fails_before_the_input_is_known_tells_no_value_of_it() {
    let work = json!({"body": ex("@int(variables('out'))")});
    let written = format!("@int('{SECRET}')");
    for (kind, properties) in [
        ("Task", work),
        ("Task", json!({"body": ex(&written)})),
        (
            "SetVariable",
            json!({"variableName": "out", "value": ex(&written)}),
        ),
        (
            "Wait",
            json!({"waitTimeInSeconds": ex("@int(variables('out'))")}),
        ),
    ] {
        let mut secured = activity("A", kind, "", properties);
        secured["policy"] = json!({"secureInput": true});
        let mut main = pipeline([secured]);
        main["variables"]["out"]["defaultValue"] = json!(SECRET);

        let after = World::new(main).run();

        assert_eq!(after.only("A").error.error_code, "InvalidTemplate");
        assert!(!records(&after).contains(SECRET), "{}", records(&after));
    }
}
