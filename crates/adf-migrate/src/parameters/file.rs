//! The parameters file itself.

use adf_model::pointer::escape;
use adf_source::SourceFile;
use serde_json::{Map, Value};

use crate::config::parse;
use crate::note::{InputError, Spot};
use crate::text::InputFile;

/// What a file gives to a parameter.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum GivenValue {
    Value(Value),
    /// A secret in a key vault.
    Vault,
}

/// A parameter with its value.
#[derive(Clone, Debug)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) value: GivenValue,
    pub(crate) spot: Spot,
}

/// A parameters file.
#[derive(Clone, Debug)]
pub(crate) struct ParametersFile {
    pub(crate) parameters: Vec<Given>,
}

impl ParametersFile {
    /// Reads a file: `parameters` is an object of `{value}` or `{reference}`.
    pub(crate) fn read(input: &InputFile) -> Result<Self, InputError> {
        let file = parse(input)?;
        let (pointer, parameters) = match file.json().get("parameters") {
            Some(Value::Object(parameters)) => ("/parameters", Some(parameters)),
            _ => ("", file.json().as_object().filter(|all| is_bare(all))),
        };
        let Some(parameters) = parameters else {
            return Err(InputError {
                spot: Spot::new(&input.path, file.span("").start),
                reason: "it is neither an ARM template nor a parameters file of one".to_owned(),
                hint: Some("a parameters file has `parameters`, each with a `value`".to_owned()),
            });
        };
        let given = parameters.iter().filter_map(|(name, entry)| {
            let pointer = format!("{pointer}/{}", escape(name));
            given(&file, input, &pointer, name, entry)
        });
        Ok(Self {
            parameters: given.collect(),
        })
    }
}

/// Some teams keep the parameters without what is around them.
fn is_bare(all: &Map<String, Value>) -> bool {
    let is_entry = |entry: &Value| entry.get("value").is_some() || entry.get("reference").is_some();
    !all.is_empty() && all.values().all(is_entry)
}

fn given(
    file: &SourceFile,
    input: &InputFile,
    pointer: &str,
    name: &str,
    entry: &Value,
) -> Option<Given> {
    let value = match entry.get("value") {
        Some(Value::Null) => return None,
        Some(value) => GivenValue::Value(value.clone()),
        None => entry.get("reference").map(|_| GivenValue::Vault)?,
    };
    Some(Given {
        name: name.to_owned(),
        value,
        spot: Spot::new(&input.path, file.key_span(pointer).start),
    })
}
