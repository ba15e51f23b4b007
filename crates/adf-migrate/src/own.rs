//! What is no override: what has a setting of its own in an environment (the state of a trigger, the values of global parameters),
//! and what dataops does anyway.

use std::collections::BTreeMap;

use adf_model::Kind;
use serde_json::Value;

use crate::drafts::Draft;
use crate::environment::variables_in;

/// Where the service puts a credential that it has sealed for one factory.
pub(crate) const SEALED: &str = "/properties/typeProperties/encryptedCredential";

/// Takes out of a document what is no override.
pub(crate) struct OwnSettings {
    pub(crate) trigger: Option<&'static str>,
    pub(crate) globals: BTreeMap<String, Value>,
    /// Whether a sealed credential was taken out, which dataops never sends.
    pub(crate) unsealed: bool,
    /// The document with the rest of what differs.
    pub(crate) rest: Value,
}

impl OwnSettings {
    pub(crate) fn of(draft: &Draft<'_>, has_globals: bool) -> Self {
        let mut own = Self {
            trigger: None,
            globals: BTreeMap::new(),
            unsealed: false,
            rest: draft.after.clone(),
        };
        own.keep_sealed(draft);
        match draft.id.kind {
            Kind::Trigger => own.take_state(draft),
            Kind::Factory if has_globals => own.take_globals(draft),
            _ => {}
        }
        own
    }

    /// What is taken out by each deployment need not be taken out by an override.
    fn keep_sealed(&mut self, draft: &Draft<'_>) {
        let Some(sealed) = draft.before.pointer(SEALED) else {
            return;
        };
        let details = self.rest.pointer_mut("/properties/typeProperties");
        let Some(details) = details.and_then(Value::as_object_mut) else {
            return;
        };
        if !details.contains_key("encryptedCredential") {
            details.insert("encryptedCredential".to_owned(), sealed.clone());
            self.unsealed = true;
        }
    }

    fn take_state(&mut self, draft: &Draft<'_>) {
        let state = |document: &Value| document.pointer("/properties/runtimeState").cloned();
        let (before, after) = (state(draft.before), state(&draft.after));
        if before == after {
            return;
        }
        let word = match after.as_ref().and_then(Value::as_str) {
            Some(text) if text.eq_ignore_ascii_case("Started") => "on",
            Some(text) if text.eq_ignore_ascii_case("Stopped") => "off",
            None => "off",
            Some(_) => return,
        };
        self.trigger = Some(word);
        if let Some(properties) = self
            .rest
            .get_mut("properties")
            .and_then(Value::as_object_mut)
        {
            match before {
                Some(before) => properties.insert("runtimeState".to_owned(), before),
                None => properties.shift_remove("runtimeState"),
            };
        }
    }

    fn take_globals(&mut self, draft: &Draft<'_>) {
        let pointer = "/properties/globalParameters";
        let before = draft.before.pointer(pointer).and_then(Value::as_object);
        let (Some(before), Some(after)) = (before, self.rest.pointer_mut(pointer)) else {
            return;
        };
        for (name, old) in before {
            let Some(new) = after.get_mut(name) else {
                continue;
            };
            let mut with_value = old.clone();
            let Some(value) = new.get("value").cloned() else {
                continue;
            };
            if let Some(object) = with_value.as_object_mut() {
                object.insert("value".to_owned(), value.clone());
            }
            let kind = old.get("type").and_then(Value::as_str).unwrap_or_default();
            let differs = *new != *old;
            if differs && old.get("value").is_some() && with_value == *new && is_of(kind, &value) {
                self.globals.insert(name.clone(), value);
                *new = old.clone();
            }
        }
    }
}

/// Whether a value is one of a global parameter's type, as it is or after its variables have values.
fn is_of(kind: &str, value: &Value) -> bool {
    let is_open = value
        .as_str()
        .is_some_and(|text| variables_in(text).next().is_some());
    match kind.to_ascii_lowercase().as_str() {
        "string" => value.is_string(),
        "int" => value.is_i64() || value.is_u64() || is_open,
        "float" => value.is_number() || is_open,
        "bool" => value.is_boolean() || is_open,
        "array" => value.is_array(),
        "object" => value.is_object(),
        _ => false,
    }
}
