//! Inputs of jobs, which Azure Resource Manager and batch endpoints spell differently.

use std::collections::BTreeMap;
use std::fmt;

use serde_json::{Map, Value, json};

/// A kind of data or model that a job reads or writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssetKind {
    /// A file.
    UriFile,
    /// A folder.
    UriFolder,
    /// A table.
    MlTable,
    /// A model of any format.
    CustomModel,
    /// A model of MLflow.
    MlflowModel,
    /// A model of Triton.
    TritonModel,
}

impl AssetKind {
    /// The word of Azure Resource Manager.
    fn in_job(self) -> &'static str {
        match self {
            Self::UriFile => "uri_file",
            Self::UriFolder => "uri_folder",
            Self::MlTable => "mltable",
            Self::CustomModel => "custom_model",
            Self::MlflowModel => "mlflow_model",
            Self::TritonModel => "triton_model",
        }
    }

    /// The word of a batch endpoint.
    fn in_invocation(self) -> &'static str {
        match self {
            Self::UriFile => "UriFile",
            Self::UriFolder => "UriFolder",
            Self::MlTable => "MLTable",
            Self::CustomModel => "CustomModel",
            Self::MlflowModel => "MLFlowModel",
            Self::TritonModel => "TritonModel",
        }
    }
}

/// Data or a model at a place.
#[derive(Clone, PartialEq, Eq)]
pub struct Asset {
    /// What it is.
    pub kind: AssetKind,
    /// Where it is, such as `azureml://datastores/{name}/paths/{path}`.
    pub uri: String,
    /// How a job comes to it, such as `ReadOnlyMount` or `Download`; batch endpoints decide themselves.
    pub mode: Option<String>,
}

impl Asset {
    /// An asset that is reached as the service sees fit.
    pub fn new(kind: AssetKind, uri: impl Into<String>) -> Self {
        let uri = uri.into();
        Self {
            kind,
            uri,
            mode: None,
        }
    }

    pub(crate) fn in_job(&self, role: &str) -> Value {
        let mut json = Map::new();
        json.insert(role.to_owned(), self.kind.in_job().into());
        json.insert("uri".to_owned(), self.uri.clone().into());
        if let Some(mode) = &self.mode {
            json.insert("mode".to_owned(), mode.clone().into());
        }
        json.into()
    }

    pub(crate) fn in_invocation(&self, role: &str) -> Value {
        json!({ role: self.kind.in_invocation(), "uri": self.uri })
    }
}

/// Shows the address without its query, which may be a signature.
impl fmt::Debug for Asset {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let uri = self.uri.split('?').next().unwrap_or_default();
        write!(out, "{:?}({uri})", self.kind)
    }
}

/// An input of a job.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// A text; numbers and truth values are written as text.
    Literal(String),
    /// Data or a model.
    Asset(Asset),
}

impl Input {
    /// A literal; a number is given as its text.
    pub fn literal(value: impl Into<String>) -> Self {
        Self::Literal(value.into())
    }

    /// A folder.
    pub fn folder(uri: impl Into<String>) -> Self {
        Self::Asset(Asset::new(AssetKind::UriFolder, uri))
    }

    /// A file.
    pub fn file(uri: impl Into<String>) -> Self {
        Self::Asset(Asset::new(AssetKind::UriFile, uri))
    }

    fn in_job(&self) -> Value {
        match self {
            Self::Literal(value) => json!({ "jobInputType": "literal", "value": value }),
            Self::Asset(asset) => asset.in_job("jobInputType"),
        }
    }

    fn in_invocation(&self) -> Value {
        match self {
            Self::Literal(value) => json!({ "jobInputType": "Literal", "value": value }),
            Self::Asset(asset) => asset.in_invocation("jobInputType"),
        }
    }

    /// The service refuses an empty input; leaving it out stands for "not given".
    fn is_empty(&self) -> bool {
        match self {
            Self::Literal(text) => text.is_empty(),
            Self::Asset(asset) => asset.uri.is_empty(),
        }
    }
}

/// Hides literals.
impl fmt::Debug for Input {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literal(_) => out.write_str("Literal(..)"),
            Self::Asset(asset) => asset.fmt(out),
        }
    }
}

/// Inputs as a job of Azure Resource Manager takes them.
pub(crate) fn job_inputs(inputs: &BTreeMap<String, Input>) -> Value {
    named(inputs, Input::in_job)
}

/// Inputs as a batch endpoint takes them.
pub(crate) fn invocation_inputs(inputs: &BTreeMap<String, Input>) -> Value {
    named(inputs, Input::in_invocation)
}

fn named(inputs: &BTreeMap<String, Input>, write: impl Fn(&Input) -> Value) -> Value {
    inputs
        .iter()
        .filter(|(_, input)| !input.is_empty())
        .map(|(name, input)| (name.clone(), write(input)))
        .collect::<Map<_, _>>()
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_has_a_word_in_both_vocabularies() {
        use AssetKind::*;
        for (kind, job, invocation) in [
            (UriFile, "uri_file", "UriFile"),
            (UriFolder, "uri_folder", "UriFolder"),
            (MlTable, "mltable", "MLTable"),
            (CustomModel, "custom_model", "CustomModel"),
            (MlflowModel, "mlflow_model", "MLFlowModel"),
            (TritonModel, "triton_model", "TritonModel"),
        ] {
            let input = Input::Asset(Asset::new(kind, "azureml://x"));

            assert_eq!(input.in_job()["jobInputType"], job);
            assert_eq!(input.in_invocation()["jobInputType"], invocation);
        }
    }

    #[test]
    fn empty_inputs_are_left_out() {
        let inputs = BTreeMap::from([
            ("a".to_owned(), Input::literal("")),
            ("b".to_owned(), Input::folder("")),
            ("c".to_owned(), Input::literal("7")),
        ]);

        assert_eq!(
            job_inputs(&inputs),
            json!({"c": {"jobInputType": "literal", "value": "7"}})
        );
    }

    #[test]
    fn literals_and_signatures_stay_out_of_debug() {
        let literal = Input::literal("hunter2");
        let signed = Input::file("https://account.test/c/f?sig=secret");

        assert_eq!(
            format!("{literal:?} {signed:?}"),
            "Literal(..) UriFile(https://account.test/c/f)"
        );
    }
}
