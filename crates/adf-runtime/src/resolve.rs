//! Datasets and linked services with their parameters filled in.
//!
//! A use hands arguments over, evaluated where it stands. Inside, expressions see nothing but `dataset()` or
//! `linkedService()`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::SystemTime;

use adf_expr::{Named, Root, Scope, evaluate_json, lookup};
use adf_model::{Activity, Parameter, ReferenceTo};
use serde_json::{Map, Value};

use crate::secrets::is_secure;
use crate::sight::Sight;
use crate::{ActivityFailure, Definitions, ResolvedDataset, ResolvedLinkedService};

pub(crate) struct Resolver<'a> {
    pub(crate) definitions: &'a dyn Definitions,
    pub(crate) sight: &'a Sight<'a>,
}

/// What an activity works on and with.
pub(crate) struct Used {
    pub(crate) linked_service: Option<ResolvedLinkedService>,
    pub(crate) inputs: Vec<ResolvedDataset>,
    pub(crate) outputs: Vec<ResolvedDataset>,
}

impl Resolver<'_> {
    pub(crate) fn used(&self, activity: &Activity) -> Result<Used, ActivityFailure> {
        let mut inputs = self.datasets(&activity.inputs)?;
        inputs.extend(self.own_dataset(&activity.type_properties)?);
        let service = activity.linked_service_name.as_ref();
        Ok(Used {
            linked_service: service
                .map(|service| self.linked_service(service, self.sight))
                .transpose()?,
            inputs,
            outputs: self.datasets(&activity.outputs)?,
        })
    }

    fn datasets(&self, uses: &[ReferenceTo]) -> Result<Vec<ResolvedDataset>, ActivityFailure> {
        uses.iter().map(|used| self.dataset(used)).collect()
    }

    /// The dataset that stands in the activity's own properties, as with `Lookup`.
    fn own_dataset(&self, properties: &Value) -> Result<Option<ResolvedDataset>, ActivityFailure> {
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
            arguments: self.arguments(&place, used, &dataset.parameters, self.sight)?,
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
    fn linked_service(
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
            arguments: self.arguments(&place, used, &service.parameters, outside)?,
            sight: self.sight,
        };
        Ok(ResolvedLinkedService {
            name: name.clone(),
            kind: service.kind.clone(),
            properties: evaluated(&place, &service.type_properties, &scope)?,
        })
    }

    fn arguments(
        &self,
        place: &str,
        used: &ReferenceTo,
        declared: &BTreeMap<String, Parameter>,
        outside: &dyn Scope,
    ) -> Result<Value, ActivityFailure> {
        let none = Map::new();
        let given = used.parameters.as_ref().unwrap_or(&none);
        let argument = |(name, parameter): (&String, &Parameter)| {
            let value = match (lookup(given, name), &parameter.default_value) {
                (Some(given), _) => {
                    evaluated(&format!("{place}, parameter `{name}`"), given, outside)?
                }
                (None, Some(default)) if !default.is_null() => default.clone(),
                (None, _) => {
                    let told = format!(
                        "{place}: parameter `{name}` has no value; give an argument or a default value"
                    );
                    return Err(ActivityFailure::user("BadRequest", told));
                }
            };
            if is_secure(&parameter.kind) {
                self.sight.run.secrets.add(&value);
            }
            Ok((name.clone(), value))
        };
        let arguments: Result<Map<_, _>, _> = declared.iter().map(argument).collect();
        arguments.map(Value::Object)
    }
}

fn missing(place: &str) -> ActivityFailure {
    ActivityFailure::user("BadRequest", format!("{place} does not exist"))
}

fn evaluated(place: &str, value: &Value, scope: &dyn Scope) -> Result<Value, ActivityFailure> {
    evaluate_json(value, scope)
        .map_err(|error| ActivityFailure::user("InvalidTemplate", format!("{place}: {error}")))
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
