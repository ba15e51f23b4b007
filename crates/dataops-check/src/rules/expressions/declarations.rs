//! What resources declare: parameters with their types, and whether they can be left out.

use std::collections::HashMap;

use adf_expr::{Declarations, Known, Types};
use adf_model::{Kind, Members as _, ResourceId};
use adf_source::SourceFile;
use serde_json::{Map, Value};

use super::data_flow::{self, Stream};
use crate::walk::{Step, Way};
use crate::{Context, Related};

/// A declared parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Parameter {
    pub(super) name: String,
    /// The types of its values, where they are known.
    pub(super) types: Types,
    /// Whether it must be given.
    pub(super) required: bool,
}

/// So many parameters are looked at one after the other.
const FEW: usize = 16;

/// The parameters of a resource. Names match whatever their case.
pub(super) struct Parameters<'a> {
    /// Where they are declared, if that is a file of JSON.
    file: Option<&'a SourceFile>,
    all: Vec<Parameter>,
    /// Where each is, by name in lower case, if there are many.
    by_name: HashMap<String, usize>,
}

impl<'a> Parameters<'a> {
    fn of(file: Option<&'a SourceFile>, all: Vec<Parameter>) -> Self {
        let by_name = match all.len() {
            0..=FEW => HashMap::new(),
            _ => {
                let names = all.iter().enumerate().rev();
                names
                    .map(|(at, one)| (one.name.to_lowercase(), at))
                    .collect()
            }
        };
        Self { file, all, by_name }
    }

    /// The place of a declaration.
    pub(super) fn declared_at(&self, parameter: &str) -> Option<Related> {
        let way = Way::to("/properties/parameters").then(Step::Key(parameter));
        let file = self.file?;
        Some(Related::at(file, &way.pointer(), "declared here"))
    }

    /// The parameters, in the order of the document.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Parameter> {
        self.all.iter()
    }

    /// Where a parameter is.
    pub(super) fn position(&self, name: &str) -> Option<usize> {
        if self.all.len() > FEW {
            return self.by_name.get(&name.to_lowercase()).copied();
        }
        let same = |other: &Parameter| {
            other.name.eq_ignore_ascii_case(name)
                || !name.is_ascii() && other.name.to_lowercase() == name.to_lowercase()
        };
        self.all.iter().position(same)
    }

    /// The parameter at a position.
    pub(super) fn get(&self, position: usize) -> Option<&Parameter> {
        self.all.get(position)
    }
}

/// The parameters of resources, and the datasets of data flows.
pub(super) struct Signatures<'a> {
    parameters: HashMap<(Kind, String), Parameters<'a>>,
    streams: HashMap<String, Vec<Stream>>,
}

impl<'a> Signatures<'a> {
    pub(super) fn of(context: &Context<'a>) -> Self {
        let mut all = Self {
            parameters: HashMap::new(),
            streams: HashMap::new(),
        };
        let repository = context.repository;
        for resource in &repository.resources {
            let Some(properties) = resource.file.json().member("properties") else {
                continue;
            };
            let parameters = match resource.id.kind {
                // What cannot be understood is found where it stands.
                _ if is_malformed(properties, "parameters") => continue,
                Kind::Pipeline | Kind::Dataset | Kind::LinkedService => declared(properties),
                Kind::DataFlow => {
                    let streams = data_flow::streams(properties).collect();
                    let name = resource.id.name.to_lowercase();
                    all.streams.entry(name).or_insert(streams);
                    match data_flow::parameters(properties) {
                        Some(parameters) => parameters,
                        None => continue,
                    }
                }
                _ => continue,
            };
            let file = (resource.id.kind != Kind::DataFlow).then_some(&resource.file);
            // The first of several counts, as elsewhere.
            all.parameters
                .entry(key(&resource.id))
                .or_insert_with(|| Parameters::of(file, parameters));
        }
        all
    }

    /// The parameters of a resource; none where there is no such resource, or it cannot be read.
    pub(super) fn get(&self, target: &ResourceId) -> Option<&Parameters<'a>> {
        self.parameters.get(&key(target))
    }

    /// The sources and sinks of a data flow.
    pub(super) fn streams(&self, data_flow: &str) -> &[Stream] {
        let streams = self.streams.get(&data_flow.to_lowercase());
        streams.map_or(&[], Vec::as_slice)
    }
}

fn key(id: &ResourceId) -> (Kind, String) {
    (id.kind, id.name.to_lowercase())
}

fn declared(properties: &Value) -> Vec<Parameter> {
    entries(properties, "parameters")
        .map(|(name, declaration)| Parameter {
            name: name.clone(),
            types: types(declaration),
            required: declaration.member("defaultValue").is_none(),
        })
        .collect()
}

/// Whether there is something under `key` that declares nothing, because it is no object.
fn is_malformed(properties: &Value, key: &str) -> bool {
    let declared = properties.member(key);
    declared.is_some_and(|declared| !declared.is_object() && !declared.is_null())
}

/// The declarations in `properties` under `key`, as an expression sees them.
pub(super) fn known<'d>(
    properties: &Value,
    key: &str,
    declarations: &'d Declarations,
) -> Known<'d> {
    match is_malformed(properties, key) {
        true => Known::Anything,
        false => Known::Declared(declarations),
    }
}

/// The declarations in `properties` under `key`, for expressions.
pub(super) fn names(properties: &Value, key: &str) -> Declarations {
    let all = entries(properties, key);
    all.map(|(name, declaration)| (name.as_str(), types(declaration)))
        .collect()
}

/// The members of an object in `properties`.
pub(super) fn entries<'a>(
    properties: &'a Value,
    key: &str,
) -> impl Iterator<Item = (&'a String, &'a Value)> {
    let object = properties.member(key).and_then(Value::as_object);
    object.into_iter().flat_map(Map::iter)
}

fn types(declaration: &Value) -> Types {
    let kind = declaration.member("type").and_then(Value::as_str);
    kind.and_then(Types::declared).unwrap_or(Types::ANY)
}

/// The factory's global parameters; none where the repository has neither the factory's file nor one of its own for them.
pub(super) fn global_parameters(context: &Context<'_>) -> Option<Declarations> {
    let resources = context.repository.resources.iter();
    let typed: Declarations = resources
        .flat_map(|resource| {
            let json = resource.file.json();
            match resource.id.kind {
                Kind::Factory => json.pointer("/properties/globalParameters"),
                Kind::GlobalParameters => json.member("properties"),
                _ => None,
            }
        })
        .filter_map(Value::as_object)
        .flatten()
        .map(|(name, declaration)| (name.as_str(), types(declaration)))
        .collect();
    let has_factory = context.repository.of_kind(Kind::Factory).next().is_some();
    (has_factory || !typed.is_empty()).then_some(typed)
}
