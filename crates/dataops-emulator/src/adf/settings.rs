//! Settings of activities and datasets: what is neither read nor harmless is refused by its name.

use adf_runtime::ActivityFailure;
use serde_json::Value;

use super::storage::user;

/// Refuses what `settings` says beyond the names that are known.
pub(super) fn known(place: &str, settings: &Value, names: &[&str]) -> Result<(), ActivityFailure> {
    let unknown = settings
        .as_object()
        .into_iter()
        .flatten()
        .find(|(name, value)| is_given(value) && !names.contains(&name.as_str()));
    match unknown {
        None => Ok(()),
        Some((name, _)) => Err(not_emulated(&format!("`{name}` of {place}"))),
    }
}

/// The refusal of a setting or of what it says.
pub(super) fn not_emulated(what: &str) -> ActivityFailure {
    user("NotEmulated", &format!("{what} is not emulated"))
}

/// Whether a setting says something, which `none` and `false` do not.
pub(super) fn is_given(setting: &Value) -> bool {
    match setting {
        Value::Null | Value::Bool(false) => false,
        Value::String(text) => {
            let nothing = ["", "none", "false"];
            !nothing.iter().any(|it| text.eq_ignore_ascii_case(it))
        }
        Value::Array(items) => !items.is_empty(),
        Value::Object(fields) => match fields.get("type") {
            Some(kind) => is_given(kind),
            None => !fields.is_empty(),
        },
        _ => true,
    }
}
