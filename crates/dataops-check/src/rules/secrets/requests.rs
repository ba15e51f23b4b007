//! Requests whose credentials anybody on the way can read.

use adf_model::Members as _;
use adf_model::secret::is_secret_name;
use serde_json::Value;

use super::UNCOVERED;
use crate::pipeline::{Activity, Pipeline};
use crate::{Finding, Findings, value};

pub(super) fn check(pipeline: &Pipeline<'_>, findings: &mut Findings) {
    for activity in pipeline.active() {
        let url = activity.type_property("url").and_then(value::text);
        let is_plain = url.is_some_and(|url| {
            let scheme = url.trim_start().get(..7);
            scheme.is_some_and(|scheme| scheme.eq_ignore_ascii_case("http://"))
        });
        if is_plain && signs_in(activity) {
            let name = activity.name().unwrap_or_default();
            let message =
                format!("`{name}` signs in over plain HTTP, which anybody on the way reads");
            let pointer = format!("{}/typeProperties/url", activity.pointer);
            let file = &pipeline.resource.file;
            let finding = Finding::at(&UNCOVERED, file, pointer, message);
            findings.add(finding.hint("write `https://`"));
        }
    }
}

/// Whether a request of a WebActivity or WebHook has credentials with it.
fn signs_in(activity: &Activity<'_>) -> bool {
    let authentication = activity.type_property("authentication");
    let way = authentication.and_then(|authentication| authentication.member("type")?.as_str());
    let headers = activity.type_property("headers").and_then(Value::as_object);
    let authorises = |name: &String| {
        name.eq_ignore_ascii_case("authorization")
            || name.eq_ignore_ascii_case("x-functions-key")
            || is_secret_name(name)
    };
    matches!(activity.kind(), Some("WebActivity" | "WebHook"))
        && (way.is_some_and(|way| !way.eq_ignore_ascii_case("None"))
            || headers.is_some_and(|headers| headers.keys().any(authorises)))
}
