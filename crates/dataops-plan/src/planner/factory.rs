//! What is done with the factory itself: created where there is none, never written over. What the service changes in place is changed.

use adf_model::{Kind, ResourceId};
use dataops_solution::deployment::PolicyRule;
use serde_json::Value;

use crate::changes::changes;
use crate::compare::compare;
use crate::desired::Desired;
use crate::key::ResourceKey;
use crate::live::Live;
use crate::plan::{Action, Because, Change, Finding, Problem, ResourcePlan, Warning};
use crate::request::Request;

/// What of an existing factory the service changes, and leaves the rest.
const PATCHED: [&str; 4] = ["tags", "identity", "userAssignedIdentities", ACCESS];
/// Whether it can be reached from every network.
const ACCESS: &str = "publicNetworkAccess";

/// What is done with the factory.
#[derive(Default)]
pub(super) struct FactoryPlan {
    pub(super) resource: Option<ResourcePlan>,
    pub(super) problem: Option<Problem>,
    pub(super) finding: Option<Finding>,
    pub(super) warning: Option<Warning>,
    pub(super) creates: bool,
    pub(super) patches: bool,
}

pub(super) fn plan(desired: &Desired, live: &Live, request: &Request) -> FactoryPlan {
    if request.removes.is_some() {
        // It is no part of a solution.
        return FactoryPlan::default();
    }
    let there = live.factory.as_ref();
    let wanted = desired.factory.as_ref();
    let names = [
        request.factory.as_ref().map(|address| &address.factory),
        there.map(|there| &there.id.name),
        wanted.map(|wanted| &wanted.id().name),
    ];
    let name = names.into_iter().flatten().next();
    let key = ResourceKey::from(ResourceId::new(
        Kind::Factory,
        name.map_or("factory", String::as_str),
    ));
    let mut resource = ResourcePlan {
        resource: key.clone(),
        detail: String::new(),
        action: Action::Skip,
        because: Because::NeverPut,
        etag: there.and_then(|there| there.etag.clone()),
        live: there.map(|there| there.prepared().digest.clone()),
        desired: wanted.map(|wanted| wanted.prepared.digest.clone()),
        changes: Vec::new(),
        secrets: Vec::new(),
    };
    match (wanted, there) {
        (None, None) => FactoryPlan {
            problem: Some(nowhere(key)),
            ..FactoryPlan::default()
        },
        (None, Some(_)) => FactoryPlan::default(),
        (Some(wanted), None) => {
            let finding = is_public(&wanted.prepared.normal).then(|| public(&key, request));
            resource.action = Action::Create;
            resource.because = Because::Missing;
            FactoryPlan {
                resource: Some(resource),
                finding,
                creates: true,
                ..FactoryPlan::default()
            }
        }
        (Some(wanted), Some(there)) => {
            let compared = compare(&wanted.prepared, there.prepared());
            if !compared.is_same {
                resource.changes = changes(Kind::Factory, &compared);
            }
            changed(resource, &wanted.prepared.normal, request)
        }
    }
}

/// What is done with a factory that is there.
fn changed(mut resource: ResourcePlan, wanted: &Value, request: &Request) -> FactoryPlan {
    if resource.changes.is_empty() {
        resource.action = Action::Unchanged;
        resource.because = Because::Same;
        return FactoryPlan {
            resource: Some(resource),
            ..FactoryPlan::default()
        };
    }
    let key = resource.resource.clone();
    let is_selected = request.selection.selects(key.id(), None);
    let changes = resource.changes.iter();
    let (patched, left): (Vec<_>, Vec<_>) =
        changes.partition(|change| is_selected && PATCHED.iter().any(|name| is_of(change, name)));
    let opens = patched.iter().any(|change| is_of(change, ACCESS)) && is_public(wanted);
    let paths: Vec<_> = left.iter().map(|change| change.path.as_str()).collect();
    let warning = (is_selected && !paths.is_empty()).then(|| {
        let text = format!(
            "not written, because an existing factory is never written as a whole: {}",
            paths.join(", ")
        );
        Warning::new(Some(key.clone()), text)
    });
    let patches = !patched.is_empty();
    if patches {
        resource.action = Action::Update;
        resource.because = Because::InPlace;
    }
    FactoryPlan {
        resource: Some(resource),
        finding: opens.then(|| public(&key, request)),
        warning,
        patches,
        ..FactoryPlan::default()
    }
}

/// Whether a change is one of a member of the factory's document.
fn is_of(change: &Change, name: &str) -> bool {
    let below = change.path.strip_prefix(name);
    below.is_some_and(|below| below.is_empty() || below.starts_with(['.', '[']))
}

fn nowhere(resource: ResourceKey) -> Problem {
    Problem {
        resource,
        text: "the factory does not exist, and the source has no factory file that says where to create it".to_owned(),
        hint: Some("create it, or keep factory/NAME.json with its location in the source".to_owned()),
    }
}

fn is_public(factory: &Value) -> bool {
    let access = factory.pointer("/properties/publicNetworkAccess");
    access.and_then(Value::as_str) != Some("Disabled")
}

fn public(key: &ResourceKey, request: &Request) -> Finding {
    let rule = PolicyRule::PublicNetworkAccess;
    Finding {
        rule,
        resource: Some(key.clone()),
        text: "it can be reached from every network".to_owned(),
        verdict: request.policy.verdict(rule, Some(key)),
    }
}
