//! Where a factory and its resources are: keys of tables, ARM ids, ARM types.

use adf_model::{Kind, ResourceId};
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};

use crate::problem::Problem;

/// A factory's address, spelled as it was first written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct FactoryPath {
    pub(crate) subscription: String,
    pub(crate) group: String,
    pub(crate) name: String,
}

impl FactoryPath {
    /// Refuses what no subscription or resource group is called.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        let group = |letter: char| letter.is_alphanumeric() || "-_.()".contains(letter);
        if !(1..=90).contains(&self.group.chars().count()) || !self.group.chars().all(group) {
            return Err(Problem::arm(
                StatusCode::BAD_REQUEST,
                "InvalidResourceGroup",
                format!("`{}` is not a resource group's name", self.group),
            ));
        }
        let word = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
        if self.subscription.is_empty() || !self.subscription.chars().all(word) {
            return Err(Problem::arm(
                StatusCode::BAD_REQUEST,
                "InvalidSubscriptionId",
                format!("`{}` is not a subscription's id", self.subscription),
            ));
        }
        Ok(())
    }

    /// Its key, the same for every spelling.
    pub(crate) fn key(&self) -> String {
        let Self {
            subscription,
            group,
            name,
        } = self;
        format!("{subscription}/{group}/{name}").to_lowercase()
    }

    /// Its ARM id.
    pub(crate) fn id(&self) -> String {
        let Self {
            subscription,
            group,
            name,
        } = self;
        format!(
            "/subscriptions/{subscription}/resourceGroups/{group}/providers/Microsoft.DataFactory/factories/{name}"
        )
    }

    /// The ARM id of what is below it.
    pub(crate) fn id_of(&self, id: &ResourceId) -> String {
        let mut text = self.id();
        if let Some(parent) = &id.parent {
            text.push_str(&format!(
                "/{}/{parent}",
                Kind::ManagedVirtualNetwork.arm_segment()
            ));
        }
        text.push_str(&format!("/{}/{}", id.kind.arm_segment(), id.name));
        text
    }

    /// The key of what is below it.
    pub(crate) fn key_of(&self, id: &ResourceId) -> String {
        let folder = self.key_of_kind(id.kind, id.parent.as_deref());
        format!("{folder}{}", id.name.to_lowercase())
    }

    /// What the keys of all resources of a kind begin with.
    pub(crate) fn key_of_kind(&self, kind: Kind, parent: Option<&str>) -> String {
        let parent = parent.map(|parent| format!("{}/", parent.to_lowercase()));
        format!(
            "{}/{}/{}",
            self.key(),
            kind.collection().to_lowercase(),
            parent.unwrap_or_default()
        )
    }
}

/// The ARM type of a kind.
pub(crate) fn arm_type(kind: Kind) -> String {
    let parent = match kind {
        Kind::ManagedPrivateEndpoint => "/managedVirtualNetworks",
        _ => "",
    };
    format!(
        "Microsoft.DataFactory/factories{parent}/{}",
        kind.arm_segment()
    )
}
