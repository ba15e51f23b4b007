//! Properties of activities for which there are a few words.

use adf_model::Members as _;
use adf_source::SourceFile;
use serde_json::Value;

use super::CHOICE;
use crate::pipeline::Activity;
use crate::value::constant;
use crate::{Finding, Findings, suggestion};

/// A type of activity, the way to a property of it, where `*` is every element of a list, and the words that it takes.
type Choice = (
    &'static str,
    &'static [&'static str],
    &'static [&'static str],
);

const CHOICES: [Choice; 10] = [
    (
        "WebActivity",
        &["method"],
        &["GET", "POST", "PUT", "PATCH", "DELETE"],
    ),
    ("WebHook", &["method"], &["POST"]),
    (
        "AzureFunctionActivity",
        &["method"],
        &[
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE",
        ],
    ),
    ("Script", &["scripts", "*", "type"], &["Query", "NonQuery"]),
    (
        "Script",
        &["logSettings", "logDestination"],
        &["ActivityOutput", "ExternalStore"],
    ),
    (
        "GetMetadata",
        &["fieldList", "*"],
        &[
            "childItems",
            "columnCount",
            "contentMD5",
            "created",
            "exists",
            "itemName",
            "itemType",
            "lastModified",
            "size",
            "structure",
        ],
    ),
    (
        "Copy",
        &["sink", "storeSettings", "copyBehavior"],
        &["PreserveHierarchy", "FlattenHierarchy", "MergeFiles"],
    ),
    (
        "ExecuteDataFlow",
        &["compute", "computeType"],
        &["General", "MemoryOptimized", "ComputeOptimized"],
    ),
    (
        "ExecuteDataFlow",
        &["compute", "coreCount"],
        &["8", "16", "32", "48", "80", "144", "272"],
    ),
    (
        "ExecuteDataFlow",
        &["traceLevel"],
        &["Coarse", "Fine", "None"],
    ),
];

/// Looks at what is written as it is; what an expression gives is not known.
pub(super) fn check(file: &SourceFile, activity: &Activity<'_>, findings: &mut Findings) {
    let of_type = CHOICES
        .iter()
        .filter(|(kind, ..)| activity.kind() == Some(kind));
    for (_, way, known) in of_type {
        if let Some(properties) = activity.type_properties() {
            let place = format!("{}/typeProperties", activity.pointer);
            check_below(file, (properties, place), way, known, findings);
        }
    }
}

fn check_below(
    file: &SourceFile,
    (value, place): (&Value, String),
    way: &[&'static str],
    known: &[&'static str],
    findings: &mut Findings,
) {
    match way {
        [] => check_word(file, (value, place), known, findings),
        ["*", below @ ..] => {
            for (at, item) in value.as_array().into_iter().flatten().enumerate() {
                let place = format!("{place}/{at}");
                check_below(file, (item, place), below, known, findings);
            }
        }
        [key, below @ ..] => {
            if let Some(member) = value.member(key) {
                let place = format!("{place}/{key}");
                check_below(file, (member, place), below, known, findings);
            }
        }
    }
}

fn check_word(
    file: &SourceFile,
    (value, place): (&Value, String),
    known: &[&'static str],
    findings: &mut Findings,
) {
    let number = value.as_number().map(ToString::to_string);
    let Some(word) = number.as_deref().or_else(|| constant(value)) else {
        return;
    };
    let word = word.trim();
    let is_known = |known: &&str| known.eq_ignore_ascii_case(word);
    if word.is_empty() || known.iter().any(is_known) {
        return;
    }
    let message = match known {
        [only] => format!("`{word}` is not what Data Factory takes here, which is {only}"),
        known => format!("`{word}` is none of {}", known.join(", ")),
    };
    let meant = suggestion::meant(word, known.iter().copied());
    findings.add(Finding::at(&CHOICE, file, place, message).hint_if(meant));
}
