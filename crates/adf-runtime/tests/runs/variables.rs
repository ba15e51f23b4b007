//! Variables, return values, parameters, system variables, `Wait` and `Fail`.

use adf_runtime::{InvokedBy, RunRequest};
use serde_json::{Map, Value, json};
use time::macros::datetime;

use crate::world::{World, activity, append, ex, object, pipeline, set};

#[test]
fn a_variable_takes_values_of_its_type() {
    let run =
        |variable: &str, value: Value| World::new(pipeline([set("S", "", variable, value)])).run();

    for (variable, value, expected) in [
        ("out", json!("text"), json!("text")),
        ("OUT", json!("@@x"), json!("@x")),
        ("out", ex("@string(3)"), json!("3")),
        ("n", ex("@add(1, 2)"), json!(3)),
        ("flag", json!(true), json!(true)),
        ("log", json!(["@concat('a', 'b')", 1]), json!(["ab", 1])),
    ] {
        let after = run(variable, value);
        assert_eq!(
            after.variable(&variable.to_lowercase()),
            &expected,
            "{}",
            after.message()
        );
    }
    for (variable, value, given) in [
        ("out", ex("@add(1, 2)"), "Integer"),
        ("out", Value::Null, "Null"),
        ("n", json!("3"), "String"),
        ("n", json!(3.5), "Float"),
        ("flag", json!("true"), "String"),
        ("log", json!("[1]"), "String"),
    ] {
        let after = run(variable, value);
        assert!(
            after.message().contains(&format!("type {given};")),
            "{}",
            after.message()
        );
        assert_eq!(
            after.outcome.variables,
            World::new(pipeline([])).run().outcome.variables
        );
    }
}

#[test]
fn unset_variables_are_empty_and_defaults_are_constants() {
    let mut main = pipeline([]);
    main["variables"]["given"] = json!({"type": "String", "defaultValue": "@utcNow()"});

    let after = World::new(main).run();

    let expected = json!({"out": "", "n": 0, "log": [], "flag": false, "given": "@utcNow()"});
    assert_eq!(Value::Object(after.outcome.variables), expected);
}

#[test]
fn append_adds_one_element() {
    let after = World::new(pipeline([
        append("A", "", "log", "x"),
        append("B", "A", "log", json!([1, 2])),
    ]))
    .run();

    assert_eq!(after.variable("log"), &json!(["x", [1, 2]]));
}

fn returning(value: Value) -> Value {
    let properties =
        json!({"variableName": "pipelineReturnValue", "setSystemVariable": true, "value": value});
    activity("R", "SetVariable", "", properties)
}

#[test]
fn return_values_have_types() {
    let typed = |kind: &str, content: Value| json!({"type": kind, "content": content});
    let value = json!([
        {"key": "s", "value": typed("String", json!("t"))},
        {"key": "e", "value": typed("Expression", json!("@add(1, 2)"))},
        {"key": "i", "value": typed("Int", json!(4))},
        {"key": "f", "value": typed("Float", json!(2.5))},
        {"key": "b", "value": typed("Boolean", json!(true))},
        {"key": "z", "value": {"type": "Null"}},
        {"key": "a", "value": typed("Array", json!([typed("Int", json!(1)), "plain"]))},
        {"key": "o", "value": typed("Object", json!([{"key": "k", "value": typed("String", json!("deep"))}]))},
    ]);

    let after = World::new(pipeline([returning(value)])).run();

    let expected = json!({"s": "t", "e": 3, "i": 4, "f": 2.5, "b": true, "z": null, "a": [1, "plain"], "o": {"k": "deep"}});
    assert_eq!(json!(after.outcome.run.pipeline_return_value), expected);
}

#[test]
fn a_wrong_return_value_is_named() {
    for (value, part) in [
        (
            json!([{"key": "i", "value": {"type": "Int", "content": "4"}}]),
            "return value `i` must be an Integer, not String",
        ),
        (
            json!([{"key": "i", "value": {"type": "Date", "content": "4"}}]),
            "has type `Date`",
        ),
        (json!([{"value": 1}]), "has no `key` and `value`"),
        (json!(5), "must be an Array, not Integer"),
    ] {
        let after = World::new(pipeline([returning(value)])).run();
        assert!(after.message().contains(part), "{}", after.message());
        assert_eq!(after.outcome.run.pipeline_return_value, None);
    }
}

