//! What becomes of a publish option that dataops does otherwise.

use crate::note::Severity;

/// An option, and what becomes of it.
pub(super) struct Meaning {
    pub(super) name: &'static str,
    /// What is said when it has this value; nothing is said of defaults.
    says: &'static [(&'static str, Severity, &'static str)],
}

impl Meaning {
    /// Of the option of a name.
    pub(super) fn of(name: &str) -> Option<&'static Self> {
        MEANINGS
            .iter()
            .find(|meaning| name.eq_ignore_ascii_case(meaning.name))
    }

    /// What is said when it has a value.
    pub(super) fn said(&self, word: &str) -> Option<(Severity, String)> {
        let (_, severity, message) = self.says.iter().find(|(value, ..)| *value == word)?;
        Some((*severity, format!("{}: {message}", self.name)))
    }
}

/// Losing properties is the cmdlet's `Method` and the task's `PublishMethod`.
const LOSSY: &[(&str, Severity, &str)] = &[(
    "azdatafactory",
    Severity::Accident,
    "properties that the module did not know were lost on the way; dataops keeps all",
)];

/// Only looking is `DryRun`, `Plan`, and the task's `IsDryRun`.
const DRY: &[(&str, Severity, &str)] = &[(
    "true",
    Severity::Remark,
    "nothing was changed; that is `dataops plan`, or `dataops deploy --dry-run`",
)];

/// Options that need a word.
const MEANINGS: [Meaning; 12] = [
    Meaning {
        name: "StopStartTriggers",
        says: &[(
            "false",
            Severity::Remark,
            "triggers were left alone; dataops stops only what it changes, and starts it again",
        )],
    },
    Meaning {
        name: "CreateNewInstance",
        says: &[(
            "false",
            Severity::Remark,
            "a factory that is not there was an error; `dataops plan` shows that one is created",
        )],
    },
    Meaning {
        name: "DeployGlobalParams",
        says: &[(
            "false",
            Severity::Lost,
            "global parameters were not deployed; dataops deploys those of the source: select without `factory.*`",
        )],
    },
    Meaning {
        name: "IgnoreLackOfReferencedObject",
        says: &[(
            "true",
            Severity::Remark,
            "references to nothing were let pass; `dataops validate` names them, and the service refuses them",
        )],
    },
    Meaning {
        name: "DoNotStopStartExcludedTriggers",
        says: &[(
            "true",
            Severity::Remark,
            "excluded triggers were not stopped; dataops stops only triggers that it changes",
        )],
    },
    Meaning {
        name: "DoNotDeleteExcludedObjects",
        says: &[(
            "false",
            Severity::Lost,
            "excluded objects were deleted when the source did not have them; dataops never deletes what a selection leaves out",
        )],
    },
    Meaning {
        name: "IncrementalDeployment",
        says: &[(
            "true",
            Severity::Remark,
            "dataops compares with the live factory, and needs no state",
        )],
    },
    Meaning {
        name: "TriggerStopMethod",
        says: &[
            (
                "allenabled",
                Severity::Remark,
                "all triggers of the target were stopped; dataops stops only what it changes",
            ),
            (
                "deployableonly",
                Severity::Remark,
                "dataops stops fewer: only triggers that it changes",
            ),
        ],
    },
    Meaning {
        name: "Method",
        says: LOSSY,
    },
    Meaning {
        name: "PublishMethod",
        says: LOSSY,
    },
    Meaning {
        name: "DryRun",
        says: DRY,
    },
    Meaning {
        name: "IsDryRun",
        says: DRY,
    },
];
