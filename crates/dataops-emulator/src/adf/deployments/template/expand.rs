//! From a template to the resources that it deploys.

use serde_json::{Map, Value, json};

use super::order::Order;
use super::parameters::parameters;
use super::scope::{Scope, below};
use super::{Result, TemplateError};

/// The most resources that ARM takes.
const MOST: usize = 800;
/// How deep templates may lie in each other.
const DEEPEST: usize = 5;

/// Where a template is deployed.
#[derive(Clone, Debug)]
pub(in super::super) struct Within {
    pub(in super::super) subscription: String,
    pub(in super::super) group: String,
    pub(in super::super) location: String,
    /// The deployment's name.
    pub(in super::super) deployment: String,
}

impl Within {
    pub(super) fn group(&self) -> Value {
        let id = format!(
            "/subscriptions/{}/resourceGroups/{}",
            self.subscription, self.group
        );
        json!({"id": id, "name": self.group, "location": self.location, "type": "Microsoft.Resources/resourceGroups", "tags": {}})
    }

    pub(super) fn subscription(&self) -> Value {
        let id = &self.subscription;
        json!({"id": format!("/subscriptions/{id}"), "subscriptionId": id})
    }

    fn id(&self, path: &str) -> String {
        let Self {
            subscription,
            group,
            ..
        } = self;
        format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{path}")
    }
}

/// A resource that is deployed.
#[derive(Clone, Debug)]
pub(in super::super) struct Planned {
    /// Its ARM id.
    pub(in super::super) id: String,
    /// Its type.
    pub(in super::super) kind: String,
    /// Its name with those of what it lies in.
    pub(in super::super) name: String,
    pub(in super::super) api_version: String,
    /// What is put.
    pub(in super::super) body: Value,
    /// The places of those that come before it.
    pub(in super::super) after: Vec<usize>,
}

/// What a template comes to.
#[derive(Clone, Debug, Default)]
pub(in super::super) struct Expanded {
    pub(in super::super) resources: Vec<Planned>,
    pub(in super::super) outputs: Option<Value>,
}

/// Evaluates a template.
pub(in super::super) fn expand(
    template: &Value,
    given: &Map<String, Value>,
    within: &Within,
) -> Result<Expanded> {
    let expanded = one(template, given, within, 0)?;
    match expanded.resources.len() {
        0..=MOST => Ok(expanded),
        more => Err(TemplateError::invalid(format!(
            "the number of template resources limit exceeded: limit {MOST} and actual {more}"
        ))),
    }
}

fn one(
    template: &Value,
    given: &Map<String, Value>,
    within: &Within,
    depth: usize,
) -> Result<Expanded> {
    if depth > DEEPEST {
        return Err(TemplateError::invalid("templates are nested too deep"));
    }
    well_formed(template)?;
    let declared = parameters(template.get("parameters"), given)?;
    let scope = Scope::new(within, declared, template.get("variables"))?;
    let list = template["resources"].as_array();
    let mut drafts = Vec::new();
    for resource in list.into_iter().flatten() {
        drafts.push(draft(resource, &scope, depth)?);
    }
    let mut expanded = Order::of(&drafts, within)?.flatten(drafts);
    expanded.outputs = outputs(template, &scope)?;
    Ok(expanded)
}

fn well_formed(template: &Value) -> Result<()> {
    for name in ["$schema", "contentVersion", "resources"] {
        if template.get(name).is_none() {
            let message = format!("required property '{name}' not found in JSON");
            return Err(TemplateError::invalid(message));
        }
    }
    if template.get("languageVersion").is_some() || template["resources"].is_object() {
        return Err(TemplateError::lacking("templates with symbolic names"));
    }
    let functions = template.get("functions").and_then(Value::as_array);
    match functions.is_some_and(|functions| !functions.is_empty()) {
        true => Err(TemplateError::lacking("functions that a template defines")),
        false => Ok(()),
    }
}

/// A resource before its dependencies are known: alone, or all that a template in it deploys.
pub(super) struct Draft {
    /// Its id, for those that depend on it.
    pub(super) id: String,
    pub(super) name: String,
    pub(super) depends_on: Vec<String>,
    /// What is deployed; of a template in it, with places among themselves.
    pub(super) resources: Vec<Planned>,
}

/// Words of a resource that change where or how often it is deployed.
const LACKING: [&str; 5] = [
    "copy",
    "scope",
    "resourceGroup",
    "subscriptionId",
    "resources",
];

