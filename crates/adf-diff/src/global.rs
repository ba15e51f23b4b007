//! Who reads a global parameter: expressions name it, and no reference does.

use std::collections::HashSet;

use adf_expr::{Template, references};
use adf_graph::Node;
use adf_model::Kind;
use serde_json::Value;

use crate::side::Side;
use crate::{ResourceChange, Step, Subject, expression};

/// The global parameters that a change is about, by their names in small letters.
#[derive(Default)]
pub(crate) struct Globals {
    /// Whether it is about all: they came or went as a whole.
    all: bool,
    names: HashSet<String>,
}

impl Globals {
    /// Those that `change` is about.
    pub(crate) fn of(change: &ResourceChange) -> Self {
        let mut globals = Self::default();
        let Subject::Resource(id) = &change.subject else {
            return globals;
        };
        for property in change.properties.iter().filter(|change| !change.is_noise) {
            let below = match (id.kind, property.path.steps()) {
                (Kind::Factory, [Step::Key(list), below @ ..]) if list == "globalParameters" => {
                    below
                }
                (Kind::GlobalParameters, below) => below,
                _ => continue,
            };
            match below.first() {
                Some(Step::Key(name) | Step::Name(name)) => {
                    globals.names.insert(name.to_lowercase());
                }
                _ => globals.all = true,
            }
        }
        globals
    }

    /// The pipelines of a side that read one of them.
    pub(crate) fn readers(&self, side: &Side<'_>) -> Vec<Node> {
        if !self.all && self.names.is_empty() {
            return Vec::new();
        }
        let pipelines = side.resources().filter(|it| it.id.kind == Kind::Pipeline);
        let readers = pipelines.filter(|pipeline| self.are_read_in(pipeline.file.json()));
        readers.map(|it| Node::Resource(it.id.clone())).collect()
    }

    fn are_read_in(&self, value: &Value) -> bool {
        match value {
            Value::String(text) => self.are_read_by(text),
            Value::Array(items) => items.iter().any(|item| self.are_read_in(item)),
            Value::Object(members) => members.values().any(|member| self.are_read_in(member)),
            _ => false,
        }
    }

    fn are_read_by(&self, text: &str) -> bool {
        if !expression::is_expression(text) {
            return false;
        }
        let Ok(template) = Template::parse(text) else {
            return false;
        };
        let mut read = references(&template).global_parameters.into_iter();
        read.any(|reach| self.all || self.names.contains(&reach.name.to_lowercase()))
    }
}
