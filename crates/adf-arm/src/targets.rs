//! What the page makes of references when it publishes. It holds what they lead to, and writes no more than that has.
//!
//! Measured on templates beside their sources: a linked service drops an integration runtime without a file (35 of 35), but keeps
//! a credential without one (22 of 22). A trigger drops a pipeline without a file, and arguments that its pipeline does not
//! declare; so does the key vault of a secret. An `ExecutePipeline` keeps them (504 of 504).

use std::borrow::Cow;
use std::collections::HashSet;

use adf_model::pointer::escape;
use adf_model::{Kind, ResourceId};
use adf_source::{Repository, SourceResource};
use serde_json::{Map, Value};

use crate::depends::{REFERENCE_NAME, reference_within};
use crate::node::Node;
use crate::rewrite::{at, without};

const CONNECT_VIA: &str = "connectVia";
const PARAMETERS: &str = "parameters";

/// What the references of a repository lead to.
pub(crate) struct Targets<'r> {
    repository: &'r Repository,
    /// What several files hold, whose names may differ in case.
    clashing: HashSet<&'r ResourceId>,
}

/// An argument that is not published.
#[derive(Debug)]
pub(crate) struct Dropped {
    /// Its place in the document of who gives it.
    pub(crate) pointer: String,
    pub(crate) argument: String,
    pub(crate) target: ResourceId,
}

impl<'r> Targets<'r> {
    pub(crate) fn of(repository: &'r Repository) -> Self {
        let mut seen = HashSet::new();
        let ids = repository.resources.iter().map(|resource| &resource.id);
        Self {
            repository,
            clashing: ids.filter(|id| !seen.insert(*id)).collect(),
        }
    }

