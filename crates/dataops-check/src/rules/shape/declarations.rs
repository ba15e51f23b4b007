//! What declares a parameter or a variable.

use adf_model::{Kind, Members as _};
use adf_source::SourceResource;
use serde_json::Value;

use super::{Expected, NO_TYPE, check_member, wrong};
use crate::value::is_given;
use crate::walk::{Step, Way};
use crate::{Finding, Findings};

/// Where declarations stand.
const LISTS: [(&str, &str); 2] = [("parameters", "parameter"), ("variables", "variable")];

pub(super) fn check(resource: &SourceResource, properties: &Value, findings: &mut Findings) {
    if !matches!(
        resource.id.kind,
        Kind::Pipeline | Kind::Dataset | Kind::LinkedService
    ) {
        return;
    }
    for (list, noun) in LISTS {
        let all = properties.member(list).and_then(Value::as_object);
        let way = Way::to("/properties").then(Step::Key(list));
        for (name, declaration) in all.into_iter().flatten() {
            let pointer = way.then(Step::Key(name)).pointer();
            check_declaration(resource, (noun, name), declaration, &pointer, findings);
        }
    }
}

fn check_declaration(
    resource: &SourceResource,
    (noun, name): (&str, &str),
    declaration: &Value,
    pointer: &str,
    findings: &mut Findings,
) {
    let file = &resource.file;
    if !declaration.is_object() {
        findings.add(wrong(file, pointer, Expected::Object, declaration));
        return;
    }
    if !is_given(declaration.member("type")) {
        let message = format!("{noun} `{name}` has no `type`");
        findings.add(Finding::at_key(&NO_TYPE, file, pointer, message));
        return;
    }
    let above = || pointer.to_owned();
    check_member(file, (declaration, above), "type", Expected::Text, findings);
}
