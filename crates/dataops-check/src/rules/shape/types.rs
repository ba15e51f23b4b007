//! That there is a type, and whether it is known.

use adf_model::{Kind, Members as _};
use adf_source::{SourceFile, SourceResource};
use serde_json::Value;

use super::known::{
    ACTIVITIES, CREDENTIALS, DATA_FLOWS, DATASETS, INTEGRATION_RUNTIMES, LINKED_SERVICES, TRIGGERS,
};
use super::{NO_TYPE, OTHER_KIND, UNKNOWN_TYPE};
use crate::rules::references::with_article;
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

/// Reports a document that the service, or a tool, has written for another kind than the folder's.
pub(super) fn check_document(resource: &SourceResource, findings: &mut Findings) {
    let written = resource.file.json().member("type").and_then(Value::as_str);
    let below =
        written.and_then(|written| written.strip_prefix("Microsoft.DataFactory/factories/"));
    let segment = below.and_then(|below| below.rsplit('/').next());
    let kind = resource.id.kind;
    if let Some(other) = segment.and_then(Kind::of_collection)
        && other != kind
    {
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
