//! Places that the service takes as they are written.

use serde_json::Value;

use super::catalogue as rules;
use super::judge::Judge;
use super::looks;
use crate::Finding;
use crate::walk::Way;

/// Reports an expression in a place that is never evaluated.
pub(super) fn check(judge: &mut Judge<'_, '_>, way: &Way<'_>, value: &Value, place: &str) {
    let text = match value {
        Value::String(text) => text,
        Value::Object(object) => match adf_expr::expression_object(object) {
            Some(Value::String(text)) => text,
            _ => return,
        },
        _ => return,
    };
    if !text.contains('@') || !looks::has_expression(text) {
        return;
    }
    let message = format!("{place} is never evaluated; this stays text");
    let finding = Finding::at(&rules::LITERAL_ONLY, judge.file, way.pointer(), message);
    judge.findings.add(finding);
}