    /// The properties of a resource as the page publishes them.
    pub(crate) fn published(
        &self,
        kind: Kind,
        properties: Node<'r>,
        dropped: &mut Vec<Dropped>,
    ) -> Node<'r> {
        let properties = match kind {
            Kind::LinkedService => self.linked_service(properties, dropped),
            Kind::Trigger => self.trigger(properties, dropped),
            _ => properties,
        };
        match self.clashing.is_empty() {
            true => properties,
            false => self.spelled(properties),
        }
    }

    /// Whether nobody holds what a reference leads to. Who cannot be read is there.
    fn is_missing(&self, id: &ResourceId) -> bool {
        self.repository.get(id).is_none() && !self.repository.lost.contains(id)
    }

    fn linked_service(&self, properties: Node<'r>, dropped: &mut Vec<Dropped>) -> Node<'r> {
        let via = properties.field(CONNECT_VIA);
        let via = via.as_ref().and_then(target);
        let properties = match via.is_some_and(|id| self.is_missing(&id)) {
            true => without(properties, &[CONNECT_VIA]),
            false => properties,
        };
        at(properties, &["typeProperties"], |node| {
            match node.opened() {
                Node::Object(fields) => {
                    let fields = fields.into_iter().map(|(key, value)| {
                        let pointer = format!("/properties/typeProperties/{}/store", escape(&key));
                        let value = self.secret(value, &pointer, dropped);
                        (key, value)
                    });
                    Node::Object(fields.collect())
                }
                other => other,
            }
        })
    }

    /// A secret that may be in a key vault.
    fn secret(&self, value: Node<'r>, pointer: &str, dropped: &mut Vec<Dropped>) -> Node<'r> {
        let store = value
            .is_object_of_type("AzureKeyVaultSecret")
            .then(|| value.field("store"))
            .flatten();
        let vault = store.as_ref().and_then(target);
        match vault.and_then(|id| self.repository.get(&id)) {
            Some(vault) => at(value, &["store", PARAMETERS], |arguments| {
                declared(arguments, vault, pointer, dropped)
            }),
            None => value,
        }
    }

    fn trigger(&self, properties: Node<'r>, dropped: &mut Vec<Dropped>) -> Node<'r> {
        let properties = at(properties, &["pipelines"], |node| match node.opened() {
            Node::Array(items) => {
                let items = items.into_iter().enumerate().filter_map(|(at, item)| {
                    self.started(item, &format!("/properties/pipelines/{at}"), dropped)
                });
                Node::Array(items.collect())
            }
            other => other,
        });
        at(properties, &["pipeline"], |item| {
            // Without its pipeline a tumbling window says nothing; such ones have not been seen.
            let kept = self.started(item.clone(), "/properties/pipeline", dropped);
            kept.unwrap_or(item)
        })
    }

    /// A pipeline that a trigger starts; nothing when there is none.
    fn started(
        &self,
        item: Node<'r>,
        pointer: &str,
        dropped: &mut Vec<Dropped>,
    ) -> Option<Node<'r>> {
        let Some(id) = item.field("pipelineReference").as_ref().and_then(target) else {
            return Some(item);
        };
        if self.is_missing(&id) {
            return None;
        }
        let Some(pipeline) = self.repository.get(&id) else {
            return Some(item);
        };
        Some(at(item, &[PARAMETERS], |arguments| {
            plain(declared(arguments, pipeline, pointer, dropped), pipeline)
        }))
    }

    /// References to what several files hold, with the name that counts.
    fn spelled(&self, node: Node<'r>) -> Node<'r> {
        let reference = reference_within(&node)
            .map(|(kind, name)| ResourceId::new(kind, name))
            .filter(|id| self.clashing.contains(id));
        let winner = reference.and_then(|id| self.repository.get(&id));
        match node.opened() {
            Node::Object(fields) => {
                let fields = fields.into_iter().map(|(key, value)| match winner {
                    Some(winner) if key == REFERENCE_NAME => {
                        (key, Node::Literal(Cow::Borrowed(winner.id.name.as_str())))
                    }
                    _ => {
                        let value = self.spelled(value);
                        (key, value)
                    }
                });
                Node::Object(fields.collect())
            }
            Node::Array(items) => {
                Node::Array(items.into_iter().map(|item| self.spelled(item)).collect())
            }
            other => other,
        }
    }
}

/// Whether a resource drops its references of a kind when nobody holds what they lead to.
pub(crate) fn is_dropped(from: Kind, to: Kind) -> bool {
    let dropped = [
        (Kind::LinkedService, Kind::IntegrationRuntime),
        (Kind::Trigger, Kind::Pipeline),
    ];
    dropped.contains(&(from, to))
}

/// What a reference leads to.
fn target(reference: &Node<'_>) -> Option<ResourceId> {
    let (kind, name) = reference_within(reference)?;
    Some(ResourceId::new(kind, name))
}

fn parameters(target: &SourceResource) -> Option<&Map<String, Value>> {
    target.property(PARAMETERS)?.as_object()
}

/// What a document says of its parameter, whatever the case of its name.
fn declaration<'d>(target: &'d SourceResource, name: &str) -> Option<&'d Value> {
    let mut all = parameters(target)?.iter();
    all.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

/// The arguments that their target declares.
fn declared<'r>(
    arguments: Node<'r>,
    target: &SourceResource,
    pointer: &str,
    dropped: &mut Vec<Dropped>,
) -> Node<'r> {
    let is_declared = |key: &str| declaration(target, key).is_some();
    match arguments.opened() {
        Node::Object(mut fields) => {
            fields.retain(|(key, _)| {
                let kept = is_declared(key);
                if !kept {
                    dropped.push(Dropped {
                        pointer: format!("{pointer}/{PARAMETERS}/{}", escape(key)),
                        argument: key.to_string(),
                        target: target.id.clone(),
                    });
                }
                kept
            });
            Node::Object(fields)
        }
        other => other,
    }
}

/// Arguments that are secrets as plain text where the pipeline does not ask for secrets.
fn plain<'r>(arguments: Node<'r>, pipeline: &SourceResource) -> Node<'r> {
    let asks_for_a_secret = |key: &str| {
        let kind = declaration(pipeline, key).and_then(|declared| declared.get("type")?.as_str());
        kind.is_some_and(|kind| kind.eq_ignore_ascii_case("securestring"))
    };
    match arguments {
        Node::Object(fields) => {
            let fields = fields.into_iter().map(|(key, value)| {
                let text = value
                    .is_object_of_type("SecureString")
                    .then(|| value.field("value"))
                    .flatten()
                    .filter(|_| !asks_for_a_secret(&key));
                (key, text.unwrap_or(value))
            });
            Node::Object(fields.collect())
        }
        other => other,
    }
}
