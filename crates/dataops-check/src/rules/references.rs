//! References between resources.

use adf_model::{Kind, ResourceId};
use adf_source::SourceFile;
use serde_json::Value;

use super::Group;
use crate::walk::{Enter, walk};
use crate::{Context, Finding, Findings, Rule, Severity};

pub(super) const GROUP: Group = Group {
    rules: &[&MISSING, &OTHER_CASE],
    check,
};

static MISSING: Rule = Rule {
    id: "ADF201",
    name: "missing-reference",
    severity: Severity::Error,
    summary: "A reference names a resource that does not exist",
    explanation: include_str!("../../explanations/ADF201.md"),
};

static OTHER_CASE: Rule = Rule {
    id: "ADF202",
    name: "reference-case",
    severity: Severity::Note,
    summary: "A reference spells a name in other upper and lower case than the resource",
    explanation: include_str!("../../explanations/ADF202.md"),
};

/// Always there, and usually without a file.
const IMPLICIT: &str = "AutoResolveIntegrationRuntime";

fn check(context: &Context<'_>, findings: &mut Findings) {
    for resource in &context.repository.resources {
        walk(resource.file.json(), &mut |way, value| {
            if let Some(target) = target(value) {
                let place = || format!("{}/referenceName", way.pointer());
                check_reference(context, &resource.file, &target, &place, findings);
            }
            Enter::Yes
        });
    }
}

fn check_reference(
    context: &Context<'_>,
    file: &SourceFile,
    target: &ResourceId,
    place: &dyn Fn() -> String,
    findings: &mut Findings,
) {
    match context.find(target.kind, &target.name) {
        Some(found) if found.id.name != target.name => {
            let name = &found.id.name;
            let message = format!("{target} is called `{name}`");
            let finding = Finding::at(&OTHER_CASE, file, place(), message);
            findings.add(finding.hint(format!("write `{name}`")));
        }
        Some(_) => {}
        None if target.name.eq_ignore_ascii_case(IMPLICIT)
            || context.exists(target.kind, &target.name) => {}
        None => {
            let message = format!("{target} does not exist");
            findings.add(Finding::at(&MISSING, file, place(), message));
        }
    }
}

fn target(value: &Value) -> Option<ResourceId> {
    let object = value.as_object()?;
    let name = object.get("referenceName")?.as_str()?;
    let kind = Kind::of_reference(object.get("type")?.as_str()?)?;
    Some(ResourceId::new(kind, name))
}
