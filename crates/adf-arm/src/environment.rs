//! The parameters file of another environment: which parameter stands where an environment has another value.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use adf_model::pointer::escape;
use adf_model::{Kind, ResourceId};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::export::Export;
use crate::layout::document;
use crate::node::Node;
use crate::parameter::Parameter;
use crate::template::{FACTORY_NAME, GivenValue, parameters_skeleton};

/// No parameter stands where an environment has another value, so a parameters file cannot say it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoParameter {
    /// The JSON pointer of the literal in the document.
    pub pointer: String,
}

/// The parameters of a template in another environment.
#[derive(Clone, Debug)]
pub struct EnvironmentParameters<'e, 'r> {
    export: &'e Export<'r>,
    values: HashMap<Arc<str>, Value>,
    withheld: BTreeSet<Arc<str>>,
}

impl<'r> Export<'r> {
    /// The parameters of an environment, so far with the values of the source and the name of its own factory.
    #[must_use]
    pub fn environment(&self, factory: &str) -> EnvironmentParameters<'_, 'r> {
        EnvironmentParameters {
            export: self,
            values: HashMap::from([(Arc::from(FACTORY_NAME), Value::from(factory))]),
            withheld: BTreeSet::new(),
        }
    }
}

impl EnvironmentParameters<'_, '_> {
    /// Gives the parameters at a place of a document the values that the environment has there.
    ///
    /// # Errors
    ///
    /// When something that differs there is no parameter.
    pub fn set(
        &mut self,
        id: &ResourceId,
        pointer: &str,
        value: &Value,
    ) -> Result<(), NoParameter> {
        let found = self.find(id, pointer)?;
        let mut given = Vec::new();
        match found {
            Found::At(node) => meet(&node, value, pointer.to_owned(), &mut given)?,
            Found::Within(name, rest) => given.push((
                Arc::clone(&name),
                self.inside(&name, &rest, value, pointer)?,
            )),
        }
        self.values.extend(given);
        Ok(())
    }

    /// Leaves the parameters at a place of a document to whoever deploys: the value there is a secret.
    ///
    /// # Errors
    ///
    /// When no parameter stands there.
    pub fn withhold(&mut self, id: &ResourceId, pointer: &str) -> Result<(), NoParameter> {
        let mut given = Vec::new();
        if let Found::At(node) = self.find(id, pointer)? {
            meet(&node, &Value::from(""), pointer.to_owned(), &mut given)?;
        }
        match given.is_empty() {
            true => Err(NoParameter {
                pointer: pointer.to_owned(),
            }),
            false => {
                self.withheld
                    .extend(given.into_iter().map(|(name, _)| name));
                Ok(())
            }
        }
    }

    /// Parameters that the file says nothing about, and that have no default: whoever deploys must give them.
    pub fn needed(&self) -> impl Iterator<Item = &str> {
        let list = self.export.template.parameters.list().iter();
        let needed = list.filter(|parameter| self.value(parameter).is_none());
        needed
            .filter(|parameter| {
                parameter.default.is_none() || self.withheld.contains(&parameter.name)
            })
            .map(|parameter| &*parameter.name)
    }

    /// The parameters that differ from the source, and their values.
    pub fn set_values(&self) -> impl Iterator<Item = (&Parameter<'_>, &Value)> {
        let list = self.export.template.parameters.list().iter();
        list.filter_map(|parameter| Some((parameter, self.values.get(&parameter.name)?)))
    }

    /// The file.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        document(self)
    }

    fn value(&self, parameter: &Parameter<'_>) -> Option<Value> {
        if self.withheld.contains(&parameter.name) {
            return None;
        }
        let given = self.values.get(&parameter.name).cloned();
        given.or_else(|| plain(parameter.default.as_ref()?))
    }

    fn find(&self, id: &ResourceId, pointer: &str) -> Result<Found<'_>, NoParameter> {
        let (kind, below) = match pointer.strip_prefix("/properties/globalParameters") {
            Some(rest) if id.kind == Kind::Factory && !self.has_factory() => {
                (Kind::GlobalParameters, format!("/properties{rest}"))
            }
            _ => (id.kind, pointer.to_owned()),
        };
        let mut resources = self.export.template.resources.iter();
        let resource = resources.find(|resource| {
            let one_of_a_kind = matches!(kind, Kind::Factory | Kind::GlobalParameters);
            resource.id.kind == kind
                && (one_of_a_kind || resource.id.name.to_lowercase() == id.name.to_lowercase())
        });
        let none = || NoParameter {
            pointer: pointer.to_owned(),
        };
        let mut parts = below.split('/').skip(1).map(unescape);
        let first = parts.next().ok_or_else(none)?;
        let mut node = resource
            .and_then(|resource| resource.field(&first))
            .ok_or_else(none)?
            .clone();
        while let Some(part) = parts.next() {
            if let Node::Parameter(name) = node {
                return Ok(Found::Within(
                    name,
                    std::iter::once(part).chain(parts).collect(),
                ));
            }
            node = child(&node, &part).ok_or_else(none)?;
        }
        Ok(Found::At(node))
    }

    fn has_factory(&self) -> bool {
        let mut resources = self.export.template.resources.iter();
        resources.any(|resource| resource.id.kind == Kind::Factory)
    }

    /// The value of an object's or array's parameter with another one inside it.
    fn inside(
        &self,
        name: &Arc<str>,
        rest: &[String],
        value: &Value,
        pointer: &str,
    ) -> Result<Value, NoParameter> {
        let none = || NoParameter {
            pointer: pointer.to_owned(),
        };
        let parameter = self.export.template.parameters.get(name).ok_or_else(none)?;
        let mut whole = self.value(parameter).ok_or_else(none)?;
        let inner = rest.iter().try_fold(&mut whole, |here, part| match here {
            Value::Object(fields) => Some(fields.entry(part.clone()).or_insert(Value::Null)),
            Value::Array(items) => items.get_mut(part.parse::<usize>().ok()?),
            _ => None,
        });
        *inner.ok_or_else(none)? = value.clone();
        Ok(whole)
    }
}

