//! Which empty things mean something: those that a person gave as a value.

/// What an object holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// What Data Factory has names for: what is empty there is as good as left out.
    Structure,
    /// Definitions by name: each of them is structure, none is left out.
    Definitions,
    /// Values that a person gave: an empty list is not the same as none.
    Values,
}

/// Members that hold values by name.
const ARGUMENTS: [&str; 12] = [
    "parameters",
    "baseParameters",
    "mlPipelineParameters",
    "dataPathAssignments",
    "datasetParameters",
    "storedProcedureParameters",
    "jobParameters",
    "globalParameters",
    "extendedProperties",
    "headers",
    "runDimensions",
    "tags",
];

/// Members that are one value.
const VALUES: [&str; 4] = ["value", "defaultValue", "body", "content"];

impl Holds {
    /// What the member `key` of such an object holds.
    pub(super) fn below(self, key: &str) -> Self {
        match self {
            Self::Values => Self::Values,
            Self::Definitions => Self::Structure,
            Self::Structure if ARGUMENTS.contains(&key) || VALUES.contains(&key) => Self::Values,
            Self::Structure => Self::Structure,
        }
    }
}

/// Whether a member of a structure means something although it is empty.
pub(super) fn is_kept_when_empty(key: &str) -> bool {
    VALUES.contains(&key)
}
