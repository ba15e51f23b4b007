//! Why an ML pipeline was not published or not found.

use std::path::PathBuf;

use aml_client::pipelines::{PipelineListOptions, PipelineLookupError};
use dataops_solution::yaml::YamlError;
use rest_core::ServiceErrorExt;

use crate::connection::ConnectionError;

/// An ML pipeline could not be published or found.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MlPipelineError {
    /// The workspace cannot be reached as it is described.
    #[error(transparent)]
    Connection(#[from] ConnectionError),
    /// A description cannot be read.
    #[error("{}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        #[source]
        source: std::io::Error,
    },
    /// A description is not what it should be.
    #[error("{}:{}", path.display(), fault)]
    Malformed {
        /// The file.
        path: PathBuf,
        /// What is wrong, and where.
        fault: YamlError,
    },
    /// The text after `aml://` names nothing that can be looked up.
    #[error(
        "`{0}` is not aml://pipelines/NAME[/VERSION], aml://pipeline-endpoints/NAME[/default] or aml://batch-endpoints/NAME[/default]"
    )]
    Address(String),
    /// The address is a good one, and nothing has its name.
    #[error("there is no `{}`", missing.address)]
    NotFound {
        /// What was looked for.
        missing: Box<MissingMl>,
        /// What was answered.
        #[source]
        source: azure_core::Error,
    },
    /// What the address names is there, and lacks what it points at.
    #[error("`{address}` cannot be resolved")]
    Lookup {
        /// The address.
        address: String,
        /// Why.
        #[source]
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// What the address names, or what is behind it, is there and can run nothing.
    #[error("`{address}` leads to nothing that can run: {reason}")]
    Unusable {
        /// The address.
        address: String,
        /// Why.
        reason: String,
        /// What the ML side can do.
        remedy: String,
    },
    /// Several pipelines have the name, and their dates do not tell which of them is the newest.
    #[error(
        "which pipeline `{address}` means cannot be told: their dates do not say which is the newest"
    )]
    Several {
        /// The address.
        address: String,
        /// Which they are.
        #[source]
        source: azure_core::Error,
    },
    /// The service refused.
    #[error("{step}")]
    Service {
        /// What was being done.
        step: String,
        /// Why it stopped.
        #[source]
        source: azure_core::Error,
    },
}

/// A name of the ML side that nothing has.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MissingMl {
    /// The address.
    pub address: String,
    /// What was looked for, as the address writes it: `NAME` or `NAME/VERSION`.
    pub wanted: String,
    /// What there is instead, in the same form.
    pub known: Vec<String>,
}

impl MlPipelineError {
    /// Whether what the address names is not there, and a deployment to an emulator may publish it.
    #[must_use]
    pub fn may_be_published(&self) -> bool {
        let address = match self {
            Self::Lookup { address, .. } => address,
            Self::NotFound { missing, .. } => &missing.address,
            _ => return false,
        };
        !address.starts_with("aml://batch-endpoints/")
    }

    /// The same where nothing has the name; `wanted` is how the address writes it, and `known` what there is.
    pub(super) fn or_not_found(self, address: &str, wanted: &str, known: Vec<String>) -> Self {
        match self {
            Self::Service { source, .. } => Self::NotFound {
                missing: Box::new(MissingMl {
                    address: address.to_owned(),
                    wanted: wanted.to_owned(),
                    known,
                }),
                source,
            },
            other => other,
        }
    }

    pub(super) fn is_missing(&self) -> bool {
        let Self::Service { source, .. } = self else {
            return false;
        };
        let lookup = source.downcast_ref::<PipelineLookupError>();
        source.is_not_found() || matches!(lookup, Some(PipelineLookupError::NotFound { .. }))
    }
}

pub(super) fn service(
    step: impl Into<String>,
) -> impl FnOnce(azure_core::Error) -> MlPipelineError {
    let step = step.into();
    move |source| MlPipelineError::Service { step, source }
}

pub(super) fn active() -> PipelineListOptions {
    PipelineListOptions {
        active_only: Some(true),
        ..PipelineListOptions::default()
    }
}
