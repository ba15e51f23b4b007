//! One resource of a template, and all that a template within it deploys.

use serde_json::{Map, Value, json};

use super::expand::{Planned, one};
use super::scope::{Scope, below};
use super::within::Within;
use super::{Result, TemplateError};

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

/// Evaluates a resource.
pub(super) fn draft(resource: &Value, scope: &Scope<'_>, depth: usize) -> Result<Draft> {
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
