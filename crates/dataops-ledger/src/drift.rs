//! What somebody has changed in a factory since the last deployment.

use std::borrow::Cow;

use adf_model::Kind;
use dataops_plan::{Change, Live, ResourceKey, TriggerState, differences};
use serde::Serialize;
use serde_json::Value;

use crate::notebooks::NotebookMoved;
use crate::shown::{hidden_secrets, other_secrets};
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
    /// It was written again, and nothing that the service shows of it is another.
    pub rewritten: Vec<Rewritten>,
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
    /// Where another secret is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub secrets: Vec<String>,
}

/// A resource that was written again, and that is the same as far as the service shows it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Rewritten {
    /// Which.
    pub resource: ResourceKey,
    /// Where a secret is that the service does not show: it may be another. Nothing where it is not known what was shown when the resource was
    /// left.
    pub hidden: Option<Vec<String>>,
}

/// A trigger in another state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TriggerMoved {
    /// Which.
    pub trigger: ResourceKey,
    /// The state that it should have been left in.
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
            false => differences(key.kind, &was.normal, &comparable(key, was, is)),
        };
        // Starting and stopping a trigger writes it; the factory's tag changes with what is in it.
        let is_written = was.etag.is_some() && is.etag.is_some() && was.etag != is.etag;
        let tells = !matches!(
            key.kind,
            Kind::Trigger | Kind::Factory | Kind::IntegrationRuntime
        );
        let secrets = other_secrets(was, is, &changes);
        if !changes.is_empty() || !secrets.is_empty() {
            self.changed.push(Changed {
                resource: key.clone(),
                changes,
                secrets,
            });
        } else if is_written && tells {
            self.rewritten.push(Rewritten {
                resource: key.clone(),
                hidden: hidden_secrets(was, is),
            });
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

/// What a resource is now, as far as it is known what it was: a state of an earlier version does not have the identities of others that a
/// factory has, and one that has such an identity has at least one of them.
fn comparable<'n>(key: &ResourceKey, was: &Left, is: &'n Left) -> Cow<'n, Value> {
    const USERS: &str = "userAssignedIdentities";
    let kind = was.normal.get("identity").and_then(Value::as_str);
    let has_users = kind.is_some_and(|kind| kind.to_ascii_lowercase().contains("userassigned"));
    let is_unknown = key.kind == Kind::Factory && has_users && was.normal.get(USERS).is_none();
    let mut now = Cow::Borrowed(&is.normal);
    if is_unknown && let Some(now) = now.to_mut().as_object_mut() {
        now.shift_remove(USERS);
    }
    now
}

