//! The streams of a data flow: those that its document lists, and those that its script makes.

use std::collections::HashSet;

use adf_model::{Kind, Members as _};
use adf_source::SourceResource;
use serde_json::Value;

use super::STREAM;
use crate::{Finding, Findings, suggestion};

/// Where a document lists streams.
const LISTS: [&str; 3] = ["sources", "sinks", "transformations"];

/// Looks at a mapping data flow; those of other types have scripts of another language.
pub(super) fn check(resource: &SourceResource, properties: &Value, findings: &mut Findings) {
    let kind = properties.member("type").and_then(Value::as_str);
    if resource.id.kind != Kind::DataFlow || kind != Some("MappingDataFlow") {
        return;
    }
    let Some(types) = properties.member("typeProperties") else {
        return;
    };
    let script = script(types);
    let made = made(&script);
    if made.is_empty() {
        return;
    }
    for list in LISTS {
        let streams = types.member(list).and_then(Value::as_array);
        for (at, stream) in streams.into_iter().flatten().enumerate() {
            let name = stream.member("name").and_then(Value::as_str);
            if let Some(name) = name.filter(|name| !made.contains(name)) {
                let message = format!("the script makes no stream `{name}`");
                let place = format!("/properties/typeProperties/{list}/{at}/name");
                let near = suggestion::meant(name, made.iter().copied());
                findings.add(Finding::at(&STREAM, &resource.file, place, message).hint_if(near));
            }
        }
    }
}

/// The script, which is one text or a list of lines.
fn script(types: &Value) -> String {
    let lines = types.member("scriptLines").and_then(Value::as_array);
    let lines = lines.into_iter().flatten().filter_map(Value::as_str);
    let whole = types.member("script").and_then(Value::as_str);
    lines.chain(whole).collect::<Vec<_>>().join("\n")
}

/// The names behind each `~>`: one, several, or one before `@` and the names of its branches.
fn made(script: &str) -> HashSet<&str> {
    let mut names = HashSet::new();
    for made in script.split("~>").skip(1) {
        let made = made.split('\n').next().unwrap_or_default();
        for name in made.split([',', '@', '(', ')']) {
            names.insert(name.trim());
        }
    }
    names.remove("");
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_script_makes_streams() {
        let script = "source() ~> a\na split(x) ~> cut@(one, two)\r\none sink() ~> b";

        let mut made: Vec<_> = made(script).into_iter().collect();

        made.sort_unstable();
        assert_eq!(made, ["a", "b", "cut", "one", "two"]);
    }
}
