//! From what a factory ought to be and what it is to a plan.

mod consents;
mod decide;
mod deletion;
mod draft;
mod factory;
mod links;
mod order;
mod policy;
mod problems;
mod secrets;
mod selected;
mod triggers;
mod warnings;

use crate::desired::Desired;
use crate::digest::Digest;
use crate::live::Live;
use crate::plan::{Lists, Plan, SCHEMA};
use crate::request::Request;

use draft::Draft;

/// Plans how a factory becomes what it ought to be. Time is about linear in what both hold.
#[must_use]
pub fn plan(desired: &Desired, live: &Live, request: &Request) -> Plan {
    let mut draft = Draft::new(desired, live, request);
    selected::select(&mut draft);
    decide::decide(&mut draft);
    deletion::decide(&mut draft);
    let factory = factory::plan(desired, live, request);
    let (mut order, mut problems) = order::order(&draft);
    let triggers = triggers::plan(&draft, &mut order);
    problems.extend(factory.problem);
    problems.extend(problems::problems(&draft));
    problems.sort_by(|one, other| one.resource.cmp(&other.resource));
    order.create_factory = factory.creates;
    order.patch_factory = factory.patches;
    let mut findings = policy::findings(&draft);
    findings.extend(factory.finding);
    findings.sort_by(|one, other| (one.rule, &one.resource).cmp(&(other.rule, &other.resource)));
    let mut warnings = warnings::warnings(&draft, desired);
    warnings.extend(factory.warning);
    if !request.resumes {
        warnings.extend(consents::warnings(&request.policy, &findings));
    }
    let resources = factory.resource.into_iter().chain(draft.into_resources());
    let resources: Vec<_> = resources.collect();
    let mut plan = Plan {
        schema: SCHEMA,
        environment: request.environment.clone(),
        factory: request.factory.clone(),
        bundle: request.bundle.clone(),
        options: request.options(),
        lists: Lists::of(&resources),
        resources,
        order,
        triggers,
        notebooks: None,
        cluster: None,
        findings,
        problems,
        warnings,
        digest: Digest::of_bytes(&[]),
    };
    plan.seal();
    plan
}
