//! What the resources of a repository need of each other, and what they offer.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use adf_expr::{Template, references as names_in};
use adf_graph::activities;
use adf_model::pointer::escape;
use adf_model::{Kind, ResourceId, script_parameters};
use adf_source::SourceResource;
use serde_json::{Map, Value};

use super::need::Need;
use crate::expression;
use crate::side::Side;

/// All needs and offers of a repository. Names of needs are in lower case.
#[derive(Default)]
pub(super) struct Contracts {
    /// Who needs what, at the first place in each document.
    pub(super) needs: BTreeMap<Need, BTreeMap<ResourceId, String>>,
    /// What is there.
    pub(super) offers: BTreeSet<Need>,
    /// The parameters that have to be given a value.
    pub(super) required: BTreeSet<Need>,
    /// The resources of whose parameters nothing is known.
    unknown: BTreeSet<ResourceId>,
    /// The names as they are written, for people.
    pub(super) written: HashMap<Need, Need>,
}

impl Contracts {
    pub(super) fn of(side: &Side<'_>) -> Self {
        let mut contracts = Self::default();
        let mut required: BTreeMap<ResourceId, Vec<String>> = BTreeMap::new();
        for resource in side.resources() {
            contracts.add_offers(resource, &mut required);
        }
        for lost in &side.repository.lost {
            contracts.offer(Need::Resource(lost.clone()));
        }
        for resource in side.resources() {
            contracts.add_needs(resource, &required);
        }
        contracts
    }

    /// The needs that nothing meets, with who has them. Where a whole resource is missing, its parameters are not told of.
    pub(super) fn open(&self) -> BTreeMap<&Need, &BTreeMap<ResourceId, String>> {
        let is_open = |need: &Need| match need {
            Need::Resource(id) => !self.offers.contains(need) && !is_implicit(id),
            Need::Argument(..) => true,
            Need::GlobalParameter(_) => !self.offers.contains(need),
            Need::Parameter(id, _) if self.unknown.contains(id) => false,
            Need::Parameter(id, _) | Need::Variable(id, _) | Need::Activity(id, _) => {
                !self.offers.contains(need) && self.offers.contains(&Need::Resource(id.clone()))
            }
        };
        self.needs
            .iter()
            .filter(|(need, _)| is_open(need))
            .collect()
    }

    fn offer(&mut self, need: Need) {
        self.offers.insert(need.folded());
    }

    fn need(&mut self, need: Need, user: &ResourceId, pointer: &str) {
        let folded = need.clone().folded();
        self.written.entry(folded.clone()).or_insert(need);
        let users = self.needs.entry(folded).or_default();
        users
            .entry(user.clone())
            .or_insert_with(|| pointer.to_owned());
    }

    fn add_offers(
        &mut self,
        resource: &SourceResource,
        required: &mut BTreeMap<ResourceId, Vec<String>>,
    ) {
        let (id, json) = (&resource.id, resource.file.json());
        self.offer(Need::Resource(id.clone()));
        match declared(id, json) {
            Some(parameters) => {
                for (name, has_default) in parameters {
                    self.offer(Need::Parameter(id.clone(), name.clone()));
                    if !has_default {
                        self.required
                            .insert(Need::Argument(id.clone(), name.clone()).folded());
                        required.entry(id.clone()).or_default().push(name);
                    }
                }
            }
            None => drop(self.unknown.insert(id.clone())),
        }
        for (name, _) in entries(json, "/properties/variables") {
            self.offer(Need::Variable(id.clone(), name.clone()));
        }
        let globals = match id.kind {
            Kind::Factory => "/properties/globalParameters",
            Kind::GlobalParameters => "/properties",
            _ => return self.add_activities(id, json),
        };
        for (name, _) in entries(json, globals) {
            self.offer(Need::GlobalParameter(name.clone()));
        }
    }

    fn add_activities(&mut self, id: &ResourceId, json: &Value) {
        if id.kind == Kind::Pipeline {
            for name in activities(json)
                .iter()
                .filter_map(adf_graph::PlacedActivity::name)
            {
                self.offer(Need::Activity(id.clone(), name.to_owned()));
            }
        }
    }

    fn add_needs(
        &mut self,
        resource: &SourceResource,
        required: &BTreeMap<ResourceId, Vec<String>>,
    ) {
        let (id, json) = (&resource.id, resource.file.json());
        let mut open = vec![(String::new(), json)];
        while let Some((pointer, value)) = open.pop() {
            match value {
                Value::String(text) => self.add_expression(id, text, &pointer),
                Value::Array(items) => {
                    open.extend(
                        items
                            .iter()
                            .enumerate()
                            .map(|(at, item)| (format!("{pointer}/{at}"), item)),
                    );
                }
                Value::Object(object) => {
                    self.add_object(id, object, &pointer, required);
                    open.extend(
                        object
                            .iter()
                            .map(|(key, value)| (format!("{pointer}/{}", escape(key)), value)),
                    );
                }
                _ => {}
            }
        }
    }