#[cfg(test)]
mod tests {
    use adf_model::ResourceId;
    use dataops_plan::Digest;
    use serde_json::json;

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
        assert_eq!(drift.rewritten.len(), 1);
        assert_eq!(
            drift.rewritten[0].resource.to_string(),
            "linkedService.rewritten"
        );
        assert_eq!(drift.rewritten[0].hidden, Some(Vec::new()));
        assert_eq!(drift.changed[0].resource.to_string(), "pipeline.changed");
        assert_eq!(drift.changed[0].changes[0].path, "concurrency");
        assert_eq!(drift.triggers[0].is, TriggerState::Stopped);
        assert_eq!(drift.same, 2);
        assert!(!drift.is_none());
    }

    #[test]
    fn a_deployment_of_a_part_wipes_out_nothing_that_it_is_not_about() {
        let pipeline = |name, of: u64| (Kind::Pipeline, name, "1", json!({"concurrency": of}));
        let before = State::of(&live(&[
            pipeline("bound", 1),
            pipeline("edited", 1),
            pipeline("removed", 1),
            pipeline("same", 1),
        ]));
        let now = live(&[
            pipeline("bound", 2),
            pipeline("edited", 2),
            pipeline("added", 1),
            pipeline("same", 1),
        ]);

        let left = State::of(&now).of_part(&before, |key| key.name == "bound");

        let drift = Drift::between(&left, &now);
        let keys = |keys: &[ResourceKey]| keys.iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(keys(&drift.added), ["pipeline.added"]);
        assert_eq!(keys(&drift.removed), ["pipeline.removed"]);
        let changed: Vec<_> = drift.changed.iter().map(|it| it.resource.clone()).collect();
        assert_eq!(keys(&changed), ["pipeline.edited"]);
    }

    fn service(etag: &str, details: &Value) -> Live {
        let properties = json!({"type": "RestService", "typeProperties": details});
        live(&[(Kind::LinkedService, "resty", etag, properties)])
    }

    #[test]
    fn another_secret_that_the_service_shows_is_a_change() {
        let left = State::of(&service("1", &json!({"authHeaders": {"X-Key": "canary"}})));
        let (bytes, digest) = left.to_bytes();
        let left = State::read(&bytes, &digest).unwrap();
        let key = |key: &str| service("2", &json!({"authHeaders": {"X-Key": key}}));

        let drift = Drift::between(&left, &key("canary-other"));
        let same = Drift::between(&left, &key("canary"));

        assert!(!drift.is_none());
        assert_eq!(
            drift.changed[0].secrets,
            ["typeProperties.authHeaders.X-Key"]
        );
        assert!(drift.changed[0].changes.is_empty() && drift.rewritten.is_empty());
        assert!(same.is_none());
        assert_eq!(same.rewritten[0].hidden, Some(Vec::new()));
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("canary"), "{text}");
        assert!(!serde_json::to_string(&drift).unwrap().contains("canary"));
    }

    fn secrets_that_drift(was: &Value, is: &Value) -> (Vec<String>, usize) {
        let drift = Drift::between(&State::of(&service("1", was)), &service("2", is));
        let changed = drift.changed.into_iter();
        changed.fold((Vec::new(), 0), |(mut secrets, count), it| {
            secrets.extend(it.secrets);
            (secrets, count + it.changes.len())
        })
    }

    #[test]
    fn a_secret_that_comes_goes_or_has_another_form_is_a_change() {
        let read = json!({"authHeaders": {"X-Key": {"type": "Expression", "value": "@linkedService().k"}}});
        let open = json!({"authHeaders": {"X-Key": "canary"}});
        let text = json!({"authHeaders": {"X-Key": "@linkedService().k"}});
        let secure = json!({"authHeaders": {"X-Key": {"type": "SecureString", "value": dataops_plan::STARS}}});
        let header = "typeProperties.authHeaders.X-Key";
        let plain = json!({"connectionString": "AccountName=a"});
        let keyed = json!({"connectionString": "AccountName=a;AccountKey=**********"});
        let none = json!({"connectionString": "hello"});
        let connection = "typeProperties.connectionString";

        for (was, is, secrets, changes) in [
            (&read, &open, vec![header], 0),
            (
                &open,
                &read,
                vec!["typeProperties.authHeaders.X-Key.value"],
                0,
            ),
            (&read, &text, vec![], 0),
            (&open, &secure, vec![], 1),
            (&plain, &keyed, vec![connection], 0),
            (&keyed, &plain, vec![connection], 0),
            (&plain, &none, vec![connection], 0),
            (&none, &plain, vec![connection], 0),
            (&open, &json!({"url": "x"}), vec![], 2),
        ] {
            let secrets = secrets.into_iter().map(str::to_owned).collect();
            assert_eq!(
                secrets_that_drift(was, is),
                (secrets, changes),
                "{was} {is}"
            );
        }
    }

    #[test]
    fn a_secret_that_the_service_hides_may_be_another() {
        let details = json!({"password": {"type": "SecureString", "value": dataops_plan::STARS}});
        let left = State::of(&service("1", &details));
        let mut older = left.clone();
        for left in older.resources.values_mut() {
            left.shown = None;
        }
        let now = service("2", &details);

        let hidden = |left: &State| Drift::between(left, &now).rewritten[0].hidden.clone();

        let places = vec!["typeProperties.password.value".to_owned()];
        assert_eq!(hidden(&left), Some(places));
        assert_eq!(hidden(&older), None);
        assert!(Drift::between(&left, &now).is_none());
    }

    #[test]
    fn a_trigger_that_somebody_brings_where_it_should_be_is_no_drift() {
        let is = |state| live(&[(Kind::Trigger, "t", "1", trigger(state))]);
        let key: ResourceKey = "trigger.t".parse().unwrap();
        let left = State::of(&is("Stopped")).with_triggers([(key, TriggerState::Started)]);

        assert!(Drift::between(&left, &is("Started")).is_none());
        let stuck = Drift::between(&left, &is("Stopped"));
        assert_eq!(stuck.triggers[0].was, TriggerState::Started);
    }

    #[test]
    fn a_state_that_does_not_know_the_identities_of_a_factory_tells_no_drift_of_them() {
        let factory = |kind: &str, users: &[&str]| {
            let users: Value = users
                .iter()
                .map(|id| ((*id).to_owned(), json!({})))
                .collect();
            let identity = json!({"type": kind, "userAssignedIdentities": users});
            let document = json!({"name": "adf", "identity": identity, "properties": {}});
            Live::new(Some(document), Vec::new())
        };
        let both = "SystemAssigned,UserAssigned";
        let now = factory(both, &["/x/one"]);
        let mut older = State::of(&now);
        for left in older.resources.values_mut() {
            let normal = left.normal.as_object_mut().unwrap();
            normal.shift_remove("userAssignedIdentities").unwrap();
            left.digest = Digest::of_bytes(b"another");
        }
        let moved = |left: &State, now: &Live| {
            let drift = Drift::between(left, now);
            drift.changed.into_iter().flat_map(|it| it.changes).count()
        };

        assert_eq!(moved(&older, &now), 0);
        assert_eq!(moved(&older, &factory("SystemAssigned", &[])), 1);
        assert_eq!(moved(&State::of(&now), &factory(both, &["/x/two"])), 2);
        let none = State::of(&factory("SystemAssigned", &[]));
        assert_eq!(moved(&none, &now), 2);
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
