//! What an environment says about its place in the chain of environments: what must have passed before, where that is recorded, and
//! how it is tried after a deployment.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::period::Period;

/// What a bundle must have passed, in the environments that come before, to be deployed here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct PromoteSettings {
    /// The tests that it must have passed there since it was deployed, such as `contract` and `smoke`.
    pub tests: Option<Vec<String>>,
    /// How long ago that may be, such as `7d`.
    pub max_age: Option<Period>,
}

/// Where deployments and tests are recorded: in a container or in a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct RecordsSettings {
    /// A container; `dataops` unless said.
    pub container: Option<String>,
    /// The storage account of the container; that of the environment unless said.
    pub account: Option<String>,
    /// A folder, from the solution's own, for teams that keep records elsewhere, such as on a share.
    pub folder: Option<PathBuf>,
}

/// How what is deployed is tried with a small input of its own.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SmokeSettings {
    /// The pipeline that is run.
    pub pipeline: String,
    /// Its parameters. In their texts `{folder}` is the folder of this test, `{file}` the name of the input, and `{id}` a text that no
    /// other test has.
    #[serde(default)]
    pub parameters: BTreeMap<String, Value>,
    /// The input, a file of the solution.
    pub input: Option<PathBuf>,
    /// The container that the input goes into; the one of `storage.input` unless said.
    pub container: Option<String>,
    /// The folder of this test in each container, such as `_smoke/{id}`, which is the one unless said. It is removed afterwards.
    pub folder: Option<String>,
    /// What it may cost.
    #[serde(default)]
    pub limits: SmokeLimits,
    /// A data contract that what was written has to keep.
    pub contract: Option<PathBuf>,
    /// Whether what was written is removed afterwards; it is unless said.
    pub cleanup: Option<bool>,
    /// Whether a failure makes the environment go back to what was there before; it does not unless said.
    pub rollback: Option<bool>,
}

/// What a smoke test may cost; the run is cancelled when it costs more.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[non_exhaustive]
pub struct SmokeLimits {
    /// How long the run may take, such as `20m`; half an hour unless said.
    pub time: Option<Period>,
    /// How many activities may run.
    pub activity_runs: Option<u32>,
    /// How many hours may be billed, of all meters together: DIU-hours of copies, hours of integration runtimes and of data flows.
    #[serde(deserialize_with = "hours")]
    #[cfg_attr(test, schemars(range(min = 0)))]
    pub billed_hours: Option<f64>,
}

/// A number of hours that can be: not below nothing.
fn hours<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    match Option::<f64>::deserialize(deserializer)? {
        Some(hours) if !(hours.is_finite() && hours >= 0.0) => Err(Error::custom(format_args!(
            "`{hours}` is no number of hours; expected one from 0"
        ))),
        hours => Ok(hours),
    }
}

/// The one environment that comes before another one.
pub(crate) fn one<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    struct One;

    impl<'de> Visitor<'de> for One {
        type Value = Option<String>;

        fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
            out.write_str("the name of an environment")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(None)
        }

        fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
            Ok(Some(name.to_owned()))
        }

        fn visit_bool<E: Error>(self, name: bool) -> Result<Self::Value, E> {
            Ok(Some(name.to_string()))
        }

        fn visit_i64<E: Error>(self, name: i64) -> Result<Self::Value, E> {
            Ok(Some(name.to_string()))
        }

        fn visit_u64<E: Error>(self, name: u64) -> Result<Self::Value, E> {
            Ok(Some(name.to_string()))
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut names: A) -> Result<Self::Value, A::Error> {
            while names.next_element::<IgnoredAny>()?.is_some() {}
            Err(A::Error::custom(
                "`after` names one environment: the last one that a bundle has to pass; the one before that is named by its own `after`",
            ))
        }
    }

    deserializer.deserialize_any(One)
}
