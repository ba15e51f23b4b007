//! What a [`Context`] has, as symbols.

use serde_json::Value;

use super::Types;
use super::symbols::{
    Activities, Declarations, Known, Output, Sight, Symbols, System, TriggerKind,
};
use crate::scope::Context;
use crate::value::same_ignoring_case;

/// The names and types that a [`Context`] has, ready to be looked at as [`Symbols`].
#[derive(Debug)]
pub struct Snapshot {
    parameters: Declarations,
    global_parameters: Declarations,
    variables: Declarations,
    activities: Vec<String>,
    item: Option<Types>,
    dataset: Option<Declarations>,
    linked_service: Option<Declarations>,
    trigger: bool,
}

impl Snapshot {
    /// What `context` has.
    #[must_use]
    pub fn of(context: &Context) -> Self {
        let object = |value: &Option<Value>| {
            let value = value.as_ref()?;
            Some(
                value
                    .as_object()
                    .map(Declarations::of_values)
                    .unwrap_or_default(),
            )
        };
        Self {
            parameters: Declarations::of_values(&context.parameters),
            global_parameters: Declarations::of_values(&context.global_parameters),
            variables: Declarations::of_values(&context.variables),
            activities: context.activities.keys().cloned().collect(),
            item: context.item.as_ref().map(Types::of),
            dataset: object(&context.dataset),
            linked_service: object(&context.linked_service),
            trigger: context.trigger.is_some(),
        }
    }

    /// The same as symbols.
    #[must_use]
    pub fn symbols(&self) -> Symbols<'_> {
        let known = |declared| Option::map_or(declared, Known::NotHere, Known::Declared);
        Symbols {
            parameters: Known::Declared(&self.parameters),
            global_parameters: Known::Declared(&self.global_parameters),
            system: System::Anything,
            variables: Known::Declared(&self.variables),
            assigned: None,
            activities: Some(self),
            item: self.item,
            dataset: known(self.dataset.as_ref()),
            linked_service: known(self.linked_service.as_ref()),
            trigger: self.trigger.then_some(TriggerKind::Anything),
        }
    }
}

impl Activities for Snapshot {
    fn sight(&self, name: &str) -> Sight {
        if self
            .activities
            .iter()
            .any(|other| same_ignoring_case(other, name))
        {
            Sight::Ended(Output::default())
        } else {
            Sight::Missing
        }
    }

    fn names(&self) -> Vec<&str> {
        self.activities.iter().map(String::as_str).collect()
    }
}
