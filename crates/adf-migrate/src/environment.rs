//! What an environment of `dataops.yaml` will say.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use crate::config::has_variable;
use crate::text::{CLOSE, OPEN};

/// An environment, as `dataops.yaml` will have it.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentDraft {
    /// Its name.
    pub name: String,
    /// The resource group, where a file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub resource_group: Option<String>,
    /// The region, where a file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The factory, where a file says it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub data_factory: Option<String>,
    /// Values of documents, by path.
    pub overrides: BTreeMap<String, Value>,
    /// Values of global parameters, by name.
    pub global_parameters: BTreeMap<String, Value>,
    /// Resources that are called otherwise.
    pub renames: BTreeMap<String, String>,
    /// Which triggers run.
    pub triggers: BTreeMap<String, String>,
    /// Whether live resources are deleted that the source does not have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub delete_not_in_source: Option<bool>,
    /// What a deployment is about, which each call says: `--only`.
    pub only: Vec<String>,
    /// What a deployment is not about: `--except`.
    pub except: Vec<String>,
    /// The variables that it needs.
    pub variables: Vec<VariableNeed>,
}

/// A variable that an environment needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariableNeed {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub because: VariableBecause,
    /// The settings that have it.
    pub used_by: Vec<String>,
}

/// What a variable is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum VariableBecause {
    /// The old tool had it too.
    Taken,
    /// A secret stood in a file, or was given by hand; the name is a proposal.
    Secret,
}

impl EnvironmentDraft {
    /// How many settings it has.
    #[must_use]
    pub fn settings(&self) -> usize {
        self.overrides.len()
            + self.global_parameters.len()
            + self.renames.len()
            + self.triggers.len()
            + usize::from(self.delete_not_in_source.is_some())
            + usize::from(self.data_factory.is_some())
            + usize::from(self.resource_group.is_some())
            + usize::from(self.location.is_some())
    }
}

/// A literal `${` is the default of a variable that nobody sets: `dataops.yaml` has no other way to say it.
const BRACE: &str = "${DOLLAR_BRACE:-${}";

/// A text as `dataops.yaml` writes it: variables as `${NAME}`.
pub(crate) fn written_text(text: &str) -> String {
    let text = text.replace("${", BRACE);
    match has_variable(&text) {
        true => text.replace(OPEN, "${").replace(CLOSE, "}"),
        false => text,
    }
}

/// The names of the variables between marks.
pub(crate) fn variables_in(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(OPEN).skip(1);
    parts.filter_map(|part| part.split_once(CLOSE).map(|(name, _)| name))
}