#[test]
fn arguments_replace_defaults() {
    let main = || {
        let mut main = pipeline([set(
            "S",
            "",
            "out",
            "@{pipeline().parameters.p}-@{pipeline().globalParameters.env}",
        )]);
        main["parameters"] = json!({"p": {"type": "string", "defaultValue": "d"}});
        World::empty(object(json!({"env": "dev"}))).pipeline("main", main)
    };

    assert_eq!(main().run().variable("out"), "d-dev");
    assert_eq!(
        main()
            .run_with(json!({"P": "given", "unknown": 1}))
            .variable("out"),
        "given-dev"
    );
}

#[test]
fn a_run_knows_itself_and_its_trigger() {
    let text = "@{pipeline().DataFactory}|@{pipeline().Pipeline}|@{pipeline().RunId}|@{pipeline().GroupId}|@{pipeline().TriggerType}|@{pipeline().TriggerName}|@{pipeline().TriggerId}|@{pipeline().TriggerTime}|@{pipeline()?.TriggeredByPipelineName}";
    let request = RunRequest {
        run_id: "r".to_owned(),
        group_id: "g".to_owned(),
        invoked_by: InvokedBy::trigger("0858CU27", "OnDataDrop", "BlobEventsTrigger"),
        trigger_time: Some(datetime!(2026-03-01 07:59:58.5 UTC)),
        ..RunRequest::manual("MAIN", Map::new())
    };

    let after = World::new(pipeline([set("S", "", "out", text)])).request(request);

    assert_eq!(
        after.variable("out"),
        "adf-test|main|r|g|BlobEventsTrigger|OnDataDrop|0858CU27|2026-03-01T07:59:58.5000000Z|"
    );
}

#[test]
fn wait_takes_whole_seconds() {
    let run = |seconds: Value| {
        World::new(pipeline([activity(
            "W",
            "Wait",
            "",
            json!({"waitTimeInSeconds": seconds}),
        )]))
        .run()
    };

    assert_eq!(run(json!(7)).seconds(), 7);
    assert_eq!(run(ex("@add(3, 4)")).seconds(), 7);
    for wrong in [json!(-1), json!(1.5), json!("soon"), Value::Null] {
        let after = run(wrong);
        assert!(
            after.message().contains("waitTimeInSeconds"),
            "{}",
            after.message()
        );
    }
}

#[test]
fn fail_tells_what_it_was_given_or_what_is_wrong_with_it() {
    for (properties, message, code) in [
        (
            json!({"message": "@concat('a', 'b')", "errorCode": "42"}),
            "ab",
            "42",
        ),
        (
            json!({"errorCode": "42"}),
            "Fail message wasn't provided",
            "42",
        ),
        (json!({"message": "m"}), "m", "ErrorCodeNotString"),
        (
            json!({"message": "m", "errorCode": ex("@add(1, 2)")}),
            "m",
            "ErrorCodeNotString",
        ),
        (
            json!({"message": "m", "errorCode": " "}),
            "m",
            "ErrorCodeNotString",
        ),
        (
            json!({"message": ex("@createArray(1)"), "errorCode": "42"}),
            "couldn't be interpreted as a string",
            "42",
        ),
        (
            json!({"message": " ", "errorCode": "42"}),
            "Failed to interpret `message` of `F`",
            "42",
        ),
    ] {
        assert_fails(properties, message, code);
    }
}

#[test]
fn fail_tells_that_neither_text_can_be_read() {
    for (properties, message, code) in [
        (
            json!({"message": ex("@json('null')"), "errorCode": ex("@json('null')")}),
            "Failed to interpret",
            "ErrorCodeNotString",
        ),
        (
            json!({"message": "@nothing()", "errorCode": "@nothing()"}),
            "Failed to interpret",
            "ErrorCodeNotString",
        ),
        (
            json!({"message": ex("@add(1, 2)"), "errorCode": ex("@add(1, 2)")}),
            "Failed to interpret `message` and `errorCode` of `F`",
            "ErrorCodeNotString",
        ),
        (
            Value::Null,
            "Fail message wasn't provided",
            "ErrorCodeNotString",
        ),
        (
            json!({"message": {"a": 1}, "errorCode": "42"}),
            "Invalid value for property 'message'",
            "BadRequest",
        ),
    ] {
        assert_fails(properties, message, code);
    }
}

fn assert_fails(properties: Value, message: &str, code: &str) {
    let after = World::new(pipeline([activity("F", "Fail", "", properties)])).run();
    let error = after.only("F").error;

    assert_eq!(after.status(), "Failed");
    assert!(error.message.contains(message), "{}", error.message);
    assert_eq!(error.error_code, code, "{}", error.message);
}
