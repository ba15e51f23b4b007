//! Findings as a log in SARIF 2.1.0, which code scanning reads.

use std::collections::HashMap;
use std::path::Path;

use adf_source::Span;
use dataops_check::{Finding, Fix, RULES, Related, Rule, Severity};
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::Findings;
use crate::terminal::harmless;

/// What may not stand in the path of a URI.
const PATH: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}')
    .add(b'\\');

/// What paths are from: the root of the repository; where there is none the working directory, or the solution where it lies elsewhere.
const BASE: &str = "%SRCROOT%";

pub(super) fn log(findings: &Findings<'_>) -> Value {
    let indices: HashMap<_, _> = RULES
        .iter()
        .enumerate()
        .map(|(at, rule)| (rule.id, at))
        .collect();
    let mut seen = HashMap::new();
    let results: Vec<_> = findings
        .found
        .iter()
        .map(|finding| result(findings, finding, indices[finding.rule.id], &mut seen))
        .collect();
    let rules: Vec<_> = RULES.iter().map(|rule| descriptor(rule)).collect();
    let mut run = json!({
        "tool": {"driver": {
            "name": "dataops validate",
            "semanticVersion": env!("CARGO_PKG_VERSION"),
            "rules": rules,
        }},
        "columnKind": "unicodeCodePoints",
        "results": results,
    });
    if let Some(left_out) = &findings.left_out {
        let notification =
            json!({"level": "warning", "message": {"text": harmless(&left_out.sentence())}});
        run["invocations"] =
            json!([{"executionSuccessful": true, "toolExecutionNotifications": [notification]}]);
    }
    if let Some(base) = base(findings) {
        run["originalUriBaseIds"] = json!({BASE: {"uri": base}});
    }
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [run],
    })
}

/// Whether the solution lies outside of the working directory.
fn is_elsewhere(findings: &Findings<'_>) -> bool {
    findings.checkout.is_none() && Path::new(&findings.folder).is_absolute()
}

fn base(findings: &Findings<'_>) -> Option<String> {
    let slashed = |folder: &Path| folder.to_string_lossy().replace('\\', "/");
    let folder = match &findings.checkout {
        Some(checkout) => slashed(&checkout.root),
        None if is_elsewhere(findings) => findings.folder.clone(),
        None => slashed(&std::env::current_dir().ok()?),
    };
    let folder = folder.trim_matches('/');
    Some(format!("file:///{}/", utf8_percent_encode(folder, PATH)))
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "name": pascal(rule.name),
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": rule.summary},
        "help": {"text": rule.explanation, "markdown": rule.explanation},
        "defaultConfiguration": {"level": level(rule.severity)},
    })
}

/// `missing-reference` as `MissingReference`.
fn pascal(name: &str) -> String {
    let word = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_ascii_uppercase());
        first.into_iter().chain(letters).collect::<String>()
    };
    name.split('-').map(word).collect()
}

const fn level(severity: Severity) -> &'static str {
    severity.word()
}

fn result(
    findings: &Findings<'_>,
    finding: &Finding,
    index: usize,
    seen: &mut HashMap<String, usize>,
) -> Value {
    let message = match &finding.hint {
        Some(hint) => format!("{}; {hint}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.id(),
        "ruleIndex": index,
        "level": level(finding.rule.severity),
        "message": {"text": harmless(&message)},
        "locations": [location(findings, &finding.path, finding.span.as_ref())],
        "partialFingerprints": {"dataops/v1": fingerprint(finding, seen)},
    });
    if !finding.related.is_empty() {
        let related = finding
            .related
            .iter()
            .map(|related| related_location(findings, related));
        result["relatedLocations"] = related.collect();
    }
    if let Some(fix) = fix(findings, finding) {
        result["fixes"] = json!([fix]);
    }
    result
}

fn location(findings: &Findings<'_>, path: &str, span: Option<&Span>) -> Value {
    let mut physical = json!({"artifactLocation": artifact(findings, path)});
    if let Some(span) = span {
        physical["region"] = region(span);
    }
    json!({"physicalLocation": physical})
}

fn related_location(findings: &Findings<'_>, related: &Related) -> Value {
    let mut location = location(findings, &related.path, related.span.as_ref());
    location["message"] = json!({"text": harmless(&related.message)});
    location
}

fn artifact(findings: &Findings<'_>, path: &str) -> Value {
    let path = match is_elsewhere(findings) {
        true => path.to_owned(),
        false => findings.in_repository(path),
    };
    json!({"uri": utf8_percent_encode(&path, PATH).to_string(), "uriBaseId": BASE})
}

fn region(span: &Span) -> Value {
    json!({
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    })
}

/// What a finding is known by when its line moves: rule, file and message, and the how-manieth of these it is.
fn fingerprint(finding: &Finding, seen: &mut HashMap<String, usize>) -> String {
    let mut hash = Sha256::new();
    for part in [&*finding.id(), &finding.path, &finding.message] {
        hash.update(part);
        hash.update([0]);
    }
    let hash: String = hash
        .finalize()
        .iter()
        .take(16)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let count = seen.entry(hash.clone()).or_default();
    *count += 1;
    format!("{hash}:{count}")
}

fn fix(findings: &Findings<'_>, finding: &Finding) -> Option<Value> {
    let Fix {
        message,
        bytes,
        text,
    } = finding.fix.as_ref()?;
    let source = findings.texts.text(&finding.path)?;
    let span = Span::of(&source, bytes.clone());
    Some(json!({
        "description": {"text": harmless(message)},
        "artifactChanges": [{
            "artifactLocation": artifact(findings, &finding.path),
            "replacements": [{
                "deletedRegion": region(&span),
                "insertedContent": {"text": text},
            }],
        }],
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_names_in_pascal_case() {
        assert_eq!(pascal("missing-reference"), "MissingReference");
        assert_eq!(pascal("utf-16"), "Utf16");
    }
}
