//! That there is a type, and whether it is known.

use adf_model::{Kind, Members as _};
use adf_source::{SourceFile, SourceResource};
use serde_json::Value;

use super::known::{
    ACTIVITIES, CREDENTIALS, DATA_FLOWS, DATASETS, INTEGRATION_RUNTIMES, LINKED_SERVICES, TRIGGERS,
};
use super::{MISPLACED, NO_TYPE, OTHER_KIND, UNKNOWN_TYPE};
use crate::rules::references::with_article;
use crate::value::is_given;
use crate::{Finding, Findings, suggestion};

pub(super) fn check(resource: &SourceResource, properties: &Value, findings: &mut Findings) {
    let Some(known) = known(resource.id.kind) else {
        return;
    };
    match properties.member("type") {
        Some(Value::String(kind)) if !kind.is_empty() => {
            let what = resource.id.kind.to_string();
            check_known(
                &resource.file,
                "/properties/type",
                &what,
                kind,
                known,
                findings,
            );
        }
        None | Some(Value::Null | Value::String(_)) => {
            let message = format!("{} has no `type`", resource.id);
            findings.add(Finding::at_key(
                &NO_TYPE,
                &resource.file,
                "/properties",
                message,
            ));
        }
        // Of a wrong JSON type, which is another finding.
        Some(_) => {}
    }
}

/// The kind that the service, or a tool, has written a document for, where it is another than the folder's.
fn other_kind(resource: &SourceResource) -> Option<Kind> {
    let written = resource.file.json().member("type")?.as_str()?;
    let below = written.strip_prefix("Microsoft.DataFactory/factories/")?;
    let other = Kind::of_collection(below.rsplit('/').next()?)?;
    (other != resource.id.kind).then_some(other)
}

/// The kind that a document is of, where it says so, is of it, and lies in the folder of another.
pub(crate) fn misplaced(resource: &SourceResource) -> Option<Kind> {
    let other = other_kind(resource)?;
    let properties = resource.file.json().member("properties")?;
    let is_one = |kind| match (kind, known(kind)) {
        (Kind::Pipeline, _) => is_given(properties.member("activities")),
        (_, None) => false,
        (_, Some(known)) => {
            let written = properties.member("type").and_then(Value::as_str);
            written.is_some_and(|written| known.contains(&written))
        }
    };
    (is_one(other) && !is_one(resource.id.kind)).then_some(other)
}

/// Reports a document that is of another kind than the folder's.
pub(super) fn report_misplaced(resource: &SourceResource, other: Kind, findings: &mut Findings) {
    let message = format!(
        "the document is {}, and lies where each is {}",
        with_article(other),
        with_article(resource.id.kind)
    );
    let hint = format!("move it to `{}/`", other.folder());
    findings.add(Finding::at(&MISPLACED, &resource.file, "/type", message).hint(hint));
}

/// Reports a document that says that it is of another kind than the folder's.
pub(super) fn check_document(resource: &SourceResource, findings: &mut Findings) {
    let kind = resource.id.kind;
    if let Some(other) = other_kind(resource) {
        let message = format!(
            "the document says that it is {}, and lies where each is {}",
            with_article(other),
            with_article(kind)
        );
        let hint = match other.folder() {
            "" => "delete the line, if the folder is right".to_owned(),
            folder => format!("move it to `{folder}/`, or delete the line"),
        };
        findings.add(Finding::at(&OTHER_KIND, &resource.file, "/type", message).hint(hint));
    }
}

/// Reports an activity's type that is not known.
pub(super) fn check_activity(
    file: &SourceFile,
    pointer: &str,
    kind: &str,
    findings: &mut Findings,
) {
    check_known(file, pointer, "activity", kind, ACTIVITIES, findings);
}

fn known(kind: Kind) -> Option<&'static [&'static str]> {
    Some(match kind {
        Kind::Dataset => DATASETS,
        Kind::LinkedService => LINKED_SERVICES,
        Kind::Trigger => TRIGGERS,
        Kind::DataFlow => DATA_FLOWS,
        Kind::IntegrationRuntime => INTEGRATION_RUNTIMES,
        Kind::Credential => CREDENTIALS,
        _ => return None,
    })
}

fn check_known(
    file: &SourceFile,
    pointer: &str,
    what: &str,
    kind: &str,
    known: &[&str],
    findings: &mut Findings,
) {
    if known.contains(&kind) {
        return;
    }
    let message = format!("`{kind}` is not a known type of {what}");
    let meant = suggestion::meant(kind, known.iter().copied());
    findings.add(Finding::at(&UNKNOWN_TYPE, file, pointer, message).hint_if(meant));
}
