//! What is done with the factory itself: created where there is none, never written over.

use adf_model::{Kind, ResourceId};
use dataops_solution::deployment::PolicyRule;

use crate::changes::changes;
use crate::compare::compare;
use crate::desired::Desired;
use crate::key::ResourceKey;
use crate::live::Live;
use crate::plan::{Action, Because, Finding, Problem, ResourcePlan};
use crate::request::Request;

/// What is done with the factory.
#[derive(Default)]
pub(super) struct FactoryPlan {
    pub(super) resource: Option<ResourcePlan>,
    pub(super) problem: Option<Problem>,
    pub(super) finding: Option<Finding>,
    pub(super) creates: bool,
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
                problem: None,
            }
        }
        (Some(wanted), Some(there)) => {
            let compared = compare(&wanted.prepared, there.prepared());
            if !compared.is_same {
                resource.changes = changes(Kind::Factory, &compared);
            }
            if resource.changes.is_empty() {
                resource.action = Action::Unchanged;
                resource.because = Because::Same;
            }
            FactoryPlan {
                resource: Some(resource),
                ..FactoryPlan::default()
            }
        }
    }
}

fn nowhere(resource: ResourceKey) -> Problem {
    Problem {
        resource,
        text: "the factory does not exist, and the source has no factory file that says where to create it".to_owned(),
        hint: Some("create it, or keep factory/NAME.json with its location in the source".to_owned()),
    }
}

fn is_public(factory: &serde_json::Value) -> bool {
    let access = factory.pointer("/properties/publicNetworkAccess");
    access.and_then(serde_json::Value::as_str) != Some("Disabled")
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
