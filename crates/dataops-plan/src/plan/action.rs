//! What is done with a resource, and why.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::key::ResourceKey;

/// What is done with a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Action {
    /// It is put; the factory does not have it.
    Create,
    /// It is put over the one that is there.
    Update,
    /// The one that is there is deleted, then it is put: the service changes nothing in place.
    Replace,
    /// It is deleted.
    Delete,
    /// It is as it ought to be.
    Unchanged,
    /// It is left as it is.
    Skip,
}

impl Action {
    /// Whether a document is put.
    #[must_use]
    pub const fn puts(self) -> bool {
        matches!(self, Self::Create | Self::Update | Self::Replace)
    }

    /// Whether the one that is there is deleted.
    #[must_use]
    pub const fn deletes(self) -> bool {
        matches!(self, Self::Replace | Self::Delete)
    }

    /// Whether the factory is changed.
    #[must_use]
    pub const fn changes(self) -> bool {
        self.puts() || self.deletes()
    }
}

impl fmt::Display for Action {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Create => "create",
            Self::Update => "update",
            Self::Replace => "replace",
            Self::Delete => "delete",
            Self::Unchanged => "unchanged",
            Self::Skip => "skip",
        })
    }
}

/// Why something is done with a resource, or is not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "why", content = "by")]
#[non_exhaustive]
pub enum Because {
    /// The factory does not have it.
    Missing,
    /// It was not selected; another resource that was needs it, and the factory does not have it.
    NeededBy(ResourceKey),
    /// It differs.
    Differs,
    /// Only a secret differs.
    SecretDiffers,
    /// It has secrets that cannot be compared, and the call asked for them to be written.
    SecretsAsked,
    /// What differs cannot be changed in place; the properties.
    Immutable(Vec<String>),
    /// It is as it ought to be and leads nowhere, and only a new one can be approved; how its connection stands.
    Refused(String),
    /// The source does not have it.
    NotInSource,
    /// What the solution has brought is removed.
    Removed,
    /// What the solution has brought is removed, and this is not of the solution.
    NotOurs,
    /// What the solution has brought is removed, and this is a part of the factory that others use too.
    OfTheFactory,
    /// It is as it ought to be.
    Same,
    /// It is as it ought to be but for secrets that the service does not give back.
    SameButSecrets,
    /// It is only written differently.
    SameMeaning,
    /// It was not selected.
    NotSelected,
    /// The source does not have it, and deletion is off.
    DeletionOff,
    /// The source does not have it, what is undone has created it, and deletion is off.
    Undone,
    /// It would be deleted, and these resources that stay refer to it.
    ReferencedBy(Vec<ResourceKey>),
    /// The source does not have it, and the service has no deletion of its kind.
    NotDeletable,
    /// Every factory has it.
    BuiltIn,
    /// An existing factory is never written as a whole: whatever the source does not say would be lost.
    NeverPut,
    /// Of an existing factory its tags, identity and network access alone are changed.
    InPlace,
    /// The source has no global parameters, and an empty set is written only when the call asks for it.
    NoGlobalParameters,
}

impl fmt::Display for Because {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = match self {
            Self::Missing => "the factory does not have it",
            Self::NeededBy(by) => {
                return write!(out, "{by} needs it, and the factory does not have it");
            }
            Self::Differs => "it differs",
            Self::SecretDiffers => "a secret differs",
            Self::SecretsAsked => "its secrets cannot be compared, and are to be written",
            Self::Immutable(properties) => {
                let properties = properties.join(", ");
                return write!(out, "the service does not change {properties} in place");
            }
            Self::Refused(status) => {
                return write!(out, "its connection is {status}, and leads nowhere");
            }
            Self::NotInSource => "the source does not have it",
            Self::Removed => "it is removed with the solution",
            Self::NotOurs => "it is not of the solution",
            Self::OfTheFactory => "it belongs to the factory, which stays",
            Self::Same => "it is as it ought to be",
            Self::SameButSecrets => "it is as it ought to be, but for secrets that cannot be read",
            Self::SameMeaning => "it is only written differently",
            Self::NotSelected => "it is not selected",
            Self::DeletionOff => "the source does not have it, and nothing is deleted unasked",
            Self::Undone => "what is undone has created it, and nothing is deleted unasked",
            Self::ReferencedBy(by) => {
                let by: Vec<_> = by.iter().map(ToString::to_string).collect();
                let (verb, by) = match by.as_slice() {
                    [one] => ("refers", one.clone()),
                    several => ("refer", several.join(", ")),
                };
                return write!(out, "it is not deleted, because {by} {verb} to it");
            }
            Self::NotDeletable => "the service has no deletion of its kind",
            Self::BuiltIn => "every factory has it",
            Self::NeverPut => "an existing factory is never written as a whole",
            Self::InPlace => "what of it is changed in place differs",
            Self::NoGlobalParameters => {
                "the source has no global parameters, and an empty set is written only when asked for"
            }
        };
        out.write_str(text)
    }
}
