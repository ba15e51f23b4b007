//! What a factory is: the documents as the service lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

use adf_model::{Kind, ResourceId};
use dataops_solution::overrides::OverrideValue;
use serde_json::{Value, json};

use crate::desired::Overlay;
use crate::key::ResourceKey;
use crate::normal::says_the_same;
use crate::prepared::Prepared;
use crate::secret::Hidden;

/// What a factory is.
#[derive(Clone, Debug, Default)]
pub struct Live {
    pub(crate) factory: Option<LiveResource>,
    pub(crate) resources: BTreeMap<ResourceId, LiveResource>,
    /// Triggers that have run, and may be gone.
    pub(crate) ran: BTreeSet<ResourceId>,
}

/// A resource of the factory.
#[derive(Clone, Debug)]
pub(crate) struct LiveResource {
    pub(crate) id: ResourceId,
    document: Hidden,
    /// Made when it is asked for: most resources are as they ought to be, and then it is the one of the source.
    prepared: OnceLock<Arc<Prepared>>,
    /// The entity tag.
    pub(crate) etag: Option<String>,
    /// The state of a trigger.
    pub(crate) state: Option<String>,
    /// How the connection of a private endpoint stands, where its owner has not approved it, or it could not be made.
    pub(crate) approval: Option<String>,
    /// Whether that is the state that a deployment has found which stopped it and was not finished.
    pub(crate) is_left_stopped: bool,
}

impl LiveResource {
    pub(crate) fn new(id: ResourceId, document: Value) -> Self {
        let text = |pointer: &str| Some(document.pointer(pointer)?.as_str()?.to_owned());
        let made = text("/properties/provisioningState").filter(|state| state == "Failed");
        let approval = made.or_else(|| text("/properties/connectionState/status"));
        let approval = approval
            .filter(|status| id.kind == Kind::ManagedPrivateEndpoint && status != "Approved");
        Self {
            approval,
            etag: text("/etag").or_else(|| text("/eTag")),
            state: text("/properties/runtimeState"),
            document: Hidden::new(document),
            prepared: OnceLock::new(),
            is_left_stopped: false,
            id,
        }
    }

    /// How the connection of a private endpoint stands that leads nowhere and will not by itself.
    pub(crate) fn refused(&self) -> Option<&str> {
        let status = self.approval.as_deref();
        status.filter(|status| matches!(*status, "Rejected" | "Disconnected" | "Failed"))
    }

    /// The document ready to be compared.
    pub(crate) fn prepared(&self) -> &Prepared {
        self.prepared.get_or_init(|| {
            let document = self.document.reveal().clone();
            Arc::new(Prepared::of(self.id.kind, document, &BTreeSet::new()))
        })
    }

    /// Takes what is prepared of another document where this one says the same.
    pub(crate) fn prepared_like(&self, other: &Arc<Prepared>) {
        let is_open = other.masked.secrets.is_empty() && !other.is_sealed;
        if is_open && says_the_same(self.id.kind, &other.masked.json, self.document.reveal()) {
            // Where it was asked for before, it is equal.
            let _ = self.prepared.set(Arc::clone(other));
        }
    }

    /// Hides what stands at a place too.
    fn conceal(&mut self, pointer: String) {
        let concealed = self.prepared().concealing(&BTreeSet::from([pointer]));
        self.prepared = OnceLock::from(Arc::new(concealed));
    }
}

impl Live {
    /// A factory as the service gives it: its own document, nothing where it does not exist, and the documents of its resources as
    /// they are listed.
    #[must_use]
    pub fn new(
        factory: Option<Value>,
        resources: impl IntoIterator<Item = (ResourceId, Value)>,
    ) -> Self {
        let globals = factory.as_ref().and_then(global_parameters);
        let mut live = Self {
            factory: factory.map(|document| {
                let name = document.get("name").and_then(Value::as_str);
                let id = ResourceId::new(Kind::Factory, name.unwrap_or_default());
                LiveResource::new(id, document)
            }),
            resources: resources
                .into_iter()
                // The factory is no part of itself, and connections from elsewhere belong to those who made them.
                .filter(|(id, _)| {
                    !matches!(id.kind, Kind::Factory | Kind::PrivateEndpointConnection)
                })
                .map(|(id, document)| (id.clone(), LiveResource::new(id, document)))
                .collect(),
            ran: BTreeSet::new(),
        };
        // The service keeps one set. Where only the factory shows it, that is what there is.
        let id = ResourceId::new(Kind::GlobalParameters, "default");
        if let (Some(document), false) = (globals, live.resources.contains_key(&id)) {
            live.resources
                .insert(id.clone(), LiveResource::new(id, document));
        }
        live
    }

    /// The same factory, in which some triggers count as started: those that an interrupted deployment has stopped.
    #[must_use]
    pub fn with_started<'k>(mut self, triggers: impl IntoIterator<Item = &'k ResourceKey>) -> Self {
        for trigger in triggers {
            if let Some(found) = self.resources.get_mut(trigger.id()) {
                let state = found.state.replace("Started".to_owned());
                found.is_left_stopped = state.as_deref() != Some("Started");
            }
        }
        self
    }

    /// The same factory, in which some triggers ran before they went: where they are created anew, what was before counts for them.
    #[must_use]
    pub fn with_ran<'k>(mut self, triggers: impl IntoIterator<Item = &'k ResourceKey>) -> Self {
        let ids = triggers.into_iter().map(|trigger| trigger.id().clone());
        self.ran.extend(ids);
        self
    }

    /// The same factory after something was done with a resource of it: what it is now, or that it is gone.
    #[must_use]
    pub fn with(mut self, id: ResourceId, document: Option<Value>) -> Self {
        match document {
            Some(document) => {
                let resource = LiveResource::new(id.clone(), document);
                self.resources.insert(id, resource);
            }
            None => {
                self.resources.remove(&id);
            }
        }
        self
    }

    /// The same factory, in which what an environment sets as a secret is one wherever it stands: for what is kept or shown of it.
    #[must_use]
    pub fn concealing(mut self, overlay: &Overlay) -> Self {
        for (path, value) in &overlay.overrides {
            let OverrideValue::Secret(secret) = value else {
                continue;
            };
            let ResourceId { kind, name, .. } = &path.id;
            let name = overlay.renames.new_name(*kind, name).unwrap_or(name);
            let ours = |id: &ResourceId| id.kind == *kind && id.name.eq_ignore_ascii_case(name);
            for resource in self.resources.values_mut().filter(|it| ours(&it.id)) {
                let mut json = resource.prepared().masked.json.clone();
                // A place that is not there has nothing to hide.
                if let Ok(pointer) = path.apply_secret(&mut json, secret) {
                    resource.conceal(pointer);
                }
            }
        }
        self
    }

    /// Whether the factory exists.
    #[must_use]
    pub fn exists(&self) -> bool {
        self.factory.is_some()
    }

    /// How many resources it has.
    #[must_use]
    pub fn count(&self) -> usize {
        self.resources.len()
    }

    pub(crate) fn get(&self, id: &ResourceId) -> Option<&LiveResource> {
        self.resources.get(id)
    }
}

/// The global parameters of a factory as the resource that they are.
pub(crate) fn global_parameters(factory: &Value) -> Option<Value> {
    let parameters = factory.pointer("/properties/globalParameters")?;
    let some = parameters.as_object().is_some_and(|all| !all.is_empty());
    some.then(|| json!({"name": "default", "properties": parameters}))
}
