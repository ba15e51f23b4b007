//! Global parameters that lines have added.

use serde_json::Value;

use super::Apply;
use super::place::make;
use crate::config::convert::{scalar, type_of};
use crate::config::literal;
use crate::note::{NoteKind, Severity};

impl Apply<'_, '_> {
    /// Added global parameters are of their types, not text.
    pub(super) fn type_globals(&mut self) {
        for (at, name, spot) in std::mem::take(&mut self.added_globals) {
            let pointer = ["globalParameters".to_owned(), name];
            let parameter = make(self.drafts.list[at].properties(), &pointer);
            let kind = parameter.get("type").and_then(Value::as_str);
            let kind = kind.unwrap_or_default().to_lowercase();
            let text = parameter.get("value").and_then(Value::as_str);
            let Some(text) = text.filter(|_| kind != "string") else {
                continue;
            };
            let typed = match (kind.as_str(), literal::json(text)) {
                ("int", Some(value)) if value.is_i64() || value.is_u64() => value,
                ("float", Some(value)) if value.is_number() => value,
                ("array", Some(value)) if value.is_array() => value,
                ("object", Some(value)) if value.is_object() => value,
                ("bool", _) if scalar(text).is_some_and(|value| value.is_boolean()) => {
                    scalar(text).unwrap_or_default()
                }
                ("int" | "float" | "array" | "object" | "bool", _) => {
                    let message =
                        "`+` writes text, which is none of the type that the global parameter says";
                    self.note(
                        Severity::Accident,
                        NoteKind::NumberBecameText,
                        spot,
                        message,
                    );
                    continue;
                }
                _ => continue,
            };
            let message = format!(
                "`+` writes text, but the global parameter says that it is {}; it is taken over as one",
                type_of(&typed)
            );
            parameter["value"] = typed;
            self.note(Severity::Accident, NoteKind::TextBecameTyped, spot, message);
        }
    }
}
