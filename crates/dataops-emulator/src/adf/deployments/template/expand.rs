//! From a template to the resources that it deploys.

use serde_json::{Map, Value, json};

use super::draft::draft;
use super::order::Order;
use super::parameters::parameters;
use super::scope::Scope;
use super::within::Within;
use super::{Result, TemplateError};

/// The most resources that ARM takes.
const MOST: usize = 800;
/// How deep templates may lie in each other.
const DEEPEST: usize = 5;

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

/// Evaluates a template that lies so deep in others.
pub(super) fn one(
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
mod tests;
