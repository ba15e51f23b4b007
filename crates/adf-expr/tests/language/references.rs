//! References to the run, and the selection of properties and elements.

use serde_json::json;

use crate::{assert_errors, assert_values};

#[test]
fn references_have_the_values_of_their_scope() {
    let context = json!({
        "parameters": {"o": {"a": 1, "A": 2, "c d": [10, 20], "nul": null}, "arr": ["p"]},
        "globalParameters": {"env": "dev"},
        "variables": {"V": "x"},
        "activities": {"Look up": {"output": {"n": 5}, "status": "Succeeded", "error": null}},
        "item": null,
        "pipeline": {"RunId": "r"},
        "dataset": {"d": 1},
        "linkedService": {"l": 2},
        "trigger": {"outputs": {"body": {"fileName": "f"}, "windowStartTime": "w"}, "startTime": "s"}
    });
    assert_values(
        &context,
        &[
            ("@pipeline().runid", json!("r")),
            ("@pipeline().GLOBALPARAMETERS.Env", json!("dev")),
            ("@variables('v')", json!("x")),
            ("@activity('look UP').Output.N", json!(5)),
            ("@activity('Look up')?.error?.message", json!(null)),
            ("@item()", json!(null)),
            ("@add(dataset().d, linkedService().L)", json!(3)),
            ("@triggerBody().fileName", json!("f")),
            ("@triggerOutputs().windowStartTime", json!("w")),
            ("@trigger().outputs.body.fileName", json!("f")),
            ("@trigger().startTime", json!("s")),
            ("@pipeline().parameters.o.A", json!(2)),
            ("@pipeline().parameters.o['c d'][add(0,1)]", json!(20)),
            ("@pipeline().parameters.o.nul?.x", json!(null)),
            ("@pipeline().parameters.o?.zz?.yy", json!(null)),
            ("@pipeline().parameters.arr?[1]", json!(null)),
            ("@pipeline().parameters.arr[0]", json!("p")),
        ],
    );
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table of messages")]
fn missing_things_are_named_with_a_hint() {
    let context = json!({
        "parameters": {"folder": "f", "arr": ["p"], "n": 4, "nul": null},
        "variables": {"counter": 1}
    });
    assert_errors(
        &context,
        &[
            (
                "@pipeline().parameters.foldr",
                "no property named `foldr`; did you mean `folder`?",
            ),
            (
                "@pipeline().parameters.zebra",
                "no property named `zebra`; there is `folder`, `arr`, `n`, `nul`",
            ),
            (
                "@variables('cuonter')",
                "no variable named `cuonter`; did you mean `counter`?",
            ),
            ("@activity('A').output", "no finished activity named `A`"),
            (
                "@dataset().x",
                "`dataset()` is not available here; it belongs to the JSON of datasets",
            ),
            (
                "@triggerBody().x",
                "`triggerBody()` is not available here; it belongs to triggers: map it to a pipeline parameter there",
            ),
            (
                "@pipeline().parameters.arr[1]",
                "no element 1 in an array of 1",
            ),
            (
                "@pipeline().parameters.arr['0']",
                "an Array has no property `0`; its elements have numbers",
            ),
            (
                "@pipeline().parameters.arr[0.0]",
                "an Array cannot be indexed by a value of type Float",
            ),
            (
                "@pipeline().parameters.arr.length",
                "an Array has no property `length`; its elements have numbers; use length()",
            ),
            (
                "@pipeline().parameters.n?.x",
                "a value of type Integer has no properties and elements",
            ),
            (
                "@pipeline().parameters.folder[0]",
                "a value of type String has no properties and elements; use substring(), or json() when the text is JSON",
            ),
            (
                "@pipeline().parameters.nul.x",
                "a value of type Null has no properties and elements; put a `?` before the selector where null is possible",
            ),
            (
                "@variables()",
                "function `variables` takes 1 argument, not 0",
            ),
            (
                "@variables(1)",
                "function `variables`: argument 1 must be a String, not Integer",
            ),
        ],
    );
}

#[test]
fn unknown_functions_are_named_with_a_hint() {
    assert_errors(
        &json!({}),
        &[
            (
                "@cnocat('a')",
                "no function named `cnocat`; did you mean `concat`?",
            ),
            ("@if(true, 1, nosuch())", "no function named `nosuch`"),
            (
                "@addMonths('2024-01-01', 1)",
                "no function named `addMonths`; use addToTime(time, count, 'Month')",
            ),
            (
                "@formatNumber(1, 'N')",
                "`formatNumber` is a function of Logic Apps that Data Factory does not support; use string()",
            ),
            (
                "@substring('abc')",
                "function `substring` takes 2 to 3 arguments, not 1",
            ),
            (
                "@concat()",
                "function `concat` takes at least 1 argument, not 0",
            ),
        ],
    );
}

#[test]
fn variables_without_a_value_do_not_hide_the_scope() {
    assert_errors(
        &json!({"trigger": {}}),
        &[(
            "@triggerBody().x",
            "`triggerBody()` is not available here; the trigger has no `outputs`",
        )],
    );
}
