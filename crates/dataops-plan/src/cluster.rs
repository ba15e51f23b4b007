//! What is done with the cluster that runs the notebooks, and with its libraries.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What is done with a cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ClusterPlan {
    /// Its name.
    pub name: String,
    /// What is done.
    pub action: ClusterAction,
    /// The places of its specification that are changed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub changes: Vec<String>,
    /// The libraries that are installed, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub install: Vec<String>,
}

/// What is done with a cluster.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum ClusterAction {
    /// It is made from its specification, and started.
    Create,
    /// It is changed where it differs from its specification, and started.
    Update,
    /// It is as its specification says.
    Unchanged,
}

impl ClusterPlan {
    /// Whether there is something to do. A cluster that only stands still is left so: what runs on it starts it.
    #[must_use]
    pub fn has_work(&self) -> bool {
        self.action != ClusterAction::Unchanged || !self.install.is_empty()
    }

    /// How it is no longer what it was when the plan was made, if it is not.
    #[must_use]
    pub fn moved_since(&self, now: Option<&Self>) -> Option<String> {
        let name = &self.name;
        match now {
            Some(now) if now == self => None,
            Some(now) if now.name != *name => Some(format!("cluster {name} is {} now", now.name)),
            Some(now) if now.install != self.install && now.action == self.action => {
                Some(format!("cluster {name} has other libraries"))
            }
            Some(_) => Some(format!("cluster {name} was changed")),
            None => Some(format!("the environment has no cluster {name} any more")),
        }
    }
}

impl fmt::Display for ClusterPlan {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.action, self.changes.as_slice()) {
            (ClusterAction::Create, _) => out.write_str("the workspace does not have it"),
            (ClusterAction::Update, [one]) => write!(out, "{one} differs"),
            (ClusterAction::Update, several) => write!(out, "{} differ", several.join(", ")),
            (ClusterAction::Unchanged, _) => out.write_str("it is as its specification says"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cluster(action: ClusterAction, install: &[&str]) -> ClusterPlan {
        ClusterPlan {
            name: "ingest".to_owned(),
            action,
            changes: Vec::new(),
            install: install.iter().map(|name| (*name).to_owned()).collect(),
        }
    }

    #[test]
    fn libraries_alone_are_work() {
        assert!(!cluster(ClusterAction::Unchanged, &[]).has_work());
        assert!(cluster(ClusterAction::Unchanged, &["pypi pandas"]).has_work());
        assert!(cluster(ClusterAction::Create, &[]).has_work());
    }

    #[test]
    fn what_moved_is_told() {
        let planned = cluster(ClusterAction::Unchanged, &["pypi pandas"]);
        let moved = |now: Option<&ClusterPlan>| planned.moved_since(now).unwrap_or_default();

        assert_eq!(moved(Some(&planned)), "");
        assert_eq!(
            moved(Some(&cluster(ClusterAction::Unchanged, &[]))),
            "cluster ingest has other libraries"
        );
        assert_eq!(
            moved(Some(&cluster(ClusterAction::Create, &["pypi pandas"]))),
            "cluster ingest was changed"
        );
        assert_eq!(
            moved(None),
            "the environment has no cluster ingest any more"
        );
    }
}