    /// References with what they hand over, dependencies between activities, and variables that are set.
    fn add_object(
        &mut self,
        id: &ResourceId,
        object: &Map<String, Value>,
        pointer: &str,
        required: &BTreeMap<ResourceId, Vec<String>>,
    ) {
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        if let Some(target) = target(object) {
            self.need(Need::Resource(target.clone()), id, pointer);
            if !holds_call(pointer) {
                self.add_arguments(id, &target, object.get("parameters"), pointer, required);
            }
        }
        // A pipeline is given its parameters beside the reference to it.
        for key in ["pipeline", "pipelineReference"] {
            if let Some(Value::Object(reference)) = object.get(key)
                && let Some(target) = target(reference)
            {
                let given = object
                    .get("parameters")
                    .or_else(|| reference.get("parameters"));
                self.add_arguments(id, &target, given, pointer, required);
            }
        }
        if id.kind != Kind::Pipeline {
            return;
        }
        if let (Some(name), true) = (text("activity"), pointer.contains("/dependsOn/")) {
            self.need(Need::Activity(id.clone(), name.to_owned()), id, pointer);
        }
        let is_system = object
            .get("setSystemVariable")
            .is_some_and(|value| value != &Value::Bool(false));
        if let (Some(name), true, false) = (
            text("variableName"),
            pointer.ends_with("/typeProperties"),
            is_system,
        ) {
            self.need(Need::Variable(id.clone(), name.to_owned()), id, pointer);
        }
    }

    fn add_arguments(
        &mut self,
        id: &ResourceId,
        target: &ResourceId,
        given: Option<&Value>,
        pointer: &str,
        required: &BTreeMap<ResourceId, Vec<String>>,
    ) {
        let given = match given {
            Some(Value::Object(given)) => Some(given),
            None => None,
            // An expression gives them all.
            Some(_) => return,
        };
        let keys: HashSet<_> = given
            .into_iter()
            .flat_map(Map::keys)
            .map(|key| key.to_lowercase())
            .collect();
        for name in given.into_iter().flat_map(Map::keys) {
            self.need(Need::Parameter(target.clone(), name.clone()), id, pointer);
        }
        // The datasets of a data flow are given their parameters by the activity that runs it.
        let names = required.get(target).filter(|_| id.kind != Kind::DataFlow);
        for name in names.into_iter().flatten() {
            if !keys.contains(&name.to_lowercase()) {
                self.need(Need::Argument(target.clone(), name.clone()), id, pointer);
            }
        }
    }

    fn add_expression(&mut self, id: &ResourceId, text: &str, pointer: &str) {
        if !expression::is_expression(text) {
            return;
        }
        let Ok(template) = Template::parse(text) else {
            return;
        };
        let names = names_in(&template);
        for reach in names.global_parameters {
            self.need(Need::GlobalParameter(reach.name), id, pointer);
        }
        let of_self = match id.kind {
            Kind::Pipeline => {
                for reach in names.activities {
                    self.need(Need::Activity(id.clone(), reach.name), id, pointer);
                }
                for reach in names.variables {
                    self.need(Need::Variable(id.clone(), reach.name), id, pointer);
                }
                names.parameters
            }
            Kind::Dataset => names.dataset_parameters,
            Kind::LinkedService => names.linked_service_parameters,
            _ => return,
        };
        for reach in of_self {
            self.need(Need::Parameter(id.clone(), reach.name), id, pointer);
        }
    }
}

/// The names of a resource's parameters, and whether each has a default; nothing where they cannot be read.
fn declared(id: &ResourceId, json: &Value) -> Option<Vec<(String, bool)>> {
    if id.kind == Kind::DataFlow {
        let parameters = script_parameters(json.get("properties")?)?.into_iter();
        return Some(
            parameters
                .map(|parameter| (parameter.name, parameter.has_default))
                .collect(),
        );
    }
    let declared = entries(json, "/properties/parameters");
    let declared =
        declared.map(|(name, value)| (name.clone(), value.get("defaultValue").is_some()));
    Some(declared.collect())
}

/// Whether the reference at a place is given its parameters by the object around it.
fn holds_call(pointer: &str) -> bool {
    pointer.ends_with("/pipeline") || pointer.ends_with("/pipelineReference")
}

fn target(object: &Map<String, Value>) -> Option<ResourceId> {
    let name = object.get("referenceName")?.as_str()?;
    let kind = Kind::of_reference(object.get("type")?.as_str()?)?;
    Some(ResourceId::new(kind, name))
}

fn entries<'d>(json: &'d Value, pointer: &str) -> impl Iterator<Item = (&'d String, &'d Value)> {
    json.pointer(pointer)
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
}

/// Every factory has this integration runtime.
fn is_implicit(id: &ResourceId) -> bool {
    id.kind == Kind::IntegrationRuntime
        && id
            .name
            .eq_ignore_ascii_case("AutoResolveIntegrationRuntime")
}
