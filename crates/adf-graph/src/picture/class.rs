//! What decides the colour of a box.

use adf_model::Kind;

use crate::ExternalKind;

/// What a box stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// A resource of the factory.
    Resource(Kind),
    /// Something outside of it.
    External(ExternalKind),
    /// An activity that moves or reads data.
    Movement,
    /// An activity that computes: Databricks, HDInsight, a procedure, a script.
    Compute,
    /// An activity that starts machine learning.
    Learning,
    /// An activity that starts or holds others, or decides.
    Control,
    /// Any other activity.
    General,
    /// A branch of an activity.
    Branch,
    /// A file beside the resources.
    File,
}

impl Class {
    /// The class of an activity of this type.
    #[must_use]
    pub fn of_activity(kind: &str) -> Self {
        match kind {
            "Copy" | "Delete" | "Lookup" | "GetMetadata" | "Validation" => Self::Movement,
            "ExecuteDataFlow"
            | "ExecuteWranglingDataflow"
            | "Custom"
            | "Script"
            | "SparkJob"
            | "SqlServerStoredProcedure"
            | "SynapseNotebook"
            | "ExecuteSSISPackage"
            | "AzureDataExplorerCommand"
            | "AzureFunctionActivity"
            | "DataLakeAnalyticsU-SQL" => Self::Compute,
            "ForEach" | "Until" | "IfCondition" | "Switch" | "ExecutePipeline" | "Fail"
            | "Filter" | "Wait" | "SetVariable" | "AppendVariable" => Self::Control,
            kind if kind.starts_with("AzureML") => Self::Learning,
            kind if kind.starts_with("Databricks") || kind.starts_with("HDInsight") => {
                Self::Compute
            }
            _ => Self::General,
        }
    }

    /// What a legend says.
    #[must_use]
    pub fn name(self) -> String {
        match self {
            Self::Resource(kind) => kind.to_string(),
            Self::External(kind) => kind.to_string(),
            Self::Movement => "moves data".to_owned(),
            Self::Compute => "computes".to_owned(),
            Self::Learning => "machine learning".to_owned(),
            Self::Control => "control flow".to_owned(),
            Self::General => "other".to_owned(),
            Self::Branch => "branch".to_owned(),
            Self::File => "file".to_owned(),
        }
    }

    /// A name for style sheets: letters only.
    pub(super) fn identifier(self) -> String {
        let name = self.name();
        let words = name.split(' ').map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        });
        format!("is{}", words.collect::<String>())
    }

    /// The colour of its stripe and line.
    pub(super) const fn colour(self) -> &'static str {
        match self {
            Self::Resource(Kind::Trigger) => "#b45309",
            Self::Resource(Kind::Pipeline) | Self::Movement => "#1d4ed8",
            Self::Resource(Kind::DataFlow) | Self::Control => "#7c3aed",
            Self::Resource(Kind::Dataset) => "#0f766e",
            Self::Resource(Kind::LinkedService) => "#475569",
            Self::Resource(Kind::IntegrationRuntime) => "#be185d",
            Self::Resource(Kind::Credential) => "#a16207",
            Self::Resource(
                Kind::ManagedVirtualNetwork
                | Kind::ManagedPrivateEndpoint
                | Kind::PrivateEndpointConnection,
            ) => "#0369a1",
            Self::Resource(Kind::ChangeDataCapture) => "#0e7490",
            Self::Resource(Kind::Factory | Kind::GlobalParameters) => "#1e293b",
            Self::External(ExternalKind::MlPipeline | ExternalKind::MlPipelineEndpoint)
            | Self::Learning => "#15803d",
            Self::External(_) | Self::Compute => "#c2410c",
            Self::General | Self::Branch | Self::File => "#64748b",
        }
    }

    /// The least number of columns to the right, so that a factory is drawn from triggers to what it runs on.
    pub(super) const fn column(self) -> usize {
        match self {
            Self::Resource(kind) => match kind {
                Kind::Trigger => 5,
                Kind::Pipeline | Kind::ChangeDataCapture => 4,
                Kind::DataFlow => 3,
                Kind::Dataset | Kind::ManagedPrivateEndpoint => 2,
                Kind::LinkedService => 1,
                _ => 0,
            },
            Self::External(_) => 3,
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_letters_and_never_words_of_a_language() {
        assert_eq!(
            Class::Resource(Kind::LinkedService).identifier(),
            "isLinkedService"
        );
        assert_eq!(
            Class::External(ExternalKind::MlPipeline).identifier(),
            "isMLPipeline"
        );
    }

    #[test]
    fn unknown_types_are_general() {
        assert_eq!(Class::of_activity("DatabricksJob"), Class::Compute);
        assert_eq!(Class::of_activity("NeverHeardOf"), Class::General);
    }
}
