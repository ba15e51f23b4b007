//! `ExecutePipeline`.

use std::sync::Arc;

use adf_runtime::{ActivityStatus, Cancellation, Engine, RunRequest, RunStatus, VirtualClock};
use futures::FutureExt as _;
use serde_json::{Map, Value, json};

use crate::world::{Act, START, Script, World, activity, call, ex, fail, pipeline, set, task};

fn returning(text: &str) -> Value {
    let value = json!([{"key": "v", "value": {"type": "Expression", "content": text}}]);
    let properties =
        json!({"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": value});
    pipeline([activity("R", "SetVariable", "", properties)])
}

#[test]
fn a_child_is_given_arguments_and_gives_values_back() {
    let mut child = returning("@add(pipeline().parameters.n, 1)");
    child["parameters"] = json!({"n": {"type": "int"}});
    let main = pipeline([
        call("C", "", "Child", json!({"n": ex("@add(1, 1)")})),
        set(
            "S",
            "C",
            "out",
            "@string(activity('C').output.pipelineReturnValue.v)",
        ),
    ]);

    let after = World::new(main).pipeline("child", child).run();

    assert_eq!(after.variable("out"), "3");
    let child = after.pipeline_runs().remove(1);
    assert_eq!(child.parameters["n"], "2");
    let output = after.only("C").output;
    assert_eq!(
        output,
        json!({"pipelineName": "child", "pipelineRunId": child.run_id, "pipelineReturnValue": {"v": 3}})
    );
}

#[test]
fn a_child_knows_who_started_it() {
    let text = "@concat(pipeline().TriggerType, ' ', pipeline()?.TriggeredByPipelineName, ' ', pipeline()?.TriggeredByPipelineRunId)";
    let main = pipeline([
        call("C", "", "child", json!({})),
        set(
            "S",
            "C",
            "out",
            "@activity('C').output.pipelineReturnValue.v",
        ),
    ]);

    let after = World::new(main).pipeline("child", returning(text)).run();

    let run_id = &after.outcome.run.run_id;
    assert_eq!(
        after.variable("out"),
        &json!(format!("PipelineActivity main {run_id}"))
    );
    let by = after.pipeline_runs().remove(1).invoked_by;
    assert_eq!(by.invoked_by_type, "PipelineActivity");
    assert_eq!(by.name, after.only("C").activity_run_id);
    assert_eq!(by.pipeline_run_id.as_ref(), Some(run_id));
}

#[test]
fn a_failed_child_fails_its_caller_with_its_message() {
    let child = pipeline([fail("X", "")]);
    let main = pipeline([
        call("C", "", "child", json!({})),
        set("H", "C:Failed", "out", "@activity('C').output.pipelineName"),
    ]);

    let after = World::new(main).pipeline("child", child).run();

    assert_eq!(
        after.only("C").error.message,
        "Operation on target X failed: X broke"
    );
    assert_eq!(
        (after.variable("out"), after.status().as_str()),
        (&json!("child"), "Succeeded")
    );
}

#[test]
fn a_caller_need_not_wait() {
    let child = pipeline([activity("W", "Wait", "", json!({"waitTimeInSeconds": 60}))]);
    let mut caller = call("C", "", "child", json!({}));
    caller["typeProperties"]["waitOnCompletion"] = json!(false);
    let mut waiting = call("C", "", "child", json!({}));
    waiting["typeProperties"]
        .as_object_mut()
        .unwrap()
        .remove("waitOnCompletion");

    let alone = World::new(pipeline([caller]))
        .pipeline("child", child.clone())
        .run();
    let waited = World::new(pipeline([waiting]))
        .pipeline("child", child)
        .run();

    assert_eq!((alone.seconds(), waited.seconds()), (0, 60));
    assert_eq!(alone.pipeline_runs()[1].status, RunStatus::Succeeded);
    assert_eq!(
        alone.told(),
        [
            "main InProgress",
            "main Succeeded",
            "child InProgress",
            "child Succeeded"
        ]
    );
    assert_eq!(alone.only("C").output["pipelineReturnValue"], Value::Null);
}

#[test]
fn text_that_looks_like_an_array_stays_text_in_the_child() {
    let each = activity(
        "E",
        "ForEach",
        "",
        json!({"items": ex("@pipeline().parameters.a"), "activities": [task("T", "")]}),
    );
    let mut child = pipeline([each]);
    child["parameters"] = json!({"a": {"type": "array"}});
    let run = |argument: Value| {
        let main = pipeline([call("C", "", "child", json!({"a": argument}))]);
        World::new(main).pipeline("child", child.clone()).run()
    };

    assert_eq!(run(ex("@createArray('x')")).status(), "Succeeded");
    let text = run(json!("[\"x\"]"));
    assert!(
        text.message().contains("is of type 'String'"),
        "{}",
        text.message()
    );
}

#[test]
fn a_child_that_is_refused_fails_its_caller() {
    let mut child = pipeline([]);
    child["parameters"] = json!({"p": {"type": "string"}});

    let after = World::new(pipeline([call("C", "", "child", json!({}))]))
        .pipeline("child", child)
        .run();

    let error = after.only("C").error;
    assert_eq!(error.error_code, "BadRequest");
    assert!(
        error.message.contains("parameter `p` has no value"),
        "{}",
        error.message
    );
    assert_eq!(after.pipeline_runs().len(), 1);
}

#[test]
fn endless_recursion_is_stopped() {
    let after = World::new(pipeline([call("C", "", "main", json!({}))])).run();

    assert_eq!(after.status(), "Failed");
    assert_eq!(after.pipeline_runs().len(), 41);
    assert!(
        after
            .message()
            .ends_with("pipelines call each other more than 40 levels deep; `main` is not started"),
        "{}",
        after.message()
    );
}

#[test]
fn children_may_run_in_loops() {
    let body = json!([call("C", "", "child", json!({}))]);
    let each = activity(
        "E",
        "ForEach",
        "",
        json!({"items": ex("@range(0, 3)"), "activities": body}),
    );

    let after = World::new(pipeline([each]))
        .pipeline("child", pipeline([task("T", "")]))
        .acts("T", &[Act::Take(10)])
        .run();

    assert_eq!((after.seconds(), after.activity("T").len()), (10, 3));
    assert!(
        after
            .activity("C")
            .iter()
            .all(|run| run.status == ActivityStatus::Succeeded)
    );
}

#[test]
fn a_factory_has_only_so_many_runs_at_a_time() {
    let mut start = call("C", "", "child", json!({}));
    start["typeProperties"]["waitOnCompletion"] = json!(false);
    let each = json!({"items": ex("@range(0, 10200)"), "activities": [start]});
    let wait = activity("W", "Wait", "", json!({"waitTimeInSeconds": 1}));
    let factory = World::new(pipeline([activity("Each", "ForEach", "", each)]))
        .pipeline("child", pipeline([wait]))
        .factory;
    let clock = VirtualClock::new(START);
    let engine = Engine::new(Arc::new(Script::default()), clock.clone(), (), factory);

    let run = engine.run(RunRequest::manual("main", Map::new()), Cancellation::new());
    let outcome = clock.drive(run).now_or_never().unwrap().unwrap();

    let told = outcome.run.message;
    assert!(
        told.ends_with("10000 runs go on already; `child` is not started"),
        "{told}"
    );
}
