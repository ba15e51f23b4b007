//! Where a template is deployed, as its expressions see it.

use serde_json::{Value, json};

/// Where a template is deployed.
#[derive(Clone, Debug)]
pub(in super::super) struct Within {
    pub(in super::super) subscription: String,
    pub(in super::super) group: String,
    pub(in super::super) location: String,
    /// The deployment's name.
    pub(in super::super) deployment: String,
}

impl Within {
    /// As `resourceGroup()` gives it.
    pub(super) fn group(&self) -> Value {
        let id = format!(
            "/subscriptions/{}/resourceGroups/{}",
            self.subscription, self.group
        );
        json!({"id": id, "name": self.group, "location": self.location, "type": "Microsoft.Resources/resourceGroups", "tags": {}})
    }

    /// As `subscription()` gives it.
    pub(super) fn subscription(&self) -> Value {
        let id = &self.subscription;
        json!({"id": format!("/subscriptions/{id}"), "subscriptionId": id})
    }

    /// The ARM id of what lies at a path of the group.
    pub(super) fn id(&self, path: &str) -> String {
        let Self {
            subscription,
            group,
            ..
        } = self;
        format!("/subscriptions/{subscription}/resourceGroups/{group}/providers/{path}")
    }
}
