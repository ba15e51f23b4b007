//! The template with everything in it, and its parameters file.

use std::sync::Arc;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};

use crate::node::Node;
use crate::origin::Origin;
use crate::parameter::{Parameter, Parameters};
use crate::resource::Resource;

/// The schema of templates.
pub(crate) const TEMPLATE_SCHEMA: &str =
    "http://schema.management.azure.com/schemas/2015-01-01/deploymentTemplate.json#";
/// The schema of parameters files.
const PARAMETERS_SCHEMA: &str =
    "https://schema.management.azure.com/schemas/2015-01-01/deploymentParameters.json#";
/// The version of both.
pub(crate) const CONTENT_VERSION: &str = "1.0.0.0";
/// The parameter that every template has.
pub const FACTORY_NAME: &str = "factoryName";

/// A template with all resources of a factory.
#[derive(Clone, Debug)]
pub struct Template<'a> {
    /// Its parameters, `factoryName` first.
    pub parameters: Parameters<'a>,
    /// Its resources.
    pub resources: Vec<Resource<'a>>,
}

/// The variables of every template.
pub(crate) fn variables() -> Value {
    json!({"factoryId": "[concat('Microsoft.DataFactory/factories/', parameters('factoryName'))]"})
}

/// The parameter `factoryName`.
pub(crate) fn factory_name<'a>(factory: &str) -> Parameter<'a> {
    Parameter {
        name: Arc::from(FACTORY_NAME),
        kind: "string".to_owned(),
        metadata: Some("Data Factory name".to_owned()),
        default: Some(Node::Text(factory.to_owned().into())),
        origin: Origin::Factory,
    }
}

impl Serialize for Template<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let parameters = ParameterMap(self.parameters.list().iter().collect());
        skeleton(serializer, &parameters, &self.resources)
    }
}

/// A template with these parameters and no resources.
pub(crate) struct Bare<'p, 'a>(pub(crate) ParameterMap<'p, 'a>);

impl Serialize for Bare<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let none: [(); 0] = [];
        skeleton(serializer, &self.0, &none)
    }
}

/// A template with these parameters and resources.
pub(crate) fn skeleton<S: Serializer>(
    serializer: S,
    parameters: &impl Serialize,
    resources: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(5))?;
    map.serialize_entry("$schema", TEMPLATE_SCHEMA)?;
    map.serialize_entry("contentVersion", CONTENT_VERSION)?;
    map.serialize_entry("parameters", parameters)?;
    map.serialize_entry("variables", &variables())?;
    map.serialize_entry("resources", resources)?;
    map.end()
}

/// The declarations of parameters, by name.
pub(crate) struct ParameterMap<'p, 'a>(pub(crate) Vec<&'p Parameter<'a>>);

impl Serialize for ParameterMap<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for parameter in &self.0 {
            map.serialize_entry(&*parameter.name, parameter)?;
        }
        map.end()
    }
}

/// A parameters file: each parameter with its default, or with empty text where it has none.
pub(crate) struct ParametersFile<'p, 'a> {
    pub(crate) parameters: &'p [Parameter<'a>],
    /// Further parameters, without a value.
    pub(crate) more: &'static [&'static str],
}

impl Serialize for ParametersFile<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let values = Values {
            parameters: self.parameters,
            more: self.more,
        };
        parameters_skeleton(serializer, &values)
    }
}

/// A parameters file with these values.
pub(crate) fn parameters_skeleton<S: Serializer>(
    serializer: S,
    values: &impl Serialize,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(3))?;
    map.serialize_entry("$schema", PARAMETERS_SCHEMA)?;
    map.serialize_entry("contentVersion", CONTENT_VERSION)?;
    map.serialize_entry("parameters", values)?;
    map.end()
}

struct Values<'p, 'a> {
    parameters: &'p [Parameter<'a>],
    more: &'static [&'static str],
}

impl Serialize for Values<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let none = Node::Text("".into());
        let mut map = serializer.serialize_map(None)?;
        for parameter in self.parameters {
            let value = parameter.default.as_ref().unwrap_or(&none);
            map.serialize_entry(&*parameter.name, &GivenValue { value })?;
        }
        for name in self.more {
            map.serialize_entry(name, &GivenValue { value: &none })?;
        }
        map.end()
    }
}

/// The value that a parameter is given.
#[derive(Serialize)]
pub(crate) struct GivenValue<V> {
    pub(crate) value: V,
}
