//! What somebody has changed in a factory since the last deployment.

use adf_model::Kind;
use dataops_plan::{Change, Live, ResourceKey, TriggerState, differences};
use serde::Serialize;

use crate::notebooks::NotebookMoved;
use crate::state::{Left, State};

/// How a factory differs from the state that it was left in.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Drift {
    /// The factory has it, and had it not.
    pub added: Vec<ResourceKey>,
    /// The factory had it, and has it no longer.
    pub removed: Vec<ResourceKey>,
    /// It is another one.
    pub changed: Vec<Changed>,
    /// It was written again with the same content, but perhaps with another secret.
    pub rewritten: Vec<ResourceKey>,
    /// Triggers in another state.
    pub triggers: Vec<TriggerMoved>,
    /// Notebooks and files of the workspace that are not as they were left.
    pub notebooks: Vec<NotebookMoved>,
    /// How many are as they were.
    pub same: usize,
}

/// A resource that is another one.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Changed {
    /// Which.
    pub resource: ResourceKey,
    /// What differs; secrets have stars.
    pub changes: Vec<Change>,
}

/// A trigger in another state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerMoved {
    /// Which.
    pub trigger: ResourceKey,
    /// The state that it was left in.
    pub was: TriggerState,
    /// The state that it is in.
    pub is: TriggerState,
}

impl Drift {
    /// Compares a factory with the state that it was left in.
    #[must_use]
    pub fn between(left: &State, live: &Live) -> Self {
        let now = State::of(live);
        let mut drift = Self::default();
        for (key, there) in &now.resources {
            match left.resources.get(key) {
                None => drift.added.push(key.clone()),
                Some(was) => drift.compare(key, was, there),
            }
        }
        let gone = left
            .resources
            .keys()
            .filter(|key| !now.resources.contains_key(*key));
        drift.removed.extend(gone.cloned());
        drift
    }

    fn compare(&mut self, key: &ResourceKey, was: &Left, is: &Left) {
        if let (Some(before), Some(now)) = (was.state, is.state)
            && before != now
        {
            self.triggers.push(TriggerMoved {
                trigger: key.clone(),
                was: before,
                is: now,
            });
        }
        let changes = match was.digest == is.digest {
            true => Vec::new(),
            false => differences(key.kind, &was.normal, &is.normal),
        };
        // Starting and stopping a trigger writes it; the factory's tag changes with what is in it.
        let is_written = was.etag.is_some() && is.etag.is_some() && was.etag != is.etag;
        let tells = !matches!(
            key.kind,
            Kind::Trigger | Kind::Factory | Kind::IntegrationRuntime
        );
        if !changes.is_empty() {
            self.changed.push(Changed {
                resource: key.clone(),
                changes,
            });
        } else if is_written && tells {
            self.rewritten.push(key.clone());
        } else {
            self.same += 1;
        }
    }

    /// Whether the factory is as it was left. What was only written again counts as the same.
    #[must_use]
    pub fn is_none(&self) -> bool {
        let resources = self.added.is_empty() && self.removed.is_empty() && self.changed.is_empty();
        resources && self.triggers.is_empty() && self.notebooks.is_empty()
    }

    /// The same with what somebody has done with notebooks.
    #[must_use]
    pub fn with_notebooks(mut self, moved: Vec<NotebookMoved>) -> Self {
        self.notebooks = moved;
        self
    }
}

#[cfg(test)]
mod tests {
    use adf_model::ResourceId;
    use serde_json::{Value, json};

    use super::*;

    fn live(resources: &[(Kind, &str, &str, Value)]) -> Live {
        let resources = resources.iter().map(|(kind, name, etag, properties)| {
            let document = json!({"name": name, "etag": etag, "properties": properties});
            (ResourceId::new(*kind, *name), document)
        });
        Live::new(
            Some(json!({"name": "adf", "etag": "f", "properties": {}})),
            resources.collect::<Vec<_>>(),
        )
    }

    fn trigger(state: &str) -> Value {
        json!({"type": "ScheduleTrigger", "runtimeState": state, "typeProperties": {"recurrence": {"interval": 1}}})
    }

    #[test]
    fn a_factory_that_nobody_touched_has_not_drifted() {
        let live = live(&[
            (Kind::Pipeline, "p", "1", json!({"concurrency": 1})),
            (Kind::Trigger, "t", "2", trigger("Started")),
        ]);
        let drift = Drift::between(&State::of(&live), &live);

        assert!(drift.is_none());
        assert_eq!(drift.same, 3);
    }

    #[test]
    fn each_way_of_drifting_is_told() {
        let left = State::of(&live(&[
            (Kind::Pipeline, "changed", "1", json!({"concurrency": 1})),
            (Kind::Pipeline, "removed", "1", json!({})),
            (
                Kind::LinkedService,
                "rewritten",
                "1",
                json!({"type": "SqlServer"}),
            ),
            (Kind::Trigger, "t", "1", trigger("Started")),
        ]));
        let now = live(&[
            (Kind::Pipeline, "changed", "2", json!({"concurrency": 7})),
            (Kind::Pipeline, "added", "2", json!({})),
            (
                Kind::LinkedService,
                "rewritten",
                "2",
                json!({"type": "SqlServer"}),
            ),
            (Kind::Trigger, "t", "2", trigger("Stopped")),
        ]);

        let drift = Drift::between(&left, &now);

        let keys = |keys: &[ResourceKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(keys(&drift.added), ["pipeline.added"]);
        assert_eq!(keys(&drift.removed), ["pipeline.removed"]);
        assert_eq!(keys(&drift.rewritten), ["linkedService.rewritten"]);
        assert_eq!(drift.changed[0].resource.to_string(), "pipeline.changed");
        assert_eq!(drift.changed[0].changes[0].path, "concurrency");
        assert_eq!(drift.triggers[0].is, TriggerState::Stopped);
        assert_eq!(drift.same, 2);
        assert!(!drift.is_none());
    }

    #[test]
    fn a_state_that_was_edited_is_not_believed() {
        let state = State::of(&live(&[(
            Kind::Pipeline,
            "p",
            "1",
            json!({"concurrency": 1}),
        )]));
        let (bytes, digest) = state.to_bytes();

        assert_eq!(State::read(&bytes, &digest).unwrap(), state);
        let edited = String::from_utf8(bytes)
            .unwrap()
            .replace("\"concurrency\":1", "\"concurrency\":2");
        let error = State::read(edited.as_bytes(), &digest).unwrap_err();
        assert!(error.to_string().starts_with("it was changed"), "{error}");
    }

    #[test]
    fn no_secret_is_in_a_state() {
        let state = State::of(&live(&[(
            Kind::LinkedService,
            "sql",
            "1",
            json!({"type": "SqlServer", "typeProperties": {"connectionString": "Server=s;Password=hunter2",
                "password": {"type": "SecureString", "value": "hunter2"}}}),
        )]));

        let text = String::from_utf8(state.to_bytes().0).unwrap();
        assert!(
            !text.contains("hunter2") && text.contains("Server=s"),
            "{text}"
        );
    }
}
