//! `dataops.yaml`: what it names, and its environments.

mod azure;
mod chain;
mod cluster;
mod compute;
mod deployment;
mod files;
mod names;
mod overridden;
mod overrides;
mod passing;
mod services;
mod settings;
mod storage;
mod variables;

pub(super) use overridden::GROUP as OVERRIDDEN;

use super::Group;
use crate::{Context, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[
        &settings::MALFORMED,
        &chain::UNKNOWN_BASE,
        &chain::CIRCLE,
        &chain::ORDER,
        &overrides::NOTHING,
        &overrides::TYPE,
        &overrides::SECRET,
        &services::INCOMPLETE,
        &services::SHARED,
        &variables::SYNTAX,
        &services::HOST,
        &cluster::CLUSTER,
        &files::MISSING,
        &names::UNKNOWN,
        &names::SMOKE,
        &storage::CONTAINER,
        &storage::MOUNT,
        &files::TARGET,
        &names::DROP,
        &overrides::ML_ADDRESS,
        &overrides::ADDED,
        &files::ML_DESCRIPTION,
        &overrides::STATE,
        &deployment::GLOBAL,
        &deployment::NAMES,
        &compute::NAMES,
        &compute::SECRET,
        &passing::FOLDER,
        &passing::PASSING,
        &azure::NAME,
        &overrides::ML_KIND,
        &services::FOLDER,
    ],
    check,
};

/// The rules about files that are not what they should be.
pub(super) const ABOUT_TEXT: &[&Rule] = &[
    &settings::MALFORMED,
    &cluster::CLUSTER,
    &files::ML_DESCRIPTION,
];

fn check(context: &Context<'_>, findings: &mut Findings) {
    let Some(solution) = context.solution else {
        return;
    };
    if let Err(error) = &solution.settings {
        return findings.add(settings::finding(solution, error));
    }
    let Some(written) = context.written() else {
        return;
    };
    files::check(context, written, findings);
    names::check(context, written, findings);
    passing::check(written, findings);
    storage::check(written, findings);
    variables::check(written, findings);
    chain::check(written, findings);
    azure::check(written, findings);
    services::check(written, findings);
    compute::check(written, findings);
    overrides::check(context, written, findings);
    deployment::check(context, written, findings);
}
