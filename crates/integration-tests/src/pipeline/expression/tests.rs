use serde_json::json;

use super::*;

fn evaluate(dialect: Dialect, expression: &str) -> Refused<Value> {
    let root = json!({
        "parameters": {"name": "qa", "all": [{"name": "qa"}, {"name": "uat"}], "run": true},
        "dependencies": {"build": {"result": "Succeeded", "outputs": {"build.changed.test_qa": "true"}}},
        "inputs": {"run": true}, "needs": {"a-b": {"outputs": {"x": "TRUE"}}},
    });
    let status = |name: &str, _: &[String]| match name {
        "succeeded" | "success" => Some(true),
        "failed" | "canceled" => Some(false),
        _ => None,
    };
    let scope = Scope {
        dialect,
        root: &root,
        status: &status,
    };
    scope.fill(expression)
}

#[test]
fn azure_pipelines_calls_functions() {
    let azure = |expression: &str| evaluate(Dialect::Azure, expression).unwrap();

    for (expression, value) in [
        ("${{ eq(parameters.name, 'QA') }}", json!(true)),
        ("${{ join(',', parameters.all.*.name) }}", json!("qa,uat")),
        ("${{ parameters.all[1].name }}", json!("uat")),
        (
            "x-${{ parameters.name }}-${{ parameters.run }}",
            json!("x-qa-True"),
        ),
        (
            "${{ and(succeeded(), eq(dependencies.build.outputs['build.changed.test_qa'], 'true')) }}",
            json!(true),
        ),
        (
            "${{ in(dependencies.build.result, 'Failed', 'Skipped') }}",
            json!(false),
        ),
        ("${{ eq(parameters.run, 'true') }}", json!(true)),
        ("${{ eq('it''s', 'IT''S') }}", json!(true)),
        ("${{ eq(parameters.absent, '') }}", json!(false)),
    ] {
        assert_eq!(azure(expression), value, "{expression}");
    }
}

#[test]
fn github_has_operators() {
    let github = |expression: &str| evaluate(Dialect::GitHub, expression).unwrap();

    for (expression, value) in [
        ("${{ needs.a-b.outputs.x == 'true' }}", json!(true)),
        ("${{ inputs.run == 'true' }}", json!(false)),
        (
            "${{ inputs.run && !(needs.a-b.outputs.y != null) }}",
            json!(true),
        ),
        ("${{ inputs.absent || 'default' }}", json!("default")),
        ("${{ contains(fromJSON('[\"a\"]'), 'A') }}", json!(true)),
    ] {
        assert_eq!(github(expression), value, "{expression}");
    }
}

#[test]
fn what_is_not_known_is_refused_by_name() {
    let refused = |dialect, expression: &str| evaluate(dialect, expression).unwrap_err();

    assert!(
        refused(Dialect::Azure, "${{ counter('a', 1) }}").contains("`counter` with 2 arguments")
    );
    assert!(refused(Dialect::Azure, "${{ eq(a == b) }}").contains("there is no `a` here"));
    assert!(
        refused(Dialect::GitHub, "${{ secrets.TOKEN }}").contains("there is no `secrets` here")
    );
    assert!(refused(Dialect::GitHub, "${{ (inputs.run }}").contains("`)` was expected"));
}
