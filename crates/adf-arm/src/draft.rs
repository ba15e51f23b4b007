//! What will be a resource of the template, before anything in it is a parameter.

use std::borrow::Cow;

use adf_model::{Kind, ResourceId};
use adf_source::{Repository, SourceFile, SourceResource};
use serde_json::Value;

use crate::activity;
use crate::finding::Finding;
use crate::kind::ORDER;
use crate::node::Node;
use crate::publish::PublishConfig;
use crate::rewrite::{self, without};
use crate::vintage::Vintage;

/// What will be a resource of the template.
#[derive(Debug)]
pub(crate) struct Draft<'r> {
    pub(crate) id: ResourceId,
    /// The file that it comes from.
    pub(crate) file: &'r SourceFile,
    /// The properties as they are in the file.
    pub(crate) source: Option<&'r Value>,
    /// The properties as they are in the template.
    pub(crate) properties: Node<'r>,
    /// What follows the usual fields.
    pub(crate) more: Vec<(Cow<'r, str>, Node<'r>)>,
}

impl<'r> Draft<'r> {
    fn of(resource: &'r SourceResource, vintage: Vintage) -> Self {
        let source = resource.file.json().get("properties");
        let source = source.filter(|properties| properties.is_object());
        Self {
            id: resource.id.clone(),
            file: &resource.file,
            source,
            properties: properties(resource.id.kind, source, vintage),
            more: Vec::new(),
        }
    }

    /// `properties.type`.
    pub(crate) fn of_type(&self) -> Option<&'r str> {
        self.source?.get("type")?.as_str()
    }
}

/// The properties of a template, without what the service writes into git but not there.
fn properties<'r>(kind: Kind, source: Option<&'r Value>, vintage: Vintage) -> Node<'r> {
    match (kind, source) {
        (Kind::ManagedVirtualNetwork, _) | (_, None) => Node::empty(),
        (Kind::Pipeline, Some(source)) => activity::pipeline(source, vintage),
        (_, Some(source)) => rewrite::properties(kind, Node::Json(source), vintage),
    }
}

/// Everything that will be a resource of the template, in its order.
pub(crate) fn drafts<'r>(
    repository: &'r Repository,
    factory: Option<&'r SourceResource>,
    publish: PublishConfig,
    vintage: Vintage,
    findings: &mut Vec<Finding>,
) -> Vec<Draft<'r>> {
    let mut drafts = Vec::new();
    for kind in ORDER {
        for resource in repository.of_kind(kind) {
            if let Some(winner) = repository.get(&resource.id)
                && winner.file.path != resource.file.path
            {
                let message = format!(
                    "the {} is in `{}` too, which Data Factory takes; this one is left out",
                    resource.id, winner.file.path
                );
                findings
                    .push(Finding::warning("arm-duplicate", message).at(&resource.file, "/name"));
                continue;
            }
            let draft = Draft::of(resource, vintage);
            if draft.source.is_none() {
                let message = format!("the {} has no `properties`", resource.id);
                findings.push(Finding::warning("arm-properties", message).at(&resource.file, ""));
            }
            drafts.push(draft);
        }
    }
    if let Some(factory) = factory {
        drafts.extend(
            publish
                .global_parameters
                .then(|| global_parameters(factory)),
        );
        drafts.extend(publish.factory.then(|| whole(factory, vintage)));
    }
    drafts
}

/// The factory's global parameters, as the resource that they are since 2022. It is there even when the factory has none.
fn global_parameters(factory: &SourceResource) -> Draft<'_> {
    let json = factory.file.json();
    let source = json.pointer("/properties/globalParameters");
    let source = source.filter(|parameters| parameters.is_object());
    Draft {
        id: ResourceId::new(Kind::GlobalParameters, "default"),
        file: &factory.file,
        source,
        properties: source.map_or_else(Node::empty, Node::Json),
        more: Vec::new(),
    }
}

/// The factory itself. Ids of its identity are the service's, not the template's.
fn whole(factory: &SourceResource, vintage: Vintage) -> Draft<'_> {
    let json = factory.file.json();
    let mut draft = Draft::of(factory, vintage);
    if let Some(location) = json.get("location") {
        draft
            .more
            .push((Cow::Borrowed("location"), Node::Json(location)));
    }
    if let Some(identity) = json.get("identity") {
        let identity = without(Node::Json(identity), &["principalId", "tenantId"]);
        draft.more.push((Cow::Borrowed("identity"), identity));
    }
    draft
}
