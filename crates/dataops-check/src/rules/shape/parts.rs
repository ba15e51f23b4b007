//! What the parts of an activity's properties must have.

use adf_model::Members as _;
use adf_source::SourceFile;
use serde_json::Value;

use super::{REQUIRED, STATE, named};
use crate::pipeline::Activity;
use crate::value::is_given;
use crate::{Finding, Findings, suggestion};

/// The words that say whether an activity is switched on, and as what it counts when it is not.
const STATES: [(&str, &[&str]); 2] = [
    ("state", &["Active", "Inactive"]),
    ("onInactiveMarkAs", &["Succeeded", "Failed", "Skipped"]),
];

/// The objects that the types of activities have, and what each of these needs.
const PARTS: [(&str, &str, &[&str]); 4] = [
    ("Copy", "source", &["type"]),
    ("Copy", "sink", &["type"]),
    ("Switch", "cases", &["value"]),
    ("Script", "scripts", &["text", "type"]),
];

/// Checks what is given of them; what is missing as a whole, or of a wrong JSON type, is another finding.
pub(super) fn check(file: &SourceFile, activity: &Activity<'_>, findings: &mut Findings) {
    let of_type = PARTS
        .iter()
        .filter(|(kind, ..)| activity.kind() == Some(kind));
    for (_, member, needed) in of_type {
        let pointer = format!("{}/typeProperties/{member}", activity.pointer);
        match activity.type_property(member) {
            Some(Value::Array(items)) => {
                for (at, item) in items.iter().enumerate() {
                    check_part(file, &format!("{pointer}/{at}"), item, needed, findings);
                }
            }
            Some(part) => check_part(file, &pointer, part, needed, findings),
            None => {}
        }
    }
}

fn check_part(
    file: &SourceFile,
    pointer: &str,
    part: &Value,
    needed: &[&str],
    findings: &mut Findings,
) {
    if !part.is_object() {
        return;
    }
    for name in needed {
        if !is_given(part.member(name)) {
            let message = format!("{} needs `{name}`", named(pointer));
            findings.add(Finding::at_key(&REQUIRED, file, pointer, message));
        }
    }
}

/// Whether the words about an activity's state are those that Data Factory knows.
pub(super) fn check_state(file: &SourceFile, activity: &Activity<'_>, findings: &mut Findings) {
    for (member, known) in STATES {
        let written = activity.json.member(member).and_then(Value::as_str);
        let Some(written) = written.filter(|written| !is_known(known, written)) else {
            continue;
        };
        let message = format!("`{member}` is none of {}", known.join(", "));
        let pointer = format!("{}/{member}", activity.pointer);
        let meant = suggestion::meant(written, known.iter().copied());
        findings.add(Finding::at(&STATE, file, pointer, message).hint_if(meant));
    }
}

fn is_known(known: &[&str], written: &str) -> bool {
    known
        .iter()
        .any(|known| known.eq_ignore_ascii_case(written))
}