/// What stands at a place.
enum Found<'a> {
    /// A value of the template.
    At(Node<'a>),
    /// Something inside the value of a parameter, and the way to it.
    Within(Arc<str>, Vec<String>),
}

/// Finds the parameters that make `node` to `value`.
fn meet(
    node: &Node<'_>,
    value: &Value,
    pointer: String,
    given: &mut Vec<(Arc<str>, Value)>,
) -> Result<(), NoParameter> {
    match (node, value) {
        (Node::Parameter(name), value) => given.push((Arc::clone(name), value.clone())),
        (Node::Secret(name), value) => {
            let text = value.get("value").unwrap_or(value);
            given.push((Arc::clone(name), text.clone()));
        }
        (Node::Object(_), Value::Object(wanted)) => {
            let opened = node.clone();
            let Node::Object(fields) = &opened else {
                return Ok(());
            };
            if fields.len() != wanted.len() {
                return Err(NoParameter { pointer });
            }
            for (key, field) in fields {
                let pointer = format!("{pointer}/{}", escape(key));
                let wanted = wanted.get(&**key).ok_or_else(|| NoParameter {
                    pointer: pointer.clone(),
                })?;
                meet(field, wanted, pointer, given)?;
            }
        }
        (Node::Array(items), Value::Array(wanted)) if items.len() == wanted.len() => {
            for (at, (item, wanted)) in items.iter().zip(wanted).enumerate() {
                meet(item, wanted, format!("{pointer}/{at}"), given)?;
            }
        }
        (Node::Object(_), scalar) => match node.field("value") {
            Some(inner) if node.field("type").is_some() => meet(&inner, scalar, pointer, given)?,
            _ => return Err(NoParameter { pointer }),
        },
        (node, value) if plain(node).as_ref() == Some(value) => {}
        _ => return Err(NoParameter { pointer }),
    }
    Ok(())
}

fn child<'a>(node: &Node<'a>, part: &str) -> Option<Node<'a>> {
    match node {
        Node::Json(Value::Array(items)) => items.get(part.parse::<usize>().ok()?).map(Node::Json),
        Node::Array(items) => items.get(part.parse::<usize>().ok()?).cloned(),
        node => node.field(part),
    }
}

/// The value that a literal stands for.
fn plain(node: &Node<'_>) -> Option<Value> {
    match node {
        Node::Json(value) => Some((*value).clone()),
        Node::Literal(text) => Some(Value::from(&**text)),
        Node::Text(_) | Node::Parameter(_) | Node::Secret(_) => None,
        Node::Object(fields) => {
            let fields = fields
                .iter()
                .map(|(key, value)| Some((key.to_string(), plain(value)?)));
            Some(Value::Object(fields.collect::<Option<_>>()?))
        }
        Node::Array(items) => Some(Value::Array(
            items.iter().map(plain).collect::<Option<_>>()?,
        )),
    }
}

fn unescape(part: &str) -> String {
    part.replace("~1", "/").replace("~0", "~")
}

impl Serialize for EnvironmentParameters<'_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        parameters_skeleton(serializer, &Values(self))
    }
}

struct Values<'v, 'e, 'r>(&'v EnvironmentParameters<'e, 'r>);

impl Serialize for Values<'_, '_, '_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for parameter in self.0.export.template.parameters.list() {
            if let Some(value) = self.0.value(parameter) {
                map.serialize_entry(&*parameter.name, &GivenValue { value })?;
            }
        }
        map.end()
    }
}
