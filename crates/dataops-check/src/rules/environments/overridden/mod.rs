//! What the overrides of an environment make of the documents: the same rules look at what they change, and tell what is not found in
//! the source.
//!
//! Only what can be found differently is looked at again: the documents that change, and those beside them. Values that nobody knows
//! without a service or a variable change nothing.

mod cause;
mod changes;
mod effective;
mod notebooks;
mod region;

use std::collections::HashSet;

use crate::rules::Group;
use crate::settings::Written;
use crate::{Context, Finding, Findings, Related};

use cause::Causes;
use changes::{Changes, Made};
use effective::Effective;
use region::Known;

pub(in crate::rules) const GROUP: Group = Group {
    rules: &[&notebooks::ELSEWHERE],
    check,
};

fn check(context: &Context<'_>, findings: &mut Findings) {
    let written = context.written();
    let Some(written) = written.filter(|written| context.has_factory(*written)) else {
        return;
    };
    // Of those that extend one and override nothing themselves, one is enough.
    let mut looked_at = HashSet::new();
    let mut told = HashSet::new();
    let mut known = Known::default();
    let environments = effective::environments(written.settings);
    for environment in &environments {
        if environment.target.is_some() {
            let changes = Changes::of(context, &environment.overrides, &environment.renames);
            notebooks::check(context, written, environment, &changes, findings);
        }
        let says: Vec<_> = environment.overrides.iter().map(Effective::place).collect();
        if !looked_at.insert((says, environment.renames.clone())) {
            continue;
        }
        let changes = Changes::of(context, &environment.overrides, &environment.renames);
        let news = known.news(context, &changes);
        let mut causes = Causes::new(context, environment, &changes);
        for (key, finding) in news {
            if let Some(cause) = causes.of(&key, &mut known)
                && told.insert((cause.by.place(), key))
            {
                let finding = as_told(context, written, environment.name, cause, &finding);
                findings.add(finding);
            }
        }
    }
}

/// A finding about a document as it will be, told where the override stands that makes it so.
fn as_told(
    context: &Context<'_>,
    written: Written<'_>,
    environment: &str,
    cause: &Made<'_, '_>,
    found: &Finding,
) -> Finding {
    let mut resources = context.repository.resources.iter();
    let resource = resources.find(|resource| resource.file.path == found.path);
    let place = match resource.filter(|_| found.path != cause.file) {
        Some(other) => format!("in {} of environment `{environment}`", other.id),
        None => format!("in environment `{environment}`"),
    };
    let (said_by, path) = cause.by.place();
    let setting = ["environments", said_by, "overrides", path];
    let message = format!("{place}, {}", found.message);
    let mut finding = written.finding(found.rule, &setting, message);
    if found.covered.is_some() {
        finding.covered = finding.span.as_ref().map(|span| span.bytes.clone());
    }
    finding.hint.clone_from(&found.hint);
    let it = "this is what becomes wrong";
    finding.related(match (resource, &found.pointer) {
        (Some(resource), Some(pointer)) => Related::at(&resource.file, pointer, it),
        _ => Related::in_repository(&found.path, it),
    })
}
