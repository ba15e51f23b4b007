//! Datasets and linked services with their parameters filled in.
//!
//! A use hands arguments over, evaluated where it stands. Inside, expressions see nothing but `dataset()` or
//! `linkedService()`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::SystemTime;

use adf_expr::{Named, Root, Scope, evaluate_json, lookup};
use adf_model::{Parameter, ReferenceTo};
use serde_json::{Map, Value};

use crate::sight::Sight;
use crate::{ActivityFailure, Definitions, ResolvedDataset, ResolvedLinkedService};

pub(crate) struct Resolver<'a> {
    pub(crate) definitions: &'a dyn Definitions,
    pub(crate) sight: &'a Sight<'a>,
}

impl Resolver<'_> {
    pub(crate) fn datasets(
        &self,
        uses: &[ReferenceTo],
    ) -> Result<Vec<ResolvedDataset>, ActivityFailure> {
        uses.iter().map(|used| self.dataset(used)).collect()
    }

    /// The dataset that stands in the activity's own properties, as with `Lookup`.
    pub(crate) fn own_dataset(
        &self,
        properties: &Value,
    ) -> Result<Option<ResolvedDataset>, ActivityFailure> {
        let Some(used) = properties.get("dataset") else {
            return Ok(None);
        };
        match serde_json::from_value::<ReferenceTo>(used.clone()) {
            Ok(used) => self.dataset(&used).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn dataset(&self, used: &ReferenceTo) -> Result<ResolvedDataset, ActivityFailure> {
        let name = &used.reference_name;
        let place = format!("dataset `{name}`");
        let Some(dataset) = self.definitions.dataset(name) else {
            return Err(missing(&place));
        };
        let dataset = &dataset.properties;
        let scope = Inside {
            root: Root::Dataset,
            arguments: arguments(&place, used, &dataset.parameters, self.sight)?,
            sight: self.sight,
        };
        Ok(ResolvedDataset {
            name: name.clone(),
            kind: dataset.kind.clone(),
            properties: evaluated(&place, &dataset.type_properties, &scope)?,
            linked_service: self.linked_service(&dataset.linked_service_name, &scope)?,
        })
    }

    /// A linked service; `outside` is where its arguments are evaluated.
    pub(crate) fn linked_service(
        &self,
        used: &ReferenceTo,
        outside: &dyn Scope,
    ) -> Result<ResolvedLinkedService, ActivityFailure> {
        let name = &used.reference_name;
        let place = format!("linked service `{name}`");
        let Some(service) = self.definitions.linked_service(name) else {
            return Err(missing(&place));
        };
        let service = &service.properties;
        let scope = Inside {
            root: Root::LinkedService,
            arguments: arguments(&place, used, &service.parameters, outside)?,
            sight: self.sight,
        };
        Ok(ResolvedLinkedService {
            name: name.clone(),
            kind: service.kind.clone(),
            properties: evaluated(&place, &service.type_properties, &scope)?,
        })
    }
}

fn missing(place: &str) -> ActivityFailure {
    ActivityFailure::user("BadRequest", format!("{place} does not exist"))
}

fn evaluated(place: &str, value: &Value, scope: &dyn Scope) -> Result<Value, ActivityFailure> {
    evaluate_json(value, scope)
        .map_err(|error| ActivityFailure::user("InvalidTemplate", format!("{place}: {error}")))
}

fn arguments(
    place: &str,
    used: &ReferenceTo,
    declared: &BTreeMap<String, Parameter>,
    outside: &dyn Scope,
) -> Result<Value, ActivityFailure> {
    let none = Map::new();
    let given = used.parameters.as_ref().unwrap_or(&none);
    let argument = |(name, parameter): (&String, &Parameter)| {
        let value = match (lookup(given, name), &parameter.default_value) {
            (Some(given), _) => evaluated(&format!("{place}, parameter `{name}`"), given, outside)?,
            (None, Some(default)) if !default.is_null() => default.clone(),
            (None, _) => {
                let told = format!(
                    "{place}: parameter `{name}` has no value; give an argument or a default value"
                );
                return Err(ActivityFailure::user("BadRequest", told));
            }
        };
        Ok((name.clone(), value))
    };
    let arguments: Result<Map<_, _>, _> = declared.iter().map(argument).collect();
    arguments.map(Value::Object)
}

/// What the expressions of a dataset or a linked service can see.
struct Inside<'a> {
    root: Root,
    arguments: Value,
    sight: &'a Sight<'a>,
}

impl Scope for Inside<'_> {
    fn root(&self, root: Root) -> Option<Cow<'_, Value>> {
        (root == self.root).then_some(Cow::Borrowed(&self.arguments))
    }

    fn named(&self, _kind: Named, _name: &str) -> Option<Cow<'_, Value>> {
        None
    }

    fn names(&self, _kind: Named) -> Vec<String> {
        Vec::new()
    }

    fn now(&self) -> SystemTime {
        self.sight.now()
    }

    fn random(&self) -> u64 {
        self.sight.random()
    }
}
