//! Templates that Data Factory, the portal or somebody has made, read for the places of their parameters.

use std::sync::Arc;

use adf_arm::{ParameterPlace, unescape};
use adf_model::{Kind, ResourceId};
use serde_json::Value;

use super::ParameterMap;

/// The resource provider of factories, and their own type.
const FACTORIES: &str = "Microsoft.DataFactory/factories";

/// Whether a document is a template, and not a parameters file.
pub(crate) fn is_template(json: &Value) -> bool {
    json.get("resources").is_some_and(Value::is_array)
}

impl ParameterMap {
    /// Adds the parameters of a template, or of one part of it.
    pub(crate) fn add_template(&mut self, json: &Value) {
        let declared = json.get("parameters").and_then(Value::as_object);
        for (name, parameter) in declared.into_iter().flatten() {
            let kind = parameter
                .get("type")
                .and_then(Value::as_str)
                .unwrap_or_default();
            let default = parameter.get("defaultValue").and_then(Value::as_str);
            let entry = self.entry(name);
            entry.is_secure |= kind.to_ascii_lowercase().starts_with("secure");
            entry.default = default.and_then(unescape).map(str::to_owned);
        }
        let resources = json.get("resources").and_then(Value::as_array);
        for resource in resources.into_iter().flatten() {
            if let Some(id) = id(resource) {
                for key in ["properties", "location", "identity"] {
                    if let Some(value) = resource.get(key) {
                        self.look(&id, &mut format!("/{key}"), value);
                    }
                }
            }
        }
    }

    fn look(&mut self, id: &ResourceId, pointer: &mut String, value: &Value) {
        let length = pointer.len();
        match value {
            Value::Object(object) => {
                for (key, value) in object {
                    let key = unescape(key).unwrap_or(key);
                    pointer.push('/');
                    *pointer += &adf_model::pointer::escape(key);
                    self.look(id, pointer, value);
                    pointer.truncate(length);
                }
            }
            Value::Array(items) => {
                for (at, item) in items.iter().enumerate() {
                    *pointer += &format!("/{at}");
                    self.look(id, pointer, item);
                    pointer.truncate(length);
                }
            }
            Value::String(text) if unescape(text).is_none() => self.expression(id, pointer, text),
            _ => {}
        }
    }

    fn expression(&mut self, id: &ResourceId, pointer: &str, text: &str) {
        let inside = text.trim_start_matches('[').trim_end_matches(']').trim();
        let bare = inside
            .strip_prefix("float(")
            .and_then(|rest| rest.strip_suffix(')'))
            .unwrap_or(inside);
        let names: Vec<_> = names(inside).collect();
        if let [name] = names.as_slice()
            && bare.eq_ignore_ascii_case(&format!("parameters('{name}')"))
        {
            let place = ParameterPlace {
                parameter: Arc::from(*name),
                id: id.clone(),
                pointer: pointer.to_owned(),
                is_wrapped: false,
            };
            self.entry(name).places.push(place);
            return;
        }
        for name in names {
            if !name.eq_ignore_ascii_case(adf_arm::FACTORY_NAME) {
                self.entry(name).is_embedded = true;
            }
        }
    }
}

/// The names in `parameters('…')`.
fn names(expression: &str) -> impl Iterator<Item = &str> {
    let parts = expression.split("parameters('").skip(1);
    parts.filter_map(|part| part.split('\'').next())
}

/// The resource of a factory that a resource of a template is.
fn id(resource: &Value) -> Option<ResourceId> {
    let kind = resource.get("type")?.as_str()?;
    let below = kind.get(FACTORIES.len()..)?;
    if !kind[..FACTORIES.len()].eq_ignore_ascii_case(FACTORIES) {
        return None;
    }
    if below.is_empty() {
        return Some(ResourceId::new(Kind::Factory, "factory"));
    }
    let segment = below.rsplit('/').next()?;
    let kinds = Kind::ALL.into_iter();
    let kind = kinds
        .into_iter()
        .find(|kind| kind.arm_segment().eq_ignore_ascii_case(segment))?;
    let name = resource.get("name")?.as_str()?;
    let name = name.rsplit_once("'/").map_or(name, |(_, rest)| rest);
    let name = name.trim_end_matches(']').trim_end().trim_end_matches(')');
    let name = name.strip_suffix('\'').unwrap_or(name).replace("''", "'");
    match kind {
        Kind::ManagedPrivateEndpoint => {
            let (network, name) = name.rsplit_once('/')?;
            let network = network.rsplit('/').next().unwrap_or(network);
            Some(ResourceId::below(network, kind, name))
        }
        _ => {
            let name = name.rsplit('/').next().unwrap_or(&name);
            Some(ResourceId::new(kind, name))
        }
    }
}