fn draft(resource: &Value, scope: &Scope<'_>, depth: usize) -> Result<Draft> {
    if let Some(word) = LACKING.iter().find(|word| resource.get(**word).is_some()) {
        return Err(TemplateError::lacking(format!(
            "`{word}` of a resource in a template"
        )));
    }
    let condition = resource.get("condition").map(|value| scope.value(value));
    let is_left_out = condition.transpose()? == Some(Value::Bool(false));
    let text = |name: &str| match resource.get(name).map(|value| scope.value(value)) {
        Some(Ok(Value::String(text))) => Ok(text),
        Some(Err(error)) => Err(error),
        _ => Err(TemplateError::invalid(format!(
            "a resource has no '{name}'"
        ))),
    };
    let (kind, name, api_version) = (text("type")?, text("name")?, text("apiVersion")?);
    let names: Vec<_> = name.split('/').collect();
    let path = below(&kind, &names).ok_or_else(|| {
        TemplateError::invalid(format!(
            "the template resource '{name}' for type '{kind}' has incorrect segment lengths"
        ))
    })?;
    let depends_on = match resource.get("dependsOn").map(|value| scope.value(value)) {
        Some(value) => texts(value?)?,
        None => Vec::new(),
    };
    let id = scope.within.id(&path);
    let resources = match kind.to_ascii_lowercase().as_str() {
        _ if is_left_out => Vec::new(),
        "microsoft.resources/deployments" => nested(resource, &name, scope, depth)?,
        known if known.starts_with("microsoft.datafactory/factories") => {
            let planned = Planned {
                id: id.clone(),
                kind: kind.clone(),
                name: name.clone(),
                api_version,
                body: body(resource, scope)?,
                after: Vec::new(),
            };
            vec![planned]
        }
        _ => {
            return Err(TemplateError::lacking(format!(
                "deployments of resources of type `{kind}`"
            )));
        }
    };
    Ok(Draft {
        id,
        name,
        depends_on,
        resources,
    })
}

/// What is put: everything but what only the template means.
fn body(resource: &Value, scope: &Scope<'_>) -> Result<Value> {
    let fields = resource.as_object().into_iter().flatten();
    let fields = fields.filter(|(name, _)| {
        !matches!(
            name.as_str(),
            "name" | "type" | "apiVersion" | "dependsOn" | "condition" | "comments" | "metadata"
        )
    });
    let fields = fields.map(|(name, value)| Ok((name.clone(), scope.value(value)?)));
    Ok(Value::Object(fields.collect::<Result<_>>()?))
}

/// What a template within a template deploys. Its expressions see its own parameters, or with the scope `outer` those around it.
fn nested(resource: &Value, name: &str, scope: &Scope<'_>, depth: usize) -> Result<Vec<Planned>> {
    let properties = &resource["properties"];
    if properties.get("templateLink").is_some() || properties.get("parametersLink").is_some() {
        return Err(TemplateError::lacking(
            "templates behind links: `templateLink`, `parametersLink`",
        ));
    }
    let template = properties.get("template").ok_or_else(|| {
        TemplateError::invalid(format!(
            "the deployment '{name}' in the template has no template"
        ))
    })?;
    let options = properties.pointer("/expressionEvaluationOptions/scope");
    let is_inner = options
        .and_then(Value::as_str)
        .is_some_and(|scope| scope.eq_ignore_ascii_case("inner"));
    let none = Map::new();
    let within = Within {
        deployment: name.to_owned(),
        ..scope.within.clone()
    };
    if is_inner {
        let given = properties
            .get("parameters")
            .map_or(Ok(json!({})), |given| scope.value(given))?;
        return Ok(one(
            template,
            given.as_object().unwrap_or(&none),
            &within,
            depth + 1,
        )?
        .resources);
    }
    let mut evaluated = template.clone();
    evaluated["resources"] = literal(scope.value(&template["resources"])?);
    Ok(one(&evaluated, &none, &within, depth + 1)?.resources)
}

/// A value whose texts are no expressions any more.
fn literal(value: Value) -> Value {
    match value {
        Value::String(text) if text.starts_with('[') && text.ends_with(']') => {
            format!("[{text}").into()
        }
        Value::Array(items) => items.into_iter().map(literal).collect(),
        Value::Object(fields) => Value::Object(
            fields
                .into_iter()
                .map(|(key, value)| (key, literal(value)))
                .collect(),
        ),
        plain => plain,
    }
}

fn texts(value: Value) -> Result<Vec<String>> {
    let Value::Array(items) = value else {
        return Err(TemplateError::invalid("'dependsOn' is no array"));
    };
    let texts = items.into_iter().map(|item| match item {
        Value::String(text) => Ok(text),
        other => Err(TemplateError::invalid(format!(
            "'dependsOn' has {other}, which is no text"
        ))),
    });
    texts.collect()
}

fn outputs(template: &Value, scope: &Scope<'_>) -> Result<Option<Value>> {
    let Some(outputs) = template.get("outputs").and_then(Value::as_object) else {
        return Ok(None);
    };
    let outputs = outputs.iter().map(|(name, output)| {
        let value = output
            .get("value")
            .map(|value| scope.value(value))
            .transpose()?;
        let kind = output["type"].as_str().unwrap_or("String");
        Ok((name.clone(), json!({"type": kind, "value": value})))
    });
    Ok(Some(Value::Object(outputs.collect::<Result<_>>()?)))
}

#[cfg(test)]
mod tests {
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
            expanded(json!({"resources": [pipeline("a", &[]), inner("inner"), outer, last]}))
                .unwrap();

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

        let expanded =
            expanded(json!({"resources": [left_out, pipeline("b", &["adf/a"])]})).unwrap();

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
}
