//! A factory as it is, resource by resource, for those who remember it and look again later.

use std::borrow::Cow;
use std::collections::BTreeMap;

use adf_diff::Path;
use adf_model::pointer::escape;
use adf_model::{Kind, ResourceId};
use serde_json::{Value, json};

use crate::changes::changes;
use crate::compare::Compared;
use crate::digest::Digest;
use crate::key::ResourceKey;
use crate::live::{Live, LiveResource};
use crate::plan::{Change, TriggerState};
use crate::secret::SecretTrace;

/// A resource as it is. Its secrets have been taken out.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen<'l> {
    /// Which.
    pub resource: ResourceKey,
    /// The digest of its normal form.
    pub digest: &'l Digest,
    /// Its normal form: its properties without what the service or the user interface adds.
    pub normal: &'l Value,
    /// Its entity tag.
    pub etag: Option<&'l str>,
    /// The state of a trigger; nothing for anything else.
    pub state: Option<TriggerState>,
    /// What is shown of its secrets, by their places.
    pub secrets: BTreeMap<String, SecretTrace>,
}

impl Live {
    /// The factory and its resources, in the order of kinds and names.
    pub fn seen(&self) -> impl Iterator<Item = Seen<'_>> {
        self.factory.iter().chain(self.resources.values()).map(seen)
    }

    /// The same factory after one resource was looked at again: its document as the service gives it, or nothing where it is gone.
    pub fn look_again(&mut self, id: &ResourceId, document: Option<Value>) {
        if id.kind == Kind::Factory {
            let rest = std::mem::take(&mut self.resources);
            *self = Self::new(document, []);
            self.resources.extend(rest);
            return;
        }
        match document {
            Some(document) => {
                let id = id.clone();
                self.resources
                    .insert(id.clone(), LiveResource::new(id, document));
            }
            None => {
                self.resources.remove(id);
            }
        }
    }
}

fn seen(live: &LiveResource) -> Seen<'_> {
    let state = || match live.state.as_deref() {
        Some("Started") => TriggerState::Started,
        _ => TriggerState::Stopped,
    };
    Seen {
        resource: ResourceKey::from(&live.id),
        digest: &live.prepared().digest,
        normal: &live.prepared().normal,
        etag: live.etag.as_deref(),
        state: (live.id.kind == Kind::Trigger).then(state),
        secrets: live.prepared().masked.traces(),
    }
}

/// Every place of a normal form of a resource, in the words of changes.
pub fn places(normal: &Value) -> impl Iterator<Item = String> {
    let document = json!({"properties": normal});
    let mut pointers = Vec::new();
    collect("/properties", normal, &mut pointers);
    let pointers = pointers.into_iter();
    pointers.map(move |pointer| Path::of_pointer(&document, &pointer).to_string())
}

/// The JSON pointers of what stands in a value, and in what stands there. Documents are as deep as they are read.
fn collect(above: &str, value: &Value, pointers: &mut Vec<String>) {
    let mut below = |key: &str, value: &Value| {
        let pointer = format!("{above}/{key}");
        collect(&pointer, value, pointers);
        pointers.push(pointer);
    };
    match value {
        Value::Object(object) => object
            .iter()
            .for_each(|(key, value)| below(&escape(key), value)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .for_each(|(at, value)| below(&at.to_string(), value)),
        _ => {}
    }
}

/// The places at which two normal forms of a resource differ and that mean something.
#[must_use]
pub fn differences(kind: Kind, old: &Value, new: &Value) -> Vec<Change> {
    let compared = Compared {
        is_same: old == new,
        desired: Cow::Borrowed(new),
        live: Cow::Borrowed(old),
        secrets: Vec::new(),
        others: Vec::new(),
    };
    match compared.is_same {
        true => Vec::new(),
        false => changes(kind, &compared),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::What;

    fn live() -> Live {
        let trigger = json!({"name": "t", "etag": "e1", "properties": {"type": "ScheduleTrigger", "runtimeState": "Started"}});
        let pipeline =
            json!({"name": "p", "etag": "e2", "properties": {"concurrency": 1, "activities": []}});
        Live::new(
            Some(json!({"name": "adf", "location": "north", "properties": {}})),
            [
                (ResourceId::new(Kind::Trigger, "t"), trigger),
                (ResourceId::new(Kind::Pipeline, "p"), pipeline),
            ],
        )
    }

    #[test]
    fn everything_is_seen_and_only_triggers_have_a_state() {
        let live = live();
        let seen: Vec<_> = live
            .seen()
            .map(|seen| (seen.resource.to_string(), seen.state))
            .collect();

        assert_eq!(
            seen,
            [
                ("factory.adf".to_owned(), None),
                ("pipeline.p".to_owned(), None),
                ("trigger.t".to_owned(), Some(TriggerState::Started)),
            ]
        );
    }

    #[test]
    fn what_is_looked_at_again_is_as_it_is_now() {
        let mut live = live();
        let before = live.clone();
        live.look_again(
            &ResourceId::new(Kind::Pipeline, "p"),
            Some(json!({"name": "p", "etag": "e3", "properties": {"concurrency": 2}})),
        );
        live.look_again(&ResourceId::new(Kind::Trigger, "t"), None);

        let normal = |live: &Live| {
            live.seen()
                .find(|it| it.resource.kind == Kind::Pipeline)
                .unwrap()
                .normal
                .clone()
        };
        let changes = differences(Kind::Pipeline, &normal(&before), &normal(&live));
        assert_eq!(live.count(), 1);
        assert_eq!(changes[0].path, "concurrency");
        assert_eq!(
            changes[0].what,
            What::Changed {
                old: json!(1),
                new: json!(2)
            }
        );
        assert!(differences(Kind::Pipeline, &normal(&live), &normal(&live)).is_empty());
    }

    #[test]
    fn a_factory_that_is_looked_at_again_keeps_its_resources() {
        let mut live = live();
        live.look_again(
            &ResourceId::new(Kind::Factory, "adf"),
            Some(json!({"name": "adf", "location": "south", "properties": {}})),
        );

        assert_eq!(live.seen().next().unwrap().normal["location"], "south");
        assert_eq!(live.count(), 2);
    }
}
