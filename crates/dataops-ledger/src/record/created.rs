//! What a deployment was to create: whoever undoes it has to know what was not there before.

use std::collections::BTreeSet;

use dataops_plan::{Action, NotebookAction, Plan, ResourceKey};
use serde::{Deserialize, Serialize};

/// What was not there before a deployment, by its plan. Where it has failed or was killed, not all of it has come.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Created {
    /// Resources of the factory.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub resources: BTreeSet<ResourceKey>,
    /// Notebooks and files, by their paths in the workspace.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub notebooks: BTreeSet<String>,
}

impl Created {
    /// What a plan creates.
    #[must_use]
    pub fn of(plan: &Plan) -> Self {
        let resources = plan.resources.iter();
        let resources = resources.filter(|it| it.action == Action::Create);
        let objects = plan.notebooks.iter().flat_map(|it| &it.objects);
        let objects = objects.filter(|it| it.action == NotebookAction::Create);
        Self {
            resources: resources.map(|it| it.resource.clone()).collect(),
            notebooks: objects.map(|it| it.path.clone()).collect(),
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty() && self.notebooks.is_empty()
    }
}

impl<'c> FromIterator<&'c Self> for Created {
    fn from_iter<I: IntoIterator<Item = &'c Self>>(several: I) -> Self {
        let mut all = Self::default();
        for one in several {
            all.resources.extend(one.resources.iter().cloned());
            all.notebooks.extend(one.notebooks.iter().cloned());
        }
        all
    }
}
