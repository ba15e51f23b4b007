use super::*;

fn within() -> Within {
    Within {
        subscription: "s".to_owned(),
        group: "g".to_owned(),
        location: "north".to_owned(),
        deployment: "d".to_owned(),
    }
}

fn template(rest: &Value) -> Value {
    let mut template = json!({"$schema": "x", "contentVersion": "1.0.0.0", "resources": []});
    let fields = rest.as_object().unwrap().clone();
    template.as_object_mut().unwrap().extend(fields);
    template
}

fn pipeline(name: &str, depends_on: &[&str]) -> Value {
    json!({"name": format!("[concat(parameters('factoryName'), '/{name}')]"), "type": "Microsoft.DataFactory/factories/pipelines",
        "apiVersion": "2018-06-01", "properties": {"description": "[[x]", "of": "[parameters('factoryName')]"}, "dependsOn": depends_on})
}

fn expanded(rest: Value) -> Result<Expanded> {
    let mut rest = rest;
    rest["parameters"] = json!({"factoryName": {"type": "string", "defaultValue": "adf"}});
    rest["variables"] = json!({"factoryId": "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]"});
    expand(&template(&rest), &Map::new(), &within())
}

#[test]
fn a_template_of_data_factory_becomes_its_resources() {
    let second = pipeline("b", &["[concat(variables('factoryId'), '/pipelines/a')]"]);
    let third = pipeline(
        "c",
        &[
            "[resourceId('Microsoft.DataFactory/factories/pipelines', 'adf', 'b')]",
            "adf/a",
        ],
    );
    let resources = json!([second, pipeline("a", &[]), third]);

    let expanded = expanded(json!({"resources": resources, "outputs": {"id": {"type": "string", "value": "[resourceGroup().id]"}}})).unwrap();

    let seen: Vec<_> = expanded
        .resources
        .iter()
        .map(|it| (it.id.rsplit('/').next().unwrap(), it.after.clone()))
        .collect();
    assert_eq!(seen, [("b", vec![1]), ("a", vec![]), ("c", vec![0, 1])]);
    let a = &expanded.resources[1];
    assert_eq!(
        a.id,
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.DataFactory/factories/adf/pipelines/a"
    );
    assert_eq!(
        a.body,
        json!({"properties": {"description": "[x]", "of": "adf"}})
    );
    assert_eq!(
        expanded.outputs.unwrap()["id"]["value"],
        "/subscriptions/s/resourceGroups/g"
    );
}

#[test]
fn templates_within_are_part_of_it() {
    let inner = |scope: &str| {
        json!({"name": scope, "type": "Microsoft.Resources/deployments", "apiVersion": "2021-04-01", "dependsOn": ["adf/a"], "properties": {
        "mode": "Incremental", "expressionEvaluationOptions": {"scope": scope}, "parameters": {"factoryName": {"value": "[parameters('factoryName')]"}},
        "template": template(&json!({"parameters": {"factoryName": {"type": "string"}}, "resources": [pipeline(scope, &[])]}))}})
    };
    let mut outer = inner("outer");
    outer["properties"]["template"]["parameters"] = json!({});
    let last = pipeline(
        "z",
        &["[resourceId('Microsoft.Resources/deployments', 'inner')]"],
    );

    let expanded =
        expanded(json!({"resources": [pipeline("a", &[]), inner("inner"), outer, last]})).unwrap();

    let seen: Vec<_> = expanded
        .resources
        .iter()
        .map(|it| (it.name.as_str(), it.after.clone()))
        .collect();
    assert_eq!(
        seen,
        [
            ("adf/a", vec![]),
            ("adf/inner", vec![0]),
            ("adf/outer", vec![0]),
            ("adf/z", vec![1])
        ]
    );
    assert_eq!(
        expanded.resources[2].body["properties"]["description"],
        "[x]"
    );
}

