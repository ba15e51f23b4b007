//! What a reference must have where one stands.

use adf_model::{Kind, Members as _};
use adf_source::{SourceFile, SourceResource};
use serde_json::Value;

use super::{Expected, REQUIRED, check_member, wrong};
use crate::pipeline::Activity;
use crate::rules::references::with_article;
use crate::value::{constant, is_given};
use crate::{Finding, Findings};

/// Checks the references of a resource that stand where every resource of its kind has them.
pub(super) fn check(resource: &SourceResource, properties: &Value, findings: &mut Findings) {
    let at = |name: &str| (properties.member(name), format!("/properties/{name}"));
    let (reference, pointer, kind) = match resource.id.kind {
        Kind::Dataset => {
            let (reference, pointer) = at("linkedServiceName");
            (reference, pointer, Kind::LinkedService)
        }
        Kind::LinkedService => {
            let (reference, pointer) = at("connectVia");
            (reference, pointer, Kind::IntegrationRuntime)
        }
        Kind::Trigger => return check_trigger(&resource.file, properties, findings),
        _ => return,
    };
    if let Some(reference) = reference {
        check_reference(&resource.file, &pointer, reference, kind, findings);
    }
}

/// Checks the references of an activity.
pub(super) fn check_activity(file: &SourceFile, activity: &Activity<'_>, findings: &mut Findings) {
    let own = [("linkedServiceName", Kind::LinkedService)];
    for (member, kind) in own {
        if let Some(reference) = activity.json.member(member) {
            let pointer = format!("{}/{member}", activity.pointer);
            check_reference(file, &pointer, reference, kind, findings);
        }
    }
    for list in ["inputs", "outputs"] {
        let references = activity.json.member(list).and_then(Value::as_array);
        for (at, reference) in references.into_iter().flatten().enumerate() {
            let pointer = format!("{}/{list}/{at}", activity.pointer);
            if reference.is_object() {
                check_reference(file, &pointer, reference, Kind::Dataset, findings);
            } else {
                findings.add(wrong(file, &pointer, Expected::Object, reference));
            }
        }
    }
    let (member, kind) = match activity.kind() {
        Some("Delete" | "GetMetadata" | "Lookup" | "Validation") => ("dataset", Kind::Dataset),
        Some("ExecutePipeline") => ("pipeline", Kind::Pipeline),
        _ => return,
    };
    if let Some(reference) = activity.type_property(member) {
        let pointer = format!("{}/typeProperties/{member}", activity.pointer);
        check_reference(file, &pointer, reference, kind, findings);
    }
}

/// The pipelines that a trigger starts; that they are named at all is looked at with the trigger's type.
fn check_trigger(file: &SourceFile, properties: &Value, findings: &mut Findings) {
    let starts = properties.member("pipelines").and_then(Value::as_array);
    let starts = starts.into_iter().flatten().enumerate();
    let starts = starts.map(|(at, start)| (start, format!("/properties/pipelines/{at}")));
    let single = properties.member("pipeline");
    let single = single.map(|start| (start, "/properties/pipeline".to_owned()));
    for (start, pointer) in starts.chain(single) {
        let above = || pointer.clone();
        check_member(
            file,
            (start, above),
            "parameters",
            Expected::Object,
            findings,
        );
        if let Some(reference) = start.member("pipelineReference")
            && is_given(reference.member("referenceName"))
        {
            let below = format!("{pointer}/pipelineReference");
            check_reference(file, &below, reference, Kind::Pipeline, findings);
        }
    }
}

/// Checks a reference to something of a kind. Anything but an object is another finding.
fn check_reference(
    file: &SourceFile,
    pointer: &str,
    reference: &Value,
    kind: Kind,
    findings: &mut Findings,
) {
    if !reference.is_object() {
        return;
    }
    let mut missing = |member: &str, hint: String| {
        let message = format!("a reference to {} needs `{member}`", with_article(kind));
        findings.add(Finding::at_key(&REQUIRED, file, pointer, message).hint(hint));
    };
    if !is_given(reference.member("type")) {
        missing(
            "type",
            format!("write `\"type\": \"{}\"`", kind.reference()),
        );
    }
    match reference.member("referenceName") {
        Some(Value::String(name)) if !name.is_empty() => {}
        Some(Value::Null | Value::String(_)) | None => {
            missing("referenceName", "name what is referred to".to_owned());
        }
        Some(other) => {
            let below = format!("{pointer}/referenceName");
            findings.add(wrong(file, &below, Expected::Text, other));
        }
    }
    let above = || pointer.to_owned();
    check_member(
        file,
        (reference, above),
        "parameters",
        Expected::Object,
        findings,
    );
}

/// What a secret in a key vault must have: where it is, and its name.
pub(super) fn check_secrets(file: &SourceFile, properties: &Value, findings: &mut Findings) {
    let types = properties
        .member("typeProperties")
        .and_then(Value::as_object);
    for (name, value) in types.into_iter().flatten() {
        if value.member("type").and_then(constant) != Some("AzureKeyVaultSecret") {
            continue;
        }
        let pointer = format!("/properties/typeProperties/{name}");
        for member in ["store", "secretName"] {
            if !is_given(value.member(member)) {
                let message = format!("a secret in a key vault needs `{member}`");
                findings.add(Finding::at_key(&REQUIRED, file, &pointer, message));
            }
        }
        if let Some(store) = value.member("store") {
            let below = format!("{pointer}/store");
            check_reference(file, &below, store, Kind::LinkedService, findings);
        }
    }
}
