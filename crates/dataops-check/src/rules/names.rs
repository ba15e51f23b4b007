//! Names of resources.

use adf_model::Kind;

use super::{Group, rule};
use crate::value::is_given;
use crate::{Context, Finding, Findings, Rule};

pub(super) const GROUP: Group = Group {
    rules: &[&UNNAMED, &INVALID, &HYPHEN],
    check,
};

static UNNAMED: Rule = rule!(
    "ADF107",
    "unnamed-resource",
    Warning,
    "A document does not name the resource that it holds"
);
static INVALID: Rule = rule!(
    "ADF108",
    "invalid-name",
    Error,
    "A resource has a name that the service refuses"
);
static HYPHEN: Rule = rule!(
    "ADF109",
    "hyphenated-name",
    Note,
    "The name of a linked service, dataset or data flow has a hyphen, which Data Factory Studio does not take"
);

fn check(context: &Context<'_>, findings: &mut Findings) {
    for resource in &context.repository.resources {
        let (id, file) = (&resource.id, &resource.file);
        let written = file.json().get("name");
        if !is_given(written) {
            let message = format!("the document does not say that it is called `{}`", id.name);
            findings.add(
                Finding::at(&UNNAMED, file, "", message)
                    .hint(format!("add \"name\": \"{}\"", id.name)),
            );
        }
        let place = if written.is_some() { "/name" } else { "" };
        if let Err(fault) = id.kind.check_name(&id.name) {
            findings.add(Finding::at(&INVALID, file, place, fault.to_string()));
        }
        let hyphens = matches!(
            id.kind,
            Kind::LinkedService | Kind::Dataset | Kind::DataFlow
        );
        if hyphens && id.name.contains('-') {
            let message = format!("the name of a {} should have no `-`", id.kind);
            findings.add(Finding::at(&HYPHEN, file, place, message));
        }
    }
}