#[test]
fn what_its_condition_leaves_out_can_still_be_depended_on() {
    let mut left_out = pipeline("a", &[]);
    left_out["condition"] = json!("[equals(parameters('factoryName'), 'other')]");

    let expanded = expanded(json!({"resources": [left_out, pipeline("b", &["adf/a"])]})).unwrap();

    assert_eq!(expanded.resources.len(), 1);
    assert_eq!(expanded.resources[0].name, "adf/b");
    assert!(expanded.resources[0].after.is_empty());
}

#[test]
fn what_arm_refuses_is_refused_with_its_reason() {
    for (resources, reason) in [
        (
            json!([pipeline("a", &["adf/x"])]),
            "'adf/x' is not defined in the template",
        ),
        (
            json!([pipeline("a", &["adf/b"]), pipeline("b", &["adf/a"])]),
            "circular dependency",
        ),
        (json!([pipeline("a", &["adf/a"])]), "circular dependency"),
        (
            json!([pipeline("a", &[]), pipeline("A", &[])]),
            "is defined multiple times",
        ),
        (
            json!([{"name": "a", "type": "Microsoft.DataFactory/factories/pipelines", "apiVersion": "v"}]),
            "incorrect segment lengths",
        ),
        (
            json!([{"name": "[variables('x')]", "type": "t", "apiVersion": "v"}]),
            "variable 'x' is not found",
        ),
        (json!([{"type": "t"}]), "has no 'name'"),
    ] {
        match expanded(json!({"resources": resources})) {
            Err(TemplateError::Invalid(message)) => {
                assert!(message.contains(reason), "{message}");
            }
            other => panic!("{reason}: {other:?}"),
        }
    }
    assert!(expand(&json!({}), &Map::new(), &within()).is_err());
}

#[test]
fn what_is_lacking_is_named() {
    let linked = json!({"name": "l", "type": "Microsoft.Resources/deployments", "apiVersion": "v", "properties": {"templateLink": {"uri": "https://x.test"}}});
    let storage =
        json!({"name": "s", "type": "Microsoft.Storage/storageAccounts", "apiVersion": "v"});
    let copied = json!({"name": "s", "copy": {}});
    let reference = json!({"name": "[reference('x')]", "type": "t", "apiVersion": "v"});
    for (resource, what) in [
        (linked, "templateLink"),
        (storage, "Microsoft.Storage/storageAccounts"),
        (copied, "`copy`"),
        (reference, "`reference`"),
    ] {
        match expanded(json!({"resources": [resource]})) {
            Err(TemplateError::Lacking(message)) => {
                assert!(message.contains(what), "{message}");
            }
            other => panic!("{what}: {other:?}"),
        }
    }
}

#[test]
fn parameters_are_checked() {
    let declared = |declared: Value, given: Value| {
        let given = given.as_object().unwrap().clone();
        let found = expand(
            &template(&json!({"parameters": declared})),
            &given,
            &within(),
        );
        found.map(|_| ()).map_err(|error| format!("{error:?}"))
    };
    let one = |rest: Value| json!({"a": rest});

    assert_eq!(
        declared(one(json!({"type": "int"})), one(json!({"value": 3}))),
        Ok(())
    );
    assert_eq!(
        declared(
            json!({"a": {"type": "string"}}),
            json!({"A": {"value": "[x]"}})
        ),
        Ok(())
    );
    for (rest, given, reason) in [
        (json!({"type": "int"}), json!({}), "not provided"),
        (json!({"type": "int"}), one(json!({"value": "3"})), "no int"),
        (
            json!({"type": "string", "allowedValues": ["b"]}),
            one(json!({"value": "c"})),
            "not part of the allowed",
        ),
        (
            json!({"type": "int"}),
            json!({"a": {"value": 1}, "b": {"value": 1}}),
            "do not correspond",
        ),
        (
            json!({"type": "string"}),
            one(json!({"reference": {}})),
            "key vaults",
        ),
        (
            json!({"type": "string", "defaultValue": "[parameters('a')]"}),
            json!({}),
            "circular",
        ),
    ] {
        let error = declared(one(rest), given).unwrap_err();
        assert!(error.contains(reason), "{error}");
    }
}
