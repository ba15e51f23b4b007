//! The scripts of data flows, which are one text in two ways of writing.

use serde_json::{Map, Value};

/// Whether a property holds a script.
pub(crate) fn is_script(key: &str) -> bool {
    matches!(key, "script" | "scriptLines")
}

/// The script of a data flow, and the key that it stands under.
pub(crate) fn script(object: &Map<String, Value>) -> Option<(String, &'static str)> {
    if let Some(Value::Array(lines)) = object.get("scriptLines") {
        let lines: Option<Vec<_>> = lines.iter().map(Value::as_str).collect();
        return Some((lines?.join("\n"), "scriptLines"));
    }
    object.get("sources")?;
    let script = object.get("script")?.as_str()?;
    Some((
        script
            .replace("\r\n", "\n")
            .trim_end_matches('\n')
            .to_owned(),
        "script",
    ))
}
